/**
 * One condition against the context of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { Buffer } from 'node:buffer';
import { matchesArn, parseArnPattern, splitArn } from './arn-pattern.ts';
import { parseInstant } from './date-value.ts';
import type { Condition, ConditionOperator } from './document.ts';
import { matchesGlob } from './glob.ts';
import { isInRange, parseIpAddress, parseIpRange } from './ip-range.ts';
import type { ConditionContext } from './request.ts';
import { parseTemplate, resolveGlob, resolveText } from './template.ts';

export interface CompiledCondition {
  readonly condition: Condition;
  readonly holds: (context: ConditionContext) => boolean;
}

/** Whether one value of the request matches one of the policy's. */
type Comparison = (value: string, context: ConditionContext) => boolean;

/** `variables`: the document's version has them. */
export function compileCondition(condition: Condition, variables: boolean): CompiledCondition {
  const key = condition.key.toLowerCase();
  const { operator, quantifier, ifExists } = condition;
  if (operator === 'Null') {
    const wanted = condition.values.map((value) => value.toLowerCase());
    return { condition, holds: (context) => wanted.includes(String(isMissing(context.get(key)))) };
  }
  const negated = isNegated(operator);
  const matches = comparisonOf(condition, variables);
  const whenMissing = ifExists || (quantifier === undefined ? negated : quantifier === 'ForAllValues');
  const holds = (context: ConditionContext): boolean => {
    const values = context.get(key);
    if (isMissing(values)) return whenMissing;
    if (quantifier === undefined) return values.some((value) => matches(value, context)) !== negated;
    // AWS: "or if the key values in the request resolve to a null data set, such as an empty string".
    if (values.every((value) => value === '')) return quantifier === 'ForAllValues';
    if (quantifier === 'ForAllValues') return values.every((value) => matches(value, context) !== negated);
    return values.some((value) => matches(value, context) !== negated);
  };
  return { condition, holds };
}

function isMissing(values: readonly string[] | undefined): values is undefined {
  return values === undefined || values.length === 0;
}

/** Negated operators hold where their counterpart does not, so also where the key is missing. */
function isNegated(operator: ConditionOperator): boolean {
  return operator.includes('Not');
}

function comparisonOf({ operator, values }: Condition, variables: boolean): Comparison {
  switch (operator) {
    case 'StringEquals':
    case 'StringNotEquals':
      return texts(values, variables, (text) => text);
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
      return texts(values, variables, (text) => text.toLowerCase());
    case 'StringLike':
    case 'StringNotLike':
      return globs(values, variables);
    case 'ArnEquals':
    case 'ArnNotEquals':
    case 'ArnLike':
    case 'ArnNotLike':
      return arns(values, variables);
    case 'NumericEquals':
    case 'NumericNotEquals':
      return ordered(values, parseNumber, (actual, expected) => actual === expected);
    case 'NumericLessThan':
      return ordered(values, parseNumber, (actual, expected) => actual < expected);
    case 'NumericLessThanEquals':
      return ordered(values, parseNumber, (actual, expected) => actual <= expected);
    case 'NumericGreaterThan':
      return ordered(values, parseNumber, (actual, expected) => actual > expected);
    case 'NumericGreaterThanEquals':
      return ordered(values, parseNumber, (actual, expected) => actual >= expected);
    case 'DateEquals':
    case 'DateNotEquals':
      return ordered(values, parseInstant, (actual, expected) => actual === expected);
    case 'DateLessThan':
      return ordered(values, parseInstant, (actual, expected) => actual < expected);
    case 'DateLessThanEquals':
      return ordered(values, parseInstant, (actual, expected) => actual <= expected);
    case 'DateGreaterThan':
      return ordered(values, parseInstant, (actual, expected) => actual > expected);
    case 'DateGreaterThanEquals':
      return ordered(values, parseInstant, (actual, expected) => actual >= expected);
    case 'Bool':
      return oneOf(values, (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined));
    case 'BinaryEquals':
      return oneOf(values, (text) => Buffer.from(text, 'base64').toString('base64'));
    case 'IpAddress':
    case 'NotIpAddress':
      return addresses(values);
    case 'Null':
      return () => false;
  }
}

function texts(values: readonly string[], variables: boolean, fold: (text: string) => string): Comparison {
  const templates = values.map((value) => parseTemplate(value, { variables, wildcards: false }));
  const fixed = new Set<string>();
  for (const template of templates) {
    const text = template.dynamic ? undefined : resolveText(template, new Map());
    if (text !== undefined) fixed.add(fold(text));
  }
  const dynamic = templates.filter((template) => template.dynamic);
  return (value, context) => {
    const actual = fold(value);
    if (fixed.has(actual)) return true;
    return dynamic.some((template) => {
      const expected = resolveText(template, context);
      return expected !== undefined && fold(expected) === actual;
    });
  };
}

function globs(values: readonly string[], variables: boolean): Comparison {
  const matchers = values.map((value): Comparison => {
    const template = parseTemplate(value, { variables, wildcards: true });
    const fixed = template.dynamic ? undefined : resolveGlob(template, new Map());
    return (actual, context) => {
      const glob = fixed ?? resolveGlob(template, context);
      return glob !== undefined && matchesGlob(glob, actual);
    };
  });
  return (value, context) => matchers.some((matches) => matches(value, context));
}

/** `ArnEquals` and `ArnLike` behave alike. */
function arns(values: readonly string[], variables: boolean): Comparison {
  const patterns = values.map((value) => parseArnPattern(value, { variables, of: 'condition' }));
  return (value, context) => {
    const arn = splitArn(value);
    return arn !== undefined && patterns.some((pattern) => matchesArn(pattern, arn, context));
  };
}

function ordered(
  values: readonly string[],
  parse: (text: string) => number | undefined,
  compare: (actual: number, expected: number) => boolean,
): Comparison {
  const expected = values.map(parse).filter((value) => value !== undefined);
  return (value) => {
    const actual = parse(value);
    return actual !== undefined && expected.some((each) => compare(actual, each));
  };
}

function oneOf(values: readonly string[], normalise: (text: string) => string | undefined): Comparison {
  const expected = new Set(values.map(normalise));
  return (value) => {
    const actual = normalise(value);
    return actual !== undefined && expected.has(actual);
  };
}

function addresses(values: readonly string[]): Comparison {
  const ranges = values.map(parseIpRange).filter((range) => range !== undefined);
  return (value) => {
    const address = parseIpAddress(value);
    return address !== undefined && ranges.some((range) => isInRange(address, range));
  };
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined;
}
