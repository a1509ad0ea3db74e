/** Groups, and who is in them. */
import type { ModelInput } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import { addMember, createGroup as build } from '../identity-center/build.ts';
import type { DirectoryGroup } from '../identity-center/state.ts';
import { alternateIdentifier, matchingGroups } from './identifiers.ts';
import { idRules, type StoreCall, type StoreEntry, storeOperation, textRules } from './store-call.ts';
import { readOperations } from './user-changes.ts';
import { readFilter } from './users.ts';

function createGroup(store: StoreCall): Output {
  const { input, world } = store;
  store.enter('group/*');
  const displayName = input.string('DisplayName', textRules);
  const description = input.optionalString('Description', textRules);
  if (matchingGroups(world, 'displayName', displayName).length > 0) throw store.duplicate('GroupDisplayName');
  const group = build(world, { displayName, ...(description === undefined ? {} : { description }) });
  return { GroupId: group.id, IdentityStoreId: world.identityCenter.identityStoreId };
}

function describeGroup(store: StoreCall): Output {
  return shape(store, named(store));
}

function listGroups(store: StoreCall): Output {
  store.enter('group/*');
  const { input, world } = store;
  const filter = readFilter(store);
  const groups = filter === undefined ? [...world.identityCenter.groups.values()] : matchingGroups(world, ...filter);
  const page = input.page(groups);
  return { Groups: page.items.map((group) => shape(store, group)), NextToken: page.nextToken };
}

function getGroupId(store: StoreCall): Output {
  const { input, world } = store;
  store.enter();
  const identifier = alternateIdentifier(store, input.struct('AlternateIdentifier'));
  // No group here comes from an external directory.
  const [group] = identifier.kind === 'external' ? [] : matchingGroups(world, identifier.path, identifier.value);
  if (group === undefined) throw store.notFound('GROUP', undefined, 'Group');
  return { GroupId: group.id, IdentityStoreId: world.identityCenter.identityStoreId };
}

function updateGroup(store: StoreCall): Output {
  const group = named(store);
  for (const { path, value } of readOperations(store)) changeGroup(store, group, path, value);
  return {};
}

/** Its memberships and assignments go with it. */
function deleteGroup(store: StoreCall): Output {
  const group = named(store);
  const { groups, memberships, assignments } = store.world.identityCenter;
  groups.delete(group.id);
  for (const { id, groupId } of [...memberships.values()]) if (groupId === group.id) memberships.delete(id);
  for (const [key, assignment] of [...assignments]) {
    if (assignment.principalType === 'GROUP' && assignment.principalId === group.id) assignments.delete(key);
  }
  return {};
}

function createMembership(store: StoreCall): Output {
  const { world } = store;
  const { groupId, userId } = readMembership(store);
  if (findMembership(store, groupId, userId) !== undefined) throw store.duplicate('GroupMembership');
  return {
    MembershipId: addMember(world, groupId, userId),
    IdentityStoreId: world.identityCenter.identityStoreId,
  };
}

function describeMembership(store: StoreCall): Output {
  return membershipShape(store, namedMembership(store));
}

function deleteMembership(store: StoreCall): Output {
  store.world.identityCenter.memberships.delete(namedMembership(store).id);
  return {};
}

function getMembershipId(store: StoreCall): Output {
  const { groupId, userId } = readMembership(store);
  const membership = findMembership(store, groupId, userId);
  if (membership === undefined) throw store.notFound('GROUP_MEMBERSHIP', undefined, 'GroupMembership');
  return { MembershipId: membership.id, IdentityStoreId: store.world.identityCenter.identityStoreId };
}

function listMemberships(store: StoreCall): Output {
  const groupId = store.input.string('GroupId', idRules);
  store.enter(`group/${groupId}`, 'membership/*');
  store.group(groupId);
  return membershipPage(store, (membership) => membership.groupId === groupId);
}

function listMembershipsForMember(store: StoreCall): Output {
  const userId = readMember(store.input);
  store.enter(`user/${userId}`, 'membership/*');
  store.user(userId);
  return membershipPage(store, (membership) => membership.userId === userId);
}

function isMemberInGroups(store: StoreCall): Output {
  const userId = readMember(store.input);
  const groupIds = store.input.strings('GroupIds', 1, 100, idRules);
  store.enter(`user/${userId}`, ...groupIds.map((id) => `group/${id}`));
  store.user(userId);
  return {
    Results: groupIds.map((groupId) => ({
      GroupId: store.group(groupId).id,
      MemberId: { UserId: userId },
      MembershipExists: findMembership(store, groupId, userId) !== undefined,
    })),
  };
}

export const groupOperations: readonly StoreEntry[] = [
  storeOperation('CreateGroup', 'write', createGroup),
  storeOperation('DescribeGroup', 'read', describeGroup),
  storeOperation('ListGroups', 'read', listGroups),
  storeOperation('GetGroupId', 'read', getGroupId),
  storeOperation('UpdateGroup', 'write', updateGroup),
  storeOperation('DeleteGroup', 'write', deleteGroup),
  storeOperation('CreateGroupMembership', 'write', createMembership),
  storeOperation('DescribeGroupMembership', 'read', describeMembership),
  storeOperation('DeleteGroupMembership', 'write', deleteMembership),
  storeOperation('GetGroupMembershipId', 'read', getMembershipId),
  storeOperation('ListGroupMemberships', 'read', listMemberships),
  storeOperation('ListGroupMembershipsForMember', 'read', listMembershipsForMember),
  storeOperation('IsMemberInGroups', 'read', isMemberInGroups),
];

interface Membership {
  readonly id: string;
  readonly groupId: string;
  readonly userId: string;
}

function named(store: StoreCall): DirectoryGroup {
  const id = store.input.string('GroupId', idRules);
  store.enter(`group/${id}`);
  return store.group(id);
}

function changeGroup(store: StoreCall, group: DirectoryGroup, path: string, value: unknown): void {
  const text = typeof value === 'string' && value !== '' ? value : undefined;
  if (path === 'displayName' && text !== undefined) {
    const taken = matchingGroups(store.world, path, text).some(({ id }) => id !== group.id);
    if (taken) throw store.duplicate('GroupDisplayName');
    group.displayName = text;
  } else if (path === 'description') {
    group.description = text;
  } else {
    throw store.refusal('ValidationException', `The attribute ${path} can't have this value.`);
  }
}

function readMember(input: ModelInput): string {
  return input.struct('MemberId').string('UserId', idRules);
}

function readMembership(store: StoreCall): { readonly groupId: string; readonly userId: string } {
  const groupId = store.input.string('GroupId', idRules);
  const userId = readMember(store.input);
  store.enter(`group/${groupId}`, `user/${userId}`, 'membership/*');
  return { groupId: store.group(groupId).id, userId: store.user(userId).id };
}

function findMembership({ world }: StoreCall, groupId: string, userId: string): Membership | undefined {
  for (const membership of world.identityCenter.memberships.values()) {
    if (membership.groupId === groupId && membership.userId === userId) return membership;
  }
  return undefined;
}

function namedMembership(store: StoreCall): Membership {
  const id = store.input.string('MembershipId', idRules);
  store.enter(`membership/${id}`);
  const membership = store.world.identityCenter.memberships.get(id);
  if (membership === undefined) throw store.notFound('GROUP_MEMBERSHIP', id, 'GroupMembership');
  return membership;
}

function membershipPage(store: StoreCall, wanted: (membership: Membership) => boolean): Output {
  const page = store.input.page([...store.world.identityCenter.memberships.values()].filter(wanted));
  return {
    GroupMemberships: page.items.map((membership) => membershipShape(store, membership)),
    NextToken: page.nextToken,
  };
}

function membershipShape({ world }: StoreCall, { id, groupId, userId }: Membership): Readonly<Record<string, unknown>> {
  return {
    IdentityStoreId: world.identityCenter.identityStoreId,
    MembershipId: id,
    GroupId: groupId,
    MemberId: { UserId: userId },
  };
}

function shape({ world }: StoreCall, group: DirectoryGroup): Readonly<Record<string, unknown>> {
  return {
    GroupId: group.id,
    DisplayName: group.displayName,
    ...(group.description === undefined ? {} : { Description: group.description }),
    IdentityStoreId: world.identityCenter.identityStoreId,
  };
}
