/** The key of an item: what it must have, and what it is found by. */
import { canonical, typeOf } from './attribute-value.ts';
import { validation } from './errors.ts';
import type { AttributeValue, Item, Table } from './state.ts';

export function keyNames(table: Table): readonly string[] {
  return table.rangeKey === undefined ? [table.hashKey] : [table.hashKey, table.rangeKey];
}

export function keyOfItem(table: Table, item: Item): string {
  return JSON.stringify(keyNames(table).map((name) => canonical(item[name] as AttributeValue)));
}

/** The key attributes alone. */
export function keyPart(table: Table, item: Item): Item {
  return Object.fromEntries(keyNames(table).map((name) => [name, item[name] as AttributeValue]));
}

export function attributeType(table: Table, name: string): string | undefined {
  const definitions = table.description.AttributeDefinitions as
    | readonly { readonly AttributeName: string; readonly AttributeType: string }[]
    | undefined;
  return definitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
}

/** Throws AwsError ValidationException when a whole item lacks its key, or has one of another type. */
export function checkItemKey(table: Table, item: Item): void {
  for (const name of keyNames(table)) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value === undefined) {
      throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    const expected = attributeType(table, name);
    if (expected !== undefined && typeOf(value) !== expected) {
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`,
      );
    }
    checkKeyValue(name, value);
  }
}

/** Throws AwsError ValidationException when a key is not exactly the key of the table. */
export function checkKey(table: Table, key: Item): void {
  const names = keyNames(table);
  const fits =
    Object.keys(key).length === names.length &&
    names.every((name) => {
      const value = Object.hasOwn(key, name) ? key[name] : undefined;
      return value !== undefined && typeOf(value) === (attributeType(table, name) ?? typeOf(value));
    });
  if (!fits) throw validation('The provided key element does not match the schema');
  for (const name of names) checkKeyValue(name, key[name] as AttributeValue);
}

function checkKeyValue(name: string, value: AttributeValue): void {
  const content = Object.values(value)[0];
  if (content === '') {
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  }
  const bytes = Buffer.byteLength(String(content));
  if (bytes > 2048) {
    throw validation(
      `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of 2048 bytes`,
    );
  }
}
