import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DeleteOrganizationalUnitCommand,
  DeletePolicyCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  EnableAWSServiceAccessCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  MoveAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
  RegisterDelegatedAdministratorCommand,
  TagResourceCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { makeIdentityCenter, management, production, staging } from '../../../../test/support/identity-center.ts';
import { orgPath, rcpLevels, scpLevels } from './levels.ts';

const SERVICE_CONTROL_POLICY = 'SERVICE_CONTROL_POLICY' as const;

function setUp() {
  const sandbox = makeIdentityCenter();
  const client = sandbox.connect(OrganizationsClient, sandbox.issueKey({ account: management }));
  const { rootId, id } = sandbox.world.organizations;
  const unit = async (Name: string, ParentId: string = rootId) => {
    const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
    return made.OrganizationalUnit?.Id ?? '';
  };
  const policy = async (Name: string, ...Action: string[]) => {
    const Content = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action, Resource: '*' }] });
    const made = await client.send(
      new CreatePolicyCommand({ Name, Description: '', Type: SERVICE_CONTROL_POLICY, Content }),
    );
    return made.Policy?.PolicySummary?.Id ?? '';
  };
  const enable = () => client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: SERVICE_CONTROL_POLICY }));
  return { sandbox, client, rootId, organizationId: id, unit, policy, enable };
}

test('the organisation, its root and its accounts', async () => {
  const { sandbox, client, rootId, organizationId } = setUp();
  expect((await client.send(new DescribeOrganizationCommand({}))).Organization).toMatchObject({
    Id: organizationId,
    Arn: `arn:aws:organizations::${management}:organization/${organizationId}`,
    MasterAccountId: management,
    FeatureSet: 'ALL',
  });
  expect((await client.send(new ListRootsCommand({}))).Roots).toMatchObject([{ Id: rootId, PolicyTypes: [] }]);
  const ids: unknown[] = [];
  for await (const page of paginateListAccounts({ client, pageSize: 2 }, {})) {
    ids.push(...(page.Accounts ?? []).map(({ Id }) => Id));
  }
  expect(ids).toEqual([management, production, staging]);
  const member = sandbox.connect(OrganizationsClient, sandbox.issueKey({ account: staging }));
  expect((await member.send(new DescribeOrganizationCommand({}))).Organization?.Id).toBe(organizationId);
  await expect(member.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(client.send(new DescribeAccountCommand({ AccountId: '999999999999' }))).rejects.toMatchObject({
    name: 'AccountNotFoundException',
  });
  expect(sandbox.problems).toEqual([]);
});

test('units hold accounts and units, and go only when they are empty', async () => {
  const { sandbox, client, rootId, organizationId, unit } = setUp();
  const workloads = await unit('workloads');
  const live = await unit('live', workloads);
  await expect(unit('workloads')).rejects.toMatchObject({ name: 'DuplicateOrganizationalUnitException' });
  const move = (SourceParentId: string, DestinationParentId: string) =>
    client.send(new MoveAccountCommand({ AccountId: production, SourceParentId, DestinationParentId }));
  await expect(move(workloads, live)).rejects.toMatchObject({ name: 'SourceParentNotFoundException' });
  await move(rootId, live);
  await expect(move(rootId, live)).rejects.toMatchObject({ name: 'DuplicateAccountException' });
  expect((await client.send(new ListParentsCommand({ ChildId: production }))).Parents).toEqual([
    { Id: live, Type: 'ORGANIZATIONAL_UNIT' },
  ]);
  const children = await client.send(new ListChildrenCommand({ ParentId: live, ChildType: 'ACCOUNT' }));
  expect(children.Children).toEqual([{ Id: production, Type: 'ACCOUNT' }]);
  const units = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: workloads }));
  expect(units.OrganizationalUnits).toMatchObject([{ Id: live, Name: 'live' }]);
  expect(orgPath(sandbox.world, production)).toBe(`${organizationId}/${rootId}/${workloads}/${live}/`);
  const remove = (OrganizationalUnitId: string) =>
    client.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId }));
  await expect(remove(live)).rejects.toMatchObject({ name: 'OrganizationalUnitNotEmptyException' });
  await move(live, rootId);
  await remove(live);
});

test('units are no deeper than five', async () => {
  const { unit, rootId } = setUp();
  let parent = rootId;
  for (let depth = 1; depth <= 5; depth++) parent = await unit('u', parent);
  await expect(unit('u', parent)).rejects.toMatchObject({
    name: 'ConstraintViolationException',
    Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
  });
});

test('switched on, service control policies allow everything everywhere until something else is attached', async () => {
  const { sandbox, client, rootId, unit, policy, enable } = setUp();
  expect(scpLevels(sandbox.world, production)).toBeUndefined();
  const workloads = await unit('workloads');
  await enable();
  await expect(enable()).rejects.toMatchObject({ name: 'PolicyTypeAlreadyEnabledException' });
  const MoveToUnit = { AccountId: production, SourceParentId: rootId, DestinationParentId: workloads };
  await client.send(new MoveAccountCommand(MoveToUnit));
  const names = () => scpLevels(sandbox.world, production)?.map((level) => level.map(({ name }) => name));
  expect(names()).toEqual([['FullAWSAccess'], ['FullAWSAccess'], ['FullAWSAccess']]);
  // What comes later may do everything too.
  await client.send(
    new MoveAccountCommand({ AccountId: staging, SourceParentId: rootId, DestinationParentId: await unit('later') }),
  );
  const later = scpLevels(sandbox.world, staging)?.map((level) => level.map(({ name }) => name));
  expect(later).toEqual([['FullAWSAccess'], ['FullAWSAccess'], ['FullAWSAccess']]);
  expect(scpLevels(sandbox.world, management)).toBeUndefined();
  expect(rcpLevels(sandbox.world, production)).toBeUndefined();
  const PolicyId = await policy('no-keys', 'iam:CreateAccessKey');
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId: workloads }));
  expect(names()).toEqual([['FullAWSAccess'], ['FullAWSAccess', 'no-keys'], ['FullAWSAccess']]);
  const TargetId = workloads;
  const listed = await client.send(new ListPoliciesForTargetCommand({ TargetId, Filter: SERVICE_CONTROL_POLICY }));
  expect(listed.Policies?.map(({ Name, AwsManaged }) => [Name, AwsManaged])).toEqual([
    ['FullAWSAccess', true],
    ['no-keys', false],
  ]);
  const { Targets } = await client.send(new ListTargetsForPolicyCommand({ PolicyId }));
  expect(Targets).toMatchObject([{ TargetId: workloads, Type: 'ORGANIZATIONAL_UNIT', Name: 'workloads' }]);
  const detach = (id: string) => client.send(new DetachPolicyCommand({ PolicyId: id, TargetId: production }));
  await expect(detach(PolicyId)).rejects.toMatchObject({ name: 'PolicyNotAttachedException' });
  await expect(detach('p-FullAWSAccess')).rejects.toMatchObject({
    name: 'ConstraintViolationException',
    Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
  });
});

test('an attached policy bounds what the accounts below can do', async () => {
  const { sandbox, client, policy, enable } = setUp();
  const organization = sandbox.connect(OrganizationsClient, sandbox.issueKey({ account: staging }));
  await enable();
  const PolicyId = await policy('closed', 'organizations:*');
  await organization.send(new DescribeOrganizationCommand({}));
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId: staging }));
  await expect(organization.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  // GetCallerIdentity needs no permission, so no policy takes it away.
  const sts = sandbox.connect(STSClient, sandbox.issueKey({ account: staging }));
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(staging);
});

test('policies are read, changed and refused as documents', async () => {
  const { client, policy, enable, rootId } = setUp();
  const create = (Content: string) =>
    client.send(new CreatePolicyCommand({ Name: 'p', Description: '', Type: SERVICE_CONTROL_POLICY, Content }));
  await expect(create('{"Statement":[]}')).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  await expect(create(`{"Version":"${'x'.repeat(5120)}"}`)).rejects.toMatchObject({
    name: 'ConstraintViolationException',
    Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED',
  });
  const PolicyId = await policy('no-keys', 'iam:CreateAccessKey');
  await expect(policy('no-keys', 'iam:*')).rejects.toMatchObject({ name: 'DuplicatePolicyException' });
  await client.send(new UpdatePolicyCommand({ PolicyId, Description: 'why' }));
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }));
  expect(Policy?.PolicySummary).toMatchObject({ Name: 'no-keys', Description: 'why' });
  await expect(client.send(new AttachPolicyCommand({ PolicyId, TargetId: rootId }))).rejects.toMatchObject({
    name: 'PolicyTypeNotEnabledException',
  });
  await enable();
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId: rootId }));
  await expect(client.send(new DeletePolicyCommand({ PolicyId }))).rejects.toMatchObject({
    name: 'PolicyInUseException',
  });
  await client.send(new DetachPolicyCommand({ PolicyId, TargetId: rootId }));
  await client.send(new DeletePolicyCommand({ PolicyId }));
  await expect(
    client.send(new UpdatePolicyCommand({ PolicyId: 'p-FullAWSAccess', Name: 'mine' })),
  ).rejects.toMatchObject({ name: 'InvalidInputException', Reason: 'IMMUTABLE_POLICY' });
});

test('an account administers a service when it may act here and is registered', async () => {
  const { client } = setUp();
  const register = (AccountId: string, ServicePrincipal: string) =>
    client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  await expect(register(management, 'sso.amazonaws.com')).rejects.toMatchObject({
    Reason: 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
  });
  await expect(register(staging, 'config.amazonaws.com')).rejects.toMatchObject({
    Reason: 'SERVICE_ACCESS_NOT_ENABLED',
  });
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'config.amazonaws.com' }));
  const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand({}));
  expect(EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal)).toEqual([
    'sso.amazonaws.com',
    'config.amazonaws.com',
  ]);
  await register(staging, 'config.amazonaws.com');
  await expect(register(staging, 'config.amazonaws.com')).rejects.toMatchObject({
    name: 'AccountAlreadyRegisteredException',
  });
  const { DelegatedAdministrators } = await client.send(new ListDelegatedAdministratorsCommand({}));
  expect(DelegatedAdministrators).toMatchObject([{ Id: staging, DelegationEnabledDate: expect.any(Date) }]);
});

test('a new account comes later, with the role that the management account enters by', async () => {
  const { sandbox, client } = setUp();
  const create = new CreateAccountCommand({ Email: 'new@example.com', AccountName: 'new' });
  const { CreateAccountStatus: begun } = await client.send(create);
  expect(begun).toMatchObject({ State: 'IN_PROGRESS', AccountName: 'new' });
  sandbox.time.advance(2000);
  const { CreateAccountStatus: over } = await client.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: begun?.Id }),
  );
  expect(over).toMatchObject({ State: 'SUCCEEDED', AccountId: expect.stringMatching(/^\d{12}$/) });
  const roles = sandbox.world.iam.accounts.get(over?.AccountId ?? '')?.roles;
  expect([...(roles?.keys() ?? [])]).toEqual(['OrganizationAccountAccessRole']);
  const again = await client.send(create);
  sandbox.time.advance(2000);
  const failed = await client.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: again.CreateAccountStatus?.Id }),
  );
  expect(failed.CreateAccountStatus).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
});

test('accounts carry tags', async () => {
  const { client } = setUp();
  await client.send(new TagResourceCommand({ ResourceId: staging, Tags: [{ Key: 'stage', Value: 'staging' }] }));
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: staging }));
  expect(Tags).toEqual([{ Key: 'stage', Value: 'staging' }]);
});
