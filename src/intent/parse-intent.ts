/**
 * keyless.yaml from text to value. Everything that is wrong with it is collected and thrown at once, each problem with
 * line, column, the value found and what was expected.
 */
import { compareLocations } from '../kernel/diagnostic.ts';
import { KeylessError } from '../kernel/error.ts';
import { formProblems } from './form-problems.ts';
import { identityOf, timeWindowOf } from './identity-of.ts';
import type { Intent, LegacyWay, Stack, StateBackend, StateRule } from './intent.ts';
import type { IntentFile, LegacyEntry, StackEntry, StateEntry, StateRuleEntry } from './intent-file.ts';
import { type IntentProblem, renderIntentProblem } from './intent-problem.ts';
import { nameProblems, normalizedFolder } from './name-problems.ts';
import { githubOf, hcpTerraformOf, splitUnassigned } from './pipelines-of.ts';
import { intentFileSchema } from './schema.ts';
import { readYamlSource, type YamlSource } from './yaml-source.ts';

/** The intent in a text; throws CONFIG_INVALID with `details.problems` when anything is wrong. `path` is for messages. */
export function parseIntent(text: string, path = 'keyless.yaml'): Intent {
  const source = readYamlSource(text.replace(/^\uFEFF/, ''), path);
  if (source.problems.length > 0) throw invalid(path, yamlProblems(source));
  const checked = intentFileSchema.safeParse(source.value);
  const form = checked.success ? [] : formProblems(checked.error, source);
  const known = new Set(form.map(({ key }) => key));
  const problems = [...form, ...nameProblems(source).filter(({ key }) => !known.has(key))];
  if (!checked.success || problems.length > 0) throw invalid(path, problems);
  return intentOf(checked.data, source);
}

function yamlProblems(source: YamlSource): IntentProblem[] {
  return source.problems.map(({ location, message }) => ({
    ...location,
    key: '',
    found: message.split('\n', 1)[0] ?? message,
    expected: 'YAML that can be read in one way only',
  }));
}

function invalid(path: string, problems: readonly IntentProblem[]): KeylessError {
  const sorted = [...problems].sort(compareLocations);
  const count = sorted.length === 1 ? '1 problem' : `${sorted.length} problems`;
  return new KeylessError({
    code: 'CONFIG_INVALID',
    message: [`${path} has ${count}`, ...sorted.map((problem) => `  ${renderIntentProblem(problem)}`)].join('\n'),
    hint: 'mend the lines above, then run `keyless status`',
    details: { problems: sorted },
  });
}

function intentOf(file: IntentFile, source: YamlSource): Intent {
  const { organization, identity_center: identityCenter, github } = file;
  return {
    version: 1,
    partition: file.partition ?? 'aws',
    organization: {
      name: organization.name,
      id: organization.id ?? undefined,
      managementAccount: organization.management_account ?? undefined,
    },
    identityCenter: {
      startUrl: normalizedStartUrl(identityCenter?.start_url ?? undefined),
      region: identityCenter?.region ?? undefined,
      session: identityCenter?.sso_session ?? organization.name,
    },
    ...identityOf(file),
    pipelineRoles: {
      plan: github?.roles?.plan ?? 'terraform-plan',
      apply: github?.roles?.apply ?? 'terraform-apply',
      publish: github?.roles?.publish ?? 'terraform-publish',
    },
    accounts: new Map(Object.entries(file.accounts).map(([name, id]) => [name, { name, id: id ?? undefined }])),
    stacks: (file.stacks ?? []).map(stackOf),
    stateBackends: (file.state ?? []).map(backendOf),
    moduleBuckets: (file.modules ?? []).map(({ bucket, account, region }) => ({
      bucket,
      account: account ?? undefined,
      region: region ?? undefined,
    })),
    github: github ? githubOf(github) : undefined,
    hcpTerraform: file.hcp_terraform ? hcpTerraformOf(file.hcp_terraform) : undefined,
    legacy: file.legacy ? legacyOf(file.legacy) : undefined,
    locations: source.locations,
  };
}

function stackOf(stack: StackEntry): Stack {
  const { known, unassigned } = splitUnassigned(Object.entries(stack.workspaces ?? { default: stack.account ?? null }));
  return {
    path: normalizedFolder(stack.path),
    workspaces: new Map(known),
    ...(unassigned.length > 0 && { unassigned }),
  };
}

function backendOf(backend: StateEntry): StateBackend {
  const table = backend.lock_table ?? undefined;
  return {
    bucket: backend.bucket,
    region: backend.region ?? undefined,
    account: backend.account ?? undefined,
    access: backend.access ?? 'direct',
    profile: backend.profile ?? undefined,
    kmsKeyId: backend.kms_key_id ?? undefined,
    lockTable:
      table === undefined
        ? undefined
        : typeof table === 'string'
          ? { name: table, account: backend.account ?? undefined, region: backend.region ?? undefined }
          : {
              name: table.name,
              account: table.account ?? backend.account ?? undefined,
              region: table.region ?? backend.region ?? undefined,
            },
    requireEncryption: backend.require_encryption === true || (backend.kms_key_id ?? undefined) !== undefined,
    readers: backend.readers?.map(stateRuleOf),
    writers: backend.writers?.map(stateRuleOf),
    window: backend.window ? timeWindowOf(backend.window) : undefined,
  };
}

function stateRuleOf(rule: StateRuleEntry): StateRule {
  return {
    phases: rule.phases ?? [],
    permissionSets: rule.permission_sets ?? [],
    accounts: rule.accounts,
    keys: rule.keys ?? ['*'],
  };
}

/** A role of the user's own name is how the classic setup has it. */
function legacyOf({ user, account, roles }: LegacyEntry): LegacyWay {
  return { user, account: account ?? undefined, roles: roles ?? [user.split('/').at(-1) ?? user] };
}

/** Browsers show the portal as `…/start/#/`; the AWS CLI wants what comes before it. */
function normalizedStartUrl(url: string | undefined): string | undefined {
  return url?.replace(/#.*$/, '').replace(/\/+$/, '');
}
