import fc from 'fast-check';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../test/support/sandbox-client.ts';
import { realRandom } from '../../ports/real/random.ts';
import { stsService } from '../services/sts/service.ts';
import { answerIssuerRequest, startGithubJob } from './endpoints.ts';
import { type GithubJob, githubClaims } from './github-job.ts';
import { createIssuers, githubIssuerUrl, hcpIssuerUrl, rotateKeys } from './issuer.ts';
import { mintGithubToken, mintHcpToken } from './mint.ts';
import type { Issuer } from './state.ts';

const key = realRandom.keyPair('rsa-2048');
const otherKey = realRandom.keyPair('rsa-2048');

function setUp(): TestSandbox {
  const sandbox: TestSandbox = makeSandbox({
    services: [stsService],
    issuers: async (request) => await answerIssuerRequest(sandbox.world, sandbox.time, request),
  });
  createIssuers(sandbox.world, { ...realRandom, keyPair: async () => await key });
  return sandbox;
}

async function get(
  sandbox: TestSandbox,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const { hostname, pathname, search, protocol } = new URL(url);
  const answer = await sandbox.handle({
    method: 'GET',
    target: `${pathname}${search}`,
    headers,
    host: hostname,
    secure: protocol === 'https:',
    body: new Uint8Array(),
  });
  if (answer.kind !== 'respond') throw new Error(answer.kind);
  return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString()) };
}

const acme = { fullName: 'acme/infra', id: '700', ownerId: '42' };
const push: GithubJob = { repository: acme, event: 'push', ref: 'refs/heads/main' };

const subjects: readonly (readonly [string, GithubJob, string])[] = [
  ['a branch', push, 'repo:acme/infra:ref:refs/heads/main'],
  ['a tag', { ...push, ref: 'refs/tags/v1' }, 'repo:acme/infra:ref:refs/tags/v1'],
  ['a pull request', { ...push, event: 'pull_request', ref: 'refs/pull/7/merge' }, 'repo:acme/infra:pull_request'],
  ['an environment', { ...push, environment: 'production' }, 'repo:acme/infra:environment:production'],
  [
    'an environment in a pull request',
    { ...push, event: 'pull_request', environment: 'production' },
    'repo:acme/infra:environment:production',
  ],
  ['a colon in a name', { ...push, environment: 'prod:eu' }, 'repo:acme/infra:environment:prod%3Aeu'],
  [
    'immutable ids',
    { ...push, repository: { ...acme, immutableSubject: true } },
    'repo:acme@42/infra@700:ref:refs/heads/main',
  ],
  [
    'a template',
    { ...push, repository: { ...acme, includeClaimKeys: ['repo', 'context', 'job_workflow_ref'] } },
    'repo:acme/infra:ref:refs/heads/main:job_workflow_ref:acme/infra/.github/workflows/terraform.yml@refs/heads/main',
  ],
  [
    'a template of ids',
    { ...push, repository: { ...acme, includeClaimKeys: ['repository_owner_id', 'repository_id'] } },
    'repository_owner_id:42:repository_id:700',
  ],
];

test.each(subjects)('the subject of a job of GitHub: %s', (_title, job, subject) => {
  expect(githubClaims(job).sub).toBe(subject);
});

test('no name can pretend to be another part of the subject', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.boolean(), (name, asEnvironment) => {
      const job = asEnvironment ? { ...push, environment: name } : { ...push, ref: `refs/heads/${name}` };
      expect(String(githubClaims(job).sub).split(':')).toEqual([
        'repo',
        'acme/infra',
        asEnvironment ? 'environment' : 'ref',
        (asEnvironment ? name : `refs/heads/${name}`).replaceAll(':', '%3A'),
      ]);
    }),
  );
});

test('a token of GitHub carries the claims of its job for five minutes', async () => {
  const { world, time } = setUp();
  const token = await mintGithubToken(world, time, { job: { ...push, environment: 'production' } });
  const now = time.now() / 1000;
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
  expect(decodeJwt(token)).toMatchObject({
    iss: githubIssuerUrl,
    aud: 'https://github.com/acme',
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    environment: 'production',
    repository_id: '700',
    repository_owner_id: '42',
    ref: 'refs/heads/main',
  });
});

test('a token of HCP Terraform names the phase and lasts as long as it may take', async () => {
  const { world, time } = setUp();
  const run = { organization: 'acme', workspace: 'network', phase: 'apply' } as const;
  const claims = decodeJwt(await mintHcpToken(world, time, { run, phaseTimeoutSeconds: 1800 }));
  expect(claims).toMatchObject({
    iss: hcpIssuerUrl,
    aud: 'aws.workload.identity',
    sub: 'organization:acme:project:Default Project:workspace:network:run_phase:apply',
    exp: time.now() / 1000 + 1800,
    terraform_run_phase: 'apply',
    terraform_full_workspace: 'organization:acme:project:Default Project:workspace:network',
  });
});

test('what an issuer publishes verifies what it signs, by host and at the endpoint', async () => {
  const sandbox = setUp();
  const token = await mintGithubToken(sandbox.world, sandbox.time, { job: push });
  for (const base of [githubIssuerUrl, 'http://127.0.0.1:4566/issuers/token.actions.githubusercontent.com']) {
    const discovery = await get(sandbox, `${base}/.well-known/openid-configuration`);
    expect(discovery.body).toMatchObject({ issuer: githubIssuerUrl, id_token_signing_alg_values_supported: ['RS256'] });
    const { body } = await get(sandbox, `${base}/.well-known/jwks`);
    expect(JSON.stringify(body)).not.toMatch(/"d":/);
    const keys = createLocalJWKSet(body as unknown as JSONWebKeySet);
    await jwtVerify(token, keys, { issuer: githubIssuerUrl, currentDate: new Date(sandbox.time.now()) });
  }
});

test('keys are rotated and withdrawn', async () => {
  const sandbox = setUp();
  const issuer = sandbox.world.issuers.issuers.get(githubIssuerUrl) as Issuer;
  const kids = async (): Promise<unknown[]> => {
    const { body } = await get(sandbox, `${githubIssuerUrl}/.well-known/jwks`);
    return (body.keys as { kid: string }[]).map(({ kid }) => kid);
  };
  const [first] = await kids();
  const random = { ...realRandom, keyPair: async () => await otherKey };
  rotateKeys(sandbox.world, random, issuer);
  expect(await kids()).toEqual([expect.not.stringMatching(first as string), first]);
  rotateKeys(sandbox.world, random, issuer, true);
  expect(await kids()).toHaveLength(1);
  issuer.reachable = false;
  expect((await get(sandbox, `${githubIssuerUrl}/.well-known/jwks`)).status).toBe(503);
});

test('the token endpoint answers a job with its request token, and no other', async () => {
  const sandbox = setUp();
  for (const endpoint of [undefined, 'http://127.0.0.1:4566']) {
    const { url, token } = startGithubJob(sandbox.world, push, endpoint);
    const ask = async (bearer: string): ReturnType<typeof get> =>
      await get(sandbox, `${url}&audience=sts.amazonaws.com`, { authorization: `bearer ${bearer}` });
    const { status, body } = await ask(token.reveal());
    expect(status).toBe(200);
    expect(decodeJwt(body.value as string)).toMatchObject({
      aud: 'sts.amazonaws.com',
      sub: 'repo:acme/infra:ref:refs/heads/main',
    });
    expect((await ask('other')).status).toBe(401);
  }
});

test('a pull request from a fork, and a job without the permission, get no token', async () => {
  const sandbox = setUp();
  const jobs: readonly GithubJob[] = [
    { ...push, event: 'pull_request', ref: 'refs/pull/7/merge', fromFork: true },
    { ...push, idTokenPermission: false },
  ];
  for (const job of jobs) {
    const { url, token } = startGithubJob(sandbox.world, job);
    const { status, body } = await get(sandbox, `${url}&audience=x`, { authorization: `bearer ${token.reveal()}` });
    expect(status).toBe(403);
    expect(body).not.toHaveProperty('value');
  }
});
