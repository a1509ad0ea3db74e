import { describe, expect, it, test } from 'vitest';
import { SourceFile } from '../../repository/index.ts';
import type { PolicyStatement } from './policy-statements.ts';
import { limitsTenancy, subjectFaults, tenancyClaimOf } from './web-identity-subject.ts';

const file = new SourceFile('main.tf', '');
const github = 'token.actions.githubusercontent.com';

function statement(
  conditions: readonly (readonly [operator: string, key: string, value: string])[],
  issuer: string = github,
): PolicyStatement {
  const provider = `arn:aws:iam::222233334444:oidc-provider/${issuer}`;
  return {
    file,
    at: 0,
    allows: true,
    actions: ['sts:AssumeRoleWithWebIdentity'],
    resources: [],
    principals: new Map([['Federated', [{ text: provider, file, at: 0 }]]]),
    conditions: conditions.map(([operator, key, value]) => ({
      operator,
      key,
      at: 0,
      values: [{ text: value, file, at: 0 }],
    })),
  };
}

const audience = ['StringEquals', `${github}:aud`, 'sts.amazonaws.com'] as const;

test.each([
  ['StringLike', '*', ['critical']],
  ['StringLike', 'repo:*', ['critical']],
  ['StringLike', '*:acme/infra:*', ['critical']],
  ['StringLike', 'repo:acme*', ['critical']],
  ['StringLike', 'repo:acme/*', ['high']],
  ['StringLike', 'repo:acme/infra*', ['high']],
  ['StringLike', 'repo:acme/infra:*', ['medium']],
  ['StringLike', 'repo:acme/infra:environment:*', ['medium']],
  ['StringLike', 'repo:acme/infra:ref:refs/heads/*', ['medium']],
  ['StringLike', 'repo:acme/infra:ref:refs/heads/release-*', []],
  ['StringLike', 'repo:acme@1/infra@2:environment:live', []],
  ['StringEquals', 'repo:acme/infra:environment:live', []],
  ['StringEquals', 'repo:acme/infra:*', ['low']],
  ['StringLikeIfExists', 'repo:acme/infra:environment:live', ['high']],
  ['ForAllValues:StringEquals', 'repo:acme/infra:environment:live', ['high']],
  ['StringNotEquals', 'repo:acme/infra:pull_request', ['high']],
  ['StringEquals', 'workflow:deploy:repo:acme/infra', ['high']],
])('judges %s sub = %j: %j', (operator, subject, severities) => {
  const faults = subjectFaults(statement([[operator, `${github}:sub`, subject], audience]));
  expect(faults.map(({ severity }) => severity)).toEqual(severities);
});

it('asks for aud beside sub, except from a cluster', () => {
  const conditions = [['StringEquals', `${github}:sub`, 'repo:acme/infra:environment:live']] as const;
  expect(subjectFaults(statement(conditions)).map(({ kind }) => kind)).toEqual(['no audience']);
  const cluster = 'oidc.eks.eu-west-1.amazonaws.com/id/1';
  expect(subjectFaults(statement([['StringEquals', `${cluster}:sub`, 'system:serviceaccount:a:b']], cluster))).toEqual(
    [],
  );
});

describe('the tenancy claim', () => {
  test.each([
    [github, 'sub'],
    ['gitlab.com', 'sub'],
    ['app.terraform.io', 'sub'],
    ['oidc.vercel.com/acme', 'aud'],
    ['api.pulumi.com/oidc', 'aud'],
    ['cognito-identity.amazonaws.com', 'aud'],
  ] as const)('of %s is %s', (issuer, claim) => {
    expect(tenancyClaimOf(issuer)).toBe(claim);
  });

  test.each([
    ['aud alone, for GitHub', [audience], github, false],
    [
      'aud alone, for Vercel',
      [['StringEquals', 'oidc.vercel.com/acme:aud', 'https://vercel.com/acme']],
      'oidc.vercel.com/acme',
      true,
    ],
    ['a repository id', [['StringEquals', `${github}:repository_id`, '1'], audience], github, true],
    ['sub that may be missing', [['StringEqualsIfExists', `${github}:sub`, 'repo:a/b:*']], github, false],
    ['nothing', [], github, false],
  ] as const)('is limited by %s: %j', (_, conditions, issuer, expected) => {
    expect(limitsTenancy(statement(conditions, issuer))).toBe(expected);
  });
});
