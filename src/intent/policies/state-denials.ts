/** What a state bucket refuses everybody: keys of IAM users, who is not on the list, deletion of versions, other hours. */
import type { StateBackend, StateRule, TimeWindow } from '../intent.ts';
import type { RolePatterns } from './callers.ts';
import type { PolicyStatement } from './document.ts';

type Denial = Pick<PolicyStatement, 'Sid' | 'Effect' | 'Principal'>;

function deny(sid: string): Denial {
  return { Sid: sid, Effect: 'Deny', Principal: '*' };
}

/** Objects and their names; the administration of the bucket stays with its account. */
const objectActions = ['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:ListBucket*'] as const;

/**
 * For a bucket whose old way is closed. A Deny is needed beside the list of those who are let in, since an identity of
 * the bucket's own account needs no more than its own policy.
 */
export function denials(
  bucket: string,
  { readers, writers }: { readonly readers: readonly StateRule[]; readonly writers: readonly StateRule[] },
  patterns: RolePatterns,
): PolicyStatement[] {
  const both = [bucket, `${bucket}/*`];
  return [
    {
      ...deny('DenyKeysOfUsers'),
      Action: 's3:*',
      Resource: both,
      Condition: { StringEquals: { 'aws:PrincipalType': ['User', 'FederatedUser'] } },
    },
    {
      ...deny('DenyOthers'),
      Action: objectActions,
      Resource: both,
      // Services of AWS have no role that could be on the list; `IfExists` for anonymous requests, which lack the key.
      Condition: {
        ArnNotLike: { 'aws:PrincipalArn': patterns([...readers, ...writers]) },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    { ...deny('DenyDeletedVersions'), Action: ['s3:DeleteObjectVersion', 's3:DeleteBucket'], Resource: both },
    ...elsewhere('DenyReadElsewhere', 's3:GetObject*', bucket, [...readers, ...writers], patterns),
    ...elsewhere('DenyWriteElsewhere', 's3:PutObject', bucket, writers, patterns),
  ];
}

/** Before `from` and after `until` nobody gets at an object. */
export function outsideTheWindow({ window }: StateBackend, bucket: string): PolicyStatement[] {
  const statement = (sid: string, operator: string, instant: number): PolicyStatement => ({
    ...deny(sid),
    Action: objectActions,
    Resource: [bucket, `${bucket}/*`],
    Condition: { [operator]: { 'aws:CurrentTime': isoInstant(instant) } },
  });
  const { from, until }: TimeWindow = window ?? { from: undefined, until: undefined };
  return [
    ...(from === undefined ? [] : [statement('DenyBeforeTheWindow', 'DateLessThan', from)]),
    ...(until === undefined ? [] : [statement('DenyAfterTheWindow', 'DateGreaterThanEquals', until)]),
  ];
}

/** `2026-12-01T08:00:00Z`: IAM takes no fractions. */
function isoInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * Who is let in on some keys only may do nothing on others, not even with an identity policy of the bucket's own account.
 * Roles that share their keys share a statement.
 */
function elsewhere(
  sid: string,
  action: string,
  bucket: string,
  rules: readonly StateRule[],
  patterns: RolePatterns,
): PolicyStatement[] {
  const keysOf = new Map<string, Set<string>>();
  for (const rule of rules) {
    for (const pattern of patterns([rule])) {
      const keys = keysOf.get(pattern) ?? new Set<string>();
      for (const key of rule.keys) keys.add(key);
      keysOf.set(pattern, keys);
    }
  }
  const groups = new Map<string, { readonly keys: readonly string[]; readonly roles: string[] }>();
  for (const [pattern, keys] of keysOf) {
    if (keys.has('*')) continue;
    const sorted = [...keys].sort();
    const group = groups.get(sorted.join('\n')) ?? { keys: sorted, roles: [] };
    group.roles.push(pattern);
    groups.set(sorted.join('\n'), group);
  }
  return [...groups.values()].map(({ keys, roles }, index) => ({
    ...deny(`${sid}${index + 1}`),
    Action: action,
    NotResource: keys.flatMap((key) => [`${bucket}/${key}`, `${bucket}/${key}.tflock`]),
    Condition: { ArnLike: { 'aws:PrincipalArn': roles } },
  }));
}
