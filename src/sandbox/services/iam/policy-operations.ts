/** Managed policies and their versions. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { hasName, iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { findPolicy, lookUpPolicy } from './find-policy.ts';
import { managedPolicy, managedPolicyArns } from './managed-policies.ts';
import {
  alreadyExists,
  authorize,
  type Context,
  deleteConflict,
  limitExceeded,
  merged,
  read,
  requestTags,
  resourceTags,
  write,
} from './operation.ts';
import { page } from './paging.ts';
import { checkPolicySize } from './policy-size.ts';
import { readPolicy } from './policy-text.ts';
import {
  arnRule,
  nameRule,
  optionalChoice,
  optionalFlag,
  optionalText,
  requiredText,
  type TextRule,
} from './query-input.ts';
import { type PolicyUse, renderPolicy, renderVersion } from './render.ts';
import { documentRule, pathPrefixRule, pathRule } from './role-operations.ts';
import type { IamRole, IamUser, ManagedPolicy, PolicyVersion } from './state.ts';
import { readTagKeys, readTags, renderTags, withoutTags, withTags } from './tags.ts';

const versionsPerPolicy = 5;
const policyNameRule: TextRule = { ...nameRule, maximum: 128 };
const versionRule: TextRule = {
  pattern: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/,
  shown: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?',
};

/** How often a policy is in use in an account. */
export function useOf(world: World, account: string, arn: string): PolicyUse {
  const { users, roles } = iamAccount(world, account);
  const holders = [...users.values(), ...roles.values()];
  return {
    attachments: holders.filter(({ attached }) => attached.includes(arn)).length,
    boundaries: holders.filter(({ boundary }) => boundary === arn).length,
  };
}

/** The policy that `PolicyArn` names, once the caller may do this to it. */
function askPolicy(call: Call, input: Input, context: Context = new Map()): ManagedPolicy {
  const arn = requiredText(input, 'PolicyArn', arnRule);
  const known = lookUpPolicy(call.world, call.account, arn);
  authorize(call, arn, merged(resourceTags(known?.tags ?? []), context));
  return findPolicy(call.world, call.account, arn);
}

/** AWS's own policies cannot be changed. */
function askPolicyToChange(call: Call, input: Input, context: Context = new Map()): ManagedPolicy {
  const policy = askPolicy(call, input, context);
  if (!iamAccount(call.world, call.account).policies.has(policy.arn)) {
    throw new AwsError('AccessDenied', `${policy.arn} is managed by AWS and cannot be changed.`, 403);
  }
  return policy;
}

const createPolicy = write((call, input) => {
  const { world, account } = call;
  const name = requiredText(input, 'PolicyName', policyNameRule);
  const path = optionalText(input, 'Path', pathRule) ?? '/';
  const text = requiredText(input, 'PolicyDocument', documentRule);
  const description = optionalText(input, 'Description', { maximum: 1000 });
  const tags = readTags(input);
  const arn = iamArn(world, account, `policy${path}${name}`);
  authorize(call, arn, requestTags(tags));
  const { policies } = iamAccount(world, account);
  if (hasName(new Map([...policies.values()].map((policy) => [policy.name, policy])), name)) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  checkPolicySize(text, 'identity');
  const createdAt = call.time.now();
  const policy: ManagedPolicy = {
    arn,
    name,
    path,
    id: world.ids.iam('ANPA'),
    createdAt,
    description,
    tags,
    versions: [{ ...readPolicy(arn, text, 'identity'), versionId: 'v1', createdAt }],
    defaultVersionId: 'v1',
  };
  policies.set(arn, policy);
  return { Policy: renderPolicy(policy, { attachments: 0, boundaries: 0 }) };
});

const getPolicy = read((call, input) => {
  const policy = askPolicy(call, input);
  return { Policy: renderPolicy(policy, useOf(call.world, call.account, policy.arn)) };
});

const listPolicies = read((call, input) => {
  const { world, account } = call;
  const scope = optionalChoice(input, 'Scope', ['All', 'AWS', 'Local']) ?? 'All';
  const prefix = optionalText(input, 'PathPrefix', pathPrefixRule) ?? '/';
  const usage = optionalChoice(input, 'PolicyUsageFilter', ['PermissionsPolicy', 'PermissionsBoundary']);
  const attachedOnly = optionalFlag(input, 'OnlyAttached') ?? false;
  authorize(call, '*');
  const local = scope === 'AWS' ? [] : [...iamAccount(world, account).policies.values()];
  const aws = scope === 'Local' ? [] : managedPolicyArns(world.partition).flatMap((arn) => managedPolicy(arn) ?? []);
  const shown = [...local, ...aws]
    .map((policy) => ({ policy, use: useOf(world, account, policy.arn) }))
    .filter(({ policy, use }) => {
      const counted = usage === 'PermissionsBoundary' ? use.boundaries : use.attachments;
      return policy.path.startsWith(prefix) && (!(attachedOnly || usage !== undefined) || counted > 0);
    });
  const { items, more } = page(input, shown, ({ policy }) => policy.arn);
  return { Policies: items.map(({ policy, use }) => renderPolicy(policy, use, 'listed')), ...more };
});

const deletePolicy = write((call, input) => {
  const policy = askPolicyToChange(call, input);
  const { attachments, boundaries } = useOf(call.world, call.account, policy.arn);
  if (attachments + boundaries > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  iamAccount(call.world, call.account).policies.delete(policy.arn);
  return undefined;
});

const createPolicyVersion = write((call, input) => {
  const text = requiredText(input, 'PolicyDocument', documentRule);
  const asDefault = optionalFlag(input, 'SetAsDefault') ?? false;
  const policy = askPolicyToChange(call, input);
  checkPolicySize(text, 'identity');
  const read = readPolicy(policy.arn, text, 'identity');
  if (policy.versions.length >= versionsPerPolicy) {
    throw limitExceeded(
      `A managed policy can have up to ${versionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  policy.versionsMade = (policy.versionsMade ?? policy.versions.length) + 1;
  const version: PolicyVersion = { ...read, versionId: `v${policy.versionsMade}`, createdAt: call.time.now() };
  policy.versions = [...policy.versions, version];
  if (asDefault) policy.defaultVersionId = version.versionId;
  return { PolicyVersion: renderVersion(policy, version, false) };
});

function findVersion(policy: ManagedPolicy, input: Input): PolicyVersion {
  const id = requiredText(input, 'VersionId', versionRule);
  const version = policy.versions.find(({ versionId }) => versionId === id);
  if (version === undefined) {
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  }
  return version;
}

const getPolicyVersion = read((call, input) => {
  const policy = askPolicy(call, input);
  return { PolicyVersion: renderVersion(policy, findVersion(policy, input), true) };
});

const listPolicyVersions = read((call, input) => {
  const policy = askPolicy(call, input);
  const newestFirst = [...policy.versions].reverse();
  const { items, more } = page(input, newestFirst.entries(), ([position]) => String(position).padStart(4, '0'));
  return { Versions: items.map(([, version]) => renderVersion(policy, version, false)), ...more };
});

const setDefaultPolicyVersion = write((call, input) => {
  const policy = askPolicyToChange(call, input);
  policy.defaultVersionId = findVersion(policy, input).versionId;
  return undefined;
});

const deletePolicyVersion = write((call, input) => {
  const policy = askPolicyToChange(call, input);
  const version = findVersion(policy, input);
  if (version.versionId === policy.defaultVersionId) {
    throw deleteConflict('Cannot delete the default version of a policy.');
  }
  policy.versionsMade ??= policy.versions.length;
  policy.versions = policy.versions.filter((other) => other !== version);
  return undefined;
});

const tagPolicy = write((call, input) => {
  const tags = readTags(input);
  const policy = askPolicyToChange(call, input, requestTags(tags));
  policy.tags = withTags(policy.tags, tags);
  return undefined;
});

const untagPolicy = write((call, input) => {
  const keys = readTagKeys(input);
  const policy = askPolicyToChange(call, input, new Map([['aws:tagkeys', keys]]));
  policy.tags = withoutTags(policy.tags, keys);
  return undefined;
});

const listPolicyTags = read((call, input) => {
  const { items, more } = page(input, askPolicy(call, input).tags, ({ key }) => key);
  return { Tags: renderTags(items), ...more };
});

const listEntitiesForPolicy = read((call, input) => {
  const filter = optionalChoice(input, 'EntityFilter', [
    'User',
    'Role',
    'Group',
    'LocalManagedPolicy',
    'AWSManagedPolicy',
  ]);
  const usage = optionalChoice(input, 'PolicyUsageFilter', ['PermissionsPolicy', 'PermissionsBoundary']);
  const prefix = optionalText(input, 'PathPrefix', pathPrefixRule) ?? '/';
  const { arn } = askPolicy(call, input);
  const { users, roles } = iamAccount(call.world, call.account);
  const holds = ({ attached, boundary, path }: IamUser | IamRole): boolean =>
    path.startsWith(prefix) &&
    ((usage !== 'PermissionsBoundary' && attached.includes(arn)) ||
      (usage !== 'PermissionsPolicy' && boundary === arn));
  const found = [
    ...(filter === undefined || filter === 'User' ? [...users.values()] : []),
    ...(filter === undefined || filter === 'Role' ? [...roles.values()] : []),
  ].filter(holds);
  const { items, more } = page(input, found, ({ id }) => id);
  return {
    PolicyGroups: [],
    PolicyUsers: items.flatMap(({ id, name }) => (id.startsWith('AIDA') ? [{ UserName: name, UserId: id }] : [])),
    PolicyRoles: items.flatMap(({ id, name }) => (id.startsWith('AROA') ? [{ RoleName: name, RoleId: id }] : [])),
    ...more,
  };
});

export const policyOperations: Readonly<Record<string, Operation>> = {
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  DeletePolicy: deletePolicy,
  DeletePolicyVersion: deletePolicyVersion,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  ListPolicies: listPolicies,
  ListPolicyTags: listPolicyTags,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagPolicy: tagPolicy,
  UntagPolicy: untagPolicy,
};
