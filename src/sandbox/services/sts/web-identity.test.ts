import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { realRandom } from '../../../ports/real/random.ts';
import type { CallOutcome } from '../../core/call-outcome.ts';
import {
  createIssuers,
  type GithubJob,
  githubIssuerUrl,
  hcpIssuerUrl,
  mintGithubToken,
  mintHcpToken,
  rotateKeys,
} from '../../issuers/index.ts';
import type { Issuer } from '../../issuers/state.ts';
import { createOidcProvider, createRole } from '../iam/build.ts';
import { attachPolicy, createPolicy, enablePolicyType } from '../organizations/build.ts';
import { stsService } from './service.ts';

const account = '222222222222';
const roleArn = `arn:aws:iam::${account}:role/ci/deploy`;
const key = realRandom.keyPair('rsa-2048');
const foreignKey = realRandom.keyPair('rsa-2048');
const github = 'token.actions.githubusercontent.com';
const job: GithubJob = {
  repository: { fullName: 'acme/infra' },
  event: 'push',
  ref: 'refs/heads/main',
};

function trust(statement: Record<string, unknown>, provider: string = github): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        ...statement,
      },
    ],
  });
}

const mainOnly = trust({
  Condition: {
    StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com', [`${github}:sub`]: 'repo:acme/infra:ref:refs/heads/main' },
  },
});

function setUp(trustPolicy: string = mainOnly): TestSandbox & { readonly outcomes: readonly CallOutcome[] } {
  const outcomes: CallOutcome[] = [];
  const sandbox = makeSandbox({ services: [stsService], record: (_world, outcome) => outcomes.push(outcome) });
  const { world, time } = sandbox;
  createIssuers(world, { ...realRandom, keyPair: async () => await key });
  createOidcProvider(world, account, { url: github, clientIds: ['sts.amazonaws.com'], createdAt: time.now() });
  createRole(world, account, { name: 'deploy', path: '/ci/', trust: trustPolicy, createdAt: time.now() });
  return { ...sandbox, outcomes };
}

async function assume(
  sandbox: TestSandbox,
  token: string,
  more: Partial<AssumeRoleWithWebIdentityCommand['input']> = {},
): Promise<unknown> {
  const client = sandbox.connect(STSClient);
  try {
    return await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: 'run-1',
        WebIdentityToken: token,
        ...more,
      }),
    );
  } catch (error) {
    const { Code, message, $metadata } = error as Error & { Code: string; $metadata: { httpStatusCode: number } };
    return `${$metadata.httpStatusCode} ${Code}: ${message}`;
  } finally {
    expect(sandbox.problems).toEqual([]);
  }
}

const token = async (
  sandbox: TestSandbox,
  claims: Record<string, unknown> = {},
  of: GithubJob = job,
): Promise<string> =>
  await mintGithubToken(sandbox.world, sandbox.time, { job: of, audience: 'sts.amazonaws.com', claims });

test('a token of the trusted branch gives keys that work and end when the answer says', async () => {
  const sandbox = setUp();
  const answer = (await assume(sandbox, await token(sandbox))) as {
    Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: Date };
  };
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:acme/infra:ref:refs/heads/main',
    Audience: 'sts.amazonaws.com',
    Provider: githubIssuerUrl,
    AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/deploy/run-1` },
  });
  const issued = sandbox.world.keys.find(answer.Credentials.AccessKeyId);
  expect(issued?.expiresAt).toBe(answer.Credentials.Expiration.getTime());
  expect(issued?.expiresAt).toBe(sandbox.time.now() + 3_600_000);
  const client = sandbox.connect(STSClient, issued);
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: account,
    Arn: `arn:aws:sts::${account}:assumed-role/deploy/run-1`,
  });
  sandbox.time.advance(3_600_000);
  await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toThrow(/expired/);
});

test('another branch, a pull request and an environment are refused, and recorded with subject and provider', async () => {
  const sandbox = setUp();
  for (const other of [
    { ...job, ref: 'refs/heads/feature' },
    { ...job, event: 'pull_request', ref: 'refs/pull/7/merge' },
    { ...job, environment: 'production' },
    { ...job, repository: { fullName: 'acme-evil/infra' } },
    { ...job, repository: { fullName: 'acme/infra', immutableSubject: true } },
  ]) {
    expect(await assume(sandbox, await token(sandbox, {}, other))).toBe(
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
  }
  expect(sandbox.outcomes.map(({ error }) => error?.code)).toEqual(new Array(5).fill('AccessDenied'));
  expect(sandbox.outcomes[0]?.call.event.recipientAccounts).toEqual([account]);
});

test('a role that does not exist is refused like one that does not trust', async () => {
  const sandbox = setUp();
  expect(await assume(sandbox, await token(sandbox), { RoleArn: `arn:aws:iam::${account}:role/none` })).toBe(
    '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  );
});

interface Forgery {
  readonly title: string;
  readonly make: (sandbox: TestSandbox) => Promise<string>;
  readonly refusal: RegExp;
}

const resigned =
  (header: { alg: string; kid?: string }, signer: 'own' | 'foreign' | Uint8Array) =>
  async (sandbox: TestSandbox): Promise<string> => {
    const claims = JSON.parse(Buffer.from((await token(sandbox)).split('.')[1] as string, 'base64url').toString());
    const issuer = sandbox.world.issuers.issuers.get(githubIssuerUrl) as Issuer;
    const pair = signer === 'own' ? await key : await foreignKey;
    return await new SignJWT(claims)
      .setProtectedHeader({ kid: issuer.keys[0]?.kid as string, ...header })
      .sign(signer instanceof Uint8Array ? signer : pair.privateKey);
  };

const forgeries: readonly Forgery[] = [
  { title: 'garbage', make: async () => 'not a token', refusal: /^400 InvalidIdentityToken: .*not a valid JWT/ },
  {
    title: 'a JSON that is no object',
    make: async () => `${b64({ alg: 'RS256' })}.${b64([])}.x`,
    refusal: /not a valid JWT/,
  },
  {
    title: 'signed with another key under a known kid',
    make: resigned({ alg: 'RS256' }, 'foreign'),
    refusal: /^400 InvalidIdentityToken: The signature/,
  },
  {
    title: 'an unknown kid',
    make: resigned({ alg: 'RS256', kid: 'other' }, 'own'),
    refusal: /^400 InvalidIdentityToken: Couldn't retrieve verification key/,
  },
  {
    title: 'no kid',
    make: async (sandbox) => {
      const [, payload] = (await token(sandbox)).split('.');
      return `${b64({ alg: 'RS256' })}.${payload}.AAAA`;
    },
    refusal: /^400 InvalidIdentityToken: Couldn't retrieve verification key/,
  },
  {
    title: 'alg none',
    make: async (sandbox) => `${b64({ alg: 'none' })}.${(await token(sandbox)).split('.')[1]}.`,
    refusal: /^400 InvalidIdentityToken: The algorithm/,
  },
  {
    title: 'HS256',
    make: resigned({ alg: 'HS256' }, new Uint8Array(32)),
    refusal: /^400 InvalidIdentityToken: The algorithm/,
  },
  ...['EdDSA', 'ES256', 'PS256', 'RS1'].map((alg) => ({
    title: alg,
    make: async (sandbox: TestSandbox) => `${b64({ alg, kid: 'x' })}.${(await token(sandbox)).split('.')[1]}.AAAA`,
    refusal: new RegExp(`^400 InvalidIdentityToken: The algorithm of the token is ${alg}`),
  })),
  {
    title: 'an issuer outside of the sandbox',
    make: async (sandbox) => {
      createOidcProvider(sandbox.world, account, {
        url: 'ci.example.com',
        clientIds: ['sts.amazonaws.com'],
        createdAt: 0,
      });
      return await token(sandbox, { iss: 'https://ci.example.com' });
    },
    refusal: /^400 InvalidIdentityToken: Couldn't retrieve verification key/,
  },
  {
    title: 'a changed payload',
    make: async (sandbox) => {
      const [header, payload, signature] = (await token(sandbox, {}, { ...job, ref: 'refs/heads/x' })).split('.');
      const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString());
      return `${header}.${b64({ ...claims, sub: 'repo:acme/infra:ref:refs/heads/main' })}.${signature}`;
    },
    refusal: /^400 InvalidIdentityToken: The signature/,
  },
  {
    title: 'the wrong audience',
    make: async (sandbox) => await token(sandbox, { aud: 'https://github.com/acme' }),
    refusal: /^400 InvalidIdentityToken: Incorrect token audience$/,
  },
  {
    title: 'no subject',
    make: async (sandbox) => await token(sandbox, { sub: undefined }),
    refusal: /^400 InvalidIdentityToken: Missing a required claim: sub/,
  },
  {
    title: 'an issuer with a slash too many',
    make: async (sandbox) => await token(sandbox, { iss: `${githubIssuerUrl}/` }),
    refusal:
      /^400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https:\/\/token\.actions\.githubusercontent\.com\/$/,
  },
  {
    title: 'an issuer the account does not know',
    make: async (sandbox) =>
      await mintHcpToken(sandbox.world, sandbox.time, { run: { organization: 'a', workspace: 'w', phase: 'plan' } }),
    refusal:
      /^400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https:\/\/app\.terraform\.io$/,
  },
  {
    title: 'not valid yet',
    make: async (sandbox) => await token(sandbox, { nbf: sandbox.time.now() / 1000 + 301 }),
    refusal: /^400 InvalidIdentityToken: Token not yet valid/,
  },
  {
    title: 'issued in the future',
    make: async (sandbox) => await token(sandbox, { iat: sandbox.time.now() / 1000 + 301 }),
    refusal: /^400 InvalidIdentityToken: Token issued in the future/,
  },
  {
    title: 'no end',
    make: async (sandbox) => await token(sandbox, { exp: undefined }),
    refusal: /^400 InvalidIdentityToken: Missing a required claim: exp/,
  },
];

test.each(forgeries)('refuses $title', async ({ make, refusal }) => {
  const sandbox = setUp();
  expect(await assume(sandbox, await make(sandbox))).toMatch(refusal);
});

test('a token is accepted for five minutes after its end, and not a second longer', async () => {
  const sandbox = setUp();
  const own = await token(sandbox);
  sandbox.time.advance(600_000);
  expect(await assume(sandbox, own)).toHaveProperty('Credentials');
  sandbox.time.advance(1000);
  expect(await assume(sandbox, own)).toMatch(
    /^400 ExpiredTokenException: Token expired: current date\/time \d+ must be/,
  );
});

test('an unreachable issuer fails every exchange and leaves no record', async () => {
  const sandbox = setUp();
  const issuer = sandbox.world.issuers.issuers.get(githubIssuerUrl) as Issuer;
  issuer.reachable = false;
  expect(await assume(sandbox, await token(sandbox))).toMatch(/Couldn't retrieve verification key/);
  expect(sandbox.outcomes).toEqual([]);
});

test('after a rotation tokens of the old key still work, until it is withdrawn', async () => {
  const sandbox = setUp();
  const issuer = sandbox.world.issuers.issuers.get(githubIssuerUrl) as Issuer;
  const random = { ...realRandom, keyPair: async () => await foreignKey };
  const old = await token(sandbox);
  rotateKeys(sandbox.world, random, issuer);
  expect(await assume(sandbox, old)).toHaveProperty('Credentials');
  expect(await assume(sandbox, await token(sandbox))).toHaveProperty('Credentials');
  rotateKeys(sandbox.world, random, issuer, true);
  expect(await assume(sandbox, old)).toMatch(/Couldn't retrieve verification key/);
});

test('only the claims of the table are condition keys', async () => {
  const byRepositoryId = setUp(trust({ Condition: { StringEquals: { [`${github}:repository`]: 'acme/infra' } } }));
  expect(await assume(byRepositoryId, await token(byRepositoryId))).toHaveProperty('Credentials');
  const byEvent = setUp(trust({ Condition: { StringEquals: { [`${github}:event_name`]: 'push' } } }));
  expect(await assume(byEvent, await token(byEvent))).toMatch(/^403 AccessDenied/);
  const hcp = setUp(
    trust({ Condition: { StringEquals: { 'app.terraform.io:terraform_run_phase': 'plan' } } }, 'app.terraform.io'),
  );
  createOidcProvider(hcp.world, account, { url: hcpIssuerUrl, clientIds: ['aws.workload.identity'], createdAt: 0 });
  const run = { organization: 'acme', workspace: 'network', phase: 'plan' } as const;
  expect(await assume(hcp, await mintHcpToken(hcp.world, hcp.time, { run }))).toMatch(/^403 AccessDenied/);
});

test('tags and source identity in the token need their own permissions in the trust policy', async () => {
  const claims = {
    'https://aws.amazon.com/tags': { principal_tags: { phase: ['apply'] }, transitive_tag_keys: ['phase'] },
    'https://aws.amazon.com/source_identity': 'alice',
  };
  const refused = setUp();
  expect(await assume(refused, await token(refused, claims))).toBe(
    '403 AccessDenied: Not authorized to perform sts:TagSession',
  );
  const allowed = setUp(
    trust({
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: { StringEquals: { 'aws:RequestTag/phase': 'apply', 'sts:SourceIdentity': 'alice' } },
    }),
  );
  const answer = (await assume(allowed, await token(allowed, claims))) as { Credentials: { AccessKeyId: string } };
  expect(answer).toMatchObject({ SourceIdentity: 'alice', PackedPolicySize: 1 });
  const caller = allowed.world.keys.find(answer.Credentials.AccessKeyId)?.caller;
  expect(caller?.kind === 'role' && caller.session).toMatchObject({
    tags: new Map([['phase', 'apply']]),
    transitiveTagKeys: ['phase'],
    sourceIdentity: 'alice',
    origin: { type: 'web-identity', subject: 'repo:acme/infra:ref:refs/heads/main' },
  });
  expect(allowed.outcomes[0]?.call.event.requestParameters).toEqual({
    roleArn,
    roleSessionName: 'run-1',
    principalTags: { phase: 'apply' },
    transitiveTagKeys: ['phase'],
    sourceIdentity: 'alice',
  });
  const malformed = { 'https://aws.amazon.com/tags': { principal_tags: { phase: 1 } } };
  expect(await assume(allowed, await token(allowed, malformed))).toMatch(/^400 InvalidIdentityToken/);
});

test('a run of HCP Terraform gets the role of its phase only', async () => {
  const issuer = 'app.terraform.io';
  const sub = 'organization:acme:project:Default Project:workspace:network:run_phase:apply';
  const sandbox = setUp(
    trust(
      { Condition: { StringEquals: { [`${issuer}:aud`]: 'aws.workload.identity', [`${issuer}:sub`]: sub } } },
      issuer,
    ),
  );
  createOidcProvider(sandbox.world, account, { url: hcpIssuerUrl, clientIds: ['aws.workload.identity'], createdAt: 0 });
  const of = async (phase: 'plan' | 'apply'): Promise<unknown> =>
    await assume(
      sandbox,
      await mintHcpToken(sandbox.world, sandbox.time, { run: { organization: 'acme', workspace: 'network', phase } }),
    );
  expect(await of('apply')).toMatchObject({ SubjectFromWebIdentityToken: sub, Provider: hcpIssuerUrl });
  expect(await of('plan')).toMatch(/^403 AccessDenied/);
});

test('a resource control policy bounds whom the roles of an account let in', async () => {
  const sandbox = setUp();
  const { world } = sandbox;
  enablePolicyType(world, 'RESOURCE_CONTROL_POLICY');
  const { id } = createPolicy(world, {
    name: 'only-acme',
    type: 'RESOURCE_CONTROL_POLICY',
    text: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Resource: '*',
          Condition: { StringNotLike: { [`${github}:sub`]: 'repo:other/*' } },
        },
      ],
    }),
  });
  expect(await assume(sandbox, await token(sandbox))).toHaveProperty('Credentials');
  attachPolicy(world, id, account);
  expect(await assume(sandbox, await token(sandbox))).toMatch(/^403 AccessDenied/);
});

test('durations', async () => {
  const sandbox = setUp();
  const own = await token(sandbox);
  expect(await assume(sandbox, own, { DurationSeconds: 899 })).toMatch(/^400 ValidationError: 1 validation error/);
  expect(await assume(sandbox, own, { DurationSeconds: 3601 })).toBe(
    '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
  expect(await assume(sandbox, own, { RoleSessionName: 'a b' })).toMatch(/roleSessionName.*regular expression/);
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
