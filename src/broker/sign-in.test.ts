import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../test/support/memory-files.ts';
import { makeSandbox, type TestSandbox } from '../../test/support/sandbox-client.ts';
import { type SandboxNetwork, sandboxNetwork } from '../../test/support/sandbox-network.ts';
import { KeylessError } from '../kernel/error.ts';
import { Secret } from '../kernel/secret.ts';
import type { HttpResponse, Network } from '../ports/index.ts';
import { realRandom } from '../ports/real/random.ts';
import { approveSignIn, denySignIn, pendingSignIns } from '../sandbox/services/identity-center/approve.ts';
import { assign, createPermissionSet, createUser } from '../sandbox/services/identity-center/build.ts';
import { ssoOidcService } from '../sandbox/services/sso-oidc/service.ts';
import { ssoPortalService } from '../sandbox/services/sso-portal/service.ts';
import {
  defaultScopes,
  getRoleCredentials,
  legacyTokenCachePath,
  listAccountRoles,
  listAccounts,
  logout,
  pollForToken,
  registerClient,
  registrationCachePath,
  type SignInPorts,
  type SsoSession,
  type SsoToken,
  ssoEndpoints,
  startAuthorizationCode,
  startDeviceAuthorization,
  tokenCachePath,
  writeRegistrationCache,
  writeTokenCache,
} from './index.ts';

const session: SsoSession = {
  name: 'my-sso',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
  scopes: defaultScopes,
};
const endpoints = ssoEndpoints({}, session.region);
const production = '222222222222';

interface Setting {
  readonly sandbox: TestSandbox;
  readonly network: SandboxNetwork;
  readonly ports: SignInPorts;
  /** Seconds that were slept, one after the other. */
  readonly waits: readonly number[];
}

/** An organisation where ana may take Deploy in production; sleeping moves the clock. */
function setting(network?: Network, onWait?: (count: number, sandbox: TestSandbox) => void): Setting {
  const sandbox = makeSandbox({ services: [ssoOidcService, ssoPortalService] });
  const { world } = sandbox;
  const ana = createUser(world, { userName: 'ana@example.com' });
  const set = createPermissionSet(world, { name: 'Deploy', createdAt: 0 });
  assign(world, {
    account: production,
    permissionSet: set,
    principal: { type: 'USER', id: ana.id },
    at: sandbox.time.now(),
  });
  const waits: number[] = [];
  const own = sandboxNetwork(sandbox);
  return {
    sandbox,
    network: own,
    waits,
    ports: {
      network: network ?? own,
      random: realRandom,
      clock: {
        now: () => sandbox.clock.now(),
        sleep: async (milliseconds, signal) => {
          // The wait for the browser ends by its signal; all others pass at once.
          if (milliseconds >= 600_000 && signal !== undefined) {
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
            return;
          }
          waits.push(milliseconds / 1000);
          sandbox.clock.advance(milliseconds / 1000);
          onWait?.(waits.length, sandbox);
        },
      },
    },
  };
}

async function signIn({ sandbox, ports }: Setting): Promise<SsoToken> {
  const registration = await registerClient(ports, endpoints, session, 'device-code');
  const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
  approveSignIn(sandbox.world, { userCode: authorization.userCode, userName: 'ana@example.com' });
  return await pollForToken(ports, endpoints, session, registration, authorization);
}

describe('where the services answer', () => {
  it('is the region, unless the environment says otherwise', () => {
    expect(ssoEndpoints({}, 'cn-north-1').portal).toBe('https://portal.sso.cn-north-1.amazonaws.com.cn');
    const env = { AWS_ENDPOINT_URL_SSO_OIDC: 'http://127.0.0.1:1/', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' };
    expect(ssoEndpoints(env, 'eu-west-1')).toEqual({ oidc: 'http://127.0.0.1:1', portal: 'http://127.0.0.1:2' });
    expect(ssoEndpoints({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'eu-west-1').oidc).toBe(
      'https://oidc.eu-west-1.amazonaws.com',
    );
    expect(() => ssoEndpoints({}, 'moon-1')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

describe('the device flow', () => {
  it('gets a token once the person has confirmed the code, and asks at the pace it is told', async () => {
    let userCode = '';
    const { ports, sandbox, waits } = setting(undefined, (count, { world }) => {
      if (count === 3) approveSignIn(world, { userCode, userName: 'ana@example.com' });
    });
    const registration = await registerClient(ports, endpoints, session, 'device-code');
    const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
    userCode = authorization.userCode;
    expect(authorization.verificationUriComplete).toContain(userCode);
    const token = await pollForToken(ports, endpoints, session, registration, authorization);
    expect(waits).toHaveLength(3);
    expect(waits.every((seconds) => seconds === authorization.intervalSeconds)).toBe(true);
    expect(token.expiresAt.getTime()).toBe(sandbox.clock.now().getTime() + 3_600_000);
    expect(token.refreshToken).toBeInstanceOf(Secret);
    expect(sandbox.problems).toEqual([]);
  });

  it('tells a refusal from a code that ran out', async () => {
    const { ports, sandbox } = setting();
    const registration = await registerClient(ports, endpoints, session, 'device-code');
    const denied = await startDeviceAuthorization(ports, endpoints, session, registration);
    denySignIn(sandbox.world, { userCode: denied.userCode });
    await expect(pollForToken(ports, endpoints, session, registration, denied)).rejects.toMatchObject({
      code: 'SIGN_IN_REFUSED',
    });
    const forgotten = await startDeviceAuthorization(ports, endpoints, session, registration);
    await expect(pollForToken(ports, endpoints, session, registration, forgotten)).rejects.toMatchObject({
      code: 'SIGN_IN_EXPIRED',
    });
  });

  it('waits five seconds longer when told to slow down, twice as long when nobody answers', async () => {
    const answers: (HttpResponse | 'none')[] = [
      refusal('SlowDownException'),
      'none',
      refusal('AuthorizationPendingException'),
      json({ accessToken: 'a-token', expiresIn: 60, tokenType: 'Bearer' }),
    ];
    const network = scripted(answers);
    const { ports, waits, sandbox } = setting(network);
    const registration = {
      clientId: 'c',
      clientSecret: new Secret('s'),
      expiresAt: new Date(),
      scopes: [],
      grantTypes: [],
    };
    const authorization = {
      deviceCode: new Secret('d'),
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://x.example',
      verificationUriComplete: 'https://x.example',
      expiresAt: new Date(sandbox.clock.now().getTime() + 600_000),
      intervalSeconds: 1,
    };
    await pollForToken(ports, endpoints, session, registration, authorization);
    expect(waits).toEqual([6, 12, 12]);
  });

  it('stops when the person interrupts', async () => {
    const { ports } = setting();
    const registration = await registerClient(ports, endpoints, session, 'device-code');
    const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
    const stopped = pollForToken(ports, endpoints, session, registration, authorization, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('the authorization code flow', () => {
  const begin = async (given: Setting) => {
    const registration = await registerClient(given.ports, endpoints, session, 'authorization-code');
    const flow = await startAuthorizationCode(given.ports, endpoints, session, registration);
    const page = await given.ports.network.send({ method: 'GET', url: flow.authorizeUrl });
    expect(page.status).toBe(200);
    const [pending] = pendingSignIns(given.sandbox.world);
    return { flow, authorizationId: pending?.authorizationId as string };
  };

  it('gets a token when the browser comes back with the state', async () => {
    const given = setting();
    const { flow, authorizationId } = await begin(given);
    const finished = flow.finish();
    const { redirectTo } = approveSignIn(given.sandbox.world, { authorizationId, userName: 'ana@example.com' });
    const shown = await given.network.visit(redirectTo as string);
    expect(shown).toMatchObject({ status: 200, body: expect.stringContaining('Signed in') });
    expect((await finished).accessToken).toBeInstanceOf(Secret);
    expect(given.network.open.has(flow.port)).toBe(false);
  });

  it('goes on listening after a wrong path, host, method or state', async () => {
    const given = setting();
    const { flow, authorizationId } = await begin(given);
    const finished = flow.finish();
    const { redirectTo } = approveSignIn(given.sandbox.world, { authorizationId, userName: 'ana@example.com' });
    const right = new URL(redirectTo as string);
    const wrongState = new URL(right);
    wrongState.searchParams.set('state', 'another');
    const wrongPath = new URL(right);
    wrongPath.pathname = '/oauth/callback/';
    expect((await given.network.visit(wrongState.href)).status).toBe(400);
    expect((await given.network.visit(wrongPath.href)).status).toBe(404);
    expect((await given.network.visit(right.href, { host: 'evil.example' })).status).toBe(404);
    expect((await given.network.visit(right.href, { method: 'POST' })).status).toBe(404);
    expect((await given.network.visit(right.href)).status).toBe(200);
    await finished;
  });

  it('says so in both places when the person refuses', async () => {
    const given = setting();
    const { flow, authorizationId } = await begin(given);
    const finished = flow.finish();
    const { redirectTo } = denySignIn(given.sandbox.world, { authorizationId });
    const visit = given.network.visit(redirectTo as string);
    await expect(finished).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    expect(await visit).toMatchObject({ status: 400, body: expect.stringContaining('Not signed in') });
    expect(given.network.open.size).toBe(0);
  });

  it('can be interrupted, and leaves no port open', async () => {
    const given = setting();
    const { flow } = await begin(given);
    const interruption = new AbortController();
    const finished = flow.finish(interruption.signal);
    interruption.abort();
    await expect(finished).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(given.network.open.size).toBe(0);
  });

  it('asks with a fresh state and challenge each time, and none of the secrets', async () => {
    const given = setting();
    const one = new URL((await begin(given)).flow.authorizeUrl);
    const other = new URL((await begin(given)).flow.authorizeUrl);
    for (const name of ['state', 'code_challenge']) {
      expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name));
    }
    expect(one.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect([...one.searchParams.keys()].sort()).toEqual(
      [
        'client_id',
        'code_challenge',
        'code_challenge_method',
        'redirect_uri',
        'response_type',
        'scopes',
        'state',
      ].sort(),
    );
  });
});

describe('the portal', () => {
  it('lists accounts and roles and gives credentials for one that is assigned', async () => {
    const given = setting();
    const { accessToken } = await signIn(given);
    const { ports } = given;
    expect((await listAccounts(ports, endpoints, accessToken)).map(({ accountId }) => accountId)).toEqual([production]);
    expect(await listAccountRoles(ports, endpoints, accessToken, production)).toEqual(['Deploy']);
    const role = { accountId: production, roleName: 'Deploy' };
    const credentials = await getRoleCredentials(ports, endpoints, accessToken, role);
    expect(credentials.accessKeyId).toMatch(/^ASIA/);
    expect(credentials.expiresAt.getTime()).toBe(given.sandbox.clock.now().getTime() + 3_600_000);
    expect(JSON.stringify(credentials)).not.toContain(credentials.secretAccessKey.reveal());
  });

  it('tells what is not assigned from a session that is over', async () => {
    const given = setting();
    const { accessToken } = await signIn(given);
    const other = { accountId: production, roleName: 'Admin' };
    await expect(getRoleCredentials(given.ports, endpoints, accessToken, other)).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
    await logout(given.ports, endpoints, accessToken);
    await logout(given.ports, endpoints, accessToken);
    await expect(listAccounts(given.ports, endpoints, accessToken)).rejects.toMatchObject({ code: 'SIGN_IN_EXPIRED' });
  });

  const broken: readonly (readonly [string, HttpResponse])[] = [
    ['a page of a proxy', { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') }],
    ['a failure of the server', { status: 500, headers: {}, body: Buffer.from('{}') }],
    ['an answer without its members', json({ roleCredentials: {} })],
    ['throttling', refusal('TooManyRequestsException', 429)],
  ];
  for (const [what, response] of broken) {
    it(`does not take ${what} for the end of the session`, async () => {
      const { ports } = setting(scripted([response]));
      const role = { accountId: production, roleName: 'Deploy' };
      const asked = getRoleCredentials(ports, endpoints, new Secret('t'), role);
      await expect(asked).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    });
  }
});

describe('token files', () => {
  const token: SsoToken = {
    accessToken: new Secret('access'),
    expiresAt: new Date('2026-11-25T17:03:09.870Z'),
    refreshToken: new Secret('refresh'),
    registration: {
      clientId: 'client',
      clientSecret: new Secret('client-secret'),
      expiresAt: new Date('2027-02-23T00:00:00Z'),
      scopes: defaultScopes,
      grantTypes: ['authorization_code', 'refresh_token'],
    },
  };

  it('have the names that the AWS CLI and the SDKs look for', () => {
    const cache = '/home/dev/.aws/sso/cache';
    expect(tokenCachePath('/home/dev', session)).toBe(`${cache}/0ad374308c5a4e22f723adf10145eafad7c4031c.json`);
    expect(legacyTokenCachePath('/home/dev', session)).toBe(`${cache}/40169cea58ca6cbf23fb27b2542923fb5f524af0.json`);
    // sha1 of Python's json.dumps(…, sort_keys=True).
    expect(registrationCachePath('/home/dev', session)).toBe(`${cache}/5f3cf1ae49eadfced3e8e2d2ff7661adc47b522b.json`);
  });

  it('hold what the AWS CLI writes, byte for byte, for nobody else to read', async () => {
    const files = new MemoryFiles();
    files.putDirectory('/home/dev');
    const path = await writeTokenCache(files, '/home/dev', session, token);
    expect(Buffer.from(await files.read(path)).toString()).toBe(
      '{"startUrl": "https://acme.awsapps.com/start", "region": "eu-west-1", "accessToken": "access", ' +
        '"expiresAt": "2026-11-25T17:03:09Z", "clientId": "client", "clientSecret": "client-secret", ' +
        '"registrationExpiresAt": "2027-02-23T00:00:00Z", "refreshToken": "refresh"}',
    );
    expect((await files.stat(path))?.mode).toBe(0o600);
    const registration = await writeRegistrationCache(files, '/home/dev', session, token.registration);
    expect(Buffer.from(await files.read(registration)).toString()).toBe(
      '{"clientId": "client", "clientSecret": "client-secret", "expiresAt": "2027-02-23T00:00:00Z", ' +
        '"scopes": ["sso:account:access"], "grantTypes": ["authorization_code", "refresh_token"]}',
    );
  });

  it('are ASCII that reads back to the same, whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (startUrl) => {
        const files = new MemoryFiles();
        files.putDirectory('/home/dev');
        const path = await writeTokenCache(files, '/home/dev', { ...session, startUrl }, token);
        const text = Buffer.from(await files.read(path)).toString();
        expect(text).toMatch(/^[ -~]*$/);
        expect((JSON.parse(text) as { startUrl: string }).startUrl).toBe(startUrl);
      }),
      { numRuns: 30 },
    );
  });
});

function json(value: unknown): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function refusal(type: string, status: number = 400): HttpResponse {
  return { status, headers: { 'x-amzn-errortype': type }, body: Buffer.from('{}') };
}

function scripted(answers: readonly (HttpResponse | 'none')[]): Network {
  const left = [...answers];
  return {
    send: async () => {
      const answer = left.shift();
      if (answer === undefined) throw new RangeError('the test has no further answer');
      if (answer !== 'none') return answer;
      throw new KeylessError({ code: 'NETWORK_FAILED', message: 'no answer' });
    },
    listen: async () => {
      throw new RangeError('the test does not listen');
    },
  };
}
