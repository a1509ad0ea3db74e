import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../sandbox/server/certificate.ts';
import type { IncomingRequest, ListenOptions, LoopbackServer } from '../index.ts';
import { realNetwork } from './network.ts';
import { realRandom } from './random.ts';

const authority = await createAuthority(realRandom, Date.now());

async function listen(handle: ListenOptions['handle'], more: Partial<ListenOptions> = {}): Promise<LoopbackServer> {
  const server = await realNetwork.listen({ port: 0, handle, ...more });
  onTestFinished(async () => await server.close());
  return server;
}

/** Answers with what it saw. */
const mirror = async (request: IncomingRequest): Promise<void> => {
  const body = Buffer.from(await request.body(1000)).toString();
  const { method, target, host, secure, headers } = request;
  request.respond(
    200,
    { 'content-type': 'application/json' },
    JSON.stringify({ method, target, host, secure, body, test: headers.test }),
  );
};

const seen = (body: Uint8Array): unknown => JSON.parse(Buffer.from(body).toString());

/** Sends bytes as they are, and gives all that comes back until the other side ends. */
async function raw(port: number, bytes: string): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.on('close', () => resolve(text));
  });
}

describe('one port', () => {
  it('takes plain HTTP', async () => {
    const { port } = await listen(mirror);
    const answer = await realNetwork.send({
      method: 'PUT',
      url: `http://127.0.0.1:${port}/a%2Fb?c=%20`,
      headers: { Test: 'x' },
      body: 'hello',
    });
    expect([answer.status, answer.headers['content-type'], seen(answer.body)]).toEqual([
      200,
      'application/json',
      { method: 'PUT', target: '/a%2Fb?c=%20', host: '127.0.0.1', secure: false, body: 'hello', test: 'x' },
    ]);
  });

  it('takes TLS, by the name that the client asks for', async () => {
    const { port } = await listen(mirror, { tls: async (name) => authority.identityFor(name) });
    const trust = authority.certificate;
    for (const host of ['127.0.0.1', 'localhost']) {
      const answer = await realNetwork.send({ method: 'GET', url: `https://${host}:${port}/`, trust });
      expect(seen(answer.body)).toMatchObject({ host, secure: true });
    }
    await expect(realNetwork.send({ method: 'GET', url: `https://localhost:${port}/` })).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
    });
  });

  it('is a proxy to the hosts it stands for, and to no others', async () => {
    const asked: string[] = [];
    const { port } = await listen(mirror, {
      tunnel: async (host, hostPort) => {
        asked.push(`${host}:${hostPort}`);
        return host.endsWith('.amazonaws.com') ? authority.identityFor(host) : undefined;
      },
    });
    const proxy = `http://127.0.0.1:${port}`;
    const trust = authority.certificate;
    const send = async (url: string) => await realNetwork.send({ method: 'POST', url, body: 'x', proxy, trust });
    const first = await send('https://sts.eu-west-1.amazonaws.com/');
    expect(seen(first.body)).toMatchObject({ host: 'sts.eu-west-1.amazonaws.com', secure: true, body: 'x' });
    // Over the same connection.
    await send('https://sts.eu-west-1.amazonaws.com/');
    expect(asked).toEqual(['sts.eu-west-1.amazonaws.com:443']);
    await expect(send('https://example.com/')).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringContaining('refused example.com:443 with 403'),
    });
    const plain = await send('http://bucket.s3.eu-west-1.amazonaws.com/key');
    expect(seen(plain.body)).toMatchObject({
      host: 'bucket.s3.eu-west-1.amazonaws.com',
      target: '/key',
      secure: false,
    });
  });

  it('can end a connection with a reset, in the clear and in TLS', async () => {
    const { port } = await listen((request) => request.reset(), {
      tunnel: async (host) => authority.identityFor(host),
    });
    const broken = { code: 'NETWORK_FAILED' };
    const [proxy, trust] = [`http://127.0.0.1:${port}`, authority.certificate];
    await expect(realNetwork.send({ method: 'GET', url: `${proxy}/` })).rejects.toMatchObject(broken);
    await expect(
      realNetwork.send({ method: 'GET', url: 'https://s3.amazonaws.com/', proxy, trust }),
    ).rejects.toMatchObject(broken);
  });

  it('can stay silent until the client gives up', async () => {
    const { port } = await listen((request) => request.ignore());
    const url = `http://127.0.0.1:${port}/`;
    await expect(realNetwork.send({ method: 'GET', url, timeoutSeconds: 0.05 })).rejects.toMatchObject({
      message: expect.stringContaining('no answer within 0.05 s'),
    });
  });

  it('refuses a body that is too long before it is read', async () => {
    const { port } = await listen(async (request) => {
      await request.body(1000).catch((error: Error) => request.respond(413, {}, error.message));
    });
    const head = `PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 1073741824\r\n\r\n`;
    expect(await raw(port, head)).toMatch(/^HTTP\/1\.1 413 [\s\S]*longer than 1000 bytes$/);
  });

  it('outlives clients that leave, talk nonsense, or make a handler fail', async () => {
    const { port } = await listen(
      async (request) => {
        if (request.target === '/fail') throw new TypeError('a bug');
        await mirror(request);
      },
      { tls: async (name) => authority.identityFor(name), tunnel: async (host) => authority.identityFor(host) },
    );
    const left = connect(port, '127.0.0.1', () => {
      left.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc', () => left.resetAndDestroy());
    });
    left.on('error', () => undefined);
    expect(await raw(port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, '\x16\x03\x01\x00\x05hello')).not.toContain('HTTP');
    expect(await raw(port, 'CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nhost: x\r\n\r\n\x16nonsense nonsense')).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect((await realNetwork.send({ method: 'GET', url: `http://127.0.0.1:${port}/fail` })).status).toBe(500);
    expect((await realNetwork.send({ method: 'GET', url: `http://127.0.0.1:${port}/` })).status).toBe(200);
  });

  it('that is taken is named', async () => {
    const { port } = await listen(mirror);
    await expect(realNetwork.listen({ port, handle: mirror })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `another process listens on 127.0.0.1:${port}`,
    });
  });

  it('that nobody listens on is named too', async () => {
    const { port, close } = await listen(mirror);
    await close();
    await expect(realNetwork.send({ method: 'GET', url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
    });
  });
});
