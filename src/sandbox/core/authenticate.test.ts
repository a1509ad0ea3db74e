import { describe, expect, it } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../test/support/sandbox-client.ts';
import { signRequest } from '../../aws/sigv4-sign.ts';
import { Secret } from '../../kernel/secret.ts';
import { kmsService } from '../services/kms/service.ts';
import { s3Service } from '../services/s3/service.ts';
import { stsService } from '../services/sts/service.ts';
import type { IssuedKey } from './caller.ts';
import type { Answer } from './http-message.ts';
import { computeSignature, readSignature } from './sigv4.ts';

const hosts = {
  sts: 'sts.eu-west-1.amazonaws.com',
  kms: 'kms.eu-west-1.amazonaws.com',
  s3: 's3.eu-west-1.amazonaws.com',
} as const;
type Family = keyof typeof hosts;

interface Deviation {
  readonly at?: number;
  readonly region?: string;
  readonly service?: string;
  /** Done to the request after it was signed. */
  readonly change?: (headers: Record<string, string>) => void;
  readonly body?: string;
}

function makeFamilies(): TestSandbox {
  return makeSandbox({ services: [stsService, kmsService, s3Service] });
}

/** A simple call of the family's service, signed with `key`: code and status of what comes. */
async function call(sandbox: TestSandbox, family: Family, key: IssuedKey, deviation: Deviation = {}): Promise<string> {
  const url = `https://${hosts[family]}/`;
  const body = { sts: 'Action=GetCallerIdentity&Version=2011-06-15', kms: '{}', s3: '' }[family];
  const plain: Record<string, string> = {
    sts: { 'content-type': 'application/x-www-form-urlencoded' },
    kms: { 'x-amz-target': 'TrentService.ListKeys' },
    s3: {},
  }[family];
  const scope = {
    region: deviation.region ?? 'eu-west-1',
    service: deviation.service ?? family,
    at: new Date(deviation.at ?? sandbox.clock.now().getTime()),
  };
  const signed = signRequest({ method: family === 's3' ? 'GET' : 'POST', url, headers: plain, body }, key, scope);
  const headers = { ...signed };
  deviation.change?.(headers);
  return summary(
    await sandbox.handle({
      method: family === 's3' ? 'GET' : 'POST',
      target: '/',
      headers,
      host: hosts[family],
      secure: true,
      body: Buffer.from(deviation.body ?? body),
    }),
  );
}

function summary(answer: Answer): string {
  if (answer.kind !== 'respond') return answer.kind;
  const text = Buffer.from(answer.body).toString();
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? /"__type":"(?:[^"#]*#)?(\w+)"/.exec(text)?.[1] ?? 'ok';
  return `${answer.status} ${code}`;
}

function issueSession(sandbox: TestSandbox, seconds: number): IssuedKey {
  const { world, time } = sandbox;
  const root = sandbox.issueKey({ account: '222222222222' });
  const key: IssuedKey = {
    ...root,
    accessKeyId: world.ids.iam('ASIA'),
    sessionToken: new Secret(world.ids.secret(100)),
    expiresAt: time.now() + seconds * 1000,
  };
  world.keys.put(key);
  return key;
}

const fifteen = 15 * 60_000;

describe('a signature', () => {
  const cases: readonly {
    readonly what: string;
    readonly deviation?: (sandbox: TestSandbox, key: IssuedKey) => Deviation;
    readonly key?: (sandbox: TestSandbox, key: IssuedKey) => IssuedKey;
    readonly sts: string;
    readonly kms: string;
    readonly s3: string;
  }[] = [
    { what: 'that is right', sts: '200 ok', kms: '200 ok', s3: '200 ok' },
    {
      what: 'of a key nobody has',
      key: (sandbox, key) => ({ ...key, accessKeyId: sandbox.world.ids.iam('AKIA') }),
      sts: '403 InvalidClientTokenId',
      kms: '400 UnrecognizedClientException',
      s3: '403 InvalidAccessKeyId',
    },
    {
      what: 'of a key that was deactivated',
      key: (sandbox, key) => {
        sandbox.world.keys.put({ ...key, status: 'Inactive' });
        return key;
      },
      sts: '403 InvalidClientTokenId',
      kms: '400 UnrecognizedClientException',
      s3: '403 InvalidAccessKeyId',
    },
    {
      what: 'made with another secret',
      key: (_sandbox, key) => ({ ...key, secretAccessKey: new Secret('a'.repeat(40)) }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '403 SignatureDoesNotMatch',
    },
    {
      what: 'over other headers',
      deviation: () => ({ change: (headers) => Object.assign(headers, { host: 'elsewhere.example.com' }) }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '403 SignatureDoesNotMatch',
    },
    {
      what: 'over another body',
      deviation: () => ({ body: 'x' }),
      sts: '400 MissingAction',
      kms: '400 InvalidSignatureException',
      s3: '400 XAmzContentSHA256Mismatch',
    },
    {
      what: 'of sixteen minutes ago',
      deviation: (sandbox) => ({ at: sandbox.clock.now().getTime() - fifteen - 60_000 }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '403 RequestTimeTooSkewed',
    },
    {
      what: 'of sixteen minutes from now',
      deviation: (sandbox) => ({ at: sandbox.clock.now().getTime() + fifteen + 60_000 }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '403 RequestTimeTooSkewed',
    },
    {
      what: 'of fourteen minutes ago',
      deviation: (sandbox) => ({ at: sandbox.clock.now().getTime() - fifteen + 60_000 }),
      sts: '200 ok',
      kms: '200 ok',
      s3: '200 ok',
    },
    {
      what: 'for another region',
      deviation: () => ({ region: 'us-east-2' }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '400 AuthorizationHeaderMalformed',
    },
    {
      what: 'for another service',
      deviation: () => ({ service: 'ec2' }),
      sts: '403 SignatureDoesNotMatch',
      kms: '400 InvalidSignatureException',
      s3: '400 AuthorizationHeaderMalformed',
    },
    {
      what: 'of version 4A',
      deviation: () => ({
        change: (headers) =>
          Object.assign(headers, { authorization: 'AWS4-ECDSA-P256-SHA256 Credential=A/20260101/s3/aws4_request' }),
      }),
      sts: '400 IncompleteSignature',
      kms: '400 IncompleteSignatureException',
      s3: '400 InvalidRequest',
    },
    {
      what: 'that is none at all',
      deviation: () => ({ change: (headers) => delete headers.authorization }),
      sts: '403 MissingAuthenticationToken',
      kms: '400 MissingAuthenticationTokenException',
      s3: '403 AccessDenied',
    },
    {
      what: 'of a session that works',
      key: (sandbox) => issueSession(sandbox, 900),
      sts: '200 ok',
      kms: '200 ok',
      s3: '200 ok',
    },
    {
      what: 'of a session that is over',
      key: (sandbox) => issueSession(sandbox, 0),
      sts: '403 ExpiredToken',
      kms: '400 ExpiredTokenException',
      s3: '400 ExpiredToken',
    },
    {
      what: 'of a session without its token',
      key: (sandbox) => ({ ...issueSession(sandbox, 900), sessionToken: undefined }),
      sts: '403 InvalidClientTokenId',
      kms: '400 UnrecognizedClientException',
      s3: '403 InvalidAccessKeyId',
    },
    {
      what: 'that leaves out a header of AWS',
      deviation: () => ({ change: (headers) => Object.assign(headers, { 'x-amz-acl': 'public-read' }) }),
      sts: '200 ok',
      kms: '200 ok',
      s3: '403 AccessDenied',
    },
    {
      what: 'of another kind of authorization',
      deviation: () => ({ change: (headers) => Object.assign(headers, { authorization: 'Bearer token' }) }),
      sts: '403 MissingAuthenticationToken',
      kms: '400 MissingAuthenticationTokenException',
      s3: '400 InvalidArgument',
    },
    {
      what: 'of a session with the token of another',
      key: (sandbox) => ({ ...issueSession(sandbox, 900), sessionToken: issueSession(sandbox, 900).sessionToken }),
      sts: '403 InvalidClientTokenId',
      kms: '400 UnrecognizedClientException',
      s3: '400 InvalidToken',
    },
  ];
  const families = cases.flatMap(({ what, sts, kms, s3, ...rest }) =>
    Object.entries({ sts, kms, s3 }).map(([family, expected]) => ({
      what,
      family: family as Family,
      expected,
      ...rest,
    })),
  );

  it.each(families)('$what gets $expected from $family', async ({ family, expected, key, deviation }) => {
    const sandbox = makeFamilies();
    const long = sandbox.issueKey({ account: '222222222222' });
    const used = key?.(sandbox, long) ?? long;
    expect(await call(sandbox, family, used, deviation?.(sandbox, used))).toBe(expected);
    expect(sandbox.problems).toEqual([]);
  });

  it('is judged by the clock of the client where the time of the world was moved', async () => {
    const sandbox = makeFamilies();
    const session = issueSession(sandbox, 3600);
    sandbox.time.advance(30 * 60_000);
    expect(await call(sandbox, 's3', session)).toBe('200 ok');
    sandbox.time.advance(31 * 60_000);
    expect(await call(sandbox, 's3', session)).toBe('400 ExpiredToken');
    expect(await call(sandbox, 's3', session, { at: sandbox.time.now() })).toBe('403 RequestTimeTooSkewed');
  });

  it('is refused in the words of AWS', async () => {
    const sandbox = makeFamilies();
    const message = { method: 'POST', target: '/', host: hosts.sts, secure: true };
    const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15');
    const headers = signRequest(
      {
        method: 'POST',
        url: `https://${hosts.sts}/`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      },
      sandbox.issueKey({ account: '222222222222' }),
      { region: 'eu-west-1', service: 'sts', at: new Date('2026-11-21T08:40:00Z') },
    );
    const answer = await sandbox.handle({ ...message, headers, body });
    expect(answer).toMatchObject({
      body: expect.stringContaining(
        'Signature expired: 20261121T084000Z is now earlier than 20261121T084500Z (20261121T090000Z - 15 min.)',
      ),
    });
  });
});

describe('a presigned URL of S3', () => {
  /** `expires` as it stands in the URL; `changed` is added after it was signed. */
  async function get(
    expires: string | undefined,
    later: number,
    changed: Record<string, string> = {},
  ): Promise<string> {
    const sandbox = makeFamilies();
    const key = sandbox.issueKey({ account: '222222222222' });
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${key.accessKeyId}/20261121/eu-west-1/s3/aws4_request`,
      'X-Amz-Date': '20261121T090000Z',
      ...(expires === undefined ? {} : { 'X-Amz-Expires': expires }),
      'X-Amz-SignedHeaders': 'host',
    });
    const message = { method: 'GET', target: `/?${query}`, headers: { host: hosts.s3 }, host: hosts.s3, secure: true };
    const unsigned = { ...message, target: `${message.target}&X-Amz-Signature=x`, body: Buffer.alloc(0) };
    const reading = readSignature(unsigned);
    if (reading.kind !== 'claim') return reading.kind;
    const options = { singleEncoding: true };
    const { signature } = computeSignature(unsigned, reading.claim, key.secretAccessKey, 'UNSIGNED-PAYLOAD', options);
    sandbox.clock.advance(later);
    const target = `${message.target}&X-Amz-Signature=${signature}`;
    return summary(await sandbox.handle({ ...unsigned, target, headers: { ...message.headers, ...changed } }));
  }

  it.each([
    ['60', 59, {}, '200 ok'],
    ['60', 61, {}, '403 AccessDenied'],
    ['604800', 0, {}, '200 ok'],
    ['604801', 0, {}, '400 AuthorizationQueryParametersError'],
    ['99999999999', 0, {}, '400 AuthorizationQueryParametersError'],
    [undefined, 0, {}, '400 AuthorizationQueryParametersError'],
    ['60', 0, { 'x-amz-request-payer': 'requester' }, '403 AccessDenied'],
    ['60', 0, { range: 'bytes=0-1' }, '200 ok'],
  ])('for %s seconds, %d s later, with %j more, gets %s', async (expires, later, changed, expected) => {
    expect(await get(expires, later, changed)).toBe(expected);
  });
});
