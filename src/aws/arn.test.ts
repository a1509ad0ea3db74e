import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Arn, formatArn, parseArn, parseRoleArn, roleArn } from './arn.ts';

describe('parseArn', () => {
  test.each([
    ['arn:aws:s3:::bucket/key', { service: 's3', region: '', account: '', resource: 'bucket/key' }],
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/locks', { service: 'dynamodb', resource: 'table/locks' }],
    ['arn:aws-cn:iam::111122223333:role/deploy', { partition: 'aws-cn', account: '111122223333' }],
    ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/a-b', { partition: 'aws-us-gov', region: 'us-gov-west-1' }],
    ['arn:aws:iam::aws:policy/AdministratorAccess', { account: 'aws' }],
    ['arn:aws:logs:eu-west-1:111122223333:log-group:/a:*', { resource: 'log-group:/a:*' }],
  ])('reads %s', (text, expected) => {
    expect(parseArn(text)).toMatchObject({ ok: true, arn: expected });
  });

  test.each([
    ['role/deploy', 'does not start'],
    ['arn:aws:iam::111122223333', 'has 5 parts'],
    ['arn:amazon:iam::111122223333:role/x', 'partition is "amazon"'],
    ['arn:aws:IAM::111122223333:role/x', 'service is "IAM"'],
    ['arn:aws:kms:cn-north-1:111122223333:key/x', 'none of partition aws'],
    ['arn:aws:iam::1111:role/x', 'account is "1111"'],
    ['arn:aws:iam::111122223333:', 'names no resource'],
    ['arn:aws:iam::111122223333:role/x y', 'white space'],
  ])('says what is wrong with %s', (text, words) => {
    const result = parseArn(text);
    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining(words) });
  });

  it('reads back what formatArn wrote', () => {
    const arns = fc.record<Arn>({
      partition: fc.constantFrom('aws', 'aws-us-gov', 'aws-cn'),
      service: fc.constantFrom('iam', 's3', 'dynamodb'),
      region: fc.constant(''),
      account: fc.constantFrom('', '111122223333', 'aws'),
      resource: fc.stringMatching(/^[\w/:.*-]+$/),
    });
    fc.assert(
      fc.property(arns, (arn) => {
        expect(parseArn(formatArn(arn))).toEqual({ ok: true, arn });
      }),
    );
  });
});

describe('parseRoleArn', () => {
  it('takes path and name apart', () => {
    expect(parseRoleArn('arn:aws:iam::111122223333:role/ci/apply/deploy')).toEqual({
      partition: 'aws',
      account: '111122223333',
      path: '/ci/apply/',
      name: 'deploy',
    });
    expect(parseRoleArn(roleArn('aws-cn', '111122223333', 'deploy'))).toMatchObject({ path: '/', name: 'deploy' });
  });

  test.each([
    'arn:aws:iam::111122223333:user/x',
    'arn:aws:sts::111122223333:assumed-role/x/y',
    'arn:aws:iam::aws:role/x',
  ])('is silent about %s', (text) => expect(parseRoleArn(text)).toBeUndefined());
});
