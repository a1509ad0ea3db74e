/** People of the directory. */
import type { ModelInput } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import { createUser as build } from '../identity-center/build.ts';
import type { DirectoryUser } from '../identity-center/state.ts';
import { alternateIdentifier, matching } from './identifiers.ts';
import { idRules, type StoreCall, type StoreEntry, storeOperation, textRules, userNameRules } from './store-call.ts';
import { changeUser, profileMembers, readEmail, readOperations } from './user-changes.ts';

function createUser(store: StoreCall): Output {
  const { input, world } = store;
  store.enter('user/*');
  const userName = input.string('UserName', userNameRules);
  const displayName = input.string('DisplayName', textRules);
  const name = input.struct('Name');
  const givenName = name.string('GivenName', textRules);
  const familyName = name.string('FamilyName', textRules);
  const email = readEmail(store, input.raw('Emails'));
  if (matching(world, 'userName', userName).length > 0) throw store.duplicate('UserName');
  if (email !== undefined && matching(world, 'emails.value', email.value).length > 0) throw store.duplicate('Email');
  const user = build(world, {
    userName,
    displayName,
    givenName,
    familyName,
    ...(email === undefined ? {} : { email: email.value }),
  });
  if (email !== undefined) user.profile.set('Emails', email.list);
  const names = input.raw('Name') as Readonly<Record<string, unknown>>;
  user.profile.set('Name', names);
  for (const member of profileMembers) if (input.has(member)) user.profile.set(member, input.raw(member));
  return { UserId: user.id, IdentityStoreId: world.identityCenter.identityStoreId };
}

function describeUser(store: StoreCall): Output {
  return shape(store, named(store));
}

function listUsers(store: StoreCall): Output {
  store.enter('user/*');
  const { input, world } = store;
  const filter = readFilter(store);
  const users = filter === undefined ? [...world.identityCenter.users.values()] : matching(world, ...filter);
  const page = input.page(users);
  return { Users: page.items.map((user) => shape(store, user)), NextToken: page.nextToken };
}

function getUserId(store: StoreCall): Output {
  const { input, world } = store;
  store.enter();
  const identifier = alternateIdentifier(store, input.struct('AlternateIdentifier'));
  const [user] =
    identifier.kind === 'external'
      ? [...world.identityCenter.users.values()].filter(({ externalIds }) =>
          externalIds.some(({ issuer, id }) => issuer === identifier.issuer && id === identifier.id),
        )
      : matching(world, identifier.path, identifier.value);
  if (user === undefined) throw store.notFound('USER', undefined, 'User');
  return { UserId: user.id, IdentityStoreId: world.identityCenter.identityStoreId };
}

function updateUser(store: StoreCall): Output {
  const user = named(store);
  for (const { path, value } of readOperations(store)) changeUser(store, user, path, value);
  return {};
}

/** Their memberships and assignments go with them. */
function deleteUser(store: StoreCall): Output {
  const user = named(store);
  const { users, memberships, assignments } = store.world.identityCenter;
  users.delete(user.id);
  for (const { id, userId } of [...memberships.values()]) if (userId === user.id) memberships.delete(id);
  for (const [key, assignment] of [...assignments]) {
    if (assignment.principalType === 'USER' && assignment.principalId === user.id) assignments.delete(key);
  }
  return {};
}

export const userOperations: readonly StoreEntry[] = [
  storeOperation('CreateUser', 'write', createUser),
  storeOperation('DescribeUser', 'read', describeUser),
  storeOperation('ListUsers', 'read', listUsers),
  storeOperation('GetUserId', 'read', getUserId),
  storeOperation('UpdateUser', 'write', updateUser),
  storeOperation('DeleteUser', 'write', deleteUser),
];

function named(store: StoreCall): DirectoryUser {
  const id = store.input.string('UserId', idRules);
  store.enter(`user/${id}`);
  return store.user(id);
}

/** At most one filter. */
export function readFilter({ input }: { readonly input: ModelInput }): readonly [string, string] | undefined {
  if (!input.has('Filters')) return undefined;
  const [filter] = input.structs('Filters', 0, 1);
  if (filter === undefined) return undefined;
  return [
    filter.string('AttributePath', { min: 1, max: 255, pattern: /\p{L}+(?:\.\p{L}+){0,2}/u }),
    filter.string('AttributeValue', textRules),
  ];
}

function shape({ world }: StoreCall, user: DirectoryUser): Readonly<Record<string, unknown>> {
  const { profile } = user;
  const sentName = profile.get('Name') as Readonly<Record<string, unknown>> | undefined;
  return {
    ...Object.fromEntries(profile),
    IdentityStoreId: world.identityCenter.identityStoreId,
    UserId: user.id,
    UserName: user.userName,
    ...(user.externalIds.length === 0
      ? {}
      : { ExternalIds: user.externalIds.map(({ issuer, id }) => ({ Issuer: issuer, Id: id })) }),
    Name: { ...sentName, GivenName: user.givenName, FamilyName: user.familyName },
    DisplayName: user.displayName,
    ...(user.email === undefined
      ? {}
      : { Emails: profile.get('Emails') ?? [{ Value: user.email, Type: 'work', Primary: true }] }),
    UserStatus: user.status,
  };
}
