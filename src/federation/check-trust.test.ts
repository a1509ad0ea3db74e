import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../aws/policy/parse.ts';
import { checkTrust } from './check-trust.ts';
import { github } from './issuers/github.ts';
import type { IntendedTokens } from './token-grammar.ts';

const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const live: IntendedTokens = {
  form: 'environment',
  pieces: { owner: 'acme', repository: 'infra', environment: 'live' },
};

function check(condition: object, intended: readonly IntendedTokens[] = [live]) {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  };
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'trust');
  if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
  return checkTrust({ trust: parsed.policy, grammar: github, provider, clientIds: ['sts.amazonaws.com'], intended });
}

const key = (claim: string): string => `token.actions.githubusercontent.com:${claim}`;
const aud = { [key('aud')]: 'sts.amazonaws.com' };

describe('checkTrust', () => {
  it('proves that an exact subject lets nobody else in', () => {
    const answer = check({ StringEquals: { ...aud, [key('sub')]: 'repo:acme/infra:environment:live' } });
    expect(answer).toEqual({ outsiders: [], refused: [] });
  });

  it('shows who comes in over a name that only begins like ours', () => {
    const { outsiders } = check({ StringEquals: aud, StringLike: { [key('sub')]: 'repo:acme*' } });
    const first = outsiders.find(({ form }) => form === 'environment');
    expect(first?.kind.id).toBe('other-owner');
    expect(first?.claims.sub).toBe('repo:acmea/a:environment:a');
  });

  it('shows the pull request that an open context lets in, and no stranger', () => {
    const { outsiders } = check({ StringEquals: aud, StringLike: { [key('sub')]: 'repo:acme/infra:*' } });
    expect(new Set(outsiders.map(({ kind }) => kind.id))).toEqual(new Set(['other-context']));
    expect(outsiders.map(({ claims }) => claims.sub)).toContain('repo:acme/infra:pull_request');
  });

  it('sees that repository and sub are one', () => {
    const condition = { StringEquals: { ...aud, [key('repository')]: 'acme/infra' } };
    const { outsiders } = check({ ...condition, StringLike: { [key('sub')]: 'repo:*:environment:live' } });
    expect(outsiders.filter(({ form }) => form === 'environment')).toEqual([]);
  });

  it('shows the intended job that a wrong spelling keeps out', () => {
    const { refused, outsiders } = check({
      StringEquals: { ...aud, [key('sub')]: 'repo:Acme/infra:environment:live' },
    });
    expect(refused.map(({ claims }) => claims.sub)).toEqual(['repo:acme/infra:environment:live']);
    expect(outsiders.map(({ kind }) => kind.id)).toEqual(['other-owner']);
  });

  it('knows that a claim which is no key keeps everybody out', () => {
    const { refused, outsiders } = check({ StringEquals: { ...aud, [key('workflow_ref')]: 'acme/infra/x' } });
    expect(refused).toHaveLength(1);
    expect(outsiders).toEqual([]);
  });
});
