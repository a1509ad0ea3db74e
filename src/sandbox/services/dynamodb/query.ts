/** Query and Scan. Both look at every item: tables here hold locks, not data. */
import type { Input, Operation, Output } from '../../core/service.ts';
import { compareValues, readItem } from './attribute-value.ts';
import { validation } from './errors.ts';
import { holds } from './evaluate-expression.ts';
import { type ConditionNode, type Placeholders, parseCondition } from './expression.ts';
import {
  capacity,
  integerMember,
  itemContext,
  projected,
  readPlaceholders,
  readProjection,
  textMember,
} from './item-request.ts';
import { keyNames, keyOfItem } from './keys.ts';
import type { AttributeValue, Item, Table } from './state.ts';
import { authorizeTable, requireTableOfItems, tableRef } from './table-access.ts';

interface IndexKey {
  readonly hash: string;
  readonly range: string | undefined;
}

export const scan: Operation = {
  readOnly: true,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'Scan', itemContext(input, ref.table, {}));
    const table = requireTableOfItems(ref);
    call.event.requestParameters = { tableName: input.TableName };
    call.event.responseElements = null;
    const placeholders = readPlaceholders(input);
    const index = indexKey(table, textMember(input, 'IndexName'));
    const items = [...table.items.values()].filter((item) => hasIndexKey(item, index));
    return answer(input, table, items, placeholders, keyNames(table));
  },
};

export const query: Operation = {
  readOnly: true,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'Query', itemContext(input, ref.table, {}));
    const table = requireTableOfItems(ref);
    call.event.requestParameters = {
      tableName: input.TableName,
      keyConditionExpression: input.KeyConditionExpression,
    };
    call.event.responseElements = null;
    const placeholders = readPlaceholders(input);
    const text = textMember(input, 'KeyConditionExpression');
    if (text === undefined) {
      throw validation(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    const condition = parseCondition(text, 'KeyConditionExpression', placeholders);
    const index = indexKey(table, textMember(input, 'IndexName'));
    checkKeyCondition(condition, index);
    const items = [...table.items.values()].filter((item) => hasIndexKey(item, index) && holds(condition, item));
    const { range } = index;
    if (range !== undefined) {
      items.sort((a, b) => compareValues(a[range] as AttributeValue, b[range] as AttributeValue) ?? 0);
    }
    if (input.ScanIndexForward === false) items.reverse();
    return answer(input, table, items, placeholders, [
      ...new Set([...keyNames(table), index.hash, ...(range === undefined ? [] : [range])]),
    ]);
  },
};

function indexKey(table: Table, name: string | undefined): IndexKey {
  if (name === undefined) return { hash: table.hashKey, range: table.rangeKey };
  const lists = [table.description.GlobalSecondaryIndexes, table.description.LocalSecondaryIndexes];
  const index = lists
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Input[]) : []))
    .find(({ IndexName }) => IndexName === name);
  if (index === undefined) throw validation(`The table does not have the specified index: ${name.slice(0, 255)}`);
  const schema = index.KeySchema as readonly { readonly AttributeName: string; readonly KeyType: string }[];
  return {
    hash: schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? table.hashKey,
    range: schema.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName,
  };
}

function hasIndexKey(item: Item, { hash, range }: IndexKey): boolean {
  return Object.hasOwn(item, hash) && (range === undefined || Object.hasOwn(item, range));
}

/** The hash key with `=`, and at most one condition on the range key. */
function checkKeyCondition(condition: ConditionNode, { hash, range }: IndexKey): void {
  const parts = condition.kind === 'and' ? [condition.left, condition.right] : [condition];
  const names = parts.map(keyConditionOn);
  const equalsHash = parts.some((part, at) => names[at] === hash && part.kind === 'compare' && part.comparator === '=');
  if (!equalsHash) throw validation(`Query condition missed key schema element: ${hash}`);
  for (const name of names) {
    if (name !== hash && name !== range) {
      throw validation(`Query condition missed key schema element: ${range ?? hash}`);
    }
  }
  if (names.filter((name) => name === hash).length > 1) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
}

function keyConditionOn(node: ConditionNode): string | undefined {
  if (node.kind === 'compare' && node.comparator !== '<>') {
    return node.left.kind === 'path' && node.left.path.length === 1 ? node.left.path[0] : undefined;
  }
  if (node.kind === 'between') {
    return node.value.kind === 'path' && node.value.path.length === 1 ? node.value.path[0] : undefined;
  }
  if (node.kind === 'function' && node.name === 'begins_with') return node.path[0];
  throw validation('Invalid operator used in KeyConditionExpression');
}

function answer(
  input: Input,
  table: Table,
  items: readonly Item[],
  placeholders: Placeholders,
  positionNames: readonly string[],
): Output {
  const text = textMember(input, 'FilterExpression');
  const filter = text === undefined ? undefined : parseCondition(text, 'FilterExpression', placeholders);
  const paths = readProjection(input, placeholders);
  placeholders.requireAllUsed();
  const limit = integerMember(input, 'Limit', 1, 2 ** 31 - 1) ?? items.length;
  const rest = items.slice(startIndex(input, table, items));
  const page = rest.slice(0, limit);
  const kept = filter === undefined ? page : page.filter((item) => holds(filter, item));
  const last = page.at(-1);
  return {
    ...(input.Select === 'COUNT' ? {} : { Items: kept.map((item) => projected(item, paths)) }),
    Count: kept.length,
    ScannedCount: page.length,
    ...(page.length === limit && last !== undefined && input.Limit !== undefined && input.Limit !== null
      ? { LastEvaluatedKey: Object.fromEntries(positionNames.map((name) => [name, last[name]])) }
      : {}),
    ...capacity(input, table, 0.5),
  };
}

function startIndex(input: Input, table: Table, items: readonly Item[]): number {
  if (input.ExclusiveStartKey === undefined || input.ExclusiveStartKey === null) return 0;
  const start = readItem(input.ExclusiveStartKey);
  if (!keyNames(table).every((name) => Object.hasOwn(start, name))) {
    throw validation('The provided starting key is invalid');
  }
  const id = keyOfItem(table, start);
  return items.findIndex((item) => keyOfItem(table, item) === id) + 1;
}
