/** How permission sets, principals and assignments are named and found. */
import { formatArn } from '../../../aws/arn.ts';
import type { World } from '../../core/world.ts';
import type { Assignment, PermissionSet } from './state.ts';

/** `ssoins-…` of the instance ARN. */
export function instanceId(world: World): string {
  return world.identityCenter.instanceArn.slice(world.identityCenter.instanceArn.lastIndexOf('/') + 1);
}

/** `arn:aws:sso:::permissionSet/ssoins-…/ps-…`, new. */
export function newPermissionSetArn(world: World): string {
  return formatArn({
    partition: world.partition,
    service: 'sso',
    region: '',
    account: '',
    resource: `permissionSet/${instanceId(world)}/ps-${world.ids.hex(16)}`,
  });
}

/** `arn:aws:sso:::account/…`: how policies name the target of an assignment. */
export function ssoAccountArn(world: World, account: string): string {
  return formatArn({
    partition: world.partition,
    service: 'sso',
    region: '',
    account: '',
    resource: `account/${account}`,
  });
}

export function identityStoreArn(world: World): string {
  const { ownerAccount, identityStoreId } = world.identityCenter;
  return formatArn({
    partition: world.partition,
    service: 'identitystore',
    region: '',
    account: ownerAccount,
    resource: `identitystore/${identityStoreId}`,
  });
}

export function customerManagedPolicyArn(world: World, account: string, name: string, path: string): string {
  return formatArn({
    partition: world.partition,
    service: 'iam',
    region: '',
    account,
    resource: `policy${path}${name}`,
  });
}

/** By its name, with regard to case; `undefined` when there is none. */
export function findPermissionSet(world: World, name: string): PermissionSet | undefined {
  for (const set of world.identityCenter.permissionSets.values()) if (set.name === name) return set;
  return undefined;
}

/** What makes an assignment the same one: AWS has no other identity for it. */
export function assignmentKey(
  assignment: Pick<Assignment, 'account' | 'permissionSetArn' | 'principalType' | 'principalId'>,
): string {
  const { account, permissionSetArn, principalType, principalId } = assignment;
  return `${account}|${permissionSetArn}|${principalType}|${principalId}`;
}

export function principalExists(world: World, type: 'USER' | 'GROUP', id: string): boolean {
  return type === 'USER' ? world.identityCenter.users.has(id) : world.identityCenter.groups.has(id);
}
