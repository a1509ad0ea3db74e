/** The account as a whole, and what it has none of here. */
import type { Operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { nameOfPolicy } from './holder-operations.ts';
import { managedPolicy } from './managed-policies.ts';
import { authorize, read } from './operation.ts';
import { page } from './paging.ts';
import { useOf } from './policy-operations.ts';
import { textList } from './query-input.ts';
import {
  boundaryOf,
  lastUsed,
  renderDocument,
  renderPolicy,
  renderRole,
  renderUser,
  renderVersion,
  tagsOf,
} from './render.ts';
import type { IamRole, IamUser, ManagedPolicy, PolicyHolder } from './state.ts';

type Shape = Readonly<Record<string, unknown>>;

const getAccountSummary = read((call) => {
  authorize(call, '*');
  const { users, roles, policies, oidcProviders } = iamAccount(call.world, call.account);
  const versions = [...policies.values()].reduce((sum, policy) => sum + policy.versions.length, 0);
  return {
    SummaryMap: new Map<string, number>([
      ['AccessKeysPerUserQuota', 2],
      ['AccountAccessKeysPresent', 0],
      ['AccountMFAEnabled', 0],
      ['AssumeRolePolicySizeQuota', 2048],
      ['AttachedPoliciesPerRoleQuota', 10],
      ['AttachedPoliciesPerUserQuota', 10],
      ['Groups', 0],
      ['MFADevices', 0],
      ['Policies', policies.size],
      ['PolicySizeQuota', 6144],
      ['PolicyVersionsInUse', versions],
      ['Providers', oidcProviders.size],
      ['RolePolicySizeQuota', 10_240],
      ['Roles', roles.size],
      ['UserPolicySizeQuota', 2048],
      ['Users', users.size],
      ['UsersQuota', 5000],
      ['VersionsPerPolicyQuota', 5],
    ]),
  };
});

type Detail =
  | { readonly kind: 'User'; readonly key: string; readonly user: IamUser }
  | { readonly kind: 'Role'; readonly key: string; readonly role: IamRole }
  | { readonly kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; readonly key: string; readonly policy: ManagedPolicy };

/** Users, roles and policies with all that is attached to them. */
const getAccountAuthorizationDetails = read((call, input) => {
  const { world, account } = call;
  const filter = textList(input, 'Filter');
  authorize(call, '*');
  const details = detailsOf(world, account).filter(({ kind }) => filter.length === 0 || filter.includes(kind));
  const { items, more } = page(input, details, ({ key }) => key);
  return {
    UserDetailList: items.flatMap((item) => (item.kind === 'User' ? [userDetail(item.user)] : [])),
    GroupDetailList: [],
    RoleDetailList: items.flatMap((item) => (item.kind === 'Role' ? [roleDetail(world, item.role)] : [])),
    Policies: items.flatMap((item) => ('policy' in item ? [policyDetail(world, account, item.policy)] : [])),
    ...more,
  };
});

function detailsOf(world: World, account: string): readonly Detail[] {
  const { users, roles, policies } = iamAccount(world, account);
  const holders = [...users.values(), ...roles.values()];
  const used = new Set(holders.flatMap(({ attached, boundary }) => [...attached, ...(boundary ? [boundary] : [])]));
  return [
    ...[...users.values()].map((user) => ({ kind: 'User' as const, key: user.arn, user })),
    ...[...roles.values()].map((role) => ({ kind: 'Role' as const, key: role.arn, role })),
    ...[...policies.values()].map((policy) => ({ kind: 'LocalManagedPolicy' as const, key: policy.arn, policy })),
    ...[...used].flatMap((arn) => {
      const policy = managedPolicy(arn);
      return policy === undefined ? [] : [{ kind: 'AWSManagedPolicy' as const, key: arn, policy }];
    }),
  ];
}

function userDetail(user: IamUser): Shape {
  return {
    ...renderUser(user, 'listed'),
    UserPolicyList: inlineOf(user),
    GroupList: [],
    AttachedManagedPolicies: attachedOf(user),
    PermissionsBoundary: boundaryOf(user),
    ...tagsOf(user),
  };
}

function roleDetail(world: World, role: IamRole): Shape {
  const { Description: _, MaxSessionDuration: __, ...shape } = renderRole(world, role, 'listed');
  return {
    ...shape,
    InstanceProfileList: [],
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedOf(role),
    PermissionsBoundary: boundaryOf(role),
    ...tagsOf(role),
    RoleLastUsed: lastUsed(role),
  };
}

function policyDetail(world: World, account: string, policy: ManagedPolicy): Shape {
  const { Tags: _, ...shape } = renderPolicy(policy, useOf(world, account, policy.arn));
  return { ...shape, PolicyVersionList: policy.versions.map((version) => renderVersion(policy, version, true)) };
}

function inlineOf({ inline }: PolicyHolder): readonly Shape[] {
  return [...inline].map(([name, { text }]) => ({ PolicyName: name, PolicyDocument: renderDocument(text) }));
}

function attachedOf({ attached }: PolicyHolder): readonly Shape[] {
  return attached.map((arn) => ({ PolicyName: nameOfPolicy(arn), PolicyArn: arn }));
}

function emptyList(member: string, resource: string = '*'): Operation {
  return read((call) => {
    authorize(call, resource === '*' ? '*' : iamArn(call.world, call.account, resource));
    return { [member]: [], IsTruncated: false };
  });
}

/** The only list without pages. */
const listSamlProviders = read((call) => {
  authorize(call, '*');
  return { SAMLProviderList: [] };
});

const getAccountPasswordPolicy = read((call) => {
  authorize(call, '*');
  throw noSuchEntity(`The Password Policy with domain name ${call.account} cannot be found.`);
});

export const accountOperations: Readonly<Record<string, Operation>> = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetAccountPasswordPolicy: getAccountPasswordPolicy,
  GetAccountSummary: getAccountSummary,
  ListAccountAliases: emptyList('AccountAliases'),
  ListGroups: emptyList('Groups', 'group/'),
  ListInstanceProfiles: emptyList('InstanceProfiles', 'instance-profile/'),
  ListSAMLProviders: listSamlProviders,
  ListServerCertificates: emptyList('ServerCertificateMetadataList', 'server-certificate/'),
  ListVirtualMFADevices: emptyList('VirtualMFADevices', 'mfa/'),
};
