/** Random statements and requests that are likely to meet: few names, so that patterns match about half of the time. */
import fc from 'fast-check';
import type { PrincipalJson, StatementJson } from '../../src/aws/policy/build.ts';
import { conditionOperators, type PolicyKind } from '../../src/aws/policy/document.ts';
import type { AccessRequest, PolicyPrincipal } from '../../src/aws/policy/request.ts';

const account = '111122223333';
const user = `arn:aws:iam::${account}:user/alice`;
const role = `arn:aws:iam::${account}:role/plan`;
const session = `arn:aws:sts::${account}:assumed-role/plan/run-1`;

const actions = ['s3:GetObject', 's3:PutObject', 's3:get*', 's3:*', '*', 'sqs:SendMessage'];
const resources = ['*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::a/x', 'arn:aws:s3:::${aws:username}/*', 'arn:aws:s3:::b*'];
export const conditionKeys: readonly string[] = ['aws:username', 'aws:PrincipalTag/team', 'aws:TagKeys', 'x:Number'];
export const conditionValues: readonly string[] = ['alice', 'a*', '*', '7', '2026-01-01', 'true', '10.0.0.1', role];
const principals: readonly PrincipalJson[] = [
  '*',
  { AWS: account },
  { AWS: [user, role] },
  { AWS: session },
  { Service: 'cloudtrail.amazonaws.com' },
];

function oneOrMore(values: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
}

export const conditionName: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', 'ForAnyValue:', 'ForAllValues:'),
    fc.constantFrom(...conditionOperators),
    fc.constantFrom('', 'IfExists'),
  )
  .filter(([, operator, suffix]) => operator !== 'Null' || suffix === '')
  .map((parts) => parts.join(''));

const condition = conditionName.chain((name) => {
  const values = name.includes('Date') ? ['2026-01-01', '1767225600'] : conditionValues;
  const keys = fc.uniqueArray(fc.constantFrom(...conditionKeys), { minLength: 1, maxLength: 2 });
  return fc
    .tuple(keys, oneOrMore(values))
    .map(([names, chosen]) => ({ [name]: Object.fromEntries(names.map((key) => [key, chosen])) }));
});

const rarely = fc.constantFrom(false, false, false, true);

/** One time in four; most requests should not meet a policy set in which everything stands in the way. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** A statement that AWS would take in this kind of policy. */
export function randomStatement(
  kind: PolicyKind,
  effects: readonly ('Allow' | 'Deny')[] = ['Allow', 'Allow', 'Allow', 'Allow', 'Deny'],
): fc.Arbitrary<StatementJson> {
  return fc
    .record({
      effect: fc.constantFrom(...effects),
      negated: fc.record({ action: rarely, resource: rarely }),
      principal: fc.constantFrom(...principals),
      action: oneOrMore(actions),
      resource: oneOrMore(resources),
      condition: seldom(condition),
    })
    .map(({ effect, negated, principal, action, resource, condition: conditions }) => ({
      Effect: effect,
      ...(kind === 'bucket' && { Principal: principal }),
      [negated.action ? 'NotAction' : 'Action']: action,
      [negated.resource ? 'NotResource' : 'Resource']: resource,
      ...(conditions && { Condition: conditions }),
    }));
}

const callers: readonly PolicyPrincipal[] = [
  { type: 'anonymous' },
  { type: 'root', account, arn: `arn:aws:iam::${account}:root` },
  { type: 'user', account, arn: user },
  { type: 'role-session', account, roleArn: role, arn: session },
  { type: 'service', name: 'cloudtrail.amazonaws.com' },
];

export const randomRequest: fc.Arbitrary<AccessRequest> = fc
  .record({
    principal: fc.constantFrom(...callers),
    action: fc.constantFrom('s3:GetObject', 'S3:PUTOBJECT', 'sqs:SendMessage'),
    resource: fc.constantFrom('*', 'arn:aws:s3:::a/x', 'arn:aws:s3:::alice/x', 'arn:aws:s3:::b'),
    resourceAccount: fc.constantFrom(account, '444455556666'),
    context: fc.dictionary(
      fc.constantFrom(...conditionKeys.map((key) => key.toLowerCase())),
      fc.array(fc.constantFrom(...conditionValues, ''), { maxLength: 2 }),
    ),
  })
  .map(({ context, ...request }) => ({ ...request, context: new Map(Object.entries(context)) }));
