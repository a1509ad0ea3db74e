/**
 * What a condition lets its key hold.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { parseInstant } from '../policy/date-value.ts';
import type { Condition } from '../policy/document.ts';
import { addressRange, everyAddress, readAddress, writeAddress } from './address.ts';
import { type Interval, IntervalSet } from './intervals.ts';
import { type KeySet, ListSet, type OrderedKind, OrderedSet, TextSet } from './key-set.ts';
import { Language } from './language.ts';
import {
  arnPatternLanguage,
  arnShaped,
  noVariables,
  textLanguage,
  type Variables,
  wildcardLanguage,
} from './pattern-language.ts';
import { Undecidable } from './undecidable.ts';

const numbers: OrderedKind = {
  name: 'number',
  universe: { low: Number.NEGATIVE_INFINITY, lowOpen: false, high: Number.POSITIVE_INFINITY, highOpen: false },
  read: (text) => (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined),
  write: String,
};

const dates: OrderedKind = {
  ...numbers,
  name: 'date',
  read: parseInstant,
  write: (value) => new Date(Number(value)).toISOString(),
};

const addresses: OrderedKind = { name: 'address', universe: everyAddress, read: readAddress, write: writeAddress };

/** How many values a key can have in one request. */
export type Cardinality = 'one' | 'many';

/**
 * The values of its key for which a condition holds.
 *
 * @param known values of keys that policy variables may stand for
 * @throws Undecidable where a variable stands for something that is not known, or an ordered key has many values
 */
export function conditionSet(condition: Condition, cardinality: Cardinality, variables: Variables): KeySet {
  const { operator, quantifier, ifExists, values } = condition;
  if (operator === 'Null') return nullSet(values, cardinality);
  const negated = isNegated(operator);
  const whenMissing = ifExists || (quantifier === undefined ? negated : quantifier === 'ForAllValues');
  if (isOrdered(operator)) return orderedSet(condition, cardinality, whenMissing);
  const matching = values
    .map((value) => languageOf(operator, value, variables))
    .reduce((a, b) => a.or(b), Language.none);
  const language = negated ? matching.not() : matching;
  if (cardinality === 'one') return new TextSet(whenMissing, quantified(language, quantifier));
  const missing = whenMissing ? ListSet.missing() : ListSet.none;
  switch (quantifier) {
    case 'ForAllValues':
      // AWS takes a list of empty texts as no list at all.
      return ListSet.all(language).or(ListSet.all(emptyText)).and(ListSet.present()).or(missing);
    case 'ForAnyValue':
      return ListSet.any(language).and(ListSet.any(emptyText.not())).or(missing);
    default:
      return (negated ? ListSet.all(language).and(ListSet.present()) : ListSet.any(language)).or(missing);
  }
}

const emptyText = Language.of('');

function quantified(language: Language, quantifier: Condition['quantifier']): Language {
  if (quantifier === undefined) return language;
  return quantifier === 'ForAllValues' ? language.or(emptyText) : language.minus(emptyText);
}

export function isNegated(operator: Condition['operator']): boolean {
  return /^(String|Numeric|Date|Arn)Not/.test(operator) || operator === 'NotIpAddress';
}

function isOrdered(operator: Condition['operator']): boolean {
  return /^(Numeric|Date)/.test(operator) || operator.endsWith('IpAddress');
}

function nullSet(values: readonly string[], cardinality: Cardinality): KeySet {
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  if (cardinality === 'one') return new TextSet(wanted.has('true'), wanted.has('false') ? Language.all : Language.none);
  return (wanted.has('true') ? ListSet.missing() : ListSet.none).or(
    wanted.has('false') ? ListSet.present() : ListSet.none,
  );
}

function languageOf(operator: Condition['operator'], value: string, variables: Variables): Language {
  switch (operator) {
    case 'StringEquals':
    case 'StringNotEquals':
      return textLanguage(value, variables, {});
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
      return textLanguage(value, variables, { ignoreCase: true });
    case 'Bool':
      return /^(true|false)$/i.test(value) ? textLanguage(value, noVariables, { ignoreCase: true }) : Language.none;
    case 'BinaryEquals':
      return textLanguage(value, noVariables, {});
    case 'StringLike':
    case 'StringNotLike':
      return wildcardLanguage(value, variables);
    default:
      // Both operators of ARNs match patterns, and what is no ARN matches none of them.
      return arnPatternLanguage(value, variables, 'as-it-is').and(arnShaped);
  }
}

function orderedSet({ operator, values }: Condition, cardinality: Cardinality, whenMissing: boolean): OrderedSet {
  if (cardinality === 'many') throw new Undecidable(`${operator} on a key with many values`);
  const kind = operator.startsWith('Numeric') ? numbers : operator.startsWith('Date') ? dates : addresses;
  const negated = isNegated(operator);
  const matching = new IntervalSet(values.flatMap((value) => intervalOf(kind, operator, value) ?? []));
  const set = negated ? matching.not(kind.universe) : matching;
  return new OrderedSet(kind, whenMissing, negated, set);
}

function intervalOf(kind: OrderedKind, operator: Condition['operator'], text: string): Interval | undefined {
  if (kind === addresses) return addressRange(text);
  const value = kind.read(text);
  if (value === undefined) return undefined;
  const below = { low: kind.universe.low, lowOpen: false, high: value };
  const above = { low: value, high: kind.universe.high, highOpen: false };
  if (operator.endsWith('LessThan')) return { ...below, highOpen: true };
  if (operator.endsWith('LessThanEquals')) return { ...below, highOpen: false };
  if (operator.endsWith('GreaterThan')) return { ...above, lowOpen: true };
  if (operator.endsWith('GreaterThanEquals')) return { ...above, lowOpen: false };
  return { low: value, lowOpen: false, high: value, highOpen: false };
}
