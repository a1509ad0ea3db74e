/** G9: what has to be there before the workflows change, and what must not go before they have run. */
import { findGithubCredentials, githubWorkflows, readGithubAction } from '../../audit/index.ts';
import type { Repository } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Remark } from '../rule.ts';
import { planFederation } from '../workflows/federation.ts';
import type { RoleTrust, RoleVariable } from '../workflows/role-choice.ts';

export const githubOrder: MigrationRule = defineRule({
  id: 'G9',
  title: 'Variables and trust first, the key last',
  step: 'identity',
  why: 'Merged before its roles exist, a workflow fails; with its key deleted too early, nothing is left to go back to.',
  does: 'Edits nothing. Lists the variables the edited workflows read, with their values, the tokens each role has to trust, and the stored secrets to delete once runs are green.',
  refuses: 'Nothing.',
  source: 'https://docs.github.com/en/actions/concepts/security/openid-connect',
  plan(repository, { intent }) {
    const [first] = githubWorkflows(repository).flatMap((workflow) => {
      const [place] = findGithubCredentials(workflow, repository);
      return place === undefined ? [] : [workflow.file.locationOf(place.parts[0]?.at ?? 0)];
    });
    if (first === undefined) return { edits: [], refusals: [], remarks: [] };
    const roles = planFederation(repository, intent)
      .filter(({ blockers }) => blockers.length === 0)
      .flatMap((unit) => unit.roles);
    const repo = intent.github?.repository === undefined ? '' : ` --repo ${intent.github.repository}`;
    const remark = (text: string, commands: readonly string[]): Remark => ({ rule: 'G9', ...first, text, commands });
    const remarks: Remark[] = [];
    const variables = mergeVariables(roles.flatMap((role) => role.variables));
    if (variables.length > 0) {
      const missing = new Set(variables.flatMap(({ missing }) => missing ?? []));
      remarks.push(
        remark(
          `Before the workflows change: set the variables that they read.${missing.size === 0 ? '' : ` Not known yet, so left open in angle brackets: ${[...missing].join('; ')}.`}`,
          variables.map((variable) => setCommand(variable, repo)),
        ),
      );
    }
    const trusts = mergeTrusts(roles.flatMap((role) => role.trusts));
    if (trusts.length > 0) {
      remarks.push(
        remark(
          'Each role must trust exactly these tokens, by their sub. Repositories made or renamed after 15 July 2026 have ids in it, and a customised one looks different: the command shows yours.',
          [
            ...trusts.map((trust) => `# ${trust}`),
            `gh api repos/${intent.github?.repository ?? '<owner/name>'}/actions/oidc/customization/sub`,
          ],
        ),
      );
    }
    const secrets = storedSecrets(repository);
    if (secrets.length > 0) {
      remarks.push(
        remark(
          'The key stays alive until every job has had a green run with its role: reverting the change is the way back. Only then make the key inactive, wait, delete it (step 7), and delete what GitHub stores. A secret of an environment or of the organisation needs --env or --org.',
          secrets.map((name) => `gh secret delete ${name}${repo}`),
        ),
      );
    }
    return { edits: [], refusals: [], remarks };
  },
});

/** One entry a name and environment; JSON objects of the same name are one. */
function mergeVariables(variables: readonly RoleVariable[]): readonly RoleVariable[] {
  const merged = new Map<string, RoleVariable>();
  for (const variable of variables) {
    const key = `${variable.name} ${variable.environment ?? ''}`;
    const known = merged.get(key);
    if (known === undefined || typeof known.value === 'string' || typeof variable.value === 'string') {
      if (known === undefined) merged.set(key, variable);
      continue;
    }
    merged.set(key, {
      ...known,
      value: new Map([...known.value, ...variable.value]),
      missing: known.missing ?? variable.missing,
    });
  }
  return [...merged.values()].sort(
    (a, b) => compare(a.environment ?? '', b.environment ?? '') || compare(a.name, b.name),
  );
}

function setCommand({ name, environment, value }: RoleVariable, repo: string): string {
  const body = typeof value === 'string' ? value : JSON.stringify(Object.fromEntries(value));
  const at = environment === undefined ? '' : ` --env ${environment}`;
  return `gh variable set ${name}${at}${repo} --body ${/^[\w:/.-]+$/.test(body) ? body : `'${body}'`}`;
}

function mergeTrusts(trusts: readonly RoleTrust[]): readonly string[] {
  const merged = new Map<string, Set<string>>();
  for (const { role, account, subjects } of trusts) {
    const name = account === undefined ? role : `${role} in ${account}`;
    const all = merged.get(name) ?? new Set<string>();
    for (const subject of subjects) all.add(subject);
    merged.set(name, all);
  }
  return [...merged]
    .map(
      ([name, subjects]) =>
        `${name}: ${subjects.size === 0 ? 'the tokens of the workflows that call it' : [...subjects].join(', ')}`,
    )
    .sort();
}

/** Names of GitHub secrets that hold a part of a key. */
function storedSecrets(repository: Repository): readonly string[] {
  const sources = [...githubWorkflows(repository), ...repository.files.flatMap((file) => readGithubAction(file) ?? [])];
  const names = sources.flatMap((source) =>
    findGithubCredentials(source, repository)
      .filter(({ form }) => form !== 'reusable-declaration')
      .flatMap(({ parts }) =>
        parts.flatMap(({ value }) =>
          value.kind === 'stored' && value.store === 'github' && /^\w+$/.test(value.name)
            ? [value.name.toUpperCase()]
            : [],
        ),
      ),
  );
  return [...new Set(names)].sort();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
