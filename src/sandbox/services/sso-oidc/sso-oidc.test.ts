import { createHash } from 'node:crypto';
import {
  CreateTokenCommand,
  type CreateTokenCommandInput,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { expect, test } from 'vitest';
import { makeIdentityCenter, signIn, startUrl } from '../../../../test/support/identity-center.ts';
import type { TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { approveSignIn, denySignIn, pendingSignIns } from '../identity-center/approve.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const callbackUri = 'http://127.0.0.1:49152/oauth/callback';
const verifier = 'v'.repeat(64);

interface Device {
  readonly oidc: SSOOIDCClient;
  readonly poll: CreateTokenCommandInput;
  readonly userCode: string;
  readonly verificationUriComplete: string;
}

async function startDevice(sandbox: TestSandbox, scopes?: string[]): Promise<Device> {
  const oidc = sandbox.connect(SSOOIDCClient);
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: 'my tool', clientType: 'public', ...(scopes && { scopes }) }),
  );
  const device = await oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }));
  return {
    oidc,
    poll: { clientId, clientSecret, grantType: deviceGrant, deviceCode: device.deviceCode },
    userCode: device.userCode ?? '',
    verificationUriComplete: device.verificationUriComplete ?? '',
  };
}

const access = ['sso:account:access'];

test('a device code waits, and gives a token once the person has allowed it', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll, userCode, verificationUriComplete } = await startDevice(sandbox, access);
  expect(userCode).toMatch(/^[B-DF-HJ-NP-T]{4}-[B-DF-HJ-NP-T]{4}$/);
  expect(verificationUriComplete).toBe(`https://device.sso.eu-west-1.amazonaws.com/?user_code=${userCode}`);
  await expect(oidc.send(new CreateTokenCommand(poll))).rejects.toMatchObject({
    name: 'AuthorizationPendingException',
    error: 'authorization_pending',
    $metadata: { httpStatusCode: 400 },
  });
  expect(pendingSignIns(sandbox.world)).toMatchObject([{ kind: 'device', userCode, clientName: 'my tool' }]);
  approveSignIn(sandbox.world, { userCode: userCode.toLowerCase(), userName: 'ada' });
  const token = await oidc.send(new CreateTokenCommand(poll));
  expect(token).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600 });
  expect(token.refreshToken).toBeDefined();
  await expect(oidc.send(new CreateTokenCommand(poll))).rejects.toMatchObject({ name: 'InvalidGrantException' });
  expect(sandbox.problems).toEqual([]);
});

test('polling faster than the interval is told to slow down', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll } = await startDevice(sandbox, access);
  await expect(oidc.send(new CreateTokenCommand(poll))).rejects.toMatchObject({
    name: 'AuthorizationPendingException',
  });
  sandbox.time.advance(300);
  await expect(oidc.send(new CreateTokenCommand(poll))).rejects.toMatchObject({ name: 'SlowDownException' });
  sandbox.time.advance(1000);
  await expect(oidc.send(new CreateTokenCommand(poll))).rejects.toMatchObject({
    name: 'AuthorizationPendingException',
  });
});

test('a refused and an expired device code say so', async () => {
  const sandbox = makeIdentityCenter();
  const refused = await startDevice(sandbox, access);
  denySignIn(sandbox.world, { userCode: refused.userCode });
  await expect(refused.oidc.send(new CreateTokenCommand(refused.poll))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const late = await startDevice(sandbox, access);
  sandbox.time.advance(600_000);
  await expect(late.oidc.send(new CreateTokenCommand(late.poll))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
  });
});

test('a client without scopes gets eight hours and nothing to renew', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll, userCode } = await startDevice(sandbox);
  approveSignIn(sandbox.world, { userCode, userName: 'ada' });
  const token = await oidc.send(new CreateTokenCommand(poll));
  expect(token.expiresIn).toBe(28_800);
  expect(token.refreshToken).toBeUndefined();
});

test('a refresh token works once, and its successor until the session ends', async () => {
  const sandbox = makeIdentityCenter();
  const first = await signIn(sandbox, 'ada');
  const oidc = sandbox.connect(SSOOIDCClient);
  const renew = (refreshToken: string): CreateTokenCommand =>
    new CreateTokenCommand({
      clientId: first.clientId,
      clientSecret: first.clientSecret,
      grantType: 'refresh_token',
      refreshToken,
    });
  const second = await oidc.send(renew(first.refreshToken));
  expect(second.accessToken).not.toBe(first.accessToken);
  await expect(oidc.send(renew(first.refreshToken))).rejects.toMatchObject({
    name: 'InvalidGrantException',
    error: 'invalid_grant',
  });
  sandbox.time.advance(7.5 * 3_600_000);
  const last = await oidc.send(renew(second.refreshToken ?? ''));
  // No token outlives the portal session.
  expect(last.expiresIn).toBe(1800);
  sandbox.time.advance(1_800_000);
  await expect(oidc.send(renew(last.refreshToken ?? ''))).rejects.toMatchObject({ name: 'InvalidGrantException' });
});

test('reusable refresh tokens are a setting', async () => {
  const sandbox = makeIdentityCenter();
  sandbox.world.identityCenter.settings.refreshTokens = 'reusable';
  const { clientId, clientSecret, refreshToken } = await signIn(sandbox, 'ada');
  const oidc = sandbox.connect(SSOOIDCClient);
  const renewal = { clientId, clientSecret, grantType: 'refresh_token', refreshToken };
  await oidc.send(new CreateTokenCommand(renewal));
  expect((await oidc.send(new CreateTokenCommand(renewal))).accessToken).toBeDefined();
});

test('a registration ends after 90 days; then, and with a wrong secret, the client is unknown', async () => {
  const sandbox = makeIdentityCenter();
  const { clientId, clientSecret, refreshToken } = await signIn(sandbox, 'ada');
  const oidc = sandbox.connect(SSOOIDCClient);
  const renewal = { clientId, clientSecret, grantType: 'refresh_token', refreshToken };
  await expect(oidc.send(new CreateTokenCommand({ ...renewal, clientSecret: 'wrong' }))).rejects.toMatchObject({
    name: 'InvalidClientException',
    $metadata: { httpStatusCode: 401 },
  });
  sandbox.time.advance(90 * 86_400_000);
  await expect(oidc.send(new CreateTokenCommand(renewal))).rejects.toMatchObject({ name: 'InvalidClientException' });
});

test.each([
  [{ clientType: 'confidential' }, 'InvalidClientMetadataException'],
  [{ scopes: ['not a scope'] }, 'InvalidScopeException'],
  [{ grantTypes: ['password'] }, 'UnsupportedGrantTypeException'],
  [{ redirectUris: ['http://example.com/callback'] }, 'InvalidRedirectUriException'],
  [{ grantTypes: ['authorization_code'] }, 'InvalidRequestException'],
  [{ issuerUrl: 'https://other.awsapps.com/start' }, 'InvalidRequestException'],
])('registering with %j is refused with %s', async (part, name) => {
  const oidc = makeIdentityCenter().connect(SSOOIDCClient);
  const registration = { clientName: 'x', clientType: 'public', ...part };
  await expect(oidc.send(new RegisterClientCommand(registration))).rejects.toMatchObject({ name });
});

test('grants that the client has not registered, unknown ones and missing parameters are refused', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll } = await startDevice(sandbox, access);
  const ask = async (change: Partial<CreateTokenCommandInput>): Promise<unknown> =>
    await oidc.send(new CreateTokenCommand({ ...poll, ...change })).catch((error: Error) => error.name);
  expect(await ask({ grantType: 'authorization_code' })).toBe('UnauthorizedClientException');
  expect(await ask({ grantType: 'password' })).toBe('UnsupportedGrantTypeException');
  expect(await ask({ deviceCode: undefined })).toBe('InvalidRequestException');
  expect(await ask({ deviceCode: 'unknown' })).toBe('InvalidGrantException');
});

test('codes and refresh tokens belong to the client that they were given to', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll, userCode } = await startDevice(sandbox, access);
  approveSignIn(sandbox.world, { userCode, userName: 'ada' });
  const other = await signIn(sandbox, 'bob');
  const { clientId, clientSecret, refreshToken } = other;
  const stolen = new CreateTokenCommand({ ...poll, clientId, clientSecret });
  await expect(oidc.send(stolen)).rejects.toMatchObject({ name: 'InvalidGrantException' });
  const renewal = new CreateTokenCommand({ ...poll, grantType: 'refresh_token', deviceCode: undefined, refreshToken });
  await expect(oidc.send(renewal)).rejects.toMatchObject({ name: 'InvalidGrantException' });
  expect((await oidc.send(new CreateTokenCommand(poll))).accessToken).toBeDefined();
});

interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function browse(sandbox: TestSandbox, url: string, form?: Readonly<Record<string, string>>): Promise<Page> {
  const { host, hostname, pathname, search, protocol } = new URL(url);
  const answer = await sandbox.handle({
    method: form === undefined ? 'GET' : 'POST',
    target: `${pathname}${search}`,
    headers: { host, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
    host: hostname,
    secure: protocol === 'https:',
    body: Buffer.from(form === undefined ? '' : new URLSearchParams(form).toString()),
  });
  if (answer.kind !== 'respond') throw new Error('no answer');
  const { status, headers, body } = answer;
  return { status, headers, location: headers.location, html: String(body) };
}

const hiddenFields = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]+)"/g)].map(([, name, value]) => [name, value]),
  );

interface PkceClient {
  readonly oidc: SSOOIDCClient;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorizeUrl: (change?: Readonly<Record<string, string>>) => string;
}

async function registerPkce(sandbox: TestSandbox, base: string): Promise<PkceClient> {
  const oidc = sandbox.connect(SSOOIDCClient);
  const { clientId = '', clientSecret = '' } = await oidc.send(
    new RegisterClientCommand({
      clientName: 'my tool',
      clientType: 'public',
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      issuerUrl: startUrl,
      scopes: access,
    }),
  );
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callbackUri,
    state: 'the state',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    scopes: 'sso:account:access',
  };
  const authorizeUrl: PkceClient['authorizeUrl'] = (change) =>
    `${base}/authorize?${new URLSearchParams({ ...parameters, ...change })}`;
  return { oidc, clientId, clientSecret, authorizeUrl };
}

test.each(['http://127.0.0.1:4566', 'https://oidc.eu-west-1.amazonaws.com'])(
  'the authorization code flow through the page at %s',
  async (base) => {
    const sandbox = makeIdentityCenter();
    const { oidc, clientId, clientSecret, authorizeUrl } = await registerPkce(sandbox, base);
    const page = await browse(sandbox, authorizeUrl());
    expect(page.status).toBe(200);
    expect(page.html).toContain('Sign in to my tool');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' http://127.0.0.1:49152;");
    const form = { ...hiddenFields(page.html), user_name: 'ada', decision: 'allow' };
    const back = await browse(sandbox, authorizeUrl(), form);
    expect(back.status).toBe(303);
    const location = new URL(back.location ?? '');
    expect(`${location.origin}${location.pathname}`).toBe(callbackUri);
    expect(location.searchParams.get('state')).toBe('the state');
    const exchange: CreateTokenCommandInput = {
      clientId,
      clientSecret,
      grantType: 'authorization_code',
      code: location.searchParams.get('code') ?? '',
      redirectUri: callbackUri,
      codeVerifier: verifier,
    };
    const fails = async (change: Partial<CreateTokenCommandInput>): Promise<unknown> =>
      await oidc.send(new CreateTokenCommand({ ...exchange, ...change })).catch((error: Error) => error.name);
    expect(await fails({ codeVerifier: 'w'.repeat(64) })).toBe('InvalidGrantException');
    expect(await fails({ redirectUri: 'http://127.0.0.1:1/oauth/callback' })).toBe('InvalidGrantException');
    expect(await oidc.send(new CreateTokenCommand(exchange))).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600 });
    expect(await fails({})).toBe('InvalidGrantException');
  },
);

test('a denied page goes back with access_denied; a function may stand in for the person', async () => {
  const sandbox = makeIdentityCenter();
  const { authorizeUrl } = await registerPkce(sandbox, 'http://127.0.0.1:4566');
  const page = await browse(sandbox, authorizeUrl());
  const back = await browse(sandbox, authorizeUrl(), { ...hiddenFields(page.html), decision: 'deny' });
  expect(new URL(back.location ?? '').searchParams.get('error')).toBe('access_denied');
  await browse(sandbox, authorizeUrl());
  const [{ authorizationId } = { authorizationId: '' }] = pendingSignIns(sandbox.world);
  const { redirectTo } = approveSignIn(sandbox.world, { authorizationId, userName: 'bob' });
  expect(redirectTo).toMatch(/^http:\/\/127\.0\.0\.1:49152\/oauth\/callback\?code=\w+&state=the\+state$/);
});

test('a page without the token of its form, and an unknown way back, are refused without a redirect', async () => {
  const sandbox = makeIdentityCenter();
  const { authorizeUrl } = await registerPkce(sandbox, 'http://127.0.0.1:4566');
  const page = await browse(sandbox, authorizeUrl());
  const forged = { ...hiddenFields(page.html), form_token: 'guess', user_name: 'ada', decision: 'allow' };
  expect(await browse(sandbox, authorizeUrl(), forged)).toMatchObject({ status: 403, location: undefined });
  const elsewhere = await browse(sandbox, authorizeUrl({ redirect_uri: 'http://evil.example/oauth/callback' }));
  expect(elsewhere).toMatchObject({ status: 400, location: undefined });
  const otherPath = await browse(sandbox, authorizeUrl({ redirect_uri: 'http://127.0.0.1:49152/elsewhere' }));
  expect(otherPath).toMatchObject({ status: 400, location: undefined });
  const weak = await browse(sandbox, authorizeUrl({ code_challenge_method: 'plain' }));
  expect(new URL(weak.location ?? '').searchParams.get('error')).toBe('invalid_request');
  const wider = await browse(sandbox, authorizeUrl({ scopes: 'sso:account:access codewhisperer:completions' }));
  expect(new URL(wider.location ?? '').searchParams.get('error')).toBe('invalid_scope');
});

test('the device page compares the code, and the choice of a person is needed', async () => {
  const sandbox = makeIdentityCenter();
  const { oidc, poll, userCode, verificationUriComplete } = await startDevice(sandbox, access);
  const page = await browse(sandbox, verificationUriComplete);
  expect(page.html).toContain(userCode);
  expect(page.html).toContain('Ada Lovelace');
  const fields = hiddenFields(page.html);
  const nobody = await browse(sandbox, verificationUriComplete, { ...fields, decision: 'allow' });
  expect(nobody).toMatchObject({ status: 400 });
  expect(nobody.html).toContain('Choose who signs in.');
  const done = await browse(sandbox, verificationUriComplete, { ...fields, user_name: 'ada', decision: 'allow' });
  expect(done.html).toContain('Signed in');
  expect((await browse(sandbox, verificationUriComplete)).status).toBe(410);
  expect((await oidc.send(new CreateTokenCommand(poll))).accessToken).toBeDefined();
  expect((await browse(sandbox, 'https://acme.awsapps.com/start/')).html).toContain('Enter your code');
  expect((await browse(sandbox, 'https://device.sso.eu-west-1.amazonaws.com/?user_code=NONE-SUCH')).status).toBe(404);
});

test('what stands in a page is escaped, and the page may load nothing', async () => {
  const sandbox = makeIdentityCenter();
  const oidc = sandbox.connect(SSOOIDCClient);
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: '<script>alert("1")</script>', clientType: 'public' }),
  );
  const { verificationUriComplete = '' } = await oidc.send(
    new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }),
  );
  const { html, headers } = await browse(sandbox, verificationUriComplete);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});

test('disabled people are not offered, and can not be signed in', async () => {
  const sandbox = makeIdentityCenter();
  sandbox.bob.status = 'DISABLED';
  const { userCode, verificationUriComplete } = await startDevice(sandbox, access);
  expect((await browse(sandbox, verificationUriComplete)).html).not.toContain('value="bob"');
  expect(() => approveSignIn(sandbox.world, { userCode, userName: 'bob' })).toThrow('disabled');
});

test('the endpoint is used for what comes next when the client came to the endpoint', async () => {
  const sandbox = makeIdentityCenter();
  const send = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await sandbox.handle({
      method: 'POST',
      target: path,
      headers: { host: '127.0.0.1:4566', 'content-type': 'application/json' },
      host: '127.0.0.1',
      // As the server hands it over, though no TLS was spoken.
      secure: true,
      body: Buffer.from(JSON.stringify(body)),
    });
    return JSON.parse(answer.kind === 'respond' ? String(answer.body) : '');
  };
  const client = await send('/client/register', { clientName: 'x', clientType: 'public' });
  expect(client.authorizationEndpoint).toBe('http://127.0.0.1:4566/authorize');
  const device = await send('/device_authorization', { ...client, startUrl });
  expect(device.verificationUri).toBe('http://127.0.0.1:4566/device');
});
