/**
 * The `Condition` element: operator → key → values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
import type { JsonValue } from '../../formats/json/index.ts';
import { parseInstant } from './date-value.ts';
import { type Condition, type ConditionOperator, conditionOperators } from './document.ts';
import { membersOf, type Reading, report } from './reading.ts';

type OperatorName = Pick<Condition, 'operator' | 'quantifier' | 'ifExists'>;

const operators: ReadonlySet<string> = new Set(conditionOperators);
const quantifiers = ['ForAllValues', 'ForAnyValue'] as const;

export function parseConditions(reading: Reading, value: JsonValue, path: string): readonly Condition[] {
  const conditions: Condition[] = [];
  if (value.kind !== 'object') {
    report(reading, 'syntax', path);
    return conditions;
  }
  for (const [name, keys] of membersOf(reading, value, `${path}.`, undefined)) {
    const operatorPath = `${path}.${name}`;
    const operator = parseOperator(name);
    // IAM lets an operator that it does not know pass as long as it has no keys.
    if (operator === undefined && keys.kind === 'object' && keys.members.length === 0) continue;
    if (operator === undefined || keys.kind !== 'object') {
      report(reading, 'syntax', operatorPath);
      continue;
    }
    for (const [key, values] of membersOf(reading, keys, `${operatorPath}.`, undefined)) {
      const condition = { ...operator, key, values: valuesOf(reading, values, `${operatorPath}.${key}`) };
      conditions.push(condition);
      if (!valuesFit(condition)) report(reading, 'legacy', `${operatorPath}.${key}`);
    }
  }
  return conditions;
}

/** `ForAnyValue:StringLikeIfExists` taken apart; `undefined` for what is no operator. `Null` takes no `IfExists`. */
function parseOperator(name: string): OperatorName | undefined {
  const quantifier = quantifiers.find((prefix) => name.startsWith(`${prefix}:`));
  const rest = quantifier === undefined ? name : name.slice(quantifier.length + 1);
  const ifExists = rest.endsWith('IfExists');
  const operator = ifExists ? rest.slice(0, -'IfExists'.length) : rest;
  if (!operators.has(operator) || (operator === 'Null' && ifExists)) return undefined;
  return { operator: operator as ConditionOperator, quantifier, ifExists };
}

/** Booleans and numbers may stand without quotes. */
function valuesOf(reading: Reading, value: JsonValue, path: string): readonly string[] {
  const elements = value.kind === 'array' ? value.elements : [value];
  const values: string[] = [];
  for (const element of elements) {
    if (element.kind === 'string') values.push(element.value);
    else if (element.kind === 'boolean' || element.kind === 'number') values.push(String(element.value));
    else report(reading, 'syntax', path);
  }
  return values;
}

/** IAM reads dates when it takes the document; what is none fails there and not when a request comes. */
function valuesFit({ operator, values }: Condition): boolean {
  return !operator.startsWith('Date') || values.every((value) => parseInstant(value) !== undefined);
}
