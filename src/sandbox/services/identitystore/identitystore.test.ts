import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  type CreateUserCommandInput,
  DeleteGroupCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupCommand,
  DescribeGroupMembershipCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  ListUsersCommand,
  paginateListUsers,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore';
import { expect, test } from 'vitest';
import { makeIdentityCenter, management, production } from '../../../../test/support/identity-center.ts';

function setUp() {
  const sandbox = makeIdentityCenter();
  const store = sandbox.connect(IdentitystoreClient, sandbox.issueKey({ account: management }));
  const { identityStoreId: IdentityStoreId } = sandbox.world.identityCenter;
  const grace: CreateUserCommandInput = {
    IdentityStoreId,
    UserName: 'grace',
    DisplayName: 'Grace Hopper',
    Name: { GivenName: 'Grace', FamilyName: 'Hopper', HonorificPrefix: 'Rear Admiral' },
    Emails: [{ Value: 'grace@example.com', Type: 'work', Primary: true }],
    Title: 'Engineer',
  };
  return { sandbox, store, IdentityStoreId, grace };
}

test('a user is made, described as sent, changed and deleted', async () => {
  const { sandbox, store, IdentityStoreId, grace } = setUp();
  const { UserId } = await store.send(new CreateUserCommand(grace));
  expect(UserId).toMatch(/^[0-9a-f]{10}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const describe = () => store.send(new DescribeUserCommand({ IdentityStoreId, UserId }));
  expect(await describe()).toMatchObject({ ...grace, UserId, UserStatus: 'ENABLED' });
  await store.send(
    new UpdateUserCommand({
      IdentityStoreId,
      UserId,
      Operations: [
        { AttributePath: 'displayName', AttributeValue: 'Amazing Grace' },
        { AttributePath: 'name.familyName', AttributeValue: 'Murray' },
        { AttributePath: 'title', AttributeValue: undefined },
        { AttributePath: 'emails', AttributeValue: [{ value: 'g@example.com', type: 'home', primary: true }] },
      ],
    }),
  );
  const changed = await describe();
  expect(changed).toMatchObject({
    DisplayName: 'Amazing Grace',
    Name: { FamilyName: 'Murray', HonorificPrefix: 'Rear Admiral' },
    Emails: [{ Value: 'g@example.com', Type: 'home', Primary: true }],
  });
  expect(changed.Title).toBeUndefined();
  await store.send(new DeleteUserCommand({ IdentityStoreId, UserId }));
  await expect(describe()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    ResourceType: 'USER',
    ResourceId: UserId,
  });
  expect(sandbox.problems).toEqual([]);
});

test('user names, e-mail addresses and group names are taken once', async () => {
  const { store, IdentityStoreId, grace } = setUp();
  const uniqueness = { name: 'ConflictException', Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' };
  const create = (part: Partial<CreateUserCommandInput>) => store.send(new CreateUserCommand({ ...grace, ...part }));
  await expect(create({ UserName: 'ADA' })).rejects.toMatchObject(uniqueness);
  await expect(create({ Emails: [{ Value: 'ada@example.com' }] })).rejects.toMatchObject(uniqueness);
  const group = new CreateGroupCommand({ IdentityStoreId, DisplayName: 'engineers' });
  await expect(store.send(group)).rejects.toMatchObject(uniqueness);
});

test('what a user must have', async () => {
  const { store, grace } = setUp();
  for (const missing of ['UserName', 'DisplayName', 'Name'] as const) {
    const { [missing]: _, ...rest } = grace;
    await expect(store.send(new CreateUserCommand(rest as CreateUserCommandInput))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Member must not be null'),
    });
  }
});

test('groups and users are found by what is unique about them', async () => {
  const { sandbox, store, IdentityStoreId } = setUp();
  const byAttribute = (AttributePath: string, AttributeValue: string) => ({
    IdentityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  });
  const { GroupId } = await store.send(new GetGroupIdCommand(byAttribute('displayName', 'engineers')));
  expect(GroupId).toBe(sandbox.engineers.id);
  await expect(store.send(new GetGroupIdCommand(byAttribute('displayName', 'nobody')))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    ResourceType: 'GROUP',
  });
  const external = { ExternalId: { Issuer: 'https://idp.example', Id: '1' } };
  await expect(
    store.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier: external })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('lists take one filter, and come in pages', async () => {
  const { sandbox, store, IdentityStoreId } = setUp();
  const filter = { AttributePath: 'UserName', AttributeValue: 'bob' };
  const filtered = await store.send(new ListUsersCommand({ IdentityStoreId, Filters: [filter] }));
  expect(filtered.Users?.map(({ UserId }) => UserId)).toEqual([sandbox.bob.id]);
  const two = new ListUsersCommand({ IdentityStoreId, Filters: [filter, filter] });
  await expect(store.send(two)).rejects.toMatchObject({ name: 'ValidationException' });
  const names: unknown[] = [];
  for await (const page of paginateListUsers({ client: store, pageSize: 1 }, { IdentityStoreId })) {
    names.push(...(page.Users ?? []).map(({ UserName }) => UserName));
  }
  expect(names).toEqual(['ada', 'bob']);
  await expect(store.send(new ListUsersCommand({ IdentityStoreId, NextToken: 'Zm9v' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('a membership is made, found from both sides, and taken away', async () => {
  const { sandbox, store, IdentityStoreId } = setUp();
  const GroupId = sandbox.engineers.id;
  const MemberId = { UserId: sandbox.bob.id };
  const membership = { IdentityStoreId, GroupId, MemberId };
  const { MembershipId } = await store.send(new CreateGroupMembershipCommand(membership));
  await expect(store.send(new CreateGroupMembershipCommand(membership))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  expect(await store.send(new DescribeGroupMembershipCommand({ IdentityStoreId, MembershipId }))).toMatchObject(
    membership,
  );
  expect((await store.send(new GetGroupMembershipIdCommand(membership))).MembershipId).toBe(MembershipId);
  const inGroup = await store.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId }));
  expect(inGroup.GroupMemberships).toHaveLength(2);
  const ofBob = await store.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId }));
  expect(ofBob.GroupMemberships).toMatchObject([{ MembershipId, GroupId }]);
  const isMember = async () =>
    (await store.send(new IsMemberInGroupsCommand({ IdentityStoreId, MemberId, GroupIds: [GroupId] }))).Results;
  expect(await isMember()).toEqual([{ GroupId, MemberId, MembershipExists: true }]);
  await store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
  expect(await isMember()).toEqual([{ GroupId, MemberId, MembershipExists: false }]);
});

test('a group is renamed; deleted, its memberships and assignments are gone too', async () => {
  const { sandbox, store, IdentityStoreId } = setUp();
  const GroupId = sandbox.engineers.id;
  await store.send(
    new UpdateGroupCommand({
      IdentityStoreId,
      GroupId,
      Operations: [
        { AttributePath: 'displayName', AttributeValue: 'builders' },
        { AttributePath: 'description', AttributeValue: 'who build' },
      ],
    }),
  );
  const described = await store.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }));
  expect(described).toMatchObject({ DisplayName: 'builders', Description: 'who build' });
  await store.send(new DeleteGroupCommand({ IdentityStoreId, GroupId }));
  expect((await store.send(new ListGroupsCommand({ IdentityStoreId }))).Groups).toEqual([]);
  expect(sandbox.world.identityCenter.memberships.size).toBe(0);
  expect(sandbox.world.identityCenter.assignments.size).toBe(0);
});

test('a member account, and another store, are refused', async () => {
  const { sandbox, store } = setUp();
  const { identityStoreId: IdentityStoreId } = sandbox.world.identityCenter;
  const member = sandbox.connect(IdentitystoreClient, sandbox.issueKey({ account: production }));
  await expect(member.send(new ListUsersCommand({ IdentityStoreId }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  await expect(store.send(new ListUsersCommand({ IdentityStoreId: 'd-0000000000' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    ResourceType: 'IDENTITY_STORE',
  });
});
