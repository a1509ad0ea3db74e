/** What item operations have in common: placeholders, conditions, what is given back, what is recorded. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input } from '../../core/service.ts';
import { plainValue, readItem, readValue } from './attribute-value.ts';
import { validation } from './errors.ts';
import { holds, project } from './evaluate-expression.ts';
import { type Path, Placeholders, parseCondition, parseProjection } from './expression.ts';
import { keyPart } from './keys.ts';
import type { AttributeValue, Item, Table } from './state.ts';

const expressionMembers = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

/** Older ways to say the same, which no client of today sends. */
const legacyMembers = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/** Throws AwsError ValidationException. */
export function readPlaceholders(input: Input): Placeholders {
  for (const member of legacyMembers) {
    if (input[member] !== undefined && input[member] !== null) {
      throw validation(`The legacy parameter ${member} is not modelled by the sandbox; use an expression.`);
    }
  }
  const any = expressionMembers.some((member) => input[member] !== undefined && input[member] !== null);
  for (const member of ['ExpressionAttributeNames', 'ExpressionAttributeValues']) {
    const given = input[member];
    if (given === undefined || given === null) continue;
    if (!any) throw validation(`${member} can only be specified when using expressions`);
    if (typeof given !== 'object' || Array.isArray(given)) throw validation(`${member} must be a map`);
    if (Object.keys(given).length === 0) throw validation(`${member} must not be empty`);
  }
  const names = new Map<string, string>();
  for (const [placeholder, name] of Object.entries((input.ExpressionAttributeNames ?? {}) as object)) {
    if (!/^#[A-Za-z0-9_]+$/.test(placeholder)) {
      throw validation(
        `ExpressionAttributeNames contains invalid key: Syntax error; key: "${placeholder.slice(0, 100)}"`,
      );
    }
    names.set(placeholder, String(name));
  }
  const values = new Map<string, AttributeValue>();
  for (const [placeholder, value] of Object.entries((input.ExpressionAttributeValues ?? {}) as object)) {
    if (!/^:[A-Za-z0-9_]+$/.test(placeholder)) {
      throw validation(
        `ExpressionAttributeValues contains invalid key: Syntax error; key: "${placeholder.slice(0, 100)}"`,
      );
    }
    values.set(placeholder, readValue(value));
  }
  return new Placeholders(names, values);
}

export function textMember(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError('SerializationException', `${member} must be a string.`);
}

export function integerMember(input: Input, member: string, least: number, most: number): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new AwsError('SerializationException', `${member} must be an integer.`);
  }
  if (value >= least && value <= most) return value;
  const camel = member.charAt(0).toLowerCase() + member.slice(1);
  throw validation(
    `1 validation error detected: Value '${value}' at '${camel}' failed to satisfy constraint: Member must have value greater than or equal to ${least}`,
  );
}

export function itemMember(input: Input, member: string): Item {
  if (input[member] === undefined || input[member] === null) {
    const camel = member.charAt(0).toLowerCase() + member.slice(1);
    throw validation(
      `1 validation error detected: Value null at '${camel}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return readItem(input[member]);
}

export function readProjection(input: Input, placeholders: Placeholders): readonly Path[] | undefined {
  const text = textMember(input, 'ProjectionExpression');
  return text === undefined ? undefined : parseProjection(text, placeholders);
}

export function projected(item: Item, paths: readonly Path[] | undefined): Item {
  return paths === undefined ? item : project(item, paths);
}

/** Parses the condition of the request; the result throws AwsError ConditionalCheckFailedException where it does not hold. */
export function readCondition(input: Input, placeholders: Placeholders): (current: Item | undefined) => void {
  const text = textMember(input, 'ConditionExpression');
  if (text === undefined) return () => undefined;
  const condition = parseCondition(text, 'ConditionExpression', placeholders);
  return (current) => {
    if (holds(condition, current ?? {})) return;
    const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && current !== undefined;
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, {
      members: shown ? { Item: current } : {},
    });
  };
}

export function returnValues(input: Input, allowed: readonly string[]): string {
  const value = textMember(input, 'ReturnValues') ?? 'NONE';
  if (allowed.includes(value)) return value;
  if (!['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'].includes(value)) {
    throw validation(
      `1 validation error detected: Value '${value.slice(0, 100)}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`,
    );
  }
  throw validation(`Return values set to invalid value`);
}

export function capacity(input: Input, table: Table, units: number): Readonly<Record<string, unknown>> {
  const asked = input.ReturnConsumedCapacity;
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return {};
  return {
    ConsumedCapacity: {
      TableName: table.name,
      CapacityUnits: units,
      ...(asked === 'INDEXES' ? { Table: { CapacityUnits: units } } : {}),
    },
  };
}

/** Keys are told, all else of an item is not. */
export function noteItem(call: Call, input: Input, table: Table, item: Item): void {
  const key = Object.fromEntries(
    Object.entries(keyPart(table, item)).map(([name, value]) => [name, plainValue(value)]),
  );
  call.event.requestParameters = {
    tableName: input.TableName,
    key,
    ...(input.ConditionExpression === undefined ? {} : { conditionExpression: input.ConditionExpression }),
    ...(input.ProjectionExpression === undefined ? {} : { projectionExpression: input.ProjectionExpression }),
    ...(input.UpdateExpression === undefined ? {} : { updateExpression: input.UpdateExpression }),
    ...(input.ConsistentRead === undefined ? {} : { consistentRead: input.ConsistentRead }),
  };
  call.event.responseElements = null;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
export function itemContext(
  input: Input,
  table: Table | undefined,
  item: Item,
): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>();
  const leading = table === undefined ? undefined : item[table.hashKey];
  if (leading !== undefined) context.set('dynamodb:leadingkeys', [String(Object.values(leading)[0])]);
  context.set('dynamodb:attributes', Object.keys(item));
  if (typeof input.ReturnValues === 'string') context.set('dynamodb:returnvalues', [input.ReturnValues]);
  return context;
}
