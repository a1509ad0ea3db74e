import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreateInstanceAccessControlAttributeConfigurationCommand,
  CreatePermissionSetCommand,
  type CreatePermissionSetCommandInput,
  DeleteAccountAssignmentCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionSetCommand,
  DescribeInstanceAccessControlAttributeConfigurationCommand,
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListApplicationsCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ListTagsForResourceCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  SSOAdminClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { expect, test } from 'vitest';
import {
  makeIdentityCenter,
  management,
  production,
  signIn,
  staging,
} from '../../../../test/support/identity-center.ts';
import { createUser, putUserPolicy } from '../iam/build.ts';
import { sessionTags } from '../identity-center/session-tags.ts';

const policyOf = (...Action: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

function setUp() {
  const sandbox = makeIdentityCenter();
  const admin = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management }));
  const InstanceArn = sandbox.world.identityCenter.instanceArn;
  const set = { InstanceArn, PermissionSetArn: sandbox.deploy.arn };
  const assignment = (account: string) => ({
    ...set,
    TargetId: account,
    TargetType: 'AWS_ACCOUNT' as const,
    PrincipalType: 'USER' as const,
    PrincipalId: sandbox.bob.id,
  });
  return { sandbox, admin, InstanceArn, set, assignment };
}

test('the instance is known to the account and region that run it, and to no other', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  const { Instances } = await admin.send(new ListInstancesCommand({}));
  const { identityStoreId } = sandbox.world.identityCenter;
  expect(Instances).toMatchObject([{ InstanceArn, IdentityStoreId: identityStoreId, OwnerAccountId: management }]);
  expect(await admin.send(new DescribeInstanceCommand({ InstanceArn }))).toMatchObject({ Status: 'ACTIVE' });
  const member = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: production }));
  expect((await member.send(new ListInstancesCommand({}))).Instances).toEqual([]);
  await expect(member.send(new ListPermissionSetsCommand({ InstanceArn }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const elsewhere = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management }), { region: 'us-east-1' });
  expect((await elsewhere.send(new ListInstancesCommand({}))).Instances).toEqual([]);
});

test('a permission set is made, described, changed and deleted', async () => {
  const { admin, InstanceArn } = setUp();
  const { PermissionSet } = await admin.send(
    new CreatePermissionSetCommand({
      InstanceArn,
      Name: 'Audit',
      Description: 'reads',
      RelayState: 'https://a.example',
    }),
  );
  const PermissionSetArn = PermissionSet?.PermissionSetArn ?? '';
  expect(PermissionSetArn).toMatch(/^arn:aws:sso:::permissionSet\/ssoins-[0-9a-f]{16}\/ps-[0-9a-f]{16}$/);
  expect(PermissionSet).toMatchObject({ SessionDuration: 'PT1H', CreatedDate: new Date('2026-11-21T09:00:00Z') });
  await admin.send(new UpdatePermissionSetCommand({ InstanceArn, PermissionSetArn, SessionDuration: 'PT90M' }));
  const described = await admin.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }));
  expect(described.PermissionSet).toMatchObject({ Name: 'Audit', Description: 'reads', SessionDuration: 'PT90M' });
  // What an update leaves out of the relay state is cleared.
  expect(described.PermissionSet?.RelayState).toBeUndefined();
  await admin.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn }));
  await expect(admin.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test.each<[Partial<CreatePermissionSetCommandInput>, string]>([
  [{ Name: 'x'.repeat(33) }, 'ValidationException'],
  [{ Name: 'two words' }, 'ValidationException'],
  [{ Name: 'Deploy' }, 'ConflictException'],
  [{ Description: 'x'.repeat(701) }, 'ValidationException'],
  [{ RelayState: 'x'.repeat(241) }, 'ValidationException'],
  [{ SessionDuration: 'PT59M' }, 'ValidationException'],
  [{ SessionDuration: 'PT13H' }, 'ValidationException'],
  [{ SessionDuration: 'P1D' }, 'ValidationException'],
  [{ Tags: Array.from({ length: 76 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }, 'ValidationException'],
  [{ InstanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000' }, 'ResourceNotFoundException'],
])('creating with %j is refused with %s', async (part, name) => {
  const { admin, InstanceArn } = setUp();
  const input = { InstanceArn, Name: 'New', ...part };
  await expect(admin.send(new CreatePermissionSetCommand(input))).rejects.toMatchObject({ name });
});

test('an inline policy has its limits, and an absent one is empty', async () => {
  const { admin, set } = setUp();
  const put = (InlinePolicy: string) => admin.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy }));
  await expect(put('{"no":"policy"}')).rejects.toMatchObject({ name: 'ValidationException' });
  const long = policyOf(...Array.from({ length: 600 }, (_, n) => `s3:Get${'x'.repeat(10)}${n}`));
  await expect(put(long)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  const spaced = policyOf('s3:GetObject').replaceAll(',', `,${' '.repeat(8000)}`);
  await put(spaced);
  expect((await admin.send(new GetInlinePolicyForPermissionSetCommand(set))).InlinePolicy).toBe(spaced);
  const { PermissionSet } = await admin.send(
    new CreatePermissionSetCommand({ InstanceArn: set.InstanceArn, Name: 'Empty' }),
  );
  const empty = { ...set, PermissionSetArn: PermissionSet?.PermissionSetArn };
  expect((await admin.send(new GetInlinePolicyForPermissionSetCommand(empty))).InlinePolicy).toBe('');
});

test('managed policies: twice is a conflict, absent is not found, more than twenty are too many', async () => {
  const { admin, set } = setUp();
  const attach = (name: string) =>
    admin.send(
      new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn: `arn:aws:iam::aws:policy/${name}` }),
    );
  for (let n = 0; n < 20; n++) await attach(`Policy${n}`);
  await expect(attach('Policy0')).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(attach('Policy20')).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  await expect(
    admin.send(
      new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn: 'arn:aws:iam::aws:policy/None' }),
    ),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an edit reaches an account when the set is provisioned again', async () => {
  const { sandbox, admin, set } = setUp();
  const role = () => {
    const name = sandbox.deploy.roleNames.get(production) ?? '';
    return sandbox.world.iam.accounts.get(production)?.roles.get(name);
  };
  const before = role();
  const inlineOf = () => role()?.inline.get('AwsSSOInlinePolicy')?.text;
  await admin.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: policyOf('s3:PutObject') }));
  expect(inlineOf()).toContain('s3:GetObject');
  const stale = { ...set, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' } as const;
  expect((await admin.send(new ListAccountsForProvisionedPermissionSetCommand(stale))).AccountIds).toEqual([
    production,
  ]);
  const { InstanceArn } = set;
  const inAccount = { InstanceArn, AccountId: production, ProvisioningStatus: stale.ProvisioningStatus };
  const sets = await admin.send(new ListPermissionSetsProvisionedToAccountCommand(inAccount));
  expect(sets.PermissionSets).toEqual([sandbox.deploy.arn]);
  await admin.send(new ProvisionPermissionSetCommand({ ...set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }));
  sandbox.time.advance(1000);
  expect((await admin.send(new ListAccountsForProvisionedPermissionSetCommand(stale))).AccountIds).toEqual([]);
  expect(inlineOf()).toContain('s3:PutObject');
  await admin.send(new DeleteInlinePolicyFromPermissionSetCommand(set));
  await admin.send(new ProvisionPermissionSetCommand({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: production }));
  sandbox.time.advance(1000);
  await admin.send(new ListInstancesCommand({}));
  expect(inlineOf()).toBeUndefined();
  // The same role: its name, and with it every policy that names it, stays.
  expect(role()?.id).toBe(before?.id);
});

test('the boundary of a set becomes that of its roles', async () => {
  const { sandbox, admin, set } = setUp();
  const get = () => admin.send(new GetPermissionsBoundaryForPermissionSetCommand(set));
  await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const ManagedPolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await admin.send(
    new PutPermissionsBoundaryToPermissionSetCommand({ ...set, PermissionsBoundary: { ManagedPolicyArn } }),
  );
  expect((await get()).PermissionsBoundary).toEqual({ ManagedPolicyArn });
  await admin.send(new ProvisionPermissionSetCommand({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: production }));
  sandbox.time.advance(1000);
  await admin.send(new ListInstancesCommand({}));
  const name = sandbox.deploy.roleNames.get(production) ?? '';
  expect(sandbox.world.iam.accounts.get(production)?.roles.get(name)?.boundary).toBe(ManagedPolicyArn);
});

test('an assignment twice is the same one; the last one gone takes the role with it, and the next role has another name', async () => {
  const { sandbox, admin, set, assignment } = setUp();
  for (let n = 0; n < 2; n++) {
    await admin.send(new CreateAccountAssignmentCommand(assignment(staging)));
    sandbox.time.advance(1000);
  }
  const { InstanceArn } = set;
  const rows = await admin.send(
    new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalType: 'USER', PrincipalId: sandbox.bob.id }),
  );
  expect(rows.AccountAssignments).toHaveLength(1);
  const first = sandbox.deploy.roleNames.get(staging);
  await expect(admin.send(new DeletePermissionSetCommand(set))).rejects.toMatchObject({ name: 'ConflictException' });
  await admin.send(new DeleteAccountAssignmentCommand(assignment(staging)));
  sandbox.time.advance(1000);
  await expect(admin.send(new DeleteAccountAssignmentCommand(assignment(staging)))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect(sandbox.world.iam.accounts.get(staging)?.roles.size).toBe(0);
  await admin.send(new CreateAccountAssignmentCommand(assignment(staging)));
  sandbox.time.advance(1000);
  const { AccountAssignmentsCreationStatus } = await admin.send(
    new ListAccountAssignmentCreationStatusCommand({ InstanceArn, Filter: { Status: 'SUCCEEDED' } }),
  );
  expect(AccountAssignmentsCreationStatus).toHaveLength(3);
  expect(sandbox.deploy.roleNames.get(staging)).not.toBe(first);
});

test('an operation is in progress until its time, which scales with the hour', async () => {
  const { sandbox, admin, set, assignment } = setUp();
  sandbox.time.setHourSeconds(1800);
  await admin.send(new CreateAccountAssignmentCommand(assignment(staging)));
  const { InstanceArn } = set;
  const inProgress = async () =>
    (
      await admin.send(
        new ListAccountAssignmentCreationStatusCommand({ InstanceArn, Filter: { Status: 'IN_PROGRESS' } }),
      )
    ).AccountAssignmentsCreationStatus?.length;
  sandbox.time.advance(499);
  expect(await inProgress()).toBe(1);
  expect(sandbox.deploy.roleNames.has(staging)).toBe(false);
  sandbox.time.advance(1);
  expect(await inProgress()).toBe(0);
  expect(sandbox.deploy.roleNames.has(staging)).toBe(true);
});

test('rows for a user hold those of their groups, with the group as principal', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  const rows = await admin.send(
    new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalType: 'USER', PrincipalId: sandbox.ada.id }),
  );
  expect(rows.AccountAssignments).toEqual([
    {
      AccountId: production,
      PermissionSetArn: sandbox.deploy.arn,
      PrincipalType: 'GROUP',
      PrincipalId: sandbox.engineers.id,
    },
  ]);
});

test('ten assignments at a time, and twenty calls a second where that is switched on', async () => {
  const { sandbox, admin, InstanceArn, assignment } = setUp();
  sandbox.world.identityCenter.settings.outstandingAssignments = 1;
  await admin.send(new CreateAccountAssignmentCommand(assignment(staging)));
  await expect(admin.send(new CreateAccountAssignmentCommand(assignment(production)))).rejects.toMatchObject({
    name: 'ThrottlingException',
  });
  sandbox.time.advance(1000);
  sandbox.world.identityCenter.settings.requestsPerSecond = 20;
  const calls = await Promise.allSettled(
    Array.from({ length: 25 }, async () => await admin.send(new ListPermissionSetsCommand({ InstanceArn }))),
  );
  expect(calls.filter(({ status }) => status === 'rejected')).toHaveLength(5);
});

test('policies decide by permission set, its tags and the account', async () => {
  const { sandbox, InstanceArn, set, assignment } = setUp();
  const root = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management }));
  createUser(sandbox.world, management, { name: 'delegate', createdAt: 0 });
  putUserPolicy(
    sandbox.world,
    management,
    'delegate',
    'p',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sso:*', Resource: [InstanceArn, `arn:aws:sso:::account/${staging}`] },
        {
          Effect: 'Allow',
          Action: 'sso:*',
          Resource: 'arn:aws:sso:::permissionSet/*',
          Condition: { StringEquals: { 'aws:ResourceTag/team': 'payments' } },
        },
      ],
    }),
  );
  const delegate = sandbox.connect(SSOAdminClient, sandbox.issueKey({ account: management, userName: 'delegate' }));
  const create = (account: string) => delegate.send(new CreateAccountAssignmentCommand(assignment(account)));
  await expect(create(staging)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const ResourceArn = set.PermissionSetArn;
  await root.send(new TagResourceCommand({ InstanceArn, ResourceArn, Tags: [{ Key: 'team', Value: 'payments' }] }));
  expect((await create(staging)).AccountAssignmentCreationStatus?.Status).toBe('IN_PROGRESS');
  await expect(create(production)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await root.send(new UntagResourceCommand({ InstanceArn, ResourceArn, TagKeys: ['team'] }));
  expect((await root.send(new ListTagsForResourceCommand({ InstanceArn, ResourceArn }))).Tags).toEqual([]);
});

test('attributes for access control become session tags', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  const AccessControlAttributes = [
    { Key: 'mail', Value: { Source: ['${path:emails[primary eq true].value}'] } },
    { Key: 'title', Value: { Source: ['${path:title}'] } },
  ];
  const InstanceAccessControlAttributeConfiguration = { AccessControlAttributes };
  await admin.send(
    new CreateInstanceAccessControlAttributeConfigurationCommand({
      InstanceArn,
      InstanceAccessControlAttributeConfiguration,
    }),
  );
  const described = await admin.send(new DescribeInstanceAccessControlAttributeConfigurationCommand({ InstanceArn }));
  expect(described).toMatchObject({ Status: 'ENABLED', InstanceAccessControlAttributeConfiguration });
  expect(sessionTags(sandbox.world, sandbox.ada)).toEqual(new Map([['mail', 'ada@example.com']]));
});

test('what is not modelled says so', async () => {
  const { sandbox, admin, InstanceArn } = setUp();
  await expect(admin.send(new ListApplicationsCommand({ InstanceArn }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('not modelled'),
    $metadata: { httpStatusCode: 400 },
  });
  await signIn(sandbox, 'ada');
  expect(sandbox.problems).toEqual([]);
});
