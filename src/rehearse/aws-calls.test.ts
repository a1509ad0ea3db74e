import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { Secret } from '../kernel/secret.ts';
import type { HttpRequest } from '../ports/index.ts';
import { AwsCalls, elementOf, keyIn, readReply } from './aws-calls.ts';

describe('readReply', () => {
  it.each([
    [
      'XML',
      {},
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>a &amp; b</Message></Error></ErrorResponse>',
      'AccessDenied',
      'a & b',
    ],
    [
      'JSON',
      {},
      '{"__type":"com.amazonaws.dynamodb#ResourceNotFoundException","message":"no table"}',
      'ResourceNotFoundException',
      'no table',
    ],
    [
      'REST-JSON',
      { 'x-amzn-errortype': 'ForbiddenException:http://x' },
      '{"message":"No access"}',
      'ForbiddenException',
      'No access',
    ],
    ['nothing, as of HEAD', {}, '', 'HTTP 403', undefined],
    ['a text that begins like JSON', {}, '{oops', 'HTTP 403', undefined],
  ])('reads the error of %s', (_, headers, body, code, message) => {
    expect(readReply(403, headers, body)).toMatchObject({ errorCode: code, errorMessage: message });
  });

  it('has no error where the call was carried out', () => {
    expect(readReply(200, {}, '<Code>x</Code>').errorCode).toBeUndefined();
  });
});

describe('keyIn', () => {
  it('needs all three parts', () => {
    const whole = '<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>';
    expect(keyIn(readReply(200, {}, whole))?.accessKeyId).toBe('ASIA1');
    expect(keyIn(readReply(200, {}, whole.replace('SessionToken>t', 'x>t')))).toBeUndefined();
    expect(elementOf(whole, 'SecretAccessKey')).toBe('s');
  });
});

describe('AwsCalls', () => {
  const sent: HttpRequest[] = [];
  const calls = new AwsCalls({
    network: {
      ...makeWorld().network,
      send: async (request) => {
        sent.push(request);
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    },
    clock: makeWorld().clock,
    proxy: 'http://127.0.0.1:1',
    trust: 'PEM',
    region: 'eu-west-1',
    dnsSuffix: 'amazonaws.com',
  });
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: new Secret('hush') };

  it('asks S3 at the host of the bucket, with the key encoded as AWS signs it', async () => {
    await calls.s3({ method: 'PUT', bucket: 'b', key: 'env:/live/a b', body: 'x' }, key);
    expect(sent.at(-1)).toMatchObject({
      url: 'https://b.s3.eu-west-1.amazonaws.com/env%3A/live/a%20b',
      proxy: 'http://127.0.0.1:1',
      trust: 'PEM',
      body: 'x',
    });
    expect(sent.at(-1)?.headers?.authorization).toContain('/eu-west-1/s3/aws4_request');
  });

  it('sends the token of a pipeline without a signature', async () => {
    await calls.assumeRoleWithWebIdentity('jwt', 'arn:aws:iam::111122223333:role/r', 'gha-1-1');
    expect(sent.at(-1)?.headers?.authorization).toBeUndefined();
    expect(String(sent.at(-1)?.body)).toContain('WebIdentityToken=jwt');
  });

  it('goes without TLS only when that is what is tried', async () => {
    await calls.s3({ method: 'GET', bucket: 'b', key: 'k', plainHttp: true }, key);
    expect(sent.at(-1)?.url).toBe('http://b.s3.eu-west-1.amazonaws.com/k');
  });
});
