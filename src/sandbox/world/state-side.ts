/** Buckets of state and modules, the key they are encrypted with, the lock table; before the move and after it. */
import { parseArn } from '../../aws/arn.ts';
import {
  buildLockTableResourcePolicy,
  buildModuleBucketPolicy,
  buildStateBucketPolicy,
  buildStateKeyDocument,
  lockTableArn,
  type MoveStage,
  oldUserAccess,
  type PolicyDocument,
  type PolicyStatement,
  printPolicy,
  type StateBackend,
} from '../../intent/index.ts';
import type { World } from '../core/world.ts';
import { createTable, parseTablePolicy } from '../services/dynamodb/build.ts';
import { createKey, parseKeyPolicy } from '../services/kms/build.ts';
import { parseBucketPolicy } from '../services/s3/bucket-policy-text.ts';
import { createBucket } from '../services/s3/build.ts';
import { accountId, type BuiltWorld } from './built-world.ts';

type Made = Pick<BuiltWorld, 'world' | 'intent'>;

/** As they are before anybody moves: private, versioned, encrypted, and without any policy of the new way. */
export function makeStateSide(made: Made, createdAt: number): void {
  const { world, intent } = made;
  for (const backend of intent.stateBackends) {
    const key = keyOf(made, backend, createdAt);
    createBucket(world, {
      name: backend.bucket,
      account: accountId(made, backend.account),
      createdAt,
      versioning: 'Enabled',
      ...(backend.region !== undefined && { region: backend.region }),
      ...(key !== undefined && { encryption: { algorithm: 'aws:kms', kmsKeyArn: key, bucketKey: true } }),
    });
    const table = backend.lockTable;
    const arn = lockTableArn(intent, backend);
    if (table === undefined || arn === undefined || world.dynamodb.tables.has(arn)) continue;
    createTable(world, {
      name: table.name,
      account: accountId(made, table.account),
      createdAt,
      hashKey: { name: 'LockID', type: 'S' },
      ...(table.region !== undefined && { region: table.region }),
    });
  }
  for (const { bucket, account, region } of intent.moduleBuckets) {
    if (world.s3.buckets.has(bucket)) continue;
    createBucket(world, {
      name: bucket,
      account: accountId(made, account),
      createdAt,
      ...(region !== undefined && { region }),
    });
  }
}

/** Where state is in another account than the old user, bucket, table and key let it in: else the old way could not work today. */
export function letOldUserIn({ world, intent }: Made): void {
  for (const backend of intent.stateBackends) {
    const access = oldUserAccess(intent, backend);
    const bucket = world.s3.buckets.get(backend.bucket);
    if (bucket !== undefined && access.bucket.length > 0) {
      bucket.policy = parseBucketPolicy(world.partition, bucket.name, policyText(access.bucket));
    }
    const table = world.dynamodb.tables.get(lockTableArn(intent, backend) ?? '');
    if (table !== undefined && access.table.length > 0) {
      table.policy = parseTablePolicy(world, table.arn, policyText(access.table));
    }
    const key = world.kms.keys.get(keyArn(world, backend) ?? '');
    if (key !== undefined && access.key.length > 0) {
      const { Statement } = JSON.parse(key.policy.text) as PolicyDocument;
      key.policy = parseKeyPolicy(key.arn, policyText([...Statement, ...access.key]));
    }
  }
}

function policyText(Statement: readonly PolicyStatement[]): string {
  return printPolicy({ Version: '2012-10-17', Statement });
}

/** Gives every bucket, key and table the policy that keyless.yaml makes for this stage. */
export function applyStatePolicies(made: Made, stage: MoveStage): void {
  const { world, intent } = made;
  for (const backend of intent.stateBackends) {
    const bucket = world.s3.buckets.get(backend.bucket);
    const policy = buildStateBucketPolicy(intent, backend, stage);
    if (bucket !== undefined && policy !== undefined) {
      bucket.policy = parseBucketPolicy(world.partition, bucket.name, printPolicy(policy));
    }
    const key = keyArn(world, backend);
    const keyPolicy = buildStateKeyDocument(intent, backend, stage);
    const stored = key === undefined ? undefined : world.kms.keys.get(key);
    if (stored !== undefined && keyPolicy !== undefined) {
      stored.policy = parseKeyPolicy(stored.arn, printPolicy(keyPolicy));
    }
    const table = world.dynamodb.tables.get(lockTableArn(intent, backend) ?? '');
    const tablePolicy = buildLockTableResourcePolicy(intent, backend, stage);
    if (table !== undefined && tablePolicy !== undefined) {
      table.policy = parseTablePolicy(world, table.arn, printPolicy(tablePolicy));
    }
  }
  for (const { bucket: name } of intent.moduleBuckets) {
    const bucket = world.s3.buckets.get(name);
    const policy = buildModuleBucketPolicy(intent, name);
    if (bucket !== undefined && policy !== undefined) {
      bucket.policy = parseBucketPolicy(world.partition, name, printPolicy(policy));
    }
  }
}

/** ARN of the backend's key, made if it is not there yet; the bucket names it by the key, not by an alias. */
function keyOf(made: Made, backend: StateBackend, createdAt: number): string | undefined {
  const known = keyArn(made.world, backend);
  if (known !== undefined || backend.kmsKeyId === undefined) return known;
  const parsed = parseArn(backend.kmsKeyId);
  if (!parsed.ok) throw new RangeError(`${backend.kmsKeyId} is no ARN: ${parsed.problem}`);
  const { region, account, resource } = parsed.arn;
  const alias = resource.startsWith('alias/');
  return createKey(made.world, {
    account,
    region,
    createdAt,
    description: `State in ${backend.bucket}`,
    ...(alias ? { alias: resource } : { keyId: resource.slice('key/'.length) }),
  }).arn;
}

function keyArn(world: World, { kmsKeyId }: StateBackend): string | undefined {
  if (kmsKeyId === undefined) return undefined;
  return world.kms.keys.has(kmsKeyId) ? kmsKeyId : world.kms.aliases.get(kmsKeyId);
}
