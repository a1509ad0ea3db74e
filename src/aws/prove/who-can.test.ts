import { describe, expect, it } from 'vitest';
import { evaluate } from '../policy/evaluate.ts';
import { parsePolicy } from '../policy/parse.ts';
import { type Access, whoCan } from './who-can.ts';

const own = '111122223333';
const bucket = 'arn:aws:s3:::state';

function readers(statements: readonly object[]): readonly Access[] {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'bucket');
  if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
  const policy = parsed.policy;
  const found = whoCan({
    policy,
    action: 's3:GetObject',
    resource: `${bucket}/*`,
    resourceAccount: own,
    organizationId: 'o-abcd123456',
  });
  const everything = parsePolicy(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    'identity',
  );
  for (const { witness } of found) {
    const identity = everything.ok ? [{ name: 'all', policy: everything.policy }] : [];
    expect(evaluate(witness, { identity, resource: { name: 'bucket', policy } }).allowed).toBe(true);
  }
  return found;
}

const read = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/*`, ...more });
const standings = (found: readonly Access[]): readonly string[] => found.map(({ standing }) => standing);

describe('whoCan', () => {
  it('proves that the organisation keeps strangers out', () => {
    const condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' } };
    expect(readers([read({ Principal: '*', Condition: condition })])).toEqual([]);
  });

  it('shows the stranger and the anonymous whom a wildcard lets in', () => {
    expect(standings(readers([read({ Principal: '*' })]))).toEqual(['stranger', 'anonymous']);
    const like = { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/terraform-*' } };
    const [found] = readers([read({ Principal: '*', Condition: like })]);
    expect(found?.witness.context.get('aws:principalarn')).toEqual(['arn:aws:iam::999999999999:role/terraform-']);
  });

  it('names a foreign account as a role of it, and who is denied not at all', () => {
    const foreign = read({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } });
    expect(standings(readers([foreign]))).toEqual(['named']);
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${bucket}/*` };
    expect(readers([foreign, deny])).toEqual([]);
  });
});
