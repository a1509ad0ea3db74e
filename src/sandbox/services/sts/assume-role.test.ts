import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  AssumeRoleWithSAMLCommand,
  DecodeAuthorizationMessageCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import type { IssuedKey, RoleSession } from '../../core/caller.ts';
import { createAccessKey, createManagedPolicy, createRole, createUser, putTrustPolicy } from '../iam/build.ts';
import { iamService } from '../iam/service.ts';
import { stsService } from './service.ts';

const home = '111111111111';
const target = '222222222222';
const roleArn = `arn:aws:iam::${target}:role/deploy`;

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function trust(
  principal: object,
  more: { readonly actions?: readonly string[]; readonly condition?: object } = {},
): string {
  return policy({
    Effect: 'Allow',
    Principal: principal,
    Action: more.actions ?? 'sts:AssumeRole',
    ...(more.condition === undefined ? {} : { Condition: more.condition }),
  });
}

const assumeAnything = policy({ Effect: 'Allow', Action: 'sts:*', Resource: '*' });

/** A user `alice` in `home` who may assume any role, and a role `deploy` in `target`. */
function setUp(
  trustPolicy: string = trust({ AWS: home }),
  userPolicy: string = assumeAnything,
): {
  sandbox: TestSandbox;
  alice: IssuedKey;
} {
  const sandbox = makeSandbox({ services: [iamService, stsService] });
  const { world, time } = sandbox;
  createUser(world, home, { name: 'alice', createdAt: 0, inline: { p: userPolicy } });
  createRole(world, target, { name: 'deploy', trust: trustPolicy, createdAt: 0, inline: { p: assumeAnything } });
  return { sandbox, alice: createAccessKey(world, home, 'alice', time) };
}

async function assume(
  sandbox: TestSandbox,
  key: IssuedKey,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<{ readonly answer?: AssumeRoleCommandOutput; readonly key?: IssuedKey; readonly refusal: string }> {
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'session', ...more });
  try {
    const answer = await sandbox.connect(STSClient, key).send(command);
    const issued = sandbox.world.keys.find(answer.Credentials?.AccessKeyId ?? '');
    return { answer, refusal: '', ...(issued === undefined ? {} : { key: issued }) };
  } catch (error) {
    return { refusal: textOf(error) };
  } finally {
    expect(sandbox.problems).toEqual([]);
  }
}

function sessionOf(key: IssuedKey | undefined): RoleSession | undefined {
  return key?.caller.kind === 'role' ? key.caller.session : undefined;
}

function textOf(error: unknown): string {
  const { Code, name, message, $metadata } = error as Error & { Code?: string; $metadata: { httpStatusCode: number } };
  return `${$metadata.httpStatusCode} ${Code ?? name}: ${message}`;
}

const denied = (action: string, who: string = `arn:aws:iam::${home}:user/alice`): string =>
  `403 AccessDenied: User: ${who} is not authorized to perform: ${action} on resource: ${roleArn}`;

test('between accounts both sides must allow', async () => {
  const both = setUp();
  const { answer, key } = await assume(both.sandbox, both.alice);
  expect(answer?.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${target}:assumed-role/deploy/session`);
  expect(answer?.Credentials?.Expiration?.getTime()).toBe(key?.expiresAt);
  expect(answer?.PackedPolicySize).toBeUndefined();
  const onlyTrust = setUp(trust({ AWS: home }), policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
  expect((await assume(onlyTrust.sandbox, onlyTrust.alice)).refusal).toBe(denied('sts:AssumeRole'));
  const onlyUser = setUp(trust({ AWS: '333333333333' }));
  expect((await assume(onlyUser.sandbox, onlyUser.alice)).refusal).toBe(denied('sts:AssumeRole'));
});

test('a role that does not exist is refused in the same words', async () => {
  const { sandbox, alice } = setUp();
  sandbox.world.iam.accounts.get(target)?.roles.clear();
  expect((await assume(sandbox, alice)).refusal).toBe(denied('sts:AssumeRole'));
  expect((await assume(sandbox, alice, { RoleArn: 'arn:aws:iam::222222222222:user/deploy' })).refusal).toMatch(
    /^400 ValidationError/,
  );
});

test('the external id and the session name are conditions', async () => {
  const { sandbox, alice } = setUp(
    trust(
      { AWS: home },
      { condition: { StringEquals: { 'sts:ExternalId': 'x-1', 'sts:RoleSessionName': 'session' } } },
    ),
  );
  expect((await assume(sandbox, alice)).refusal).toBe(denied('sts:AssumeRole'));
  expect((await assume(sandbox, alice, { ExternalId: 'x-2' })).refusal).toBe(denied('sts:AssumeRole'));
  expect((await assume(sandbox, alice, { ExternalId: 'x-1' })).refusal).toBe('');
  expect((await assume(sandbox, alice, { ExternalId: 'x-1', RoleSessionName: 'other' })).refusal).toBe(
    denied('sts:AssumeRole'),
  );
  for (const RoleSessionName of ['s', 'x'.repeat(65), 'a b', 'ä-ö']) {
    expect((await assume(sandbox, alice, { RoleSessionName })).refusal).toMatch(
      /^400 ValidationError: 1 validation error/,
    );
  }
});

test('a session lasts as long as was asked, within what the role and the chain allow', async () => {
  const { sandbox, alice } = setUp(trust({ AWS: '*' }));
  const role = sandbox.world.iam.accounts.get(target)?.roles.get('deploy');
  if (role !== undefined) role.maxSessionDuration = 7200;
  expect((await assume(sandbox, alice, { DurationSeconds: 899 })).refusal).toMatch(
    /^400 ValidationError: 1 validation error/,
  );
  expect((await assume(sandbox, alice, { DurationSeconds: 7201 })).refusal).toBe(
    '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
  const first = await assume(sandbox, alice, { DurationSeconds: 7200 });
  expect(first.key?.expiresAt).toBe(sandbox.time.now() + 7_200_000);
  expect((await assume(sandbox, first.key as IssuedKey, { DurationSeconds: 3601 })).refusal).toBe(
    '400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
  const second = await assume(sandbox, first.key as IssuedKey, { DurationSeconds: 3600 });
  expect(second.key?.expiresAt).toBe(sandbox.time.now() + 3_600_000);
  expect(sessionOf(second.key)?.chained).toBe(true);
});

test('an AWS hour that was made shorter shortens the session', async () => {
  const { sandbox, alice } = setUp();
  sandbox.time.setHourSeconds(60);
  const { answer, key } = await assume(sandbox, alice);
  expect(answer?.Credentials?.Expiration?.getTime()).toBe(sandbox.time.now() + 60_000);
  expect(key?.expiresAt).toBe(sandbox.time.now() + 60_000);
});

test('session policies only take away', async () => {
  const { sandbox, alice } = setUp();
  const { arn } = createManagedPolicy(sandbox.world, target, {
    name: 'info',
    text: policy({ Effect: 'Allow', Action: 'sts:GetAccessKeyInfo', Resource: '*' }),
    createdAt: 0,
  });
  const nothing = policy({ Effect: 'Deny', Action: '*', Resource: '*' });
  const info = async (key: IssuedKey | undefined): Promise<string> => {
    const command = new GetAccessKeyInfoCommand({ AccessKeyId: alice.accessKeyId });
    try {
      return (await sandbox.connect(STSClient, key).send(command)).Account ?? '';
    } catch (error) {
      return textOf(error);
    }
  };
  expect(await info((await assume(sandbox, alice)).key)).toBe(home);
  const small = await assume(sandbox, alice, { PolicyArns: [{ arn }] });
  expect(small.answer?.PackedPolicySize).toBeGreaterThan(0);
  expect(await info(small.key)).toBe(home);
  expect(await info((await assume(sandbox, alice, { Policy: nothing })).key)).toMatch(
    /^403 AccessDenied: .*session policy/,
  );
  const long = policy({ Effect: 'Allow', Action: '*', Resource: 'x'.repeat(2048) });
  expect((await assume(sandbox, alice, { Policy: long })).refusal).toMatch(
    /^400 ValidationError: .*less than or equal to 2048/,
  );
  expect((await assume(sandbox, alice, { Policy: '{}' })).refusal).toMatch(/^400 MalformedPolicyDocument/);
  const eleven = new Array(11).fill({ arn: 'arn:aws:iam::aws:policy/SecurityAudit' });
  expect((await assume(sandbox, alice, { PolicyArns: eleven })).refusal).toMatch(/^400 ValidationError/);
  expect((await assume(sandbox, alice, { PolicyArns: [{ arn: `${arn}x` }] })).refusal).toMatch(
    /^400 MalformedPolicyDocument/,
  );
});

test('tags need sts:TagSession, and transitive ones go on through the chain and cannot be changed', async () => {
  const tags = {
    Tags: [
      { Key: 'run', Value: '7' },
      { Key: 'team', Value: 'a' },
    ],
    TransitiveTagKeys: ['run'],
  };
  const refused = setUp();
  expect((await assume(refused.sandbox, refused.alice, tags)).refusal).toBe(denied('sts:TagSession'));
  const { sandbox, alice } = setUp(trust({ AWS: [home, target] }, { actions: ['sts:AssumeRole', 'sts:TagSession'] }));
  const first = await assume(sandbox, alice, tags);
  const second = await assume(sandbox, first.key as IssuedKey, { Tags: [{ Key: 'team', Value: 'b' }] });
  expect(sessionOf(second.key)).toMatchObject({
    tags: new Map([
      ['run', '7'],
      ['team', 'b'],
    ]),
    transitiveTagKeys: ['run'],
  });
  const changed = await assume(sandbox, first.key as IssuedKey, { Tags: [{ Key: 'Run', Value: '8' }] });
  expect(changed.refusal).toMatch(/^400 InvalidParameterValue: One of the specified transitive tag keys/);
  putTrustPolicy(sandbox.world, target, 'deploy', trust({ AWS: [home, target] }));
  const who = `arn:aws:sts::${target}:assumed-role/deploy/session`;
  expect((await assume(sandbox, first.key as IssuedKey)).refusal).toBe(denied('sts:TagSession', who));
  for (const bad of [
    {
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    },
    { Tags: [{ Key: 'aws:x', Value: '1' }] },
    { TransitiveTagKeys: ['missing'] },
    { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })) },
  ]) {
    expect((await assume(sandbox, alice, bad)).refusal).toMatch(/^400 InvalidParameterValue/);
  }
});

test('too many tags fill the space that policies share', async () => {
  const { sandbox, alice } = setUp(trust({ AWS: home }, { actions: ['sts:AssumeRole', 'sts:TagSession'] }));
  const Tags = Array.from({ length: 20 }, (_, i) => ({ Key: `k${i}`, Value: 'v'.repeat(200) }));
  expect((await assume(sandbox, alice, { Tags })).refusal).toMatch(
    /^400 PackedPolicyTooLarge: Packed policy consumes \d+%/,
  );
});

test('a source identity stays for the whole chain', async () => {
  const refused = setUp();
  expect((await assume(refused.sandbox, refused.alice, { SourceIdentity: 'alice' })).refusal).toBe(
    denied('sts:SetSourceIdentity'),
  );
  const { sandbox, alice } = setUp(
    trust({ AWS: [home, target] }, { actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }),
  );
  const first = await assume(sandbox, alice, { SourceIdentity: 'alice' });
  expect(first.answer?.SourceIdentity).toBe('alice');
  const second = await assume(sandbox, first.key as IssuedKey);
  expect(second.answer?.SourceIdentity).toBe('alice');
  expect((await assume(sandbox, second.key as IssuedKey, { SourceIdentity: 'mallory' })).refusal).toMatch(
    /^403 AccessDenied/,
  );
});

test('sessions of GetSessionToken', async () => {
  const { sandbox, alice } = setUp();
  const { Credentials: credentials } = await sandbox.connect(STSClient, alice).send(new GetSessionTokenCommand({}));
  const key = sandbox.world.keys.find(credentials?.AccessKeyId ?? '') as IssuedKey;
  expect(key.expiresAt).toBe(sandbox.time.now() + 43_200_000);
  const client = sandbox.connect(STSClient, key);
  expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${home}:user/alice`);
  const again = client.send(new GetSessionTokenCommand({})).catch(textOf);
  expect(await again).toBe('403 AccessDenied: Cannot call GetSessionToken with session credentials');
  const forged = { ...key, sessionToken: alice.secretAccessKey };
  expect(await sandbox.connect(STSClient, forged).send(new GetCallerIdentityCommand({})).catch(textOf)).toMatch(
    /^403 InvalidClientTokenId/,
  );
});

test('what cannot be done here is refused and said', async () => {
  const { sandbox, alice } = setUp(trust({ AWS: home }));
  expect((await assume(sandbox, sandbox.issueKey({ account: home }))).refusal).toBe(
    '403 AccessDenied: Roles may not be assumed by root accounts.',
  );
  const mfa = { SerialNumber: `arn:aws:iam::${home}:mfa/alice`, TokenCode: '123456' };
  expect((await assume(sandbox, alice, mfa)).refusal).toMatch(/^403 AccessDenied: MultiFactorAuthentication failed/);
  const client = sandbox.connect(STSClient, alice);
  const decode = client.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' })).catch(textOf);
  expect(await decode).toBe('400 InvalidAuthorizationMessageException: Message is not valid.');
  const saml = new AssumeRoleWithSAMLCommand({
    RoleArn: roleArn,
    PrincipalArn: `arn:aws:iam::${target}:saml-provider/p`,
    SAMLAssertion: 'PHg+',
  });
  expect(await client.send(saml).catch(textOf)).toMatch(/^400 InvalidIdentityToken/);
});

test('a Deny on everything does not reach GetCallerIdentity, and the keys of GetSessionToken do not reach IAM', async () => {
  const { sandbox, alice } = setUp(trust({ AWS: home }), policy({ Effect: 'Deny', Action: '*', Resource: '*' }));
  const client = sandbox.connect(STSClient, alice);
  expect((await client.send(new GetCallerIdentityCommand({}))).UserId).toMatch(/^AIDA/);
  const { Credentials: credentials } = await client.send(new GetSessionTokenCommand({}));
  const key = sandbox.world.keys.find(credentials?.AccessKeyId ?? '');
  const listing = sandbox.connect(IAMClient, key).send(new ListUsersCommand({}));
  expect(await listing.catch(textOf)).toMatch(/^403 InvalidClientTokenId/);
});

test("inside one account the trust policy decides: the account needs the caller's own policy, a named user does not", async () => {
  const { sandbox } = setUp();
  const { world, time } = sandbox;
  createUser(world, target, { name: 'carol', createdAt: 0 });
  const carol = createAccessKey(world, target, 'carol', time);
  const who = `arn:aws:iam::${target}:user/carol`;
  putTrustPolicy(world, target, 'deploy', trust({ AWS: target }));
  expect((await assume(sandbox, carol)).refusal).toBe(denied('sts:AssumeRole', who));
  putTrustPolicy(world, target, 'deploy', trust({ AWS: who }));
  expect((await assume(sandbox, carol)).refusal).toBe('');
  putTrustPolicy(
    world,
    target,
    'deploy',
    trust({ Federated: `arn:aws:iam::${target}:oidc-provider/app.terraform.io` }),
  );
  expect((await assume(sandbox, carol)).refusal).toBe(denied('sts:AssumeRole', who));
});
