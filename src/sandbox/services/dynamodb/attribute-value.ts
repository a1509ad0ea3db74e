/** Attribute values in DynamoDB's wire form: checked when they come in, compared, measured. */
import { validation } from './errors.ts';
import { compareNumbers, normalizeNumber } from './number.ts';
import type { AttributeValue, Item } from './state.ts';

export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

const types: readonly string[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];

export function typeOf(value: AttributeValue): ValueType {
  return Object.keys(value)[0] as ValueType;
}

const deepest = 32;

/** A value as DynamoDB keeps it: numbers in one form, sets without doubles. Throws AwsError ValidationException. */
export function readValue(value: unknown, depth: number = 0): AttributeValue {
  if (depth > deepest) throw validation('Nesting Levels have exceeded supported limits');
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length !== 1) {
    throw validation(
      entries.length === 0
        ? 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'
        : 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  const [type, content] = entries[0] as [string, unknown];
  if (!types.includes(type)) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  return { [type]: readContent(type as ValueType, content, depth) };
}

function readContent(type: ValueType, content: unknown, depth: number): unknown {
  switch (type) {
    case 'S':
      return text(content);
    case 'N':
      return normalizeNumber(text(content));
    case 'B':
      return base64(content);
    case 'BOOL':
      if (typeof content !== 'boolean') throw mismatch('BOOL');
      return content;
    case 'NULL':
      if (content !== true) {
        throw validation(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      }
      return true;
    case 'L':
      if (!Array.isArray(content)) throw mismatch('L');
      return content.map((one) => readValue(one, depth + 1));
    case 'M':
      return readItem(content, depth + 1);
    case 'SS':
      return readSet(content, text);
    case 'NS':
      return readSet(content, (one) => normalizeNumber(text(one)));
    case 'BS':
      return readSet(content, base64);
  }
}

/** A map of attributes. Throws AwsError ValidationException. */
export function readItem(content: unknown, depth: number = 0): Item {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw mismatch('M');
  return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, readValue(value, depth)]));
}

function text(content: unknown): string {
  if (typeof content !== 'string') throw mismatch('S');
  return content;
}

function base64(content: unknown): string {
  if (typeof content !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(content)) throw mismatch('B');
  return content;
}

function readSet(content: unknown, read: (one: unknown) => string): readonly string[] {
  if (!Array.isArray(content)) throw mismatch('SS');
  if (content.length === 0) {
    throw validation('One or more parameter values were invalid: An string set  may not be empty');
  }
  const members = content.map(read);
  if (new Set(members).size !== members.length) {
    throw validation(
      `One or more parameter values were invalid: Input collection [${members.slice(0, 20).join(', ')}] contains duplicates.`,
    );
  }
  return members;
}

function mismatch(type: string): Error {
  return validation(`A value of type ${type} does not have the form of that type.`);
}

/** Deep equality; sets regardless of order. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  return canonical(a) === canonical(b);
}

/** A text that is the same for equal values only: what items are found by. */
export function canonical(value: AttributeValue): string {
  const type = typeOf(value);
  const content = value[type];
  if (type === 'SS' || type === 'NS' || type === 'BS') return JSON.stringify([type, [...(content as string[])].sort()]);
  if (type === 'L') return JSON.stringify([type, (content as AttributeValue[]).map(canonical)]);
  if (type === 'M') {
    const members = Object.entries(content as Item).sort(([x], [y]) => (x < y ? -1 : 1));
    return JSON.stringify([type, members.map(([name, member]) => [name, canonical(member)])]);
  }
  return JSON.stringify([type, content]);
}

/** Negative, zero or positive; `undefined` where the two have no order: different types, or a type without one. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  const type = typeOf(a);
  if (type !== typeOf(b)) return undefined;
  const left = a[type] as string;
  const right = b[type] as string;
  if (type === 'S') return Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (type === 'N') return compareNumbers(left, right);
  if (type === 'B') return Buffer.compare(Buffer.from(left, 'base64'), Buffer.from(right, 'base64'));
  return undefined;
}

/** What `size()` gives; `undefined` for types without one. */
export function sizeOf(value: AttributeValue): number | undefined {
  const type = typeOf(value);
  const content = value[type];
  switch (type) {
    case 'S':
      return (content as string).length;
    case 'B':
      return Buffer.from(content as string, 'base64').length;
    case 'SS':
    case 'NS':
    case 'BS':
    case 'L':
      return (content as unknown[]).length;
    case 'M':
      return Object.keys(content as Item).length;
    default:
      return undefined;
  }
}

/** Without types, as CloudTrail shows keys. */
export function plainValue(value: AttributeValue): unknown {
  const type = typeOf(value);
  return type === 'L' || type === 'M' ? '…' : value[type];
}
