import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../kernel/secret.ts';
import type { HttpMessage } from './http-message.ts';
import { computeSignature, readChunkedBody, readSignature, type SignatureClaim, sha256 } from './sigv4.ts';

/** The signature that the server computes for what a request claims. */
function computed(message: HttpMessage, secret: string, s3: boolean, payloadHash?: string): string {
  const claim = claimOf(message);
  const hash = payloadHash ?? message.headers['x-amz-content-sha256'] ?? sha256(message.body);
  return computeSignature(message, claim, new Secret(secret), hash, { singleEncoding: s3 }).signature;
}

function claimOf(message: HttpMessage): SignatureClaim {
  const reading = readSignature(message);
  if (reading.kind !== 'claim') throw new TypeError(JSON.stringify(reading));
  return reading.claim;
}

function request(
  method: string,
  target: string,
  headers: Record<string, string>,
  body: string | Uint8Array = '',
): HttpMessage {
  return { method, target, headers, host: headers.host ?? '', secure: true, body: Buffer.from(body) };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (aws-sig-v4-test-suite)
const suiteSecret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suite: readonly (readonly [string, string, string, Record<string, string>, string, string])[] = [
  ['get-vanilla', 'GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-relative', 'GET', '/example/..', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-slash', 'GET', '//', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-slashes', 'GET', '//example//', {}, '', '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
  ['get-space', 'GET', '/example space/', {}, '', '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'],
  ['get-utf8', 'GET', '/ሴ', {}, '', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    {},
    '',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-vanilla-query-unreserved',
    'GET',
    `/?${unreserved}=${unreserved}`,
    {},
    '',
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
  [
    'get-vanilla-utf8-query',
    'GET',
    '/?ሴ=bar',
    {},
    '',
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  ],
  [
    'get-header-value-trim',
    'GET',
    '/',
    { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
    '',
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  ['post-vanilla', 'POST', '/', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-header-key-sort',
    'POST',
    '/',
    { 'my-header1': 'value1' },
    '',
    'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  ],
  [
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
];

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const s3Secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const s3Date = '20130524T000000Z';
function s3Authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}
function s3Request(
  method: string,
  target: string,
  signature: string,
  more: Record<string, string> = {},
  body: string | Uint8Array = '',
): HttpMessage {
  const headers: Record<string, string> = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': sha256(Buffer.from(body)),
    'x-amz-date': s3Date,
    ...more,
  };
  const authorization = s3Authorization(Object.keys(headers).sort().join(';'), signature);
  return request(method, target, { ...headers, authorization }, body);
}

describe("AWS's published vectors", () => {
  it.each(suite)('%s', (_name, method, target, headers, body, signature) => {
    const all: Record<string, string> = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z', ...headers };
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${Object.keys(all).sort().join(';')}, Signature=${signature}`;
    const message = request(method, target, { ...all, authorization }, body);
    expect(computed(message, suiteSecret, false)).toBe(claimOf(message).signature);
  });

  it.each([
    [
      'GET',
      '/test.txt',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      { range: 'bytes=0-9' },
      '',
    ],
    ['GET', '/?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543', {}, ''],
    ['GET', '/?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7', {}, ''],
    [
      'PUT',
      '/test$file.text',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      'Welcome to Amazon S3.',
    ],
  ])('of S3: %s %s', (method, target, signature, headers, body) => {
    const message = s3Request(method, target, signature, headers as Record<string, string>, body);
    expect(computed(message, s3Secret, true)).toBe(signature);
  });

  it('of S3: a presigned URL', () => {
    const target =
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const message = request('GET', target, { host: 'examplebucket.s3.amazonaws.com' });
    expect(claimOf(message)).toMatchObject({ presigned: true, expiresSeconds: 86_400, region: 'us-east-1' });
    expect(computed(message, s3Secret, true, 'UNSIGNED-PAYLOAD')).toBe(claimOf(message).signature);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, and …-streaming-trailers.html
const chunkedHeaders = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'x-amz-date': s3Date,
  'x-amz-decoded-content-length': '66560',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
};
const plainStream = {
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  chunks: [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ],
};
const trailerStream = {
  seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  chunks: [
    'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
    '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
    '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  ],
  trailer: 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
};

function streamBody(chunks: readonly string[], trailer = ''): string {
  const pieces = ['a'.repeat(65_536), 'a'.repeat(1024), ''];
  const framed = pieces.map(
    (piece, index) =>
      `${piece.length.toString(16)};chunk-signature=${chunks[index]}\r\n${piece}${piece === '' ? '' : '\r\n'}`,
  );
  return `${framed.join('')}${trailer}\r\n`;
}

describe('an aws-chunked body', () => {
  const message = (seed: string, more: Record<string, string>): HttpMessage => {
    const headers: Record<string, string> = { ...chunkedHeaders, ...more };
    const names = Object.keys(headers).sort().join(';');
    return request('PUT', '/examplebucket/chunkObject.txt', {
      ...headers,
      authorization: s3Authorization(names, seed),
    });
  };
  const plain = message(plainStream.seed, {
    'content-length': '66824',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  });
  const chain = { claim: claimOf(plain), secret: new Secret(s3Secret) };

  it('of the documentation has the signatures of the documentation', () => {
    expect(computed(plain, s3Secret, true)).toBe(plainStream.seed);
    const result = readChunkedBody(Buffer.from(streamBody(plainStream.chunks)), chain);
    expect(result.ok && [result.body.length, result.trailers]).toEqual([66_560, {}]);
  });

  it('with a trailer has it signed too', () => {
    const signed = message(trailerStream.seed, {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    });
    expect(computed(signed, s3Secret, true)).toBe(trailerStream.seed);
    const trailer = `x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:${trailerStream.trailer}\r\n`;
    const trailerChain = { claim: claimOf(signed), secret: new Secret(s3Secret) };
    const read = (text: string) => readChunkedBody(Buffer.from(streamBody(trailerStream.chunks, text)), trailerChain);
    expect(read(trailer)).toMatchObject({ ok: true, trailers: { 'x-amz-checksum-crc32c': 'sOO8/Q==' } });
    expect(read(trailer.replace('sOO8', 'sOO9'))).toEqual({ ok: false, problem: 'signature' });
    expect(read(trailer.split('\r\n')[0] as string)).toEqual({ ok: false, problem: 'signature' });
  });

  it('that was changed on the way is refused', () => {
    const body = streamBody(plainStream.chunks);
    expect(readChunkedBody(Buffer.from(body.replace('aaa', 'aba')), chain)).toEqual({
      ok: false,
      problem: 'signature',
    });
    expect(readChunkedBody(Buffer.from(body.replaceAll(/;chunk-signature=\w+/g, '')), chain)).toEqual({
      ok: false,
      problem: 'signature',
    });
  });

  it('that ends early or is none is refused', () => {
    const body = streamBody(plainStream.chunks);
    for (const broken of [
      body.slice(0, -5).slice(0, 66_700),
      body.slice(0, 65_000),
      'hello',
      '',
      `zz\r\n`,
      'ffffffff\r\nx',
    ]) {
      expect(readChunkedBody(Buffer.from(broken), undefined)).toEqual({ ok: false, problem: 'incomplete' });
    }
  });

  it('without signatures is only unframed', () => {
    const body = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';
    const result = readChunkedBody(Buffer.from(body), undefined);
    expect(result.ok && [Buffer.from(result.body).toString(), result.trailers]).toEqual([
      'hello world',
      { 'x-amz-checksum-crc32': 'DUoRhQ==' },
    ]);
  });
});

describe('an authorisation', () => {
  const headers = { host: 'sts.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
  const good = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00`;
  it.each([
    ['no Signature', good.replace(/, Signature.*/, ''), { kind: 'malformed', problem: /'Signature'/ }],
    ['a short scope', good.replace('/sts/aws4_request', ''), { kind: 'malformed', problem: /slash-delimited/ }],
    ['another algorithm', good.replace('AWS4-HMAC', 'AWS4-ECDSA-P256'), { kind: 'unsupported' }],
    ['Signature Version 2', 'AWS AKIDEXAMPLE:abc', { kind: 'unsupported', algorithm: 'AWS' }],
    ['a bearer token', 'Bearer abc', { kind: 'none' }],
  ] as const)('with %s is read as what it is', (_what, authorization, expected) => {
    const reading = readSignature(request('POST', '/', { ...headers, authorization }));
    const { kind, problem } = expected as { kind: string; problem?: RegExp };
    expect(reading.kind).toBe(kind);
    if (problem !== undefined) expect((reading as { problem: string }).problem).toMatch(problem);
  });

  it('needs a date', () => {
    const reading = readSignature(request('POST', '/', { host: 'x', authorization: good }));
    expect(reading).toMatchObject({ kind: 'malformed', problem: expect.stringContaining("'X-Amz-Date'") });
  });
});

const botocore = spawnSync('python3', ['-c', 'import botocore'], { encoding: 'utf8' }).status === 0;
const script = `
import json, random
from botocore.auth import SigV4Auth, S3SigV4Auth, S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from urllib.parse import quote, urlencode
r = random.Random(7)
alphabet = "abcXYZ019-_.~/ +%&=?#:@!$'()*,;\\u00e9\\u1234\\U0001f511"
def text(n): return ''.join(r.choice(alphabet) for _ in range(r.randint(1, n)))
out = []
for i in range(150):
    s3 = i % 2 == 0
    key = quote(text(12), safe='/~')
    query = urlencode({text(4): text(6) for _ in range(r.randint(0, 3))}, quote_via=quote)
    host = 'bucket.s3.eu-west-1.amazonaws.com' if s3 else 'sts.eu-west-1.amazonaws.com'
    url = 'https://%s/%s%s' % (host, key, '?' + query if query else '')
    presign = i % 5 == 0
    body = b'' if presign else text(30).encode()
    cred = Credentials('AKIDEXAMPLE', '${s3Secret}', 'token' if r.random() < 0.5 else None)
    req = AWSRequest(method=r.choice(['GET', 'PUT', 'POST']), url=url, data=body or None, headers={'X-Amz-Meta-A': '  a   b ' + quote(text(4))})
    auth = (S3SigV4QueryAuth if presign else S3SigV4Auth) if s3 else (SigV4QueryAuth if presign else SigV4Auth)
    auth(cred, 's3' if s3 else 'sts', 'eu-west-1').add_auth(req)
    p = req.prepare()
    out.append(dict(s3=s3, presign=presign, method=p.method, url=p.url, host=host, body=body.decode('utf8'),
      headers={k.lower(): (v.decode() if isinstance(v, bytes) else v) for k, v in p.headers.items()}))
print(json.dumps(out))
`;

interface BotocoreRequest {
  readonly s3: boolean;
  readonly presign: boolean;
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

describe.skipIf(!botocore)('requests that botocore signs', () => {
  it('have the signature that is computed here', () => {
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    for (const { s3, presign, method, url, host, body, headers } of JSON.parse(stdout) as BotocoreRequest[]) {
      const target = url.slice(`https://${host}`.length);
      const message = request(method, target, { host, ...headers }, body);
      const hash = presign ? (s3 ? 'UNSIGNED-PAYLOAD' : sha256(Buffer.from(body))) : undefined;
      expect(computed(message, s3Secret, s3, hash), `${method} ${url}`).toBe(claimOf(message).signature);
    }
  });
});
