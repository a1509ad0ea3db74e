import { describe, expect, it } from 'vitest';
import { services } from '../server/services.ts';
import { isLoopbackHost, isSignInHost, readAwsHost } from './route.ts';

describe('an AWS host', () => {
  it.each([
    ['sts.amazonaws.com', 'sts'],
    ['sts.eu-west-1.amazonaws.com', 'sts eu-west-1'],
    ['STS.EU-WEST-1.AMAZONAWS.COM', 'sts eu-west-1'],
    ['sts-fips.us-east-1.amazonaws.com', 'sts us-east-1'],
    ['sts.eu-west-1.api.aws', 'sts eu-west-1'],
    ['iam.amazonaws.com', 'iam'],
    ['iam.us-gov.amazonaws.com', 'iam us-gov-west-1'],
    ['iam.cn-north-1.amazonaws.com.cn', 'iam cn-north-1'],
    ['organizations.us-east-1.amazonaws.com', 'organizations us-east-1'],
    ['oidc.eu-west-1.amazonaws.com', 'sso-oidc eu-west-1'],
    ['portal.sso.eu-west-1.amazonaws.com', 'sso-portal eu-west-1'],
    ['sso.eu-west-1.amazonaws.com', 'sso-admin eu-west-1'],
    ['identitystore.eu-west-1.amazonaws.com', 'identitystore eu-west-1'],
    ['222222222222.ddb.eu-west-1.amazonaws.com', 'dynamodb eu-west-1'],
    ['s3.amazonaws.com', 's3'],
    ['s3.eu-west-1.amazonaws.com', 's3 eu-west-1'],
    ['s3-eu-west-1.amazonaws.com', 's3 eu-west-1'],
    ['s3.dualstack.eu-west-1.amazonaws.com', 's3 eu-west-1'],
    ['bucket.s3.amazonaws.com', 's3 bucket'],
    ['bucket.s3.eu-west-1.amazonaws.com', 's3 eu-west-1 bucket'],
    ['a.b.s3-fips.dualstack.us-east-1.amazonaws.com', 's3 us-east-1 a.b'],
    ['sts.s3.eu-west-1.amazonaws.com', 's3 eu-west-1 sts'],
    ['123456789012.s3.eu-west-1.amazonaws.com', 's3 eu-west-1 123456789012'],
    ['bucket.s3.cn-north-1.amazonaws.com.cn', 's3 cn-north-1 bucket'],
    ['ec2.eu-west-1.amazonaws.com', 'none'],
    ['sts.eu-west-1.amazonaws.com.evil.example', 'none'],
    ['stsamazonaws.com', 'none'],
    ['registry.terraform.io', 'none'],
  ])('%s is %s', (host, expected) => {
    const read = readAwsHost(host, services);
    const parts = [read?.service.id, read?.region, read?.bucket].filter((part) => part !== undefined);
    expect(parts.join(' ') || 'none').toBe(expected);
  });

  it.each([
    ['acme.awsapps.com', true],
    ['d-1234567890.awsapps.com', true],
    ['device.sso.eu-west-1.amazonaws.com', true],
    ['start.home.awsapps.cn', true],
    ['awsapps.com.example.org', false],
    ['device.sso.example.org', false],
  ])('%s is a page for people: %s', (host, expected) => expect(isSignInHost(host)).toBe(expected));

  it.each([
    ['127.0.0.1', true],
    ['localhost', true],
    ['bucket.localhost', true],
    ['::1', true],
    ['localhost.example.org', false],
    ['128.0.0.1', false],
  ])('%s is this machine: %s', (host, expected) => expect(isLoopbackHost(host)).toBe(expected));
});
