/**
 * A draft as the text of keyless.yaml. Each line says where its value comes from; what is missing stands there as `null`
 * with what to do about it.
 */

import type { GitHubJob } from '../intent.ts';
import { intentFileName } from '../load-intent.ts';
import { missingValues } from '../missing-values.ts';
import { parseIntent } from '../parse-intent.ts';
import type { DraftLegacy, Fact, IntentDraft, Maybe } from './draft.ts';

// No `$schema` line: an installed keyless has no URL that every editor reaches, and a path into it would not survive a clone.
const heading = `# Who may run Terraform where. Drafted by \`keyless init\` from the repository: check each line against its source,
# fill in what is \`null\`, then run \`keyless status\`.
`;

export function renderDraft(draft: IntentDraft): string {
  const { organization, identityCenter, permissionSets, accounts, stacks, stateBackends, moduleBuckets, github } =
    draft;
  const lines: string[] = ['version: 1'];
  if (draft.partition !== 'aws') lines.push(`partition: ${draft.partition}`);
  lines.push(
    '',
    'organization:',
    line('  name', organization.name),
    line('  id', organization.id),
    '',
    'identity_center:',
    line('  start_url', identityCenter.startUrl),
    line('  region', identityCenter.region),
    line('  sso_session', identityCenter.session),
    '',
    '# What people plan and apply with.',
    'permission_sets:',
    line('  plan', permissionSets.plan),
    line('  apply', permissionSets.apply),
    '',
    accounts.length === 0 ? 'accounts: {}  # none was found in the code: name: "12 digits"' : 'accounts:',
    ...accounts.map(({ name, id }) => `${line(`  ${scalar(name.value)}`, id, true)}; named after: ${source(name)}`),
  );
  if (stacks.length > 0) lines.push('', 'stacks:');
  for (const { path, workspaces, beyond = [] } of stacks) {
    lines.push(`  - path: ${scalar(path === '' ? '.' : path)}`);
    if (beyond.length > 0) {
      lines.push(
        `    # Its provider can be in ${beyond.join(', ')}, and the code does not say in which workspaces: list all of them under \`workspaces:\`, each with its account.`,
      );
    }
    const only = workspaces.size === 1 && workspaces.has('default');
    if (only) lines.push(line('    account', workspaces.get('default')));
    else
      lines.push(
        '    workspaces:',
        ...[...workspaces].map(([name, account]) => line(`      ${scalar(name)}`, account)),
      );
  }
  if (stateBackends.length > 0) lines.push('', '# Where the state is.', 'state:');
  for (const { bucket, account, region, kmsKeyId, lockTable } of stateBackends) {
    lines.push(
      line('  - bucket', bucket),
      line('    account', account),
      line('    region', region),
      '    access: direct  # through the bucket policy; `profile` is the other way',
      kmsKeyId === undefined
        ? '    require_encryption: true  # a write that names none is refused'
        : line('    kms_key_id', kmsKeyId),
      ...(lockTable === undefined ? [] : [line('    lock_table', lockTable)]),
    );
  }
  if (moduleBuckets.length > 0) lines.push('', '# Where Terraform modules come from.', 'modules:');
  for (const { bucket, account, region } of moduleBuckets) {
    lines.push(line('  - bucket', bucket), line('    account', account), line('    region', region));
  }
  if (github !== undefined) {
    lines.push('', 'github:', line('  repository', github.repository));
    if (github.environments.size > 0) lines.push('  environments:');
    for (const [name, account] of github.environments) {
      lines.push(`    ${scalar(name)}:`, line('      account', account));
    }
    lines.push('  roles:  # the same in every account', '    plan: terraform-plan', '    apply: terraform-apply');
    lines.push(...jobLines(github.jobs ?? []));
  }
  lines.push(...legacyLines(draft.legacy));
  return withTodos(`${heading}${lines.join('\n')}\n`);
}

/** One line a job, in the order of the workflows. */
function jobLines(jobs: readonly GitHubJob[]): string[] {
  if (jobs.length === 0) return [];
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${name}: [${values.map(scalar).join(', ')}]`];
  return [
    '  jobs:  # which job takes which role, as its workflow tells',
    ...jobs.map(({ workflow, job, phases, environments, accounts, triggers, branches, tags }) => {
      const entries = [
        `workflow: ${scalar(workflow)}`,
        `job: ${scalar(job)}`,
        ...list('phases', phases),
        ...list('environments', environments),
        ...list('accounts', accounts),
        ...list('triggers', triggers),
        ...list('branches', branches),
        ...list('tags', tags),
      ];
      return `    - { ${entries.join(', ')} }`;
    }),
  ];
}

function legacyLines(legacy: DraftLegacy | undefined): string[] {
  if (legacy === undefined) return [];
  const { user, account, roles } = legacy;
  return [
    '',
    '# The way that is left behind; take it out when the user is gone.',
    'legacy:',
    line('  user', user),
    line('  account', account),
    ...(roles.length === 0
      ? ['  roles: []']
      : ['  roles:', ...roles.map((role) => line('    -', role).replace('-:', '-'))]),
  ];
}

const missing = 'null  # missing';

function line(key: string, fact: Maybe<string>, quoted = false): string {
  if (fact === undefined) return `${key}: ${missing}`;
  return `${key}: ${quoted ? JSON.stringify(fact.value) : scalar(fact.value)}  # ${source(fact)}`;
}

function source({ because, place }: Fact<string>): string {
  // A comment is one line, whatever a file is called.
  return (place === undefined ? because : `${because}, ${place.path}:${place.line}`).replace(/\s+/g, ' ');
}

/** Plain where YAML 1.1 and 1.2 both read the very text as a string, else in double quotes. */
function scalar(text: string): string {
  const plain = /^[A-Za-z](?:[\w./@+-]|:(?=\S))*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** Puts what a person should do about a missing value beside it. */
function withTodos(text: string): string {
  const lines = text.split('\n');
  for (const { location, todo } of missingValues(parseIntent(text, intentFileName))) {
    const at = lines[location.line - 1];
    if (at?.endsWith(missing)) lines[location.line - 1] = `${at}: ${todo}`;
  }
  return lines.join('\n');
}
