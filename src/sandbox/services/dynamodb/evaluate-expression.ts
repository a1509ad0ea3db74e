/** What an expression means for an item: whether a condition holds, what a projection leaves, what an update makes. */
import { compareValues, equalValues, sizeOf, typeOf } from './attribute-value.ts';
import { validation } from './errors.ts';
import type { ConditionNode, Operand, Path, UpdateAction, UpdateOperand } from './expression.ts';
import { addNumbers } from './number.ts';
import type { AttributeValue, Item } from './state.ts';

export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (value === undefined) return undefined;
    const held: unknown = typeof step === 'number' ? value.L : value.M;
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, step)) return undefined;
    value = (held as Record<string | number, AttributeValue>)[step];
  }
  return value;
}

export function holds(node: ConditionNode, item: Item): boolean {
  switch (node.kind) {
    case 'or':
      return holds(node.left, item) || holds(node.right, item);
    case 'and':
      return holds(node.left, item) && holds(node.right, item);
    case 'not':
      return !holds(node.operand, item);
    case 'compare':
      return compares(node.comparator, operandValue(node.left, item), operandValue(node.right, item));
    case 'between': {
      const value = operandValue(node.value, item);
      return (
        compares('>=', value, operandValue(node.low, item)) && compares('<=', value, operandValue(node.high, item))
      );
    }
    case 'in': {
      const value = operandValue(node.value, item);
      return node.list.some((one) => compares('=', value, operandValue(one, item)));
    }
    case 'function':
      return functionHolds(node, item);
  }
}

function compares(comparator: string, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (comparator === '=') return equalValues(left, right);
  if (comparator === '<>') return !equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function functionHolds(node: Extract<ConditionNode, { kind: 'function' }>, item: Item): boolean {
  const value = valueAt(item, node.path);
  if (node.name === 'attribute_exists') return value !== undefined;
  if (node.name === 'attribute_not_exists') return value === undefined;
  const argument = node.argument === undefined ? undefined : operandValue(node.argument, item);
  if (value === undefined || argument === undefined) return false;
  const type = typeOf(value);
  if (node.name === 'attribute_type') return argument.S === type;
  if (node.name === 'begins_with') {
    if (type === 'S' && typeof argument.S === 'string') return (value.S as string).startsWith(argument.S);
    if (type !== 'B' || typeof argument.B !== 'string') return false;
    const start = Buffer.from(argument.B, 'base64');
    return Buffer.from(value.B as string, 'base64')
      .subarray(0, start.length)
      .equals(start);
  }
  if (type === 'S') return typeof argument.S === 'string' && (value.S as string).includes(argument.S);
  if (type === 'L') return (value.L as AttributeValue[]).some((one) => equalValues(one, argument));
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') return false;
  const member = argument[type.charAt(0)];
  return (value[type] as unknown[]).includes(member);
}

function operandValue(operand: Operand, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path);
    case 'value':
      return operand.value;
    case 'size': {
      const value = valueAt(item, operand.path);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

/** Only what the paths name, in the shape it has in the item. */
export function project(item: Item, paths: readonly Path[]): Item {
  let result: Item = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value !== undefined) result = graft(result, path, value);
  }
  return result;
}

/** Elements of lists move together: `a[3]` alone becomes a list of one. */
function graft(target: Item, [first, ...rest]: Path, value: AttributeValue): Item {
  const held = Object.hasOwn(target, first) ? target[first] : undefined;
  return { ...target, [first]: graftValue(held, rest, value) };
}

function graftValue(
  held: AttributeValue | undefined,
  rest: readonly (string | number)[],
  value: AttributeValue,
): AttributeValue {
  const [step, ...further] = rest;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    return { L: [...((held?.L as AttributeValue[] | undefined) ?? []), graftValue(undefined, further, value)] };
  }
  const members = (held?.M as Item | undefined) ?? {};
  const inner = Object.hasOwn(members, step) ? members[step] : undefined;
  return { M: { ...members, [step]: graftValue(inner, further, value) } };
}

/** The item after an update. Every operand is read from the item as it was. Throws AwsError ValidationException. */
export function applyUpdate(item: Item, actions: readonly UpdateAction[]): Item {
  refuseOverlaps(actions);
  let result = item;
  // Elements go from the end of a list, so that the indexes of the others still hold.
  const removals = actions.filter((action) => action.kind === 'remove').reverse();
  for (const action of [...actions.filter(({ kind }) => kind !== 'remove'), ...removals]) {
    result = write(result, action.path, updatedValue(item, action));
  }
  return result;
}

function refuseOverlaps(actions: readonly UpdateAction[]): void {
  for (const [index, { path: one }] of actions.entries()) {
    for (const { path: other } of actions.slice(index + 1)) {
      const length = Math.min(one.length, other.length);
      if (one.slice(0, length).every((step, at) => step === other[at])) {
        throw validation(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${one.join(', ')}], path two: [${other.join(', ')}]`,
        );
      }
    }
  }
}

/** `undefined` takes the attribute away. */
function updatedValue(item: Item, action: UpdateAction): AttributeValue | undefined {
  const current = valueAt(item, action.path);
  switch (action.kind) {
    case 'remove':
      return undefined;
    case 'set': {
      const left = updateOperand(item, action.left);
      if (action.sign === undefined || action.right === undefined) return left;
      const right = updateOperand(item, action.right);
      if (typeof left.N !== 'string' || typeof right.N !== 'string') throw wrongOperand(action.sign, left);
      return { N: addNumbers(left.N, right.N, action.sign === '+' ? 1n : -1n) };
    }
    case 'add':
      return added(current, action.value);
    case 'delete':
      return withoutMembers(current, action.value);
  }
}

function updateOperand(item: Item, operand: UpdateOperand): AttributeValue {
  switch (operand.kind) {
    case 'if-not-exists':
      return valueAt(item, operand.path) ?? updateOperand(item, operand.otherwise);
    case 'list-append': {
      const first = updateOperand(item, operand.first);
      const second = updateOperand(item, operand.second);
      if (!Array.isArray(first.L) || !Array.isArray(second.L)) throw wrongOperand('list_append', first);
      return { L: [...first.L, ...second.L] };
    }
    default: {
      const value = operandValue(operand, item);
      if (value !== undefined) return value;
      throw validation('The provided expression refers to an attribute that does not exist in the item');
    }
  }
}

function added(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  const type = typeOf(value);
  if (type !== 'N' && type !== 'SS' && type !== 'NS' && type !== 'BS') throw wrongOperand('ADD', value);
  if (current === undefined) return value;
  if (typeOf(current) !== type) throw wrongType();
  if (type === 'N') return { N: addNumbers(current.N as string, value.N as string) };
  return { [type]: [...new Set([...(current[type] as string[]), ...(value[type] as string[])])] };
}

function withoutMembers(current: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  const type = typeOf(value);
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') throw wrongOperand('DELETE', value);
  if (current === undefined) return undefined;
  if (typeOf(current) !== type) throw wrongType();
  const left = (current[type] as string[]).filter((member) => !(value[type] as string[]).includes(member));
  return left.length === 0 ? undefined : { [type]: left };
}

function wrongOperand(operator: string, value: AttributeValue): Error {
  return validation(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(value)}`,
  );
}

function wrongType(): Error {
  return validation('An operand in the update expression has an incorrect data type');
}

function write(item: Item, [first, ...rest]: Path, value: AttributeValue | undefined): Item {
  const held = Object.hasOwn(item, first) ? item[first] : undefined;
  const next = writeValue(held, rest, value);
  if (next !== undefined) return { ...item, [first]: next };
  const { [first]: _, ...left } = item;
  return left;
}

function writeValue(
  held: AttributeValue | undefined,
  rest: readonly (string | number)[],
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  const [step, ...further] = rest;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!Array.isArray(held?.L)) throw invalidPath();
    const list = [...(held.L as AttributeValue[])];
    const at = Math.min(step, list.length);
    if (at === list.length && (value === undefined || further.length > 0)) {
      if (value === undefined) return held;
      throw invalidPath();
    }
    const next = writeValue(list[at], further, value);
    if (next === undefined) list.splice(at, 1);
    else list[at] = next;
    return { L: list };
  }
  if (held?.M === undefined) throw invalidPath();
  return { M: write(held.M as Item, [step, ...further], value) };
}

function invalidPath(): Error {
  return validation('The document path provided in the update expression is invalid for update');
}
