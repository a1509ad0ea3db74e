/** The DynamoDB table that a place locks with, as keyless.yaml and the code together say it. */
import { formatArn, parseArn } from '../../aws/arn.ts';
import { staticString } from '../../formats/hcl/index.ts';
import type { Intent, StateBackend } from '../../intent/index.ts';
import type { Repository, Version } from '../../repository/index.ts';
import { type Argument, type ArgumentGroup, argumentOf, isUnset } from './argument-group.ts';
import { accountIdOf } from './stacks.ts';
import { type StatePlace, stateBackendOf } from './state-places.ts';
import { placeOlderThan, terraformVersions, type VersionPlace } from './terraform-version.ts';

/** `dynamodb_table`, unless it is empty. */
export function lockTableArgument(group: ArgumentGroup): Argument | undefined {
  const table = argumentOf(group, 'dynamodb_table');
  return table === undefined || isUnset(table) ? undefined : table;
}

/** The configuration that this place is a part of takes the S3 lock. */
export function takesLockFile({ together }: StatePlace): boolean {
  return together.some((part) => {
    const value = argumentOf(part, 'use_lockfile')?.value;
    return value?.kind === 'literal' && value.value === true;
  });
}

/** The first release with which the lock file works in every bucket: 1.10.0 could not lock where Object Lock is on. */
const lockFileFloor: Version = [1, 10, 1];

/** What lets in a Terraform that must not lock this state by file; `undefined` when nothing does. */
export function placeBelowLockFile({ modules, group }: StatePlace, repository: Repository): VersionPlace | undefined {
  const directories = modules.length > 0 ? modules : [{ directory: group.file.directory, requiredVersions: [] }];
  return directories
    .map((module) => placeOlderThan(terraformVersions(repository, module), lockFileFloor))
    .find((found) => found !== undefined);
}

export type TableArn =
  | { readonly arn: string; readonly backend: StateBackend | undefined }
  | { readonly missing: string; readonly todo: string };

/** The table by its ARN; what is missing to say it otherwise. */
export function tableArnOf(place: StatePlace, table: Argument, intent: Intent): TableArn {
  const backend = stateBackendOf(intent, place);
  const name = staticString(table.value);
  if (name === undefined) {
    return {
      missing: 'The name of the lock table is computed',
      todo: 'Write its ARN by hand and add `use_lockfile = true`.',
    };
  }
  if (parseArn(name).ok) return { arn: name, backend };
  if (backend === undefined) {
    const bucket = place.textOf('bucket');
    return {
      missing: `keyless.yaml has no state bucket ${bucket ?? '(its name is not in the code)'}`,
      todo: 'Add the bucket under `state:` with its account, region and lock_table.',
    };
  }
  const region = backend.lockTable?.region ?? place.textOf('region') ?? backend.region;
  const owner = backend.lockTable?.account ?? backend.account;
  const account = accountIdOf(intent, owner);
  if (account === undefined) {
    return {
      missing: `keyless.yaml does not say in which account the lock table ${name} is`,
      todo: `Fill in the account of ${backend.bucket} under \`state:\`, and its id under \`accounts:\`.`,
    };
  }
  if (region === undefined) {
    return {
      missing: `neither the code nor keyless.yaml says in which region the lock table ${name} is`,
      todo: `Fill in the region of ${backend.bucket} under \`state:\`.`,
    };
  }
  const { partition } = intent;
  return { arn: formatArn({ partition, service: 'dynamodb', region, account, resource: `table/${name}` }), backend };
}
