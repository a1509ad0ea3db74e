/**
 * What a condition key may hold, as a set that can be intersected and complemented exactly. Which form a key has follows
 * from the operators that speak about it: text, a list of texts, or something with an order (numbers, dates, addresses).
 */

import { type Interval, IntervalSet } from './intervals.ts';
import { Language } from './language.ts';
import { Undecidable } from './undecidable.ts';

/** `undefined`: the key is not in the request. */
export type KeyValues = readonly string[] | undefined;

export interface KeySet {
  readonly form: string;
  readonly isEmpty: boolean;
  and(other: KeySet): KeySet;
  not(): KeySet;
  accepts(values: KeyValues): boolean;
  /** A member of least size; only when not empty. */
  example(): KeyValues;
}

/** One text, or nothing. */
export class TextSet implements KeySet {
  readonly form = 'text';
  readonly absent: boolean;
  readonly language: Language;

  constructor(absent: boolean, language: Language) {
    this.absent = absent;
    this.language = language;
  }

  get isEmpty(): boolean {
    return !this.absent && this.language.isEmpty;
  }

  and(other: KeySet): KeySet {
    if (other instanceof OrderedSet) return other.and(this);
    if (!(other instanceof TextSet)) throw mixed(this, other);
    return new TextSet(this.absent && other.absent, this.language.and(other.language));
  }

  not(): KeySet {
    return new TextSet(!this.absent, this.language.not());
  }

  accepts(values: KeyValues): boolean {
    const [value] = values ?? [];
    return value === undefined ? this.absent : this.language.includes(value);
  }

  example(): KeyValues {
    const word = this.language.shortest();
    // A value says more than its absence, where both would do.
    return word === undefined ? undefined : [word];
  }
}

interface ListTerm {
  readonly absent: boolean;
  readonly empty: boolean;
  readonly filled: boolean;
  /** Of a filled list: every value is in this language … */
  readonly all: Language;
  /** … and each of these holds some value. */
  readonly some: readonly Language[];
}

const anyList: ListTerm = { absent: true, empty: true, filled: true, all: Language.all, some: [] };

/** Any number of texts: keys that hold several values, under `ForAllValues` and `ForAnyValue`. A union of terms. */
export class ListSet implements KeySet {
  readonly form = 'list';
  readonly terms: readonly ListTerm[];

  constructor(terms: readonly ListTerm[]) {
    this.terms = terms.filter((term) => !isVoid(term));
  }

  /** Every value in the language; true of a missing key and of an empty list too. */
  static all(language: Language): ListSet {
    return new ListSet([{ ...anyList, all: language }]);
  }

  static any(language: Language): ListSet {
    return new ListSet([{ absent: false, empty: false, filled: true, all: Language.all, some: [language] }]);
  }

  /** At least one value. */
  static present(): ListSet {
    return new ListSet([{ ...anyList, absent: false, empty: false }]);
  }

  /** AWS makes no difference between a missing key and a list without values. */
  static missing(): ListSet {
    return new ListSet([{ ...anyList, filled: false }]);
  }

  static readonly none: ListSet = new ListSet([]);

  or(other: ListSet): ListSet {
    return new ListSet([...this.terms, ...other.terms]);
  }

  get isEmpty(): boolean {
    return this.terms.length === 0;
  }

  and(other: KeySet): ListSet {
    if (!(other instanceof ListSet)) throw mixed(this, other);
    return new ListSet(
      this.terms.flatMap((a) =>
        other.terms.map((b) => ({
          absent: a.absent && b.absent,
          empty: a.empty && b.empty,
          filled: a.filled && b.filled,
          all: a.all.and(b.all),
          some: [...a.some, ...b.some],
        })),
      ),
    );
  }

  not(): ListSet {
    return this.terms.reduce<ListSet>((rest, term) => rest.and(complement(term)), new ListSet([anyList]));
  }

  accepts(values: KeyValues): boolean {
    return this.terms.some(({ absent, empty, filled, all, some }) => {
      if (values === undefined) return absent;
      if (values.length === 0) return empty;
      return (
        filled &&
        values.every((value) => all.includes(value)) &&
        some.every((language) => values.some((value) => language.includes(value)))
      );
    });
  }

  example(): KeyValues {
    const filled = this.terms.find((term) => isFillable(term));
    if (filled === undefined) return this.terms.some(({ empty }) => empty) ? [] : undefined;
    const wanted = filled.some.length === 0 ? [Language.all] : filled.some;
    return [...new Set(wanted.map((language) => filled.all.and(language).shortest() as string))];
  }
}

function isFillable({ filled, all, some }: ListTerm): boolean {
  return filled && !all.isEmpty && some.every((language) => !all.and(language).isEmpty);
}

function isVoid(term: ListTerm): boolean {
  return !term.absent && !term.empty && !isFillable(term);
}

function complement({ absent, empty, filled, all, some }: ListTerm): ListSet {
  const filledOnly = { absent: false, empty: false, filled: true };
  return new ListSet([
    { absent: !absent, empty: !empty, filled: !filled, all: Language.all, some: [] },
    ...(filled
      ? [
          { ...filledOnly, all: Language.all, some: [all.not()] },
          ...some.map((language) => ({ ...filledOnly, all: language.not(), some: [] })),
        ]
      : []),
  ]);
}

/** How an ordered kind of value is read and written. */
export interface OrderedKind {
  /** `number`, `date`, `address`. */
  readonly name: string;
  /** Every value there is. */
  readonly universe: Interval;
  read(text: string): number | bigint | undefined;
  write(value: number | bigint): string;
}

/** One number, instant or address, something that is none, or nothing. */
export class OrderedSet implements KeySet {
  readonly form: string;
  readonly kind: OrderedKind;
  readonly absent: boolean;
  /** Texts that cannot be read as such a value. */
  readonly unreadable: boolean;
  readonly values: IntervalSet;

  constructor(kind: OrderedKind, absent: boolean, unreadable: boolean, values: IntervalSet) {
    this.form = kind.name;
    this.kind = kind;
    this.absent = absent;
    this.unreadable = unreadable;
    this.values = values;
  }

  get isEmpty(): boolean {
    return !this.absent && !this.unreadable && this.values.isEmpty;
  }

  and(other: KeySet): KeySet {
    const same = other instanceof TextSet ? this.#presence(other) : other;
    if (!(same instanceof OrderedSet) || same.kind !== this.kind) throw mixed(this, other);
    return new OrderedSet(
      this.kind,
      this.absent && same.absent,
      this.unreadable && same.unreadable,
      this.values.and(same.values),
    );
  }

  /** What `Null` says of a key, in the terms of an ordered one. */
  #presence({ absent, language }: TextSet): OrderedSet | undefined {
    if (!language.isAll && !language.isEmpty) return undefined;
    const present = language.isAll;
    return new OrderedSet(this.kind, absent, present, new IntervalSet(present ? [this.kind.universe] : []));
  }

  not(): KeySet {
    return new OrderedSet(this.kind, !this.absent, !this.unreadable, this.values.not(this.kind.universe));
  }

  accepts(values: KeyValues): boolean {
    const [text] = values ?? [];
    if (text === undefined) return this.absent;
    const value = this.kind.read(text);
    return value === undefined ? this.unreadable : this.values.has(value);
  }

  example(): KeyValues {
    const value = this.values.example();
    if (value !== undefined) return [this.kind.write(value)];
    return this.absent ? undefined : ['?'];
  }
}

function mixed(a: KeySet, b: KeySet): Undecidable {
  return new Undecidable(`one condition takes the key as ${a.form}, another as ${b.form}`);
}
