/** Bringing edits of a permission set to accounts, and asking where that has not happened. */
import type { Output } from '../../core/service.ts';
import { startOperation } from '../identity-center/operations.ts';
import { ssoAccountArn } from '../identity-center/permission-set.ts';
import type { PermissionSet } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, invalid } from './admin-call.ts';
import { accountIdRules, managementAccountRefusal } from './assignments.ts';
import { operationStatus } from './operation-status.ts';

const provisioningStatuses = ['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'] as const;
type ProvisioningStatus = (typeof provisioningStatuses)[number];

function provisionPermissionSet(admin: AdminCall): Output {
  const { call, world, input } = admin;
  const type = input.oneOf('TargetType', ['AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS']);
  const asked = input.optionalString('TargetId', accountIdRules);
  if (type === 'AWS_ACCOUNT' && asked === undefined) throw invalid('TargetType AWS_ACCOUNT needs TargetId.');
  const account = type === 'AWS_ACCOUNT' ? asked : undefined;
  const set = admin.permissionSet('write', account);
  const targets = account === undefined ? [...set.provisioned.keys()] : [account];
  const [failureReason] = targets.flatMap((target) => managementAccountRefusal(admin, set, target) ?? []);
  const operation = startOperation(world, call.time, {
    kind: 'provision',
    account,
    permissionSet: set,
    ...(failureReason === undefined ? {} : { failureReason }),
  });
  return { PermissionSetProvisioningStatus: operationStatus(operation) };
}

function listAccounts(admin: AdminCall): Output {
  const set = admin.permissionSet('read');
  const wanted = admin.input.optionalOneOf('ProvisioningStatus', provisioningStatuses);
  const page = admin.input.page([...set.provisioned.keys()].filter((account) => hasStatus(set, account, wanted)));
  return { AccountIds: page.items, NextToken: page.nextToken };
}

function listPermissionSets(admin: AdminCall): Output {
  const { input, world } = admin;
  admin.instance();
  const account = input.string('AccountId', accountIdRules);
  admin.authorize(ssoAccountArn(world, account));
  const wanted = input.optionalOneOf('ProvisioningStatus', provisioningStatuses);
  const sets = [...world.identityCenter.permissionSets.values()].filter(
    (set) => set.provisioned.has(account) && hasStatus(set, account, wanted),
  );
  const page = input.page(sets.map(({ arn }) => arn));
  return { PermissionSets: page.items, NextToken: page.nextToken };
}

export const provisioningOperations: readonly AdminEntry[] = [
  adminOperation('ProvisionPermissionSet', 'write', provisionPermissionSet),
  adminOperation('ListAccountsForProvisionedPermissionSet', 'read', listAccounts),
  adminOperation('ListPermissionSetsProvisionedToAccount', 'read', listPermissionSets),
];

function hasStatus(set: PermissionSet, account: string, wanted: ProvisioningStatus | undefined): boolean {
  if (wanted === undefined) return true;
  const latest = set.provisioned.get(account) === set.revision;
  return latest === (wanted === 'LATEST_PERMISSION_SET_PROVISIONED');
}
