/**
 * Brings a permission set to an account: makes or updates its role there. What an edit of the set changes reaches an
 * account only through here.
 */
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import { iamAccount } from '../iam/accounts.ts';
import { createRole } from '../iam/build.ts';
import { readPolicy } from '../iam/policy-text.ts';
import { customerManagedPolicyArn } from './permission-set.ts';
import { inlinePolicyName, reservedRoleName, reservedRolePath, reservedRoleTrust } from './reserved-role.ts';
import type { PermissionSet } from './state.ts';

/** IAM's default for policies attached to one role; a set may name more and then fails where it is provisioned. */
const attachedPoliciesPerRole = 10;

/** `undefined` when it worked, else the `FailureReason` that the status of the operation shows. `at`: epoch milliseconds. */
export function provision(world: World, set: PermissionSet, account: string, at: number): string | undefined {
  if (world.organizations.accounts.get(account)?.status !== 'ACTIVE') {
    return `Received a 404 status error: Account ${account} is not an active account of the organization.`;
  }
  const iam = iamAccount(world, account);
  const attached = set.managedPolicies.map(({ arn }) => arn);
  for (const { name, path } of set.customerManagedPolicies) {
    const arn = customerManagedPolicyArn(world, account, name, path);
    if (!iam.policies.has(arn)) return notSupported(name);
    attached.push(arn);
  }
  const boundary = boundaryArn(world, set, account);
  if (set.boundary !== undefined && 'customerManaged' in set.boundary && !iam.policies.has(boundary as string)) {
    return notSupported(set.boundary.customerManaged.name);
  }
  if (attached.length > attachedPoliciesPerRole) {
    return quotaExceeded('PoliciesPerRole', attachedPoliciesPerRole);
  }
  const knownName = set.roleNames.get(account);
  const known = knownName === undefined ? undefined : iam.roles.get(knownName);
  const { rolesPerAccount } = world.identityCenter.settings;
  if (known === undefined && iam.roles.size >= rolesPerAccount) {
    return quotaExceeded('RolesPerAccount', rolesPerAccount);
  }
  try {
    const role =
      known ??
      createRole(world, account, {
        name: reservedRoleName(world, set.name),
        path: reservedRolePath(world),
        createdAt: at,
        trust: reservedRoleTrust(world, account),
        maxSessionDuration: 43_200,
        reservedFor: 'sso.amazonaws.com',
      });
    role.inline.clear();
    if (set.inlinePolicy !== undefined) {
      role.inline.set(
        inlinePolicyName,
        readPolicy(`inline:${inlinePolicyName}`, set.inlinePolicy, 'inline-permission-set'),
      );
    }
    role.attached = attached;
    role.boundary = boundary;
    role.description = set.description;
    set.roleNames.set(account, role.name);
    set.provisioned.set(account, set.revision);
    return undefined;
  } catch (problem) {
    if (problem instanceof AwsError) return `Received a ${problem.status} status error: ${problem.message}`;
    throw problem;
  }
}

/** Takes the role away. Sessions of it end with it, as all of a role that is gone. */
export function deprovision(world: World, set: PermissionSet, account: string): void {
  const name = set.roleNames.get(account);
  if (name !== undefined) iamAccount(world, account).roles.delete(name);
  set.roleNames.delete(account);
  set.provisioned.delete(account);
}

function boundaryArn(world: World, { boundary }: PermissionSet, account: string): string | undefined {
  if (boundary === undefined) return undefined;
  if ('managedPolicyArn' in boundary) return boundary.managedPolicyArn;
  return customerManagedPolicyArn(world, account, boundary.customerManaged.name, boundary.customerManaged.path);
}

/** The words of a run against AWS: hashicorp/terraform-provider-aws, internal/service/ssoadmin/account_assignment_test.go. */
function notSupported(policyName: string): string {
  return `Received a 404 status error: Not supported policy ${policyName}.`;
}

function quotaExceeded(quota: string, limit: number): string {
  return `Received a 409 status error: Cannot exceed quota for ${quota}: ${limit}`;
}
