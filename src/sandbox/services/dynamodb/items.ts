/** Single items. */
import type { Operation } from '../../core/service.ts';
import { equalValues } from './attribute-value.ts';
import { validation } from './errors.ts';
import { applyUpdate } from './evaluate-expression.ts';
import { parseUpdate } from './expression.ts';
import {
  capacity,
  itemContext,
  itemMember,
  noteItem,
  projected,
  readCondition,
  readPlaceholders,
  readProjection,
  returnValues,
  textMember,
} from './item-request.ts';
import { checkItemKey, checkKey, keyNames, keyOfItem, keyPart } from './keys.ts';
import type { AttributeValue, Item } from './state.ts';
import { authorizeTable, requireTableOfItems, tableRef } from './table-access.ts';

const largestItem = 400 * 1024;

function checkSize(item: Item): void {
  if (Buffer.byteLength(JSON.stringify(item)) > largestItem) {
    throw validation('Item size has exceeded the maximum allowed size');
  }
}

export const getItem: Operation = {
  readOnly: true,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    const key = itemMember(input, 'Key');
    authorizeTable(call, ref, 'GetItem', itemContext(input, ref.table, key));
    const table = requireTableOfItems(ref);
    const placeholders = readPlaceholders(input);
    const paths = readProjection(input, placeholders);
    placeholders.requireAllUsed();
    checkKey(table, key);
    noteItem(call, input, table, key);
    const item = table.items.get(keyOfItem(table, key));
    return {
      ...(item === undefined ? {} : { Item: projected(item, paths) }),
      ...capacity(input, table, input.ConsistentRead === true ? 1 : 0.5),
    };
  },
};

export const putItem: Operation = {
  readOnly: false,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    const item = itemMember(input, 'Item');
    authorizeTable(call, ref, 'PutItem', itemContext(input, ref.table, item));
    const table = requireTableOfItems(ref);
    const wanted = returnValues(input, ['NONE', 'ALL_OLD']);
    const placeholders = readPlaceholders(input);
    const check = readCondition(input, placeholders);
    placeholders.requireAllUsed();
    checkItemKey(table, item);
    checkSize(item);
    noteItem(call, input, table, item);
    const id = keyOfItem(table, item);
    const old = table.items.get(id);
    check(old);
    table.items.set(id, item);
    return {
      ...(wanted === 'ALL_OLD' && old !== undefined ? { Attributes: old } : {}),
      ...capacity(input, table, 1),
    };
  },
};

export const deleteItem: Operation = {
  readOnly: false,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    const key = itemMember(input, 'Key');
    authorizeTable(call, ref, 'DeleteItem', itemContext(input, ref.table, key));
    const table = requireTableOfItems(ref);
    const wanted = returnValues(input, ['NONE', 'ALL_OLD']);
    const placeholders = readPlaceholders(input);
    const check = readCondition(input, placeholders);
    placeholders.requireAllUsed();
    checkKey(table, key);
    noteItem(call, input, table, key);
    const id = keyOfItem(table, key);
    const old = table.items.get(id);
    check(old);
    table.items.delete(id);
    return {
      ...(wanted === 'ALL_OLD' && old !== undefined ? { Attributes: old } : {}),
      ...capacity(input, table, 1),
    };
  },
};

export const updateItem: Operation = {
  readOnly: false,
  category: 'data',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    const key = itemMember(input, 'Key');
    authorizeTable(call, ref, 'UpdateItem', itemContext(input, ref.table, key));
    const table = requireTableOfItems(ref);
    const wanted = returnValues(input, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);
    const placeholders = readPlaceholders(input);
    const check = readCondition(input, placeholders);
    const text = textMember(input, 'UpdateExpression');
    const actions = text === undefined ? [] : parseUpdate(text, placeholders);
    placeholders.requireAllUsed();
    checkKey(table, key);
    noteItem(call, input, table, key);
    const keys = keyNames(table);
    for (const { path } of actions) {
      if (keys.includes(path[0])) {
        throw validation(
          `One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`,
        );
      }
    }
    const id = keyOfItem(table, key);
    const old = table.items.get(id);
    check(old);
    const next = applyUpdate(old ?? keyPart(table, key), actions);
    checkSize(next);
    table.items.set(id, next);
    const shown = { NONE: undefined, ALL_OLD: old, ALL_NEW: next }[wanted];
    const attributes = wanted.startsWith('UPDATED')
      ? changed(wanted === 'UPDATED_OLD' ? old : next, old ?? {}, next)
      : shown;
    return {
      ...(attributes === undefined ? {} : { Attributes: attributes }),
      ...capacity(input, table, 1),
    };
  },
};

/** The attributes whose value the update changed, as they are in `from`. */
function changed(from: Item | undefined, old: Item, next: Item): Item | undefined {
  if (from === undefined) return undefined;
  const differs = (name: string): boolean => {
    const before = Object.hasOwn(old, name) ? old[name] : undefined;
    const after = Object.hasOwn(next, name) ? next[name] : undefined;
    return before === undefined || after === undefined ? before !== after : !equalValues(before, after);
  };
  const entries = Object.entries(from).filter(([name]) => differs(name));
  return Object.fromEntries(entries) as Readonly<Record<string, AttributeValue>>;
}
