import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { isPublicPolicy } from './public-policy.ts';

function isPublic(statement: Readonly<Record<string, unknown>>): boolean {
  const whole = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...statement };
  const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [whole] }), 'bucket');
  if (!result.ok) throw new TypeError(result.problems[0]?.message);
  return isPublicPolicy(result.policy);
}

describe('a public bucket policy', () => {
  it.each([
    ['everyone', {}],
    ['everyone, as AWS principals', { Principal: { AWS: '*' } }],
    ['a condition on a key that binds nobody', { Condition: { StringEquals: { 's3:prefix': 'a' } } }],
    ['a wildcard in the account', { Condition: { StringLike: { 'aws:SourceAccount': '1*' } } }],
    ['a variable', { Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalTag/org}' } } }],
    ['the whole internet', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }],
    ['a negative condition', { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
    ['a condition that holds without its key', { Condition: { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } } }],
  ])('names %s', (_, statement) => expect(isPublic(statement)).toBe(true));

  it.each([
    ['an account', { Principal: { AWS: '111122223333' } }],
    ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }],
    ['everyone of an organisation', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } } }],
    ['a network', { Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } } }],
    ['nobody, by a Deny', { Effect: 'Deny' }],
  ])('does not name only %s', (_, statement) => expect(isPublic(statement)).toBe(false));
});
