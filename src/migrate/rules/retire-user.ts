/** retire-user: the commands that end the key, in their order. Nothing is edited: each waits for what the one before shows. */
import { auditRepository, detectors, type Finding } from '../../audit/index.ts';
import { staticString } from '../../formats/hcl/index.ts';
import { type Intent, profileName } from '../../intent/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import { attributeOf, type Repository, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Remark } from '../rule.ts';
import { accountsOfModule } from '../terraform/stacks.ts';

export const retireUser: MigrationRule = defineRule({
  id: 'retire-user',
  title: 'The key is switched off, then deleted, then its user',
  step: 'retire',
  why: 'An inactive key comes back with one command; a deleted one never does. What still used it shows in the quiet days between.',
  does: 'Edits nothing. Prints, for each user that the code makes, or for the one whose key it used, the commands that show the last use, switch the key off, switch it back on, and delete it; then the blocks to remove and the stored secrets to look for.',
  refuses: 'Nothing.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  plan(repository, { intent, original }) {
    const findings = madeByCode(repository);
    const users = usersOf(repository, intent);
    const [first] = findings;
    if (first === undefined)
      return { edits: [], refusals: [], remarks: original === undefined ? [] : elsewhereRemarks(original) };
    const remarks: Remark[] = [];
    for (const user of users) remarks.push(...keyRemarks(user));
    remarks.push({
      ...placeOf(first),
      text: `Then remove from the code, and apply: ${findings.map(({ path, line, detail }) => `${path}:${line} (${/^(?:module "[^"]*"|\S+)/.exec(detail)?.[0]})`).join(', ')}. Roles that trusted the user go when no provider assumes them any more.`,
      commands: ['terraform plan   # destroys the key, what stores it, its policies and the user, and nothing else'],
    });
    const repo = intent.github?.repository === undefined ? '' : ` --repo ${intent.github.repository}`;
    if (intent.github !== undefined) {
      remarks.push({
        ...placeOf(first),
        text: 'Last, delete what GitHub stores of the key; no workflow reads it any more.',
        commands: [
          `gh secret list${repo}`,
          ...[...intent.github.environments.keys()].map((environment) => `gh secret list --env ${environment}${repo}`),
          `gh secret delete <name>${repo}`,
        ],
      });
    }
    return { edits: [], refusals: [], remarks };
  },
});

/** A key is in use, and its user is made somewhere else: by hand, or in another repository. */
function elsewhereRemarks(original: Repository): readonly Remark[] {
  const { credentials, methods } = auditRepository(original, { now: new Date(8.64e15) });
  const inUse = methods.find(({ class: type, usedBy }) => type === 'static' && usedBy !== 'made-by-code');
  if (inUse === undefined) return [];
  const { path, line, column } = inUse;
  const ids = credentials.flatMap(({ keyId, kind }) => (keyId !== undefined && kind === 'long-term' ? [keyId] : []));
  return keyRemarks({ name: '<user>', profile: '', path, line, column }).map((remark, index) =>
    index > 0
      ? remark
      : {
          ...remark,
          text: `This code does not make the user whose key it uses${ids.length === 0 ? '' : ` (${ids.join(', ')})`}. Find it by the key's id, then see that nobody uses its keys any more.`,
        },
  );
}

interface CodeUser extends Location {
  readonly name: string;
  /** ` --profile …` of the account it lives in, where that is known. */
  readonly profile: string;
}

/** What audit reports as long-lived and made by the code. */
function madeByCode(repository: Repository): readonly Finding[] {
  const retiring = detectors.filter(({ fixRule }) => fixRule === 'retire-user');
  // The day decides only which suppressions are over, and none of these may hide what has to go.
  return auditRepository(repository, { now: new Date(8.64e15), detectors: retiring }).findings;
}

function usersOf(repository: Repository, intent: Intent): readonly CodeUser[] {
  return terraformModules(repository).flatMap((module) =>
    module.resources.flatMap((resource): CodeUser[] => {
      if (resource.mode !== 'resource' || resource.type !== 'aws_iam_user') return [];
      const attribute = attributeOf(resource, 'name');
      const name = attribute === undefined ? undefined : staticString(attribute.node.expression);
      const accounts = accountsOfModule(intent, repository, module);
      const names = accounts.known ? new Set(accounts.workspaces.map(({ account }) => account)) : new Set<string>();
      const [account] = names;
      const profile =
        names.size === 1 && account !== undefined ? ` --profile ${profileName(intent, account, 'apply')}` : '';
      return [
        {
          ...resource.file.locationOf(resource.node.start),
          name: name ?? `<name of aws_iam_user.${resource.name}>`,
          profile,
        },
      ];
    }),
  );
}

function keyRemarks({ name, profile, path, line, column }: CodeUser): readonly Remark[] {
  const at = { rule: 'retire-user', path, line, column };
  const key = `--access-key-id <key id>`;
  return [
    {
      ...at,
      text: `First see that nobody uses the keys of ${name} any more.`,
      commands: [
        `aws iam list-access-keys --user-name ${name}${profile}`,
        `aws iam get-access-key-last-used ${key}${profile}`,
      ],
    },
    {
      ...at,
      text: `Switch each key off (in the code: status = "Inactive"), and wait as many days as your rarest job needs. If something fails, the second command brings it back.`,
      commands: [
        `aws iam update-access-key --user-name ${name} ${key} --status Inactive${profile}`,
        `aws iam update-access-key --user-name ${name} ${key} --status Active${profile}`,
      ],
    },
    {
      ...at,
      text: `After the quiet days delete the key: by Terraform where it made it, else by hand.`,
      commands: [`aws iam delete-access-key --user-name ${name} ${key}${profile}`],
    },
  ];
}

function placeOf({ path, line, column }: Finding): Location & { rule: string } {
  return { rule: 'retire-user', path, line, column };
}
