/** What the edit functions answer: splices, and what these are to mean, so that the meaning can be checked. */
import type { Edit } from '../edit.ts';
import type { EditRefusal } from '../edit-refusal.ts';
import type { YamlEntry, YamlItem, YamlMap, YamlNode, YamlSequence } from './syntax.ts';

/** A value to write: rendered in the style of its surroundings. Strings stay strings, quoted where YAML needs it. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlObject | CommentedValue;

export interface YamlObject {
  readonly [key: string]: YamlValue;
}

/** A value with comments of its own; made by `commented`. */
export interface CommentedValue {
  readonly [commentedValue]: YamlValue;
  /** Behind the value (or the key, for a map or list), without the `#`. */
  readonly trailing: string | undefined;
  /** Lines above, without the `#`. */
  readonly leading: readonly string[];
}

export const commentedValue: unique symbol = Symbol('commented value');

/** @example insertEntry(file, step, 'uses', commented('actions/checkout@8f4b7f8', { trailing: 'v4.1.0' }), 'last') */
export function commented(
  value: YamlValue,
  { trailing, leading = [] }: { readonly trailing?: string; readonly leading?: readonly string[] },
): CommentedValue {
  return { [commentedValue]: value, trailing, leading };
}

export function isCommented(value: YamlValue): value is CommentedValue {
  return typeof value === 'object' && value !== null && commentedValue in value;
}

/** The value without its comments. */
export function bareValue(value: YamlValue): Exclude<YamlValue, CommentedValue> {
  return isCommented(value) ? bareValue(value[commentedValue]) : value;
}

/** What an edit does to the values, in terms of the tree before it. */
export type YamlChange =
  | { readonly kind: 'set'; readonly node: YamlNode; readonly value: YamlValue }
  | { readonly kind: 'remove'; readonly member: YamlEntry | YamlItem }
  | { readonly kind: 'rename'; readonly entry: YamlEntry; readonly name: string }
  | {
      readonly kind: 'insert';
      readonly into: YamlMap | YamlSequence;
      /** The member it stands in front of; `undefined` for the end. */
      readonly before: YamlEntry | YamlItem | undefined;
      /** For a map. */
      readonly key: string | undefined;
      readonly value: YamlValue;
    };

export interface YamlPlan {
  readonly edits: readonly Edit[];
  readonly changes: readonly YamlChange[];
}

export type YamlAnswer = YamlPlan | EditRefusal;

export interface EditOptions {
  /** Edit inside a node that aliases repeat elsewhere: every one of them changes. Default: refused. */
  readonly affectsAliases?: boolean;
}
