import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccounts,
  SSOClient,
} from '@aws-sdk/client-sso';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import {
  type IdentityCenterSandbox,
  makeIdentityCenter,
  management,
  production,
  signIn,
  staging,
} from '../../../../test/support/identity-center.ts';
import { recordCall } from '../cloudtrail/record.ts';
import { assign } from '../identity-center/build.ts';
import { assignmentKey } from '../identity-center/permission-set.ts';

const roleCredentials = (accessToken: string, accountId: string = production, roleName: string = 'Deploy') =>
  new GetRoleCredentialsCommand({ accessToken, accountId, roleName });

const refusal = async (asked: Promise<unknown>): Promise<unknown> =>
  await asked.then(
    () => 'allowed',
    (error: { name: string; message: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );

const noAccess = '403 ForbiddenException: No access';
const invalidToken = '401 UnauthorizedException: Session token not found or invalid';

async function signedIn(sandbox: IdentityCenterSandbox, userName: string) {
  return { sso: sandbox.connect(SSOClient), ...(await signIn(sandbox, userName)) };
}

test('role credentials work until the permission set says, as the person', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  const { roleCredentials: keys } = await sso.send(roleCredentials(accessToken));
  expect(keys?.expiration).toBe(sandbox.time.now() + 2 * 3_600_000);
  const sts = sandbox.connect(STSClient, undefined, {
    credentials: {
      accessKeyId: keys?.accessKeyId,
      secretAccessKey: keys?.secretAccessKey,
      sessionToken: keys?.sessionToken,
    },
    signer: undefined,
  });
  const who = await sts.send(new GetCallerIdentityCommand({}));
  expect(who.Account).toBe(production);
  expect(who.Arn).toMatch(/^arn:aws:sts::222222222222:assumed-role\/AWSReservedSSO_Deploy_[0-9a-f]{16}\/ada$/);
  sandbox.time.advance(2 * 3_600_000 - 1);
  await sts.send(new GetCallerIdentityCommand({}));
  sandbox.time.advance(1);
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: /Expired/ });
  expect(sandbox.problems).toEqual([]);
});

test('who has no assignment gets no access, and a made-up or expired token is not found', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'bob');
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe(noAccess);
  expect(await refusal(sso.send(new ListAccountRolesCommand({ accessToken, accountId: production })))).toBe(noAccess);
  expect(await refusal(sso.send(roleCredentials('made-up')))).toBe(invalidToken);
  sandbox.time.advance(3_600_000);
  expect(await refusal(sso.send(new ListAccountsCommand({ accessToken })))).toBe(invalidToken);
});

test('accounts and roles come through groups, in pages', async () => {
  const sandbox = makeIdentityCenter();
  const { ada, deploy, world } = sandbox;
  const at = sandbox.time.now();
  for (const account of [management, staging]) {
    assign(world, { account, permissionSet: deploy, principal: { type: 'USER', id: ada.id }, at });
  }
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  const ids: unknown[] = [];
  for await (const page of paginateListAccounts({ client: sso, pageSize: 2 }, { accessToken })) {
    expect(page.accountList?.length).toBeLessThanOrEqual(2);
    ids.push(...(page.accountList ?? []).map(({ accountId }) => accountId));
  }
  expect(ids).toEqual([management, production, staging]);
  const { roleList } = await sso.send(new ListAccountRolesCommand({ accessToken, accountId: production }));
  expect(roleList).toEqual([{ roleName: 'Deploy', accountId: production }]);
});

test('outside its window an assignment gives nothing', async () => {
  const sandbox = makeIdentityCenter();
  const { bob, deploy, world } = sandbox;
  const at = sandbox.time.now();
  const principal = { type: 'USER', id: bob.id } as const;
  assign(world, { account: staging, permissionSet: deploy, principal, at, from: at + 60_000, until: at + 120_000 });
  const { sso, accessToken } = await signedIn(sandbox, 'bob');
  expect(await refusal(sso.send(roleCredentials(accessToken, staging)))).toBe(noAccess);
  sandbox.time.advance(60_000);
  expect(await refusal(sso.send(roleCredentials(accessToken, staging)))).toBe('allowed');
  sandbox.time.advance(60_000);
  expect(await refusal(sso.send(roleCredentials(accessToken, staging)))).toBe(noAccess);
});

test('a session that was logged out is over, and what it was given stays', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  const { roleCredentials: keys } = await sso.send(roleCredentials(accessToken));
  await sso.send(new LogoutCommand({ accessToken }));
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe(invalidToken);
  expect(sandbox.world.keys.find(keys?.accessKeyId ?? '')).toBeDefined();
});

test('a disabled person keeps the live session: what ends access is the assignment', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  sandbox.ada.status = 'DISABLED';
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe('allowed');
  sandbox.world.identityCenter.assignments.delete(
    assignmentKey({
      account: production,
      permissionSetArn: sandbox.deploy.arn,
      principalType: 'GROUP',
      principalId: sandbox.engineers.id,
    }),
  );
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe(noAccess);
});

test('attributes for access control are tags of the session', async () => {
  const sandbox = makeIdentityCenter();
  const source = '${path:emails[primary eq true].value}';
  sandbox.world.identityCenter.accessControlAttributes = new Map([['mail', [source]]]);
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  const { roleCredentials: keys } = await sso.send(roleCredentials(accessToken));
  const caller = sandbox.world.keys.find(keys?.accessKeyId ?? '')?.caller;
  expect(caller?.kind === 'role' && caller.session.tags).toEqual(new Map([['mail', 'ada@example.com']]));
});

test('a token for something else opens no account', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  const { tokens } = sandbox.world.identityCenter;
  const token = tokens.get(accessToken);
  if (token !== undefined) tokens.set(accessToken, { ...token, scopes: ['codewhisperer:completions'] });
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe(noAccess);
});

test('a deleted person has no session', async () => {
  const sandbox = makeIdentityCenter();
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  sandbox.world.identityCenter.users.delete(sandbox.ada.id);
  expect(await refusal(sso.send(roleCredentials(accessToken)))).toBe(invalidToken);
});

test('the portal of another region has never heard of the session', async () => {
  const sandbox = makeIdentityCenter();
  const { accessToken } = await signedIn(sandbox, 'ada');
  const elsewhere = sandbox.connect(SSOClient, undefined, { region: 'us-east-1' });
  expect(await refusal(elsewhere.send(roleCredentials(accessToken)))).toBe(invalidToken);
});

test('throttling is a fault that clients know by its name', async () => {
  const sandbox = makeIdentityCenter();
  sandbox.faults.add({
    id: 'throttle',
    on: { service: 'sso-portal' },
    effect: { kind: 'error', status: 429, code: 'TooManyRequestsException', message: 'HTTP 429 Unknown Code' },
  });
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  await expect(sso.send(roleCredentials(accessToken))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
});

test('CloudTrail has the person in the instance account and the SAML session in the target', async () => {
  const sandbox = makeIdentityCenter({ record: recordCall });
  const { sso, accessToken } = await signedIn(sandbox, 'ada');
  await sso.send(roleCredentials(accessToken));
  const { records } = sandbox.world.cloudtrail;
  expect(records.map(({ eventName }) => eventName)).toEqual([
    'CreateToken',
    'GetRoleCredentials',
    'AssumeRoleWithSAML',
  ]);
  const [token, asked, assumed] = records;
  const onBehalfOf = {
    userId: sandbox.ada.id,
    identityStoreArn: `arn:aws:identitystore::${management}:identitystore/${sandbox.world.identityCenter.identityStoreId}`,
  };
  expect(asked).toMatchObject({
    eventType: 'AwsServiceEvent',
    eventSource: 'sso.amazonaws.com',
    recipientAccountId: management,
    requestParameters: null,
    serviceEventDetails: { role_name: 'Deploy', account_id: production },
    userIdentity: { type: 'IdentityCenterUser', onBehalfOf },
  });
  // The renewal and use of one session share its credential id.
  expect(token?.userIdentity).toEqual(asked?.userIdentity);
  expect(assumed).toMatchObject({
    recipientAccountId: production,
    userIdentity: { type: 'SAMLUser', userName: 'ada' },
  });
  expect(JSON.stringify(records)).not.toContain(accessToken);
});
