/** lock-table: what a person does once nothing names the table any more. Edits nothing. */
import { parseArn } from '../../aws/arn.ts';
import { staticString } from '../../formats/hcl/index.ts';
import { type Intent, lockTableArn, profileName, type StateBackend } from '../../intent/index.ts';
import { attributeOf, type Repository, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { Changes, type Spot } from '../terraform/changes.ts';
import { lockTableArgument } from '../terraform/lock-table.ts';
import { heredocMentions } from '../terraform/opaque-mentions.ts';
import { stackAt } from '../terraform/stacks.ts';
import { nameOf, type StatePlace, stateBackendOf, statePlaces, stateWriters } from '../terraform/state-places.ts';

export const lockTable: MigrationRule = defineRule({
  id: 'lock-table',
  title: 'Digests, permissions and the lock table are deleted',
  step: 'lock-table',
  why: 'The -md5 items go first: should the table ever be named again, for a rollback, stale digests would make every state fail its checksum.',
  does: 'Edits nothing. Prints the exact commands: each -md5 item, the permissions, the table; and points to the table in the code.',
  refuses: 'As long as anything in the repository still names the table.',
  source: 'https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/client.go',
  plan(repository, { intent }) {
    const changes = new Changes('lock-table');
    for (const backend of intent.stateBackends) {
      if (backend.lockTable !== undefined) retire(backend, backend.lockTable.name, repository, intent, changes);
    }
    return changes.plan();
  },
});

function retire(backend: StateBackend, table: string, repository: Repository, intent: Intent, changes: Changes): void {
  const places = statePlaces(repository).filter((place) => stateBackendOf(intent, place) === backend);
  const namesTable = (place: StatePlace) => lockTableArgument(place.group) !== undefined;
  const still = places.filter(namesTable);
  const [first, ...others] = still;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    changes.refuse(
      { file: first.group.file, start: lockTableArgument(first.group)?.node.start ?? first.group.start },
      `The table ${table} has to stay: ${nameOf(first)}${more} still name${others.length === 0 ? 's' : ''} it.`,
      'Finish the lock steps first.',
    );
  }
  const opaque = heredocMentions(repository, ['dynamodb_table']);
  for (const spot of opaque) {
    changes.refuse(
      spot,
      `The table ${table} may have to stay: a configuration in a heredoc names a lock table.`,
      'Change it by hand and roll it out first.',
    );
  }
  if (still.length > 0 || opaque.length > 0) return;

  const spot = spotOf(backend, places, repository, intent);
  if (spot === undefined) return;
  const region = backend.lockTable?.region ?? '<region>';
  const owner = backend.lockTable?.account;
  const call = (command: string) =>
    `${owner === undefined ? '' : `AWS_PROFILE=${profileName(intent, owner, 'apply')} `}aws dynamodb ${command} --region ${region} --table-name ${table}`;
  const ids = stateWriters(repository)
    .filter((place) => stateBackendOf(intent, place) === backend)
    .flatMap((place) => lockIds(place, backend, intent));
  changes.remark(
    spot,
    `First the digests in ${table}, one for each state: \`aws dynamodb scan --table-name ${table}\` shows what is left.`,
    [...new Set(ids)].map((id) => `${call('delete-item')} --key '${JSON.stringify({ LockID: { S: `${id}-md5` } })}'`),
  );
  changes.remark(
    spot,
    `Then the permissions: dynamodb:GetItem, PutItem, DeleteItem and DescribeTable on ${table} in every policy, and the resource policy of the table.`,
    [deletePolicy(intent, backend, owner)].filter((command) => command !== undefined),
  );
  const resource = tableInCode(repository, table);
  if (resource === undefined) {
    changes.remark(spot, `Last the table itself, then \`lock_table\` in keyless.yaml.`, [call('delete-table')]);
  } else {
    changes.remark(
      resource,
      `Last the table itself: it is made here. Remove this block, apply, then remove \`lock_table\` from keyless.yaml.`,
    );
  }
}

/** As the S3 backend makes them: bucket and key, with the workspace prefix in front of the key. */
function lockIds(place: StatePlace, backend: StateBackend, intent: Intent): readonly string[] {
  const key = place.textOf('key');
  if (key === undefined) return [];
  const prefix = place.textOf('workspace_key_prefix') ?? 'env:';
  const workspaces = place.modules.flatMap(({ directory }) => [
    ...(stackAt(intent, directory)?.workspaces.keys() ?? ['default']),
  ]);
  return workspaces.map((workspace) =>
    workspace === 'default' ? `${backend.bucket}/${key}` : `${backend.bucket}/${prefix}/${workspace}/${key}`,
  );
}

function deletePolicy(intent: Intent, backend: StateBackend, owner: string | undefined): string | undefined {
  const arn = lockTableArn(intent, backend);
  if (arn === undefined || owner === undefined) return undefined;
  const region = parseArn(arn).ok ? arn.split(':')[3] : '<region>';
  return `AWS_PROFILE=${profileName(intent, owner, 'apply')} aws dynamodb delete-resource-policy --region ${region} --resource-arn ${arn}`;
}

function tableInCode(repository: Repository, table: string): Spot | undefined {
  for (const { resources } of terraformModules(repository)) {
    for (const resource of resources) {
      if (resource.type !== 'aws_dynamodb_table' || resource.mode !== 'resource') continue;
      const name = attributeOf(resource, 'name');
      if (name !== undefined && staticString(name.node.expression) === table) {
        return { file: resource.file, start: resource.node.start };
      }
    }
  }
  return undefined;
}

/** `lock_table` in keyless.yaml where it is in the repository, else the first place that uses the bucket. */
function spotOf(
  backend: StateBackend,
  places: readonly StatePlace[],
  repository: Repository,
  intent: Intent,
): Spot | undefined {
  const index = intent.stateBackends.indexOf(backend);
  const location = intent.locations.get(`state[${index}].lock_table`) ?? intent.locations.get(`state[${index}]`);
  const file = location && repository.file(location.path);
  if (file !== undefined && location !== undefined) return { file, start: file.lines.startOf(location.line) };
  const [first] = places;
  return first === undefined ? undefined : { file: first.group.file, start: first.group.start };
}
