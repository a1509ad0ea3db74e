import { describe, expect, it } from 'vitest';
import type { Policy, PolicyKind } from './document.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './parse.ts';
import type { AccessRequest } from './request.ts';

const bucket = 'arn:aws:s3:::acme-state';
const request: AccessRequest = {
  principal: {
    type: 'role-session',
    account: '111122223333',
    roleArn: 'arn:aws:iam::111122223333:role/ci/plan',
    arn: 'arn:aws:sts::111122223333:assumed-role/plan/run-1',
  },
  action: 's3:GetObject',
  resource: `${bucket}/app.tfstate`,
  context: new Map([['aws:principalorgid', ['o-2']]]),
};

describe('the sentence of a decision', () => {
  it('names the statement that allows', () => {
    const policy = parsed('identity', { Sid: 'Read', Effect: 'Allow', Action: 's3:Get*', Resource: `${bucket}/*` });
    expect(evaluate(request, { identity: [{ name: 'inline:state', policy }] })).toEqual({
      allowed: true,
      outcome: 'allow',
      by: 'identity',
      statement: { policy: 'inline:state', index: 0, sid: 'Read' },
      why: `identity policy "inline:state" allows s3:GetObject on ${bucket}/app.tfstate in statement Read`,
    });
  });

  it('names the condition that did not hold, with what was expected and what was there', () => {
    const policy = parsed('bucket', {
      Sid: 'Org',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `${bucket}/*`,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    });
    const resource = { name: bucket, policy };
    const decision = evaluate({ ...request, resourceAccount: '444455556666' }, { identity: [], resource });
    expect(decision.why).toBe(
      `resource policy "${bucket}" does not allow s3:GetObject on ${bucket}/app.tfstate to ` +
        `arn:aws:sts::111122223333:assumed-role/plan/run-1: statement Org of "${bucket}" would, but its condition ` +
        'StringEquals aws:PrincipalOrgID expects "o-1", and in the request the key is "o-2"',
    );
    expect(decision.nearMiss).toMatchObject({ key: 'aws:PrincipalOrgID', expected: ['o-1'], actual: ['o-2'] });
  });

  it('says that there is no policy at all', () => {
    expect(evaluate(request, { identity: [] }).why).toBe(
      `there is no identity policy that allows s3:GetObject on ${bucket}/app.tfstate to ` +
        'arn:aws:sts::111122223333:assumed-role/plan/run-1',
    );
  });
});

function parsed(kind: PolicyKind, ...statements: readonly object[]): Policy {
  const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}
