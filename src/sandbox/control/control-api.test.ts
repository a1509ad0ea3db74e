import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeClock, makeWorld } from '../../../test/support/make-world.ts';
import type { Network } from '../../ports/index.ts';
import { type RunningSandbox, startSandbox } from '../index.ts';

const noSockets: Network = {
  send: async () => {
    throw new RangeError('nothing goes out');
  },
  listen: async () => ({ port: 4566, close: async () => undefined }),
};

type Control = (method: string, path: string, body?: unknown, token?: string) => Promise<Record<string, unknown>>;

interface Started {
  readonly sandbox: RunningSandbox;
  readonly clock: FakeClock;
  readonly control: Control;
  /** A call of a client that signs nothing. */
  post(path: string, body: unknown): Promise<Record<string, unknown>>;
}

async function start(): Promise<Started> {
  const { clock, files, random, env } = makeWorld();
  const sandbox = await startSandbox({ clock, files, random, env, network: noSockets }, { seed: 'control' });
  onTestFinished(async () => await sandbox.stop());
  const send = async (method: string, target: string, headers: Record<string, string>, body: unknown) => {
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const message = { method, target, headers, host: '127.0.0.1', secure: false, body: Buffer.from(text) };
    const answer = await sandbox.handle(message);
    if (answer.kind !== 'respond') throw new TypeError(answer.kind);
    const value = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
    return answer.status === 200 ? value : { status: answer.status, ...value };
  };
  return {
    sandbox,
    clock,
    control: async (method, path, body, token = sandbox.control.token.reveal()) =>
      await send(method, `/_keyless${path}`, { authorization: `Bearer ${token}` }, body),
    post: async (path, body) => await send('POST', path, { 'content-type': 'application/json' }, body),
  };
}

const status = (code: number) => ({ status: code, error: { code: expect.any(String), message: expect.any(String) } });
const job = {
  repository: { fullName: 'acme/infrastructure' },
  event: 'push',
  ref: 'refs/heads/main',
  environment: 'live',
};

function claimsOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}

describe('the control API', () => {
  it('is for the holder of the token', async () => {
    const { control, sandbox } = await start();
    expect(await control('GET', '/health', undefined, 'wrong')).toEqual(status(401));
    expect(await control('GET', '/health', undefined, '')).toEqual(status(401));
    expect(sandbox.control.url).toBe('http://127.0.0.1:4566/_keyless');
    expect(await control('GET', '/health')).toMatchObject({ status: 'ok', now: '2026-11-21T09:00:00.000Z' });
  });

  it('says what is wrong with a request', async () => {
    const { control } = await start();
    expect(await control('GET', '/nothing')).toEqual(status(404));
    expect(await control('PUT', '/clock')).toMatchObject({ status: 405, error: { message: '/clock takes GET, POST' } });
    expect(await control('POST', '/clock', 'no json')).toEqual(status(400));
    expect(await control('POST', '/clock', { hours: 1 })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('"hours"') },
    });
    expect(await control('POST', '/clock', { now: 'soon' })).toEqual(status(400));
    expect(await control('POST', '/faults', { effect: { kind: 'explode' } })).toEqual(status(400));
    expect(await control('POST', '/tokens/github', { job: { ...job, reff: 'x' } })).toEqual(status(400));
    expect(await control('GET', '/events?since=x')).toEqual(status(400));
  });

  it('moves the time, and makes AWS hours shorter', async () => {
    const { control, sandbox } = await start();
    expect(await control('POST', '/clock', { advanceSeconds: 90 })).toMatchObject({
      now: '2026-11-21T09:01:30.000Z',
      offsetSeconds: 90,
    });
    expect(await control('POST', '/clock', { now: '2026-12-01T00:00:00Z', hourSeconds: 60 })).toMatchObject({
      now: '2026-12-01T00:00:00.000Z',
      hourSeconds: 60,
    });
    expect(sandbox.time.lifetime(3600)).toBe(60_000);
  });

  it('orders faults, counts them, and takes them away', async () => {
    const { control, post } = await start();
    const effect = { kind: 'error', status: 429, code: 'TooManyRequestsException', message: 'Slow down' };
    expect(
      await control('POST', '/faults', { id: 'busy', on: { service: 'sso-oidc' }, times: 1, effect }),
    ).toMatchObject({
      fault: { id: 'busy' },
    });
    expect(await post('/client/register', {})).toMatchObject({ status: 429 });
    expect(await post('/client/register', {})).toMatchObject({ status: 400 });
    expect(await control('GET', '/faults')).toMatchObject({
      faults: [{ fault: { id: 'busy' }, matched: 2, struck: 1 }],
    });
    expect(await control('DELETE', '/faults/busy')).toEqual({});
    expect(await control('DELETE', '/faults/busy')).toEqual(status(404));
    await control('POST', '/faults', { effect: { kind: 'reset' } });
    await control('DELETE', '/faults');
    expect(await control('GET', '/faults')).toEqual({ faults: [] });
  });

  it('answers sign-ins as a person would', async () => {
    const { control, post } = await start();
    const client = await post('/client/register', { clientName: 'test', clientType: 'public' });
    const { clientId, clientSecret } = client as { clientId: string; clientSecret: string };
    const device = await post('/device_authorization', {
      clientId,
      clientSecret,
      startUrl: 'https://keyless-sandbox.awsapps.com/start',
    });
    const { userCode } = device as { userCode: string };
    expect(await control('GET', '/sign-ins')).toMatchObject({ signIns: [{ userCode, clientName: 'test' }] });
    expect(await control('POST', '/sign-ins', { userCode, userName: 'nobody' })).toEqual(status(404));
    expect(await control('POST', '/sign-ins', { userCode })).toEqual(status(400));
    await control('POST', '/sign-ins', { userCode, userName: 'dev' });
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const token = await post('/token', { clientId, clientSecret, grantType, deviceCode: device.deviceCode });
    expect(token).toMatchObject({ tokenType: 'Bearer', accessToken: expect.any(String) });
    expect(await control('GET', '/sign-ins')).toEqual({ signIns: [] });
  });

  it('mints the tokens of pipelines', async () => {
    const { control } = await start();
    const github = await control('POST', '/tokens/github', {
      job,
      audience: 'sts.amazonaws.com',
      claims: { actor: 'eve' },
    });
    expect(claimsOf(github.token)).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      sub: 'repo:acme/infrastructure:environment:live',
      aud: 'sts.amazonaws.com',
      actor: 'eve',
    });
    const hcp = await control('POST', '/tokens/hcp-terraform', {
      run: { organization: 'acme', workspace: 'network', phase: 'apply' },
    });
    expect(claimsOf(hcp.token).sub).toBe('organization:acme:project:Default Project:workspace:network:run_phase:apply');
    expect(await control('POST', '/jobs/github', { job })).toMatchObject({
      env: { ACTIONS_ID_TOKEN_REQUEST_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4566\/issuers\//) },
    });
  });

  it('switches issuers off and turns their keys over', async () => {
    const { control } = await start();
    const url = 'https://app.terraform.io';
    expect(await control('POST', '/issuers', { url, reachable: false, rotate: 'keep-old' })).toMatchObject({
      reachable: false,
      keyIds: [expect.any(String), expect.any(String)],
    });
    expect(await control('POST', '/issuers', { url: 'https://example.com' })).toEqual(status(404));
  });

  it('shows what was recorded since the last look', async () => {
    const { control, post } = await start();
    const before = await control('GET', '/events');
    await post('/token', { grantType: 'refresh_token' });
    const after = await control('GET', `/events?since=${String(before.next)}`);
    expect(after.records).toMatchObject([{ eventName: 'CreateToken' }]);
    expect(await control('GET', '/refused-hosts')).toEqual({ hosts: [] });
    expect(await control('POST', '/trails/deliver')).toEqual({ deliveries: [] });
  });
});
