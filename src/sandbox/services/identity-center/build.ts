/**
 * Identity Center filled without the wire: for worlds that are built from keyless.yaml, and for tests. Nothing is
 * authorised, nothing waits: an assignment is there, with its role, when the call returns.
 */
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { Tag } from '../iam/state.ts';
import { formatDuration } from './duration.ts';
import { assignmentKey, findPermissionSet, newPermissionSetArn } from './permission-set.ts';
import { provision } from './provision.ts';
import type { Assignment, DirectoryGroup, DirectoryUser, PermissionSet } from './state.ts';

export interface NewUser {
  readonly userName: string;
  /** The user name unless given. */
  readonly displayName?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
  readonly status?: 'ENABLED' | 'DISABLED';
  readonly externalIds?: DirectoryUser['externalIds'];
}

export function createUser(world: World, user: NewUser): DirectoryUser {
  const made: DirectoryUser = {
    id: newDirectoryId(world),
    userName: user.userName,
    displayName: user.displayName ?? user.userName,
    givenName: user.givenName ?? user.userName,
    familyName: user.familyName ?? user.userName,
    email: user.email,
    status: user.status ?? 'ENABLED',
    externalIds: user.externalIds ?? [],
    profile: new Map(),
  };
  world.identityCenter.users.set(made.id, made);
  return made;
}

export function createGroup(
  world: World,
  group: { readonly displayName: string; readonly description?: string },
): DirectoryGroup {
  const made: DirectoryGroup = {
    id: newDirectoryId(world),
    displayName: group.displayName,
    description: group.description,
  };
  world.identityCenter.groups.set(made.id, made);
  return made;
}

/** The id of the membership; that of the one there is, when the user is in the group already. */
export function addMember(world: World, groupId: string, userId: string): string {
  const { memberships } = world.identityCenter;
  for (const known of memberships.values()) {
    if (known.groupId === groupId && known.userId === userId) return known.id;
  }
  const id = newDirectoryId(world);
  memberships.set(id, { id, groupId, userId });
  return id;
}

export interface NewPermissionSet {
  /** 1 to 32 characters. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly description?: string;
  /** Seconds, 3600 to 43200; 3600 unless given. */
  readonly sessionDuration?: number;
  readonly relayState?: string;
  readonly tags?: readonly Tag[];
  /** The document. */
  readonly inlinePolicy?: string;
  /** ARNs of AWS-managed policies. */
  readonly managedPolicies?: readonly string[];
  /** Must exist in an account before the set is assigned there. */
  readonly customerManagedPolicies?: readonly { readonly name: string; readonly path?: string }[];
  readonly boundary?: PermissionSet['boundary'];
  readonly owner?: PermissionSet['owner'];
}

export function createPermissionSet(world: World, set: NewPermissionSet): PermissionSet {
  const made: PermissionSet = {
    arn: newPermissionSetArn(world),
    name: set.name,
    description: set.description,
    sessionDuration: set.sessionDuration ?? 3600,
    sessionDurationText: formatDuration(set.sessionDuration ?? 3600),
    relayState: set.relayState,
    createdAt: set.createdAt,
    tags: set.tags ?? [],
    inlinePolicy: set.inlinePolicy,
    managedPolicies: (set.managedPolicies ?? []).map((arn) => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) })),
    customerManagedPolicies: (set.customerManagedPolicies ?? []).map(({ name, path }) => ({ name, path: path ?? '/' })),
    boundary: set.boundary,
    revision: 1,
    provisioned: new Map(),
    roleNames: new Map(),
    owner: set.owner,
  };
  world.identityCenter.permissionSets.set(made.arn, made);
  return made;
}

/**
 * The permission sets that AWS Control Tower makes and keeps: nobody else's to change. Called again, it sets them up anew,
 * as Control Tower does with its landing zone. https://docs.aws.amazon.com/controltower/latest/userguide/sso-groups.html
 */
export function createControlTowerSets(world: World, at: number): readonly PermissionSet[] {
  return controlTowerSets.map(({ name, description, policies }) => {
    const managedPolicies = policies.map((policy) => `arn:${world.partition}:iam::aws:policy/${policy}`);
    const fresh = {
      name,
      createdAt: at,
      description,
      sessionDuration: 3600,
      managedPolicies,
      owner: 'control-tower',
    } as const;
    const known = findPermissionSet(world, name);
    if (known === undefined) return createPermissionSet(world, fresh);
    known.managedPolicies = managedPolicies.map((arn) => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) }));
    known.customerManagedPolicies = [];
    known.inlinePolicy = undefined;
    known.boundary = undefined;
    known.description = description;
    known.revision += 1;
    return known;
  });
}

const controlTowerSets: readonly {
  readonly name: string;
  readonly description: string;
  readonly policies: readonly string[];
}[] = [
  {
    name: 'AWSAdministratorAccess',
    description: 'Provides full access to AWS services and resources',
    policies: ['AdministratorAccess'],
  },
  {
    name: 'AWSPowerUserAccess',
    description:
      'Provides full access to AWS services and resources, but does not allow management of Users and groups',
    policies: ['PowerUserAccess'],
  },
  {
    name: 'AWSReadOnlyAccess',
    description: 'This policy grants permissions to view resources and basic metadata across all AWS services',
    policies: ['job-function/ViewOnlyAccess'],
  },
  {
    name: 'AWSOrganizationsFullAccess',
    description: 'Provides full access to AWS Organizations',
    policies: ['AWSOrganizationsFullAccess'],
  },
  {
    name: 'AWSServiceCatalogAdminFullAccess',
    description: 'Provides full access to AWS Service Catalog admin capabilities',
    policies: ['AWSServiceCatalogAdminFullAccess'],
  },
  {
    name: 'AWSServiceCatalogEndUserAccess',
    description: 'Provides access to the AWS Service Catalog end user console',
    policies: ['AWSServiceCatalogEndUserFullAccess'],
  },
];

export interface NewAssignment {
  readonly account: string;
  readonly permissionSet: PermissionSet;
  readonly principal: { readonly type: 'USER' | 'GROUP'; readonly id: string };
  /** Epoch milliseconds: the role comes to be then. */
  readonly at: number;
  /** Absolute window, epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
}

/**
 * Assigns, and provisions the set's role in the account at once. The role of the assignment is
 * `permissionSet.roleNames.get(account)`. Throws ConflictException with AWS's reason when it can't be provisioned.
 */
export function assign(world: World, given: NewAssignment): Assignment {
  const { account, permissionSet, principal } = given;
  const failure = provision(world, permissionSet, account, given.at);
  if (failure !== undefined) throw new AwsError('ConflictException', failure, 400);
  const made: Assignment = {
    account,
    permissionSetArn: permissionSet.arn,
    principalType: principal.type,
    principalId: principal.id,
    ...(given.from === undefined ? {} : { from: given.from }),
    ...(given.until === undefined ? {} : { until: given.until }),
  };
  world.identityCenter.assignments.set(assignmentKey(made), made);
  return made;
}

/** Ten digits of the directory and a UUID, as users, groups and memberships have them. */
export function newDirectoryId(world: World): string {
  return `${world.identityCenter.identityStoreId.slice(2)}-${world.ids.uuid()}`;
}
