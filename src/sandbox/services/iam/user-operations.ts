/** Users. Groups, passwords and MFA devices don't exist here: their lists are empty. */
import type { Operation } from '../../core/service.ts';
import { hasName, iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { findPolicy } from './find-policy.ts';
import {
  alreadyExists,
  askUser,
  authorize,
  deleteConflict,
  limitExceeded,
  merged,
  read,
  requestTags,
  write,
} from './operation.ts';
import { page } from './paging.ts';
import { nameRule, optionalText, requiredText } from './query-input.ts';
import { renderUser } from './render.ts';
import { boundaryContext, pathPrefixRule, pathRule } from './role-operations.ts';
import type { IamUser } from './state.ts';
import { readTagKeys, readTags, renderTags, withoutTags, withTags } from './tags.ts';

const usersPerAccount = 5000;

const createUser = write((call, input) => {
  const { world, account } = call;
  const name = requiredText(input, 'UserName', nameRule);
  const path = optionalText(input, 'Path', pathRule) ?? '/';
  const boundary = optionalText(input, 'PermissionsBoundary', { minimum: 20, maximum: 2048 });
  const tags = readTags(input);
  const arn = iamArn(world, account, `user${path}${name}`);
  authorize(call, arn, merged(requestTags(tags), boundaryContext(boundary)));
  const { users } = iamAccount(world, account);
  if (hasName(users, name)) throw alreadyExists(`User with name ${name} already exists.`);
  if (users.size >= usersPerAccount) throw limitExceeded(`Cannot exceed quota for UsersPerAccount: ${usersPerAccount}`);
  if (boundary !== undefined) findPolicy(world, account, boundary);
  const user: IamUser = {
    name,
    path,
    arn,
    id: world.ids.iam('AIDA'),
    createdAt: call.time.now(),
    tags,
    inline: new Map(),
    attached: [],
    boundary,
    accessKeys: [],
  };
  users.set(name, user);
  return { User: renderUser(user) };
});

/** The root user has no entity; IAM answers with its account. */
const getUser = read((call, input) => {
  const { caller } = call;
  if (caller.kind === 'root' && input.UserName === undefined) {
    authorize(call, caller.arn);
    const createdAt = call.world.organizations.accounts.get(caller.account)?.joinedAt ?? 0;
    return { User: { Path: '/', UserId: caller.account, Arn: caller.arn, CreateDate: new Date(createdAt) } };
  }
  return { User: renderUser(askUser(call, input)) };
});

const listUsers = read((call, input) => {
  const prefix = optionalText(input, 'PathPrefix', pathPrefixRule) ?? '/';
  authorize(call, iamArn(call.world, call.account, `user${prefix}`));
  const users = [...iamAccount(call.world, call.account).users.values()].filter(({ path }) => path.startsWith(prefix));
  const { items, more } = page(input, users, ({ name }) => name);
  return { Users: items.map((user) => renderUser(user, 'listed')), ...more };
});

/** A user of another name or path is another entry, with the same id, keys and policies. */
const updateUser = write((call, input) => {
  const { world, account } = call;
  requiredText(input, 'UserName', nameRule);
  const user = askUser(call, input);
  const name = optionalText(input, 'NewUserName', nameRule) ?? user.name;
  const path = optionalText(input, 'NewPath', pathRule) ?? user.path;
  const { users } = iamAccount(world, account);
  const others = new Map([...users].filter(([, other]) => other !== user));
  if (hasName(others, name)) throw alreadyExists(`User with name ${name} already exists.`);
  const arn = iamArn(world, account, `user${path}${name}`);
  authorize(call, arn);
  users.delete(user.name);
  users.set(name, { ...user, name, path, arn });
  for (const { accessKeyId } of user.accessKeys) {
    const key = world.keys.find(accessKeyId);
    if (key?.caller.kind === 'user') world.keys.put({ ...key, caller: { ...key.caller, userName: name, arn } });
  }
  return undefined;
});

const deleteUser = write((call, input) => {
  requiredText(input, 'UserName', nameRule);
  const user = askUser(call, input);
  if (user.accessKeys.length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
  if (user.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  iamAccount(call.world, call.account).users.delete(user.name);
  return undefined;
});

const tagUser = write((call, input) => {
  const tags = readTags(input);
  const user = askUser(call, input, requestTags(tags));
  user.tags = withTags(user.tags, tags);
  return undefined;
});

const untagUser = write((call, input) => {
  const keys = readTagKeys(input);
  const user = askUser(call, input, new Map([['aws:tagkeys', keys]]));
  user.tags = withoutTags(user.tags, keys);
  return undefined;
});

const listUserTags = read((call, input) => {
  const { items, more } = page(input, askUser(call, input).tags, ({ key }) => key);
  return { Tags: renderTags(items), ...more };
});

function emptyListOfUser(member: string): Operation {
  return read((call, input) => {
    askUser(call, input);
    return { [member]: [], IsTruncated: false };
  });
}

const getLoginProfile = read((call, input) => {
  const user = askUser(call, input);
  throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
});

export const userOperations: Readonly<Record<string, Operation>> = {
  CreateUser: createUser,
  DeleteUser: deleteUser,
  GetLoginProfile: getLoginProfile,
  GetUser: getUser,
  ListGroupsForUser: emptyListOfUser('Groups'),
  ListMFADevices: emptyListOfUser('MFADevices'),
  ListSSHPublicKeys: emptyListOfUser('SSHPublicKeys'),
  ListServiceSpecificCredentials: emptyListOfUser('ServiceSpecificCredentials'),
  ListSigningCertificates: emptyListOfUser('Certificates'),
  ListUserTags: listUserTags,
  ListUsers: listUsers,
  TagUser: tagUser,
  UntagUser: untagUser,
  UpdateUser: updateUser,
};
