/**
 * The asynchronous part of sso-admin. A call starts an operation; it is carried out when its time has come and anybody
 * looks: the frame calls `settleOperations` before each call to any service.
 */

import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import { assignmentKey } from './permission-set.ts';
import { deprovision, provision } from './provision.ts';
import type { AsyncOperation, PermissionSet } from './state.ts';

export interface NewOperation {
  readonly kind: AsyncOperation['kind'];
  /** `undefined`: all accounts the set is provisioned to. */
  readonly account: string | undefined;
  readonly permissionSet: PermissionSet;
  readonly principal?: { readonly type: 'USER' | 'GROUP'; readonly id: string };
  /** Certain from the start; it shows when the operation ends. */
  readonly failureReason?: string;
}

export function startOperation(world: World, time: SandboxTime, given: NewOperation): AsyncOperation {
  const { operations, pendingOperations, settings } = world.identityCenter;
  const startedAt = time.now();
  const operation: AsyncOperation = {
    requestId: world.ids.uuid(),
    kind: given.kind,
    startedAt,
    endsAt: startedAt + time.lifetime(settings.operationSeconds),
    outcome: given.failureReason === undefined ? 'SUCCEEDED' : 'FAILED',
    failureReason: given.failureReason,
    account: given.account,
    permissionSetArn: given.permissionSet.arn,
    principalType: given.principal?.type,
    principalId: given.principal?.id,
    applied: false,
  };
  operations.set(operation.requestId, operation);
  pendingOperations.push(operation.requestId);
  return operation;
}

/** Carries out what is due. `now`: epoch milliseconds in the world's time. Costs nothing while nothing is pending. */
export function settleOperations(world: World, now: number): void {
  const { operations, pendingOperations } = world.identityCenter;
  if (pendingOperations.length === 0) return;
  const due = pendingOperations
    .flatMap((id) => operations.get(id) ?? [])
    .filter(({ endsAt }) => endsAt <= now)
    .sort((a, b) => a.endsAt - b.endsAt);
  for (const operation of due) {
    pendingOperations.splice(pendingOperations.indexOf(operation.requestId), 1);
    apply(world, operation);
  }
}

/** `IN_PROGRESS` until the operation was carried out. */
export function statusOf(operation: AsyncOperation): 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' {
  return operation.applied ? operation.outcome : 'IN_PROGRESS';
}

/** Operations that are not over and concern this set in this account. */
export function pendingFor(
  world: World,
  permissionSetArn: string,
  account: string | undefined,
): readonly AsyncOperation[] {
  const { operations, pendingOperations } = world.identityCenter;
  return pendingOperations.flatMap((id) => {
    const operation = operations.get(id);
    const same = operation?.permissionSetArn === permissionSetArn;
    const here = account === undefined || operation?.account === undefined || operation.account === account;
    return operation !== undefined && same && here ? [operation] : [];
  });
}

function apply(world: World, operation: AsyncOperation): void {
  operation.applied = true;
  if (operation.outcome === 'FAILED') return;
  const set = world.identityCenter.permissionSets.get(operation.permissionSetArn);
  const failure =
    set === undefined
      ? `Received a 404 status error: PermissionSet not found: ${operation.permissionSetArn}`
      : carryOut(world, operation, set);
  if (failure === undefined) return;
  operation.outcome = 'FAILED';
  operation.failureReason = failure;
}

function carryOut(world: World, operation: AsyncOperation, set: PermissionSet): string | undefined {
  const { kind, account, principalType, principalId, endsAt } = operation;
  const { assignments } = world.identityCenter;
  if (kind === 'provision') {
    const accounts = account === undefined ? [...set.provisioned.keys()] : [account];
    for (const target of accounts) {
      const failure = provision(world, set, target, endsAt);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }
  if (account === undefined || principalType === undefined || principalId === undefined) return undefined;
  const assignment = { account, permissionSetArn: set.arn, principalType, principalId };
  const key = assignmentKey(assignment);
  if (kind === 'create-assignment') {
    // A set that is there already is brought up to date only by ProvisionPermissionSet.
    const failure = set.roleNames.has(account) ? undefined : provision(world, set, account, endsAt);
    if (failure === undefined) assignments.set(key, assignments.get(key) ?? assignment);
    return failure;
  }
  assignments.delete(key);
  const left = [...assignments.values()].some((one) => one.permissionSetArn === set.arn && one.account === account);
  if (!left) deprovision(world, set, account);
  return undefined;
}
