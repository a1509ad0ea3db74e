/** IAM's patterns as languages. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */

import { anyChar, type CharRange, Language, type SequencePart } from './language.ts';
import { Undecidable } from './undecidable.ts';

/**
 * What policy variables stand for, by key in lower case. `undefined` for the whole: the document's version has no
 * variables, so `${` is text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export type Variables = ((key: string) => KnownValue) | undefined;

/** `missing`: the key is not in the request. `unknown`: it may be anything, so nothing can be decided. */
export type KnownValue = { readonly value: string } | 'missing' | 'unknown';

export const noVariables: Variables = undefined;

interface TextOptions {
  readonly ignoreCase?: boolean;
}

/** Without wildcards: `StringEquals`, `StringEqualsIgnoreCase`. */
export function textLanguage(text: string, variables: Variables, options: TextOptions): Language {
  const tokens = tokensOf(text, variables, false);
  return tokens === undefined
    ? Language.none
    : Language.sequence(partsOf(tokens, anyChar, options.ignoreCase === true));
}

/** `StringLike`, `Action`: `*` is any number of characters, `?` is one. */
export function wildcardLanguage(pattern: string, variables: Variables, options: TextOptions = {}): Language {
  const tokens = tokensOf(pattern, variables, true);
  return tokens === undefined
    ? Language.none
    : Language.sequence(partsOf(tokens, anyChar, options.ignoreCase === true));
}

/**
 * `ArnLike`, `ArnEquals`, `Resource`: the six parts are matched one by one, so a wildcard of the first five does not reach
 * over a colon, except a `*` at the end of a part of a `Resource`.
 *
 * @param missingParts a `Resource` with fewer parts is filled up with `*`, or taken as it is where a `*` reaches over what
 *   is missing; in a condition it matches nothing
 */
export function arnPatternLanguage(
  pattern: string,
  variables: Variables,
  missingParts: 'filled-up' | 'as-it-is',
): Language {
  if (pattern === '*') return Language.all;
  const tokens = tokensOf(pattern, variables, true);
  if (tokens === undefined) return Language.none;
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    const separates = token === ':' && segments.length < 6;
    if (separates) segments.push([]);
    else segments.at(-1)?.push(token);
  }
  if (segments.length < 6 && missingParts === 'as-it-is') return Language.none;
  const reachesOn = missingParts === 'filled-up';
  const given = segments.length;
  while (segments.length < 6) segments.push([many]);
  const filledUp = segmentsLanguage(segments, reachesOn);
  if (given === 6) return filledUp;
  const asGiven = segments.slice(0, given);
  if (!asGiven.some((segment) => segment.at(-1) === many)) return filledUp;
  return filledUp.or(segmentsLanguage(asGiven, reachesOn).and(arnShaped));
}

function segmentsLanguage(segments: readonly (readonly Token[])[], reachesOn: boolean): Language {
  return Language.sequence(
    segments.flatMap((segment, index) => {
      const separator = index === 0 ? [] : literal(':', false);
      if (index === segments.length - 1) return [...separator, ...partsOf(segment, anyChar, false)];
      const reaches = reachesOn && segment.at(-1) === many;
      const fixed = partsOf(reaches ? segment.slice(0, -1) : segment, noColon, false);
      return [...separator, ...fixed, ...(reaches ? partsOf([many], anyChar, false) : [])];
    }),
  );
}

const colon = ':'.charCodeAt(0);
const noColon: readonly CharRange[] = [
  [0, colon - 1],
  [colon + 1, 0xffff],
];

const many: unique symbol = Symbol('*');
const one: unique symbol = Symbol('?');
/** A UTF-16 unit, text that a variable brought in (all of it literal), or a wildcard. */
type Token = string | { readonly literal: string } | typeof many | typeof one;

/** `undefined` when a variable has no value: such a pattern matches nothing. */
function tokensOf(text: string, variables: Variables, wildcards: boolean): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at++) {
    const close = variables !== undefined && text.startsWith('${', at) ? text.indexOf('}', at) : -1;
    if (close !== -1) {
      const value = variableValue(text.slice(at + 2, close), variables as NonNullable<Variables>);
      if (value === undefined) return undefined;
      // A colon that a variable brings in separates nothing.
      tokens.push({ literal: value });
      at = close;
    } else if (wildcards && text[at] === '*') tokens.push(many);
    else if (wildcards && text[at] === '?') tokens.push(one);
    else tokens.push(text.charAt(at));
  }
  return tokens;
}

function variableValue(inner: string, variables: NonNullable<Variables>): string | undefined {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const comma = inner.indexOf(',');
  const key = (comma === -1 ? inner : inner.slice(0, comma)).trim().toLowerCase();
  const known = variables(key);
  if (known === 'unknown') throw new Undecidable(`\${${key}} may stand for anything`);
  if (known !== 'missing') return known.value;
  return comma === -1 ? undefined : /^'(.*)'$/.exec(inner.slice(comma + 1).trim())?.[1];
}

function partsOf(tokens: readonly Token[], wildcard: readonly CharRange[], ignoreCase: boolean): SequencePart[] {
  return tokens.flatMap((token) => {
    if (token === many) return [{ ranges: wildcard, star: true }];
    if (token === one) return [{ ranges: wildcard, star: false }];
    return literal(typeof token === 'string' ? token : token.literal, ignoreCase);
  });
}

function literal(text: string, ignoreCase: boolean): SequencePart[] {
  return Array.from({ length: text.length }, (_, index) => {
    const char = text.charAt(index);
    const spellings = ignoreCase ? [...new Set([char, char.toLowerCase(), char.toUpperCase()])] : [char];
    const units = spellings.filter(({ length }) => length === 1).map((spelling) => spelling.charCodeAt(0));
    return { ranges: units.map((unit): CharRange => [unit, unit]), star: false };
  });
}

/** Texts that are ARNs at all: six parts, the first of which is `arn`. */
export const arnShaped: Language = arnPatternLanguage('arn:*:*:*:*:*', noVariables, 'as-it-is');
