/**
 * Policies that AWS manages, the same for every account. The texts are keyless's own, condensed from what AWS publishes
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html): what a policy is for is allowed,
 * single actions may differ. A policy that is not in the table does not exist here.
 */
import { createHash } from 'node:crypto';
import { isPartition } from '../../../aws/partition.ts';
import { managedPolicyTexts } from './managed-policy-texts.ts';
import { readPolicy } from './policy-text.ts';
import type { ManagedPolicy } from './state.ts';

/** Day on which IAM began to have managed policies. */
const createdAt = Date.UTC(2015, 1, 6, 18, 39, 46);
const read = new Map<string, ManagedPolicy>();

/** A policy by its ARN (`arn:aws:iam::aws:policy/…`); `undefined` for one the sandbox does not have. */
export function managedPolicy(arn: string): ManagedPolicy | undefined {
  const known = read.get(arn);
  if (known !== undefined) return known;
  const [, partition = '', pathAndName = ''] = /^arn:([a-z-]+):iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  const text = managedPolicyTexts[pathAndName];
  if (text === undefined || !isPartition(partition)) return undefined;
  const name = pathAndName.slice(pathAndName.lastIndexOf('/') + 1);
  const policy: ManagedPolicy = {
    arn,
    name,
    path: `/${pathAndName.slice(0, -name.length)}`,
    id: uniqueId(pathAndName),
    createdAt,
    description: undefined,
    tags: [],
    versions: [{ ...readPolicy(arn, JSON.stringify(text), 'identity'), versionId: 'v1', createdAt }],
    defaultVersionId: 'v1',
  };
  read.set(arn, policy);
  return policy;
}

/** ARNs of all the sandbox has, sorted. */
export function managedPolicyArns(partition: string): readonly string[] {
  return Object.keys(managedPolicyTexts)
    .sort()
    .map((pathAndName) => `arn:${partition}:iam::aws:policy/${pathAndName}`);
}

function uniqueId(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytes = createHash('sha256').update(name).digest().subarray(0, 17);
  return `ANPA${[...bytes].map((byte) => alphabet[byte % 32]).join('')}`;
}
