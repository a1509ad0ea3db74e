/** Which table a call means, and what the policies say to it. */
import type { ConditionContext } from '../../../aws/policy/request.ts';
import type { Call, Input } from '../../core/service.ts';
import { resourceNotFound, tableNotFound, validation } from './errors.ts';
import type { Table } from './state.ts';

export interface TableRef {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly table: Table | undefined;
}

/** A name of the caller's own account, or an ARN of any. Throws AwsError ValidationException. */
export function tableRef(call: Call, input: Input, member: string = 'TableName'): TableRef {
  const given = input[member];
  const camel = member.charAt(0).toLowerCase() + member.slice(1);
  if (typeof given !== 'string' || given === '') {
    throw validation(
      `1 validation error detected: Value null at '${camel}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const match = /^arn:[a-z-]+:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]{1,255})$/.exec(given);
  const name = match?.[3] ?? given;
  if (match === null && !/^[a-zA-Z0-9_.-]{1,255}$/.test(given)) {
    throw validation(
      `1 validation error detected: Value '${given.slice(0, 300)}' at '${camel}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  }
  const account = match?.[2] ?? call.account;
  const arn = `arn:${call.world.partition}:dynamodb:${call.region}:${account}:table/${name}`;
  const table = match !== null && match[1] !== call.region ? undefined : call.world.dynamodb.tables.get(arn);
  call.event.resources = [{ accountId: account, type: 'AWS::DynamoDB::Table', ARN: arn }];
  return { arn, name, account, table };
}

/** Throws AwsError AccessDeniedException; the table need not be there. */
export function authorizeTable(call: Call, ref: TableRef, action: string, context?: ConditionContext): void {
  call.authorize({
    action: `dynamodb:${action}`,
    resource: ref.arn,
    resourceAccount: ref.account,
    ...(ref.table?.policy === undefined ? {} : { resourcePolicy: ref.table.policy.parsed }),
    ...(context === undefined ? {} : { context }),
  });
}

/** For operations on the table itself. Throws AwsError ResourceNotFoundException. */
export function requireTable(ref: TableRef): Table {
  if (ref.table === undefined) throw tableNotFound(ref.name);
  return ref.table;
}

/** For operations on items. Throws AwsError ResourceNotFoundException. */
export function requireTableOfItems(ref: TableRef): Table {
  if (ref.table === undefined) throw resourceNotFound();
  return ref.table;
}
