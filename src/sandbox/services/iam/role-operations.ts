/** Roles. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import { hasName, iamAccount, iamArn } from './accounts.ts';
import { findPolicy } from './find-policy.ts';
import {
  alreadyExists,
  askRole,
  askRoleToChange,
  authorize,
  type Context,
  deleteConflict,
  merged,
  read,
  requestTags,
  write,
} from './operation.ts';
import { page } from './paging.ts';
import { checkPolicySize } from './policy-size.ts';
import { nameRule, optionalInteger, optionalText, requiredText, type TextRule } from './query-input.ts';
import { renderRole } from './render.ts';
import { checkSharedIssuers } from './shared-issuers.ts';
import type { IamRole, TrustText } from './state.ts';
import { readTagKeys, readTags, renderTags, withoutTags, withTags } from './tags.ts';
import { readTrust } from './trust-principals.ts';

export const pathRule: TextRule = {
  minimum: 1,
  maximum: 512,
  pattern: /^(\/|\/[!-~]+\/)$/,
  shown: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
};
export const pathPrefixRule: TextRule = {
  minimum: 1,
  maximum: 512,
  pattern: /^\/[!-~]*$/,
  shown: '\\u002F[\\u0021-\\u007F]*',
};
export const documentRule: TextRule = { minimum: 1, maximum: 131_072 };
const descriptionRule: TextRule = { maximum: 1000 };

/** What an entity is created under: `iam:PermissionsBoundary` and the tags of the request. */
export function boundaryContext(boundary: string | undefined): Context {
  return boundary === undefined ? new Map() : new Map([['iam:permissionsboundary', [boundary]]]);
}

/** A trust policy off the wire, with all that IAM checks of one. */
function takeTrust(call: Call, roleName: string, text: string): TrustText {
  checkPolicySize(text, 'trust');
  const trust = readTrust(call.world, roleName, text, true);
  checkSharedIssuers(trust.parsed.policy);
  return trust;
}

const createRole = write((call, input) => {
  const { world, account } = call;
  const name = requiredText(input, 'RoleName', nameRule);
  const path = optionalText(input, 'Path', pathRule) ?? '/';
  const text = requiredText(input, 'AssumeRolePolicyDocument', documentRule);
  const description = optionalText(input, 'Description', descriptionRule);
  const maxSessionDuration = optionalInteger(input, 'MaxSessionDuration', 3600, 43_200) ?? 3600;
  const boundary = optionalText(input, 'PermissionsBoundary', { minimum: 20, maximum: 2048 });
  const tags = readTags(input);
  const arn = iamArn(world, account, `role${path}${name}`);
  authorize(call, arn, merged(requestTags(tags), boundaryContext(boundary)));
  const iam = iamAccount(world, account);
  if (path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')) {
    throw new AwsError('ValidationError', `The path ${path} is reserved for AWS.`);
  }
  if (hasName(iam.roles, name)) throw alreadyExists(`Role with name ${name} already exists.`);
  if (boundary !== undefined) findPolicy(world, account, boundary);
  const role: IamRole = {
    name,
    path,
    arn,
    id: world.ids.iam('AROA'),
    createdAt: call.time.now(),
    tags,
    inline: new Map(),
    attached: [],
    boundary,
    trust: takeTrust(call, name, text),
    description,
    maxSessionDuration,
    lastUsed: undefined,
    reservedFor: undefined,
  };
  iam.roles.set(name, role);
  const { RoleLastUsed: _, ...shape } = renderRole(world, role);
  return { Role: shape };
});

const getRole = read((call, input) => ({ Role: renderRole(call.world, askRole(call, input)) }));

const listRoles = read((call, input) => {
  const prefix = optionalText(input, 'PathPrefix', pathPrefixRule) ?? '/';
  authorize(call, iamArn(call.world, call.account, `role${prefix}`));
  const roles = [...iamAccount(call.world, call.account).roles.values()].filter(({ path }) => path.startsWith(prefix));
  const { items, more } = page(input, roles, ({ name }) => name);
  return { Roles: items.map((role) => renderRole(call.world, role, 'listed')), ...more };
});

function update(call: Call, input: Input): IamRole {
  const description = optionalText(input, 'Description', descriptionRule);
  const maxSessionDuration = optionalInteger(input, 'MaxSessionDuration', 3600, 43_200);
  const role = askRoleToChange(call, input);
  if (description !== undefined) role.description = description;
  if (maxSessionDuration !== undefined) role.maxSessionDuration = maxSessionDuration;
  return role;
}

const updateRole = write((call, input) => {
  update(call, input);
  return {};
});

const updateRoleDescription = write((call, input) => ({ Role: renderRole(call.world, update(call, input)) }));

const updateAssumeRolePolicy = write((call, input) => {
  const text = requiredText(input, 'PolicyDocument', documentRule);
  const role = askRoleToChange(call, input);
  role.trust = takeTrust(call, role.name, text);
  return undefined;
});

const deleteRole = write((call, input) => {
  const role = askRoleToChange(call, input);
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  iamAccount(call.world, call.account).roles.delete(role.name);
  return undefined;
});

const tagRole = write((call, input) => {
  const tags = readTags(input);
  const role = askRoleToChange(call, input, requestTags(tags));
  role.tags = withTags(role.tags, tags);
  return undefined;
});

const untagRole = write((call, input) => {
  const keys = readTagKeys(input);
  const role = askRoleToChange(call, input, new Map([['aws:tagkeys', keys]]));
  role.tags = withoutTags(role.tags, keys);
  return undefined;
});

const listRoleTags = read((call, input) => {
  const { items, more } = page(input, askRole(call, input).tags, ({ key }) => key);
  return { Tags: renderTags(items), ...more };
});

/** There are no instance profiles here; a role that exists is in none. */
const listInstanceProfilesForRole = read((call, input) => {
  askRole(call, input);
  return { InstanceProfiles: [], IsTruncated: false };
});

export const roleOperations: Readonly<Record<string, Operation>> = {
  CreateRole: createRole,
  DeleteRole: deleteRole,
  GetRole: getRole,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  ListRoleTags: listRoleTags,
  ListRoles: listRoles,
  TagRole: tagRole,
  UntagRole: untagRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
};
