/** Who gets which set in which account. Making and taking one away is asynchronous; nothing prevents asking twice. */
import { AwsError } from '../../core/aws-error.ts';
import type { StringRules } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import { groupsOf } from '../identity-center/access.ts';
import { pendingFor, startOperation } from '../identity-center/operations.ts';
import { assignmentKey, principalExists } from '../identity-center/permission-set.ts';
import { reservedRolePath } from '../identity-center/reserved-role.ts';
import type { Assignment, AsyncOperation, PermissionSet } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, conflict, notFound } from './admin-call.ts';
import { operationStatus } from './operation-status.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
const permissionSetsPerAccount = 500;

export const accountIdRules: StringRules = { min: 12, max: 12, pattern: /\d{12}/ };
const principalIdRules = {
  min: 1,
  max: 47,
  pattern: /([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}/,
};
const principalTypes = ['USER', 'GROUP'] as const;

interface Target {
  readonly set: PermissionSet;
  readonly account: string;
  readonly principal: { readonly type: 'USER' | 'GROUP'; readonly id: string };
}

function createAssignment(admin: AdminCall): Output {
  const { call, world } = admin;
  const target = readTarget(admin);
  const { set, account, principal } = target;
  if (!principalExists(world, principal.type, principal.id)) {
    throw notFound(`${principal.type} with id ${principal.id} was not found.`);
  }
  refuseWhilePending(admin, target);
  const { outstandingAssignments } = world.identityCenter.settings;
  const outstanding = world.identityCenter.pendingOperations.filter(
    (id) => world.identityCenter.operations.get(id)?.kind === 'create-assignment',
  );
  if (outstandingAssignments !== undefined && outstanding.length >= outstandingAssignments) {
    throw new AwsError('ThrottlingException', `${outstandingAssignments} account assignments are in progress.`, 400);
  }
  const provisionedHere = [...world.identityCenter.permissionSets.values()].filter((one) =>
    one.provisioned.has(account),
  );
  if (!set.provisioned.has(account) && provisionedHere.length >= permissionSetsPerAccount) {
    throw new AwsError(
      'ServiceQuotaExceededException',
      `Account ${account} has ${permissionSetsPerAccount} permission sets.`,
      400,
    );
  }
  const failureReason = managementAccountRefusal(admin, set, account);
  const operation = startOperation(world, call.time, {
    kind: 'create-assignment',
    account,
    permissionSet: set,
    principal,
    ...(failureReason === undefined ? {} : { failureReason }),
  });
  return { AccountAssignmentCreationStatus: operationStatus(operation) };
}

function deleteAssignment(admin: AdminCall): Output {
  const { call, world } = admin;
  const target = readTarget(admin);
  const { set, account, principal } = target;
  refuseWhilePending(admin, target);
  const key = assignmentKey({
    account,
    permissionSetArn: set.arn,
    principalType: principal.type,
    principalId: principal.id,
  });
  if (!world.identityCenter.assignments.has(key)) throw notFound('The account assignment was not found.');
  const operation = startOperation(world, call.time, {
    kind: 'delete-assignment',
    account,
    permissionSet: set,
    principal,
  });
  return { AccountAssignmentDeletionStatus: operationStatus(operation) };
}

function listAssignments(admin: AdminCall): Output {
  const account = admin.input.string('AccountId', accountIdRules);
  const set = admin.permissionSet('read', account);
  return assignmentPage(
    admin,
    (assignment) => assignment.account === account && assignment.permissionSetArn === set.arn,
  );
}

/** For a user also what their groups have; each row says whose it is. */
function listAssignmentsForPrincipal(admin: AdminCall): Output {
  const { input, world } = admin;
  admin.instance();
  admin.authorize();
  const type = input.oneOf('PrincipalType', principalTypes);
  const id = input.string('PrincipalId', principalIdRules);
  const account = input.optionalStruct('Filter')?.optionalString('AccountId', accountIdRules);
  if (!principalExists(world, type, id)) throw notFound(`${type} with id ${id} was not found.`);
  const groups = type === 'USER' ? groupsOf(world, id) : new Set<string>();
  return assignmentPage(admin, (assignment) => {
    if (account !== undefined && assignment.account !== account) return false;
    const own = assignment.principalType === type && assignment.principalId === id;
    return own || (assignment.principalType === 'GROUP' && groups.has(assignment.principalId));
  });
}

export const assignmentOperations: readonly AdminEntry[] = [
  adminOperation('CreateAccountAssignment', 'write', createAssignment),
  adminOperation('DeleteAccountAssignment', 'write', deleteAssignment),
  adminOperation('ListAccountAssignments', 'read', listAssignments),
  adminOperation('ListAccountAssignmentsForPrincipal', 'read', listAssignmentsForPrincipal),
];

function readTarget(admin: AdminCall): Target {
  const { input } = admin;
  const account = input.string('TargetId', accountIdRules);
  input.oneOf('TargetType', ['AWS_ACCOUNT']);
  const principal = {
    type: input.oneOf('PrincipalType', principalTypes),
    id: input.string('PrincipalId', principalIdRules),
  };
  return { set: admin.permissionSet('write', account), account, principal };
}

/** The same assignment can't be made and taken away at once. */
function refuseWhilePending({ world }: AdminCall, { set, account, principal }: Target): void {
  const same = ({ kind, principalType, principalId }: AsyncOperation): boolean =>
    kind !== 'provision' && principalType === principal.type && principalId === principal.id;
  const pending = pendingFor(world, set.arn, account).find(same);
  if (pending !== undefined) {
    throw conflict(`An operation on this account assignment is in progress: ${pending.requestId}.`);
  }
}

/**
 * In the management account the role is made with the caller's own permissions, not with those of the service; the call
 * succeeds all the same, and the status tells (org-formation/aws-resource-providers issue 66).
 */
export function managementAccountRefusal(
  { call, world }: AdminCall,
  set: PermissionSet,
  account: string,
): string | undefined {
  if (account !== world.organizations.managementAccount) return undefined;
  const known = set.roleNames.get(account);
  const actions = known === undefined ? ['iam:CreateRole'] : [];
  if (set.managedPolicies.length + set.customerManagedPolicies.length > 0) actions.push('iam:AttachRolePolicy');
  if (set.inlinePolicy !== undefined) actions.push('iam:PutRolePolicy');
  const name = known ?? `AWSReservedSSO_${set.name}_${'0'.repeat(16)}`;
  const resource = `arn:${world.partition}:iam::${account}:role${reservedRolePath(world)}${name}`;
  const refused = actions.find((action) => !call.isAllowed({ action, resource }));
  if (refused === undefined) return undefined;
  const who = 'arn' in call.caller ? call.caller.arn : call.caller.kind;
  return `Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to complete. IAM Error: User: ${who} is not authorized to perform: ${refused} on resource: role ${name} (Service: AmazonIdentityManagement; Status Code: 403; Error Code: AccessDenied)`;
}

function assignmentPage(admin: AdminCall, wanted: (assignment: Assignment) => boolean): Output {
  const found = [...admin.world.identityCenter.assignments.values()].filter(wanted).map((assignment) => ({
    AccountId: assignment.account,
    PermissionSetArn: assignment.permissionSetArn,
    PrincipalType: assignment.principalType,
    PrincipalId: assignment.principalId,
  }));
  const page = admin.input.page(found);
  return { AccountAssignments: page.items, NextToken: page.nextToken };
}
