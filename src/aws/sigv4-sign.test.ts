import { describe, expect, it } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { encodeForAws, type SigningScope, signRequest, type UnsignedRequest } from './sigv4-sign.ts';

/** AWS's documented example keys. */
const suiteKey = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
};
const s3Key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
};
const suiteScope: SigningScope = { region: 'us-east-1', service: 'service', at: new Date('2015-08-30T12:36:00Z') };
const s3Scope: SigningScope = { region: 'us-east-1', service: 's3', at: new Date('2013-05-24T00:00:00Z') };

const signatureOf = (headers: Readonly<Record<string, string>>) =>
  /Signature=([0-9a-f]+)$/.exec(headers.authorization ?? '')?.[1];

describe('signRequest', () => {
  // The test suite that AWS published: aws-sig-v4-test-suite.
  it.each<[string, UnsignedRequest, string]>([
    [
      'get-vanilla',
      { method: 'GET', url: 'https://example.amazonaws.com/' },
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-vanilla-query-order-key-case',
      { method: 'GET', url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-vanilla',
      { method: 'POST', url: 'https://example.amazonaws.com/' },
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        url: 'https://example.amazonaws.com/',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('agrees with %s', (_, request, signature) => {
    expect(signatureOf(signRequest(request, suiteKey, suiteScope))).toBe(signature);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  it.each<[string, UnsignedRequest, string]>([
    [
      'GET Object',
      {
        method: 'GET',
        url: 'https://examplebucket.s3.amazonaws.com/test.txt',
        headers: { Range: 'bytes=0-9' },
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT Object',
      {
        method: 'PUT',
        url: 'https://examplebucket.s3.amazonaws.com/test%24file.text',
        headers: { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        body: 'Welcome to Amazon S3.',
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET Bucket Lifecycle',
      { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?lifecycle' },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'List Objects',
      { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J' },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])("agrees with the S3 guide's %s", (_, request, signature) => {
    expect(signatureOf(signRequest(request, s3Key, s3Scope))).toBe(signature);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-examples.html
  it("agrees with the IAM guide's ListUsers", () => {
    const headers = signRequest(
      {
        method: 'GET',
        url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
      },
      suiteKey,
      { region: 'us-east-1', service: 'iam', at: new Date('2015-08-30T12:36:00Z') },
    );
    expect(signatureOf(headers)).toBe('5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7');
  });

  it('signs the token of a temporary key', () => {
    const headers = signRequest(
      { method: 'GET', url: 'https://sts.eu-west-1.amazonaws.com/' },
      { ...suiteKey, sessionToken: new Secret('a session') },
      suiteScope,
    );
    expect(headers['x-amz-security-token']).toBe('a session');
    expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });

  it('sorts by name before value', () => {
    const sign = (query: string) =>
      signatureOf(signRequest({ method: 'GET', url: `https://example.amazonaws.com/?${query}` }, suiteKey, suiteScope));
    expect(sign('a=2&a1=1&a=1')).toBe(sign('a=1&a=2&a1=1'));
  });
});

describe('encodeForAws', () => {
  it('leaves only the unreserved characters', () => {
    expect(encodeForAws("env:/a b!'()*~-._")).toBe('env%3A%2Fa%20b%21%27%28%29%2A~-._');
  });
});
