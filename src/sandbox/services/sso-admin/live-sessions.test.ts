/** What cuts a session that was handed out: https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess-revoke-sessions.html */
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetRoleCredentialsCommand, SSOClient } from '@aws-sdk/client-sso';
import {
  DeleteAccountAssignmentCommand,
  ListInstancesCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { expect, test } from 'vitest';
import { makeIdentityCenter, management, signIn, staging } from '../../../../test/support/identity-center.ts';
import { createManagedPolicy } from '../iam/build.ts';
import { readPolicy } from '../iam/policy-text.ts';
import { assign, createPermissionSet } from '../identity-center/build.ts';
import { attachPolicy, createPolicy, enablePolicyType } from '../organizations/build.ts';

const allow = { Effect: 'Allow', Action: 'organizations:DescribeOrganization', Resource: '*' };
const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const denyPerson = (userId: string, before?: string): object => ({
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: {
    StringEquals: { 'identitystore:UserId': userId },
    ...(before && { DateLessThan: { 'aws:TokenIssueTime': before } }),
  },
});

/** Ada and Bob with live role sessions of one permission set in staging. */
async function setUp() {
  const sandbox = makeIdentityCenter();
  const { world, ada, bob } = sandbox;
  const at = sandbox.time.now();
  const guard = createManagedPolicy(world, staging, {
    name: 'session-guard',
    path: '/keyless/',
    createdAt: at,
    text: policyOf({ Effect: 'Deny', Action: 'none:*', Resource: '*' }),
  });
  const set = createPermissionSet(world, {
    name: 'Operate',
    createdAt: at,
    inlinePolicy: policyOf(allow),
    customerManagedPolicies: [{ name: 'session-guard', path: '/keyless/' }],
  });
  const sso = sandbox.connect(SSOClient);
  const enter = async (userName: string) => {
    const { accessToken } = await signIn(sandbox, userName);
    const fetch = async () => {
      const asked = new GetRoleCredentialsCommand({ accessToken, accountId: staging, roleName: 'Operate' });
      const { accessKeyId = '' } = (await sso.send(asked)).roleCredentials ?? {};
      const client = sandbox.connect(OrganizationsClient, world.keys.find(accessKeyId));
      return async () =>
        await client.send(new DescribeOrganizationCommand({})).then(
          () => 'allowed',
          (error: Error) => error.name,
        );
    };
    return { fetch, act: await fetch() };
  };
  for (const { id } of [ada, bob])
    assign(world, { account: staging, permissionSet: set, principal: { type: 'USER', id }, at });
  const sessions = { ada: await enter('ada'), bob: await enter('bob') };
  expect([await sessions.ada.act(), await sessions.bob.act()]).toEqual(['allowed', 'allowed']);
  const admin = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management }));
  const target = { InstanceArn: world.identityCenter.instanceArn, PermissionSetArn: set.arn };
  return { sandbox, ...sessions, admin, target, guard };
}

test('taking the assignment away stops new credentials, and those that were handed out live on', async () => {
  const { sandbox, ada, bob, admin, target } = await setUp();
  await admin.send(
    new DeleteAccountAssignmentCommand({
      ...target,
      TargetId: staging,
      TargetType: 'AWS_ACCOUNT',
      PrincipalType: 'USER',
      PrincipalId: sandbox.ada.id,
    }),
  );
  sandbox.time.advance(1000);
  await expect(ada.fetch()).rejects.toMatchObject({ name: 'ForbiddenException' });
  expect([await ada.act(), await bob.act()]).toEqual(['allowed', 'allowed']);
});

test('a Deny for the person in the permission set cuts them once it is provisioned, and spares the others', async () => {
  const { sandbox, ada, bob, admin, target } = await setUp();
  const InlinePolicy = policyOf(allow, denyPerson(sandbox.ada.id));
  await admin.send(new PutInlinePolicyToPermissionSetCommand({ ...target, InlinePolicy }));
  expect(await ada.act()).toBe('allowed');
  await admin.send(new ProvisionPermissionSetCommand({ ...target, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }));
  sandbox.time.advance(1000);
  await admin.send(new ListInstancesCommand({}));
  expect([await ada.act(), await bob.act()]).toEqual(['AccessDeniedException', 'allowed']);
});

test('the same Deny in a service control policy needs no provisioning', async () => {
  const { sandbox, ada, bob } = await setUp();
  enablePolicyType(sandbox.world, 'SERVICE_CONTROL_POLICY');
  const text = policyOf(denyPerson(sandbox.ada.id));
  const { id } = createPolicy(sandbox.world, { name: 'revoked', type: 'SERVICE_CONTROL_POLICY', text });
  attachPolicy(sandbox.world, id, staging);
  expect([await ada.act(), await bob.act()]).toEqual(['AccessDeniedException', 'allowed']);
});

test('a guard policy in the account cuts the sessions of one person from before an instant', async () => {
  const { sandbox, ada, bob, guard } = await setUp();
  sandbox.time.advance(5000);
  const before = new Date(sandbox.time.now()).toISOString();
  const text = policyOf(denyPerson(sandbox.ada.id, before));
  const version = { ...readPolicy(guard.arn, text, 'identity'), versionId: 'v2', createdAt: sandbox.time.now() };
  guard.versions = [...guard.versions, version];
  guard.defaultVersionId = 'v2';
  expect([await ada.act(), await bob.act()]).toEqual(['AccessDeniedException', 'allowed']);
  sandbox.time.advance(1000);
  // The assignment is still there: who signs in again is in again.
  expect(await (await ada.fetch())()).toBe('allowed');
});
