import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStatement } from '../../../test/support/policy-arbitraries.ts';
import { type PolicyDocumentJson, policyOf } from './build.ts';
import { parsePolicy } from './parse.ts';
import { formatPolicy } from './print.ts';

describe('a printed policy', () => {
  const document: PolicyDocumentJson = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Pipeline',
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
          'ForAnyValue:StringLikeIfExists': { 'token.actions.githubusercontent.com:sub': ['repo:a/b:*', 'repo:a/c:*'] },
        },
      },
    ],
  };

  it('is the document it was read from, two spaces deep', () => {
    expect(formatPolicy(policyOf(document, 'trust'))).toBe(JSON.stringify(document, undefined, 2));
  });

  it('is read as the same policy', () => {
    fc.assert(
      fc.property(fc.array(randomStatement('bucket'), { minLength: 1, maxLength: 4 }), (statements) => {
        const policy = policyOf({ Version: '2012-10-17', Id: 'any', Statement: statements }, 'bucket');
        const again = parsePolicy(formatPolicy(policy), 'bucket');
        expect(again).toEqual({ ok: true, policy });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a policy built in code', () => {
  it('that AWS would refuse is our fault', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::*:role/x' },
      Action: 'sts:AssumeRole',
    } as const;
    expect(() => policyOf({ Version: '2012-10-17', Statement: [statement] }, 'trust')).toThrow(
      'a trust policy was built that AWS refuses: Invalid principal in policy: "AWS":"arn:aws:iam::*:role/x" (Statement[0].Principal.AWS)',
    );
  });
});
