/** Which accounts may administer Identity Center: the one that runs it, and those it is delegated to, with less. */
import type { World } from '../../core/world.ts';
import type { PermissionSet } from './state.ts';

export type Administration = 'owner' | 'delegated' | 'none';

export function administrationOf(world: World, account: string): Administration {
  if (account === world.identityCenter.ownerAccount) return 'owner';
  const delegated = world.organizations.delegatedAdministrators.get('sso.amazonaws.com')?.has(account) === true;
  return delegated ? 'delegated' : 'none';
}

/**
 * A delegated administrator can't touch the management account, nor a permission set that is provisioned there.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
 */
export function isOfManagementAccount(world: World, set: PermissionSet): boolean {
  const { managementAccount } = world.organizations;
  if (set.provisioned.has(managementAccount)) return true;
  return [...world.identityCenter.assignments.values()].some(
    ({ account, permissionSetArn }) => permissionSetArn === set.arn && account === managementAccount,
  );
}
