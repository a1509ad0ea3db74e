/** What has hurt people who automated Identity Center: each an incident of theirs, and here a promise of the sandbox. */

import { GetUserIdCommand, IdentitystoreClient, ListUsersCommand } from '@aws-sdk/client-identitystore';
import { OrganizationsClient, RegisterDelegatedAdministratorCommand } from '@aws-sdk/client-organizations';
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribePermissionSetProvisioningStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { expect, test } from 'vitest';
import {
  addPolicy,
  type IdentityCenterSandbox,
  makeIdentityCenter,
  management,
  production,
  staging,
} from '../../../../test/support/identity-center.ts';
import { createUser, putUserPolicy } from '../iam/build.ts';
import { assign, createControlTowerSets } from '../identity-center/build.ts';

function setUp() {
  const sandbox = makeIdentityCenter();
  const admin = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management }));
  const InstanceArn = sandbox.world.identityCenter.instanceArn;
  const target = (account: string) => ({
    InstanceArn,
    TargetId: account,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: sandbox.deploy.arn,
    PrincipalType: 'USER' as const,
    PrincipalId: sandbox.bob.id,
  });
  return { sandbox, admin, InstanceArn, target };
}

/** The status after the operation is over. */
async function statusOf(sandbox: IdentityCenterSandbox, admin: SSOAdminClient, requestId: string | undefined) {
  sandbox.time.advance(1000);
  const answer = await admin.send(
    new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn: sandbox.world.identityCenter.instanceArn,
      AccountAssignmentCreationRequestId: requestId,
    }),
  );
  return answer.AccountAssignmentCreationStatus;
}

test('1: an assignment to an account that does not exist is taken, and fails where nobody looks', async () => {
  const { sandbox, admin, InstanceArn, target } = setUp();
  const { AccountAssignmentCreationStatus: begun } = await admin.send(
    new CreateAccountAssignmentCommand(target('999999999999')),
  );
  expect(begun?.Status).toBe('IN_PROGRESS');
  const status = await statusOf(sandbox, admin, begun?.RequestId);
  expect(status?.Status).toBe('FAILED');
  expect(status?.FailureReason).toContain('404');
  const listed = await admin.send(
    new ListAccountAssignmentsCommand({ InstanceArn, AccountId: '999999999999', PermissionSetArn: sandbox.deploy.arn }),
  );
  expect(listed.AccountAssignments).toEqual([]);
});

test('2: taking an assignment away soon after making it is a conflict', async () => {
  const { sandbox, admin, target } = setUp();
  await admin.send(new CreateAccountAssignmentCommand(target(staging)));
  const remove = () => admin.send(new DeleteAccountAssignmentCommand(target(staging)));
  await expect(remove()).rejects.toMatchObject({ name: 'ConflictException' });
  sandbox.time.advance(1000);
  expect((await remove()).AccountAssignmentDeletionStatus?.Status).toBe('IN_PROGRESS');
  await expect(remove()).rejects.toMatchObject({ name: 'ConflictException' });
});

test('3: the call says IN_PROGRESS, and FAILED comes later: the account is full of roles', async () => {
  const { sandbox, admin, target } = setUp();
  sandbox.world.identityCenter.settings.rolesPerAccount = 0;
  const { AccountAssignmentCreationStatus: begun } = await admin.send(
    new CreateAccountAssignmentCommand(target(staging)),
  );
  expect(begun?.Status).toBe('IN_PROGRESS');
  expect(begun?.FailureReason).toBeUndefined();
  expect(await statusOf(sandbox, admin, begun?.RequestId)).toMatchObject({
    Status: 'FAILED',
    FailureReason: expect.stringContaining('RolesPerAccount'),
  });
});

test('3 again: a customer managed policy is missing in the account', async () => {
  const { sandbox, admin, InstanceArn, target } = setUp();
  await admin.send(
    new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
      InstanceArn,
      PermissionSetArn: sandbox.deploy.arn,
      CustomerManagedPolicyReference: { Name: 'session-guard', Path: '/' },
    }),
  );
  const create = async () =>
    (await admin.send(new CreateAccountAssignmentCommand(target(staging)))).AccountAssignmentCreationStatus?.RequestId;
  expect(await statusOf(sandbox, admin, await create())).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'Received a 404 status error: Not supported policy session-guard.',
  });
  addPolicy(sandbox, staging, 'session-guard');
  expect(await statusOf(sandbox, admin, await create())).toMatchObject({ Status: 'SUCCEEDED' });
});

test('3 once more: in the management account the permissions of the caller count', async () => {
  const { sandbox, target } = setUp();
  createUser(sandbox.world, management, { name: 'sso-admin', createdAt: sandbox.time.now() });
  const allow = (...Action: string[]) =>
    putUserPolicy(
      sandbox.world,
      management,
      'sso-admin',
      'admin',
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }),
    );
  allow('sso:*');
  const admin = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management, userName: 'sso-admin' }));
  const create = async () =>
    (await admin.send(new CreateAccountAssignmentCommand(target(management)))).AccountAssignmentCreationStatus;
  const failed = await statusOf(sandbox, admin, (await create())?.RequestId);
  expect(failed?.Status).toBe('FAILED');
  expect(failed?.FailureReason).toContain('is not authorized to perform: iam:CreateRole');
  allow('sso:*', 'iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy');
  expect(await statusOf(sandbox, admin, (await create())?.RequestId)).toMatchObject({ Status: 'SUCCEEDED' });
});

test('4: a permission set is provisioned without any assignment', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  const { PermissionSet: set } = await admin.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'ReadOnly' }));
  const PermissionSetArn = set?.PermissionSetArn;
  const { PermissionSetProvisioningStatus: begun } = await admin.send(
    new ProvisionPermissionSetCommand({ InstanceArn, PermissionSetArn, TargetType: 'AWS_ACCOUNT', TargetId: staging }),
  );
  sandbox.time.advance(1000);
  const { PermissionSetProvisioningStatus: over } = await admin.send(
    new DescribePermissionSetProvisioningStatusCommand({
      InstanceArn,
      ProvisionPermissionSetRequestId: begun?.RequestId,
    }),
  );
  expect(over).toMatchObject({ Status: 'SUCCEEDED', AccountId: staging });
  const accounts = await admin.send(
    new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn }),
  );
  expect(accounts.AccountIds).toEqual([staging]);
  const assigned = await admin.send(
    new ListAccountAssignmentsCommand({ InstanceArn, AccountId: staging, PermissionSetArn }),
  );
  expect(assigned.AccountAssignments).toEqual([]);
  const names = [...(sandbox.world.iam.accounts.get(staging)?.roles.keys() ?? [])];
  expect(names).toEqual([expect.stringMatching(/^AWSReservedSSO_ReadOnly_[0-9a-f]{16}$/)]);
});

test('5: a delegated administrator touches neither the management account nor a set that is provisioned there', async () => {
  const { sandbox, admin, InstanceArn, target } = setUp();
  const organizations = sandbox.connect(OrganizationsClient, sandbox.issueKey({ account: management }));
  const delegate = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: staging }));
  const create = (account: string) => delegate.send(new CreateAccountAssignmentCommand(target(account)));
  await expect(create(production)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await organizations.send(
    new RegisterDelegatedAdministratorCommand({ AccountId: staging, ServicePrincipal: 'sso.amazonaws.com' }),
  );
  expect((await create(production)).AccountAssignmentCreationStatus?.Status).toBe('IN_PROGRESS');
  await expect(create(management)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const edit = (client: SSOAdminClient) =>
    client.send(
      new PutInlinePolicyToPermissionSetCommand({
        InstanceArn,
        PermissionSetArn: sandbox.deploy.arn,
        InlinePolicy: sandbox.deploy.inlinePolicy,
      }),
    );
  await edit(delegate);
  const principal = { type: 'USER', id: sandbox.ada.id } as const;
  assign(sandbox.world, { account: management, permissionSet: sandbox.deploy, principal, at: sandbox.time.now() });
  await expect(edit(delegate)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await edit(admin);
});

test('6: an e-mail address is no user name, and neither is matched by a part', async () => {
  const { sandbox } = setUp();
  const store = sandbox.connect(IdentitystoreClient, sandbox.issueKey({ account: management }));
  const IdentityStoreId = sandbox.world.identityCenter.identityStoreId;
  const find = (AttributePath: string, AttributeValue: string) =>
    store
      .send(
        new GetUserIdCommand({
          IdentityStoreId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
        }),
      )
      .then(({ UserId }) => UserId)
      .catch((error: Error) => error.name);
  expect(await find('userName', 'ada')).toBe(sandbox.ada.id);
  expect(await find('emails.value', 'ada@example.com')).toBe(sandbox.ada.id);
  expect(await find('userName', 'ada@example.com')).toBe('ResourceNotFoundException');
  expect(await find('emails.value', 'ada@example.org')).toBe('ResourceNotFoundException');
  expect(await find('userName', 'ad')).toBe('ResourceNotFoundException');
  const { Users } = await store.send(
    new ListUsersCommand({ IdentityStoreId, Filters: [{ AttributePath: 'UserName', AttributeValue: 'a' }] }),
  );
  expect(Users).toEqual([]);
});

test('7: the sets of Control Tower stand among the others, and what is done to them does not last', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  const [administrator] = createControlTowerSets(sandbox.world, sandbox.time.now());
  await expect(
    admin.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'AWSAdministratorAccess' })),
  ).rejects.toMatchObject({ name: 'ConflictException' });
  const before = administrator?.managedPolicies;
  await admin.send(
    new AttachManagedPolicyToPermissionSetCommand({
      InstanceArn,
      PermissionSetArn: administrator?.arn,
      ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    }),
  );
  // Control Tower sets its landing zone up again.
  createControlTowerSets(sandbox.world, sandbox.time.now());
  const { AttachedManagedPolicies } = await admin.send(
    new ListManagedPoliciesInPermissionSetCommand({ InstanceArn, PermissionSetArn: administrator?.arn }),
  );
  expect(AttachedManagedPolicies?.map(({ Arn }) => Arn)).toEqual(before?.map(({ arn }) => arn));
});
