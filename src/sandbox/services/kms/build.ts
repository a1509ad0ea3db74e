/** Keys put into a world without a call. */
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { Secret } from '../../../kernel/secret.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { Tag } from '../iam/state.ts';
import type { KmsKey } from './state.ts';

export interface NewKey {
  readonly account: string;
  /** That of the world when left out. */
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** UUID; made up when left out. */
  readonly keyId?: string;
  /** JSON text; the default policy, which leaves everything to the account's IAM policies, when left out. */
  readonly policy?: string;
  readonly description?: string;
  /** With `alias/`. */
  readonly alias?: string;
  readonly tags?: readonly Tag[];
}

/** A symmetric key. Its material comes from the sandbox's own seeded randomness: it protects nothing outside of it. Throws AwsError. */
export function createKey(world: World, key: NewKey): KmsKey {
  const region = key.region ?? world.region;
  const keyId = key.keyId ?? world.ids.uuid();
  const prefix = `arn:${world.partition}:kms:${region}:${key.account}`;
  const arn = `${prefix}:key/${keyId}`;
  const created: KmsKey = {
    arn,
    keyId,
    account: key.account,
    region,
    createdAt: key.createdAt,
    description: key.description ?? '',
    state: 'Enabled',
    deletionDate: undefined,
    policy: parseKeyPolicy(arn, key.policy ?? defaultKeyPolicy(world, key.account)),
    rotation: { enabled: false, periodInDays: 365 },
    tags: key.tags ?? [],
    material: [new Secret(world.ids.hex(64))],
    grants: new Map(),
  };
  world.kms.keys.set(arn, created);
  if (key.alias !== undefined) world.kms.aliases.set(`${prefix}:${key.alias}`, arn);
  return created;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
export function defaultKeyPolicy(world: World, account: string): string {
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Id: 'key-default-1',
      Statement: [
        {
          Sid: 'Enable IAM User Permissions',
          Effect: 'Allow',
          Principal: { AWS: `arn:${world.partition}:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    },
    null,
    2,
  );
}

/** Throws AwsError MalformedPolicyDocumentException or LimitExceededException (32 KB). */
export function parseKeyPolicy(arn: string, text: string): KmsKey['policy'] {
  if (Buffer.byteLength(text) > 32 * 1024) {
    throw new AwsError('LimitExceededException', 'The key policy exceeds the maximum of 32768 bytes.');
  }
  const result = parsePolicy(text, 'key');
  if (!result.ok) {
    throw new AwsError('MalformedPolicyDocumentException', result.problems[0]?.message ?? 'Policy is malformed.');
  }
  return { text, parsed: { name: `key policy of ${arn}`, policy: result.policy } };
}
