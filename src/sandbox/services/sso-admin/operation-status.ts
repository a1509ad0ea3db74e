/** How the asynchronous operations stand: Describe… by request id, List… by status. */
import type { Output } from '../../core/service.ts';
import { statusOf } from '../identity-center/operations.ts';
import type { AsyncOperation } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, notFound } from './admin-call.ts';

const statuses = ['IN_PROGRESS', 'FAILED', 'SUCCEEDED'] as const;

export function operationStatus(operation: AsyncOperation): Readonly<Record<string, unknown>> {
  const { kind, account, permissionSetArn, principalType, principalId } = operation;
  const status = statusOf(operation);
  return {
    Status: status,
    RequestId: operation.requestId,
    ...(status === 'FAILED' ? { FailureReason: operation.failureReason } : {}),
    ...(kind === 'provision'
      ? { AccountId: account, PermissionSetArn: permissionSetArn }
      : {
          TargetId: account,
          TargetType: 'AWS_ACCOUNT',
          PermissionSetArn: permissionSetArn,
          PrincipalType: principalType,
          PrincipalId: principalId,
        }),
    CreatedDate: new Date(operation.startedAt),
  };
}

function describe(admin: AdminCall, kind: AsyncOperation['kind'], member: string): AsyncOperation {
  admin.instance();
  admin.authorize();
  const id = admin.input.string(member, { min: 36, max: 36 });
  const operation = admin.world.identityCenter.operations.get(id);
  if (operation?.kind !== kind) throw notFound(`Request with id ${id} was not found.`);
  return operation;
}

/** Newest first. */
function list(admin: AdminCall, kind: AsyncOperation['kind'], member: string): Output {
  admin.instance();
  admin.authorize();
  const wanted = admin.input.optionalStruct('Filter')?.optionalOneOf('Status', statuses);
  const found = [...admin.world.identityCenter.operations.values()]
    .filter((operation) => operation.kind === kind && (wanted === undefined || statusOf(operation) === wanted))
    .reverse()
    .map((operation) => ({
      Status: statusOf(operation),
      RequestId: operation.requestId,
      CreatedDate: new Date(operation.startedAt),
    }));
  const page = admin.input.page(found);
  return { [member]: page.items, NextToken: page.nextToken };
}

export const statusOperations: readonly AdminEntry[] = [
  adminOperation('DescribeAccountAssignmentCreationStatus', 'read', (admin) => ({
    AccountAssignmentCreationStatus: operationStatus(
      describe(admin, 'create-assignment', 'AccountAssignmentCreationRequestId'),
    ),
  })),
  adminOperation('DescribeAccountAssignmentDeletionStatus', 'read', (admin) => ({
    AccountAssignmentDeletionStatus: operationStatus(
      describe(admin, 'delete-assignment', 'AccountAssignmentDeletionRequestId'),
    ),
  })),
  adminOperation('DescribePermissionSetProvisioningStatus', 'read', (admin) => ({
    PermissionSetProvisioningStatus: operationStatus(describe(admin, 'provision', 'ProvisionPermissionSetRequestId')),
  })),
  adminOperation('ListAccountAssignmentCreationStatus', 'read', (admin) =>
    list(admin, 'create-assignment', 'AccountAssignmentsCreationStatus'),
  ),
  adminOperation('ListAccountAssignmentDeletionStatus', 'read', (admin) =>
    list(admin, 'delete-assignment', 'AccountAssignmentsDeletionStatus'),
  ),
  adminOperation('ListPermissionSetProvisioningStatus', 'read', (admin) =>
    list(admin, 'provision', 'PermissionSetsProvisioningStatus'),
  ),
];
