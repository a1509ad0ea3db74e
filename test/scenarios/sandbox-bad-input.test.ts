/** What bad input gets from the embedded AWS: over sockets, from the command line, from files. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { signRequest } from '../../src/aws/sigv4-sign.ts';
import { realClock } from '../../src/ports/real/clock.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorld } from '../support/make-world.ts';
import { runKeyless } from '../support/run-keyless.ts';

let sandbox: RunningSandbox;
let port: number;
const problems: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox(
    { clock: realClock, random: realRandom, network: realNetwork, files: realFiles(process.pid), env: process.env },
    { seed: 'bad input', report: (problem) => problems.push(problem) },
  );
  port = Number(new URL(sandbox.endpoint).port);
});

afterAll(async () => {
  await sandbox.stop();
  expect(problems).toEqual([]);
});

/** Sends bytes as they are; what comes back until the other side ends or has said `until`. */
async function raw(bytes: string, until: RegExp = /^HTTP[\s\S]*?\r\n\r\n/): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until.test(text)) resolve(text);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(text === '' ? (error.code ?? 'error') : text));
    socket.on('close', () => resolve(text));
  });
}

const status = (answer: string): string => /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? answer;
const local = 'Host: 127.0.0.1\r\n';

/** A signed call of the IAM user, which the sandbox still answers well after whatever else was done to it. */
async function signed(
  method: string,
  service: 's3' | 'iam' | 'kms' | 'sts',
  path: string,
  body: string = '',
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const url = `${sandbox.endpoint}${path}`;
  const scope = { region: service === 'iam' ? 'us-east-1' : 'eu-west-1', service, at: new Date() };
  const answer = await realNetwork.send({
    method,
    url,
    headers: signRequest({ method, url, headers, body }, sandbox.legacyKey, scope),
    body,
  });
  return { status: answer.status, text: Buffer.from(answer.body).toString() };
}

describe('bytes that are no request', () => {
  it.each([
    ['HTTP/1.0 without a Host', 'GET / HTTP/1.0\r\n\r\n', '421'],
    ['HTTP/1.1 without a Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['a method nobody has', `FOO / HTTP/1.1\r\n${local}\r\n`, '400'],
    ['a method of another protocol', `PROPFIND / HTTP/1.1\r\n${local}\r\n`, '501'],
    ["HTTP/2's preface", 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
    ['bytes', '\x00\x01\x02\r\n\r\n', '400'],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${local}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['two lengths', `POST / HTTP/1.1\r\n${local}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`, '400'],
    ['a negative length', `POST / HTTP/1.1\r\n${local}Content-Length: -5\r\n\r\n`, '400'],
    ['a declared gigabyte', `POST / HTTP/1.1\r\n${local}Content-Length: 1073741824\r\n\r\nabc`, '413'],
    ['a broken chunk', `POST / HTTP/1.1\r\n${local}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n`, '400'],
    ['headers of a megabyte', `GET / HTTP/1.1\r\n${local}X: ${'a'.repeat(2 ** 20)}\r\n\r\n`, '431'],
    ['a path of 100 kB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${local}\r\n`, '431'],
    [
      'an expectation that is unknown',
      `PUT /x HTTP/1.1\r\n${local}Expect: 200-maybe\r\nContent-Length: 0\r\n\r\n`,
      '417',
    ],
    ['an upgrade', `GET / HTTP/1.1\r\n${local}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, '403'],
    ['broken percent-encoding', `GET /%zz%ff HTTP/1.1\r\n${local}\r\n`, '404'],
  ])('%s: %#', async (_, bytes, expected) => {
    // A server that refuses in mid message may reset the connection before its answer is read.
    expect([expected, 'ECONNRESET', 'EPIPE']).toContain(status(await raw(bytes)));
  });

  it('leave the others their service: half a request, half a body, a connection that says nothing', async () => {
    for (const bytes of ['', 'GET / HTT', `PUT /x HTTP/1.1\r\n${local}Content-Length: 50\r\n\r\nabc`, '\x16\x03\x01']) {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
      onTestFinished(() => void socket.destroy());
    }
    const asked = await signed('GET', 'sts', '/?Action=GetCallerIdentity&Version=2011-06-15');
    expect(asked).toMatchObject({ status: 200, text: expect.stringContaining(':user/deployment') });
  });

  it('a client that waits for 100-continue is told to go on', async () => {
    const put = `PUT /keyless-sandbox-state/x HTTP/1.1\r\n${local}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`;
    expect(status(await raw(put))).toBe('100');
  });
});

describe('a tunnel', () => {
  it.each([
    ['[::1]:443', '403'],
    ['127.0.0.1:22', '403'],
    ['github.com:22', '403'],
    ['', '403'],
    [':443', '403'],
    ['sts.amazonaws.com:22', '403'],
    ['user@sts.amazonaws.com:443', '403'],
    ['example.com/sts.amazonaws.com:443', '403'],
    ['amazonaws.com.example.com:443', '403'],
    ['STS.amazonaws.com:443', '200'],
    ['sts.amazonaws.com', '200'],
  ])('to %j gets %s', async (target, expected) => {
    expect(status(await raw(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`))).toBe(expected);
  });

  /** What TLS in a tunnel to STS answers to `request`. */
  async function inTunnel(
    request: string,
    servername: string | undefined,
    ca: Buffer | undefined = readFileSync(sandbox.caFile),
  ): Promise<string> {
    const tcp = connect(port, '127.0.0.1', () => tcp.write('CONNECT sts.amazonaws.com:443 HTTP/1.1\r\n\r\n'));
    onTestFinished(() => void tcp.destroy());
    await new Promise((resolve) => tcp.once('data', resolve));
    return await new Promise((resolve, reject) => {
      const tls = connectTls(
        { socket: tcp, ca, checkServerIdentity: () => undefined, ...(servername && { servername }) },
        () => tls.write(request),
      );
      tls.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      tls.once('error', reject);
    });
  }

  it('leads to its host, whatever the client says inside', async () => {
    const to = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const [right, noName, otherName, otherHost, control] = await Promise.all([
      inTunnel(to('sts.amazonaws.com'), 'sts.amazonaws.com'),
      inTunnel(to('sts.amazonaws.com:443'), undefined),
      inTunnel(to('sts.amazonaws.com'), 's3.amazonaws.com'),
      inTunnel(to('s3.amazonaws.com'), 'sts.amazonaws.com'),
      inTunnel('GET /_keyless/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 'sts.amazonaws.com'),
    ]);
    expect([right, noName, otherName, otherHost, control].map(status)).toEqual(['400', '400', '400', '421', '421']);
    expect(right).toContain('sts.amazonaws.com/doc');
  });

  it('ends for a client that does not trust the authority', async () => {
    await expect(inTunnel('', 'sts.amazonaws.com', Buffer.from(rootCertificates[0] ?? ''))).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });
});

describe('a web page in the browser of the person', () => {
  const register = '{"clientName":"evil","clientType":"public"}';
  it.each([
    ['by another name of this machine', 'POST', { host: 'rebound.example.com' }, 421],
    ['of another origin', 'POST', { origin: 'https://example.com' }, 403],
    ['that hides its origin', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    ['that asks whether it may', 'OPTIONS', { origin: 'https://example.com' }, 403],
    ['of the sandbox itself', 'POST', { origin: 'null', 'sec-fetch-site': 'same-origin' }, 200],
  ])('%s gets %#', async (_, method, headers, expected) => {
    const head = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const bytes = `${method} /client/register HTTP/1.1\r\n${head.join('')}content-type: text/plain\r\ncontent-length: ${register.length}\r\n\r\n${register}`;
    const answer = await raw(bytes);
    expect([status(answer), answer.toLowerCase().includes('access-control')]).toEqual([String(expected), false]);
  });
});

describe('keys that look like paths', () => {
  it('are keys', async () => {
    const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
    const s3 = new S3Client({
      endpoint: sandbox.endpoint,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() },
    });
    onTestFinished(() => s3.destroy());
    const keys = ['../../etc/passwd', 'a/../b', '..', '/a//b', 'a%2Fb', 'a+b c', 'ü/é?&=#', '\u0001', '😀', "a'()*!\\"];
    for (const Key of keys) {
      const object = { Bucket: 'keyless-sandbox-state', Key };
      await s3.send(new PutObjectCommand({ ...object, Body: Key }));
      expect(await (await s3.send(new GetObjectCommand(object))).Body?.transformToString()).toBe(Key);
    }
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'keyless-sandbox-state' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(keys));
  });
});

describe('documents that are too large, too deep, or bombs', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.CreateKey' };
  const call = (parameters: Record<string, string>): string =>
    new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString();
  const statements = (count: number, more: object): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: Array.from({ length: count }, (_, at) => ({ Sid: `S${at}`, Effect: 'Allow', ...more })),
    });
  const trust = (count: number): string =>
    statements(count, { Action: 'sts:AssumeRole', Principal: { AWS: '222222222222' } });
  const account = { Principal: { AWS: '222222222222' } };
  const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('');

  it.each([
    [
      'a managed policy',
      () =>
        signed(
          'POST',
          'iam',
          '/',
          call({
            Action: 'CreatePolicy',
            PolicyName: 'big',
            PolicyDocument: statements(100, { Action: 's3:GetObject', Resource: '*' }),
          }),
          form,
        ),
      'Cannot exceed quota for PolicySize: 6144',
    ],
    [
      'a trust policy',
      () =>
        signed(
          'POST',
          'iam',
          '/',
          call({ Action: 'CreateRole', RoleName: 'big', AssumeRolePolicyDocument: trust(60) }),
          form,
        ),
      'Cannot exceed quota for ACLSizePerRole: 2048',
    ],
    [
      'a bucket policy',
      () =>
        signed(
          'PUT',
          's3',
          '/keyless-sandbox-state?policy',
          statements(200, { ...account, Action: 's3:GetObject', Resource: 'arn:aws:s3:::keyless-sandbox-state/*' }),
        ),
      'PolicyTooLarge',
    ],
    [
      'a key policy',
      () =>
        signed(
          'POST',
          'kms',
          '/',
          JSON.stringify({ Policy: statements(500, { ...account, Action: 'kms:*', Resource: '*' }) }),
          json,
        ),
      'LimitExceededException',
    ],
    [
      'a policy that is deep',
      () =>
        signed(
          'POST',
          'iam',
          '/',
          call({
            Action: 'CreatePolicy',
            PolicyName: 'deep',
            PolicyDocument: `{"Statement":${'['.repeat(3000)}${']'.repeat(3000)}}`,
          }),
          form,
        ),
      'MalformedPolicyDocument',
    ],
    [
      'parameters',
      () => signed('POST', 'iam', '/', `Action=CreateUser&${'Tags.member.1.Key=a&'.repeat(20_000)}`, form),
      'MalformedQueryString',
    ],
    ['JSON that is deep', () => signed('POST', 'kms', '/', '{"a":'.repeat(100_000), json), 'SerializationException'],
    [
      'XML that is deep',
      () => signed('PUT', 's3', '/keyless-sandbox-state?tagging', '<a>'.repeat(50_000)),
      'MalformedXML',
    ],
    [
      'an entity bomb',
      () =>
        signed(
          'PUT',
          's3',
          '/keyless-sandbox-state?tagging',
          `<!DOCTYPE x [<!ENTITY e0 "x">${entities}]><Tagging>&e9;</Tagging>`,
        ),
      'MalformedXML',
    ],
    [
      'an entity of a file',
      () =>
        signed(
          'PUT',
          's3',
          '/keyless-sandbox-state?tagging',
          '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Tagging>&e;</Tagging>',
        ),
      'MalformedXML',
    ],
  ] as const)('%s is refused with AWS’s own words', async (_, send, expected) => {
    expect(await send()).toMatchObject({
      status: expect.toSatisfy((code) => code === 400 || code === 409),
      text: expect.stringContaining(expected),
    });
  });
});

describe('a keyless.yaml', () => {
  it.each([
    ['that is no YAML', 'accounts: [', /keyless\.yaml/],
    ['that says nothing', '', /keyless\.yaml/],
    ['with a word that is unknown', 'version: 1\nacounts: []\n', /acounts/],
  ])('%s stops the start with what is wrong', async (_, text, expected) => {
    const world = makeWorld({ files: { 'keyless.yaml': text } });
    const run = await runKeyless(world, ['sandbox', 'start', '--intent', 'keyless.yaml']);
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(expected)]);
  });
});
