/**
 * Session policies: what AssumeRole is handed to make a session smaller than its role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
import { deflateRawSync } from 'node:zlib';
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { lookUpPolicy, policyInForce } from '../iam/find-policy.ts';
import { readPolicy } from '../iam/policy-text.ts';
import { arnRule, invalid, optionalText, requiredText, structureList } from '../iam/query-input.ts';

const plainLimit = 2048;
const managedLimit = 10;
/** AWS packs policies and tags into a form it does not describe; what they take of this many bytes stands for it. */
const packedLimit = 2048;

export interface SessionPolicyRequest {
  readonly text: string | undefined;
  readonly arns: readonly string[];
}

/** Reads `Policy` and `PolicyArns` without looking into them. */
export function readSessionPolicies(input: Input): SessionPolicyRequest {
  const text = optionalText(input, 'Policy', { minimum: 1, maximum: plainLimit });
  const arns = structureList(input, 'PolicyArns').map((member) => requiredText(member, 'arn', arnRule));
  if (arns.length > managedLimit) {
    throw invalid(`Value at 'policyArns'`, `Member must have length less than or equal to ${managedLimit}`);
  }
  const plain = (text?.length ?? 0) + arns.reduce((sum, arn) => sum + arn.length, 0);
  if (plain > plainLimit) throw new AwsError('PackedPolicyTooLarge', tooLarge(Math.ceil((plain / plainLimit) * 100)));
  return { text, arns };
}

/** The policies as they are when the session begins; `undefined` when there are none. */
export function resolveSessionPolicies(
  world: World,
  account: string,
  { text, arns }: SessionPolicyRequest,
): readonly NamedPolicy[] | undefined {
  if (text === undefined && arns.length === 0) return undefined;
  const managed = arns.map((arn) => {
    const policy = lookUpPolicy(world, account, arn);
    if (policy === undefined) {
      throw new AwsError('MalformedPolicyDocument', `The session policy ${arn} does not exist in account ${account}.`);
    }
    return policyInForce(world, account, arn) as NamedPolicy;
  });
  return text === undefined ? managed : [readPolicy('session', text, 'session').parsed, ...managed];
}

/** Per cent of what AWS allots; `undefined` when nothing takes room. Throws when it is more than all. */
export function packedPolicySize(
  { text, arns }: SessionPolicyRequest,
  tags: ReadonlyMap<string, string>,
): number | undefined {
  if (text === undefined && arns.length === 0 && tags.size === 0) return undefined;
  const policy = text === undefined ? 0 : deflateRawSync(text.replaceAll(/\s+/g, ' ')).length;
  const arnBytes = arns.reduce((sum, arn) => sum + arn.length, 0);
  let tagBytes = 0;
  for (const [key, value] of tags) tagBytes += key.length + value.length + 2;
  const percent = Math.max(1, Math.ceil(((policy + arnBytes + tagBytes) / packedLimit) * 100));
  if (percent > 100) throw new AwsError('PackedPolicyTooLarge', tooLarge(percent));
  return percent;
}

function tooLarge(percent: number): string {
  return `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`;
}
