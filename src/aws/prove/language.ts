/**
 * Regular languages of strings, exactly: deterministic automata over UTF-16 code units. IAM's patterns, their negations
 * and all combinations of them are regular, so "does anything match this and not that" has an answer, and a shortest
 * example where the answer is yes. Nothing here is sampled.
 */
import { coarsestPartition } from './partition.ts';
import { Undecidable } from './undecidable.ts';

/** A complete, minimal automaton. State 0 is the start. Code units are grouped into classes that no transition tells apart. */
interface Automaton {
  /** First code unit of each class, ascending, the first is 0. */
  readonly cuts: readonly number[];
  /** `next[state * classes + class]`. */
  readonly next: Int32Array;
  readonly accepting: Uint8Array;
}

/** An inclusive range of code units. */
export type CharRange = readonly [from: number, to: number];

const lastUnit = 0xffff;
/**
 * Transitions of the largest automaton that is built. Patterns of policies need a few thousand; `*a` with twenty `?` behind
 * it needs a state for each set of places where an `a` may have stood, and would take the machine's memory.
 */
const mostTransitions = 100_000;
/** What a witness is spelled with where there is a choice: first what reads like a name. */
const preferred = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=+@,! ';

export class Language {
  static readonly none: Language = Language.#constant(0);
  static readonly all: Language = Language.#constant(1);

  readonly #automaton: Automaton;
  #complement: Language | undefined;

  /** Not for callers: `Language.of` and the functions of this module make languages. */
  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  static #constant(accepts: 0 | 1): Language {
    return new Language({ cuts: [0], next: Int32Array.of(0), accepting: Uint8Array.of(accepts) });
  }

  /** Exactly this word. */
  static of(word: string): Language {
    const starts = new Set<number>([0]);
    for (const unit of units(word)) {
      starts.add(unit);
      if (unit < lastUnit) starts.add(unit + 1);
    }
    const cuts = [...starts].sort((x, y) => x - y);
    // A chain of states, and one that nothing leaves: complete and minimal as it is.
    const lost = word.length + 1;
    const next = new Int32Array((lost + 1) * cuts.length).fill(lost);
    for (let state = 0; state < word.length; state++) {
      next[state * cuts.length + classOf(cuts, word.charCodeAt(state))] = state + 1;
    }
    const accepting = new Uint8Array(lost + 1);
    accepting[word.length] = 1;
    return new Language(joinClasses(cuts, next, accepting));
  }

  static ofAny(words: readonly string[]): Language {
    return words.reduce((all, word) => all.or(Language.of(word)), Language.none);
  }

  /** A sequence of parts: each one character out of the ranges, or any number of them. */
  static sequence(parts: readonly SequencePart[]): Language {
    return determinize(parts);
  }

  get isEmpty(): boolean {
    // Minimal and complete: the empty language has exactly one state, which does not accept.
    return this.#automaton.accepting.length === 1 && this.#automaton.accepting[0] === 0;
  }

  get isAll(): boolean {
    return this.#automaton.accepting.length === 1 && this.#automaton.accepting[0] === 1;
  }

  includes(word: string): boolean {
    return this.#automaton.accepting[afterText(this.#automaton, 0, word)] === 1;
  }

  and(other: Language): Language {
    if (this === other || other.isAll || this.isEmpty) return this;
    if (this.isAll || other.isEmpty) return other;
    return product(this.#automaton, other.#automaton, (a, b) => a & b);
  }

  or(other: Language): Language {
    if (this === other || other.isEmpty || this.isAll) return this;
    if (this.isEmpty || other.isAll) return other;
    return product(this.#automaton, other.#automaton, (a, b) => a | b);
  }

  not(): Language {
    if (this.#complement === undefined) {
      const { cuts, next, accepting } = this.#automaton;
      this.#complement = new Language({ cuts, next, accepting: accepting.map((value) => 1 - value) });
      this.#complement.#complement = this;
    }
    return this.#complement;
  }

  minus(other: Language): Language {
    return this.and(other.not());
  }

  isSubsetOf(other: Language): boolean {
    return this.minus(other).isEmpty;
  }

  equals(other: Language): boolean {
    return this.isSubsetOf(other) && other.isSubsetOf(this);
  }

  /** A word of the least length, spelled as readably as that allows; `undefined` when there is none. */
  shortest(): string | undefined {
    const { cuts, next, accepting } = this.#automaton;
    const spellings = cuts.map((from, index) => spelling(from, (cuts[index + 1] ?? lastUnit + 1) - 1));
    const order = [...cuts.keys()].sort((a, b) => rank(spellings[a] as string) - rank(spellings[b] as string));
    const seen = new Map<number, { readonly before: number; readonly by: string } | undefined>([[0, undefined]]);
    let frontier = [0];
    while (frontier.length > 0) {
      const found = frontier.find((state) => accepting[state] === 1);
      if (found !== undefined) return spell(found, seen);
      const further: number[] = [];
      for (const state of frontier) {
        for (const index of order) {
          const target = next[state * cuts.length + index] as number;
          if (seen.has(target)) continue;
          seen.set(target, { before: state, by: spellings[index] as string });
          further.push(target);
        }
      }
      frontier = further;
    }
    return undefined;
  }

  /**
   * Every way in which a word of this language can be a sequence of pieces: all choices of one language a piece such
   * that the pieces, each from its language, make exactly the words of this language that have that form. This turns a
   * condition on a composed claim (`repo:` owner `/` name …) into conditions on what it is composed of.
   *
   * @param pieces fixed text, or the language a free piece is taken from
   * @returns one language for each free piece, a list of alternatives
   */
  decompose(pieces: readonly (string | Language)[]): readonly (readonly Language[])[] {
    return this.#decompositions(pieces);
  }

  /** States of an automaton that some word of this language leads to from `from`, each with the words that do. */
  #reach(automaton: Automaton, from: number): readonly (readonly [number, Language])[] {
    return reachableTogether(automaton, from, this.#automaton).flatMap((to) => {
      const accepting = new Uint8Array(automaton.accepting.length);
      accepting[to] = 1;
      const words = minimize(automaton.cuts, automaton.next, accepting, from).and(this);
      return words.isEmpty ? [] : [[to, words] as const];
    });
  }

  #decompositions(pieces: readonly (string | Language)[]): Language[][] {
    const automaton = this.#automaton;
    const found: Language[][] = [];
    const walk = (state: number, at: number, chosen: readonly Language[]): void => {
      const piece = pieces[at];
      if (piece === undefined) {
        if (automaton.accepting[state] === 1) found.push([...chosen]);
        return;
      }
      if (typeof piece === 'string') {
        walk(afterText(automaton, state, piece), at + 1, chosen);
        return;
      }
      // Words that differ only in what the text behind them makes good again are one alternative.
      const behind = pieces[at + 1];
      const text = typeof behind === 'string' ? behind : '';
      const byTarget = new Map<number, Language>();
      for (const [target, words] of piece.#reach(automaton, state)) {
        const after = afterText(automaton, target, text);
        byTarget.set(after, (byTarget.get(after) ?? Language.none).or(words));
      }
      const further = typeof behind === 'string' ? at + 2 : at + 1;
      for (const [target, words] of byTarget) walk(target, further, [...chosen, words]);
    };
    walk(0, 0, []);
    return found;
  }
}

function afterText({ cuts, next }: Automaton, state: number, text: string): number {
  let after = state;
  for (const unit of units(text)) after = next[after * cuts.length + classOf(cuts, unit)] as number;
  return after;
}

export interface SequencePart {
  readonly ranges: readonly CharRange[];
  /** Any number of such characters, none included; otherwise exactly one. */
  readonly star: boolean;
}

/** Any character at all. */
export const anyChar: readonly CharRange[] = [[0, lastUnit]];

function* units(word: string): Generator<number> {
  for (let index = 0; index < word.length; index++) yield word.charCodeAt(index);
}

function classOf(cuts: readonly number[], unit: number): number {
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((cuts[middle] as number) <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Subset construction over the sequence: position `i` means that the parts before `i` have been read. */
function determinize(parts: readonly SequencePart[]): Language {
  const starts = new Set<number>([0]);
  for (const { ranges } of parts) {
    for (const [from, to] of ranges) {
      starts.add(from);
      if (to < lastUnit) starts.add(to + 1);
    }
  }
  const cuts = [...starts].sort((a, b) => a - b);
  const takes = parts.map(({ ranges }) =>
    Uint8Array.from(cuts, (unit) => (ranges.some(([from, to]) => from <= unit && unit <= to) ? 1 : 0)),
  );
  const closed = (positions: Iterable<number>): number[] => {
    const all = new Set<number>();
    for (let position of positions) {
      all.add(position);
      while (parts[position]?.star) all.add(++position);
    }
    return [...all].sort((a, b) => a - b);
  };
  const states = new Map<string, number>();
  const sets: number[][] = [];
  const stateOf = (positions: number[]): number => {
    const name = positions.join(',');
    const known = states.get(name);
    if (known !== undefined) return known;
    states.set(name, sets.length);
    sets.push(positions);
    return sets.length - 1;
  };
  stateOf(closed([0]));
  const rows: number[] = [];
  for (let state = 0; state < sets.length; state++) {
    for (let index = 0; index < cuts.length; index++) {
      const after: number[] = [];
      for (const position of sets[state] as number[]) {
        if (takes[position]?.[index] !== 1) continue;
        after.push(parts[position]?.star ? position : position + 1);
      }
      rows.push(stateOf(closed(after)));
    }
    refuseTooLarge(rows);
  }
  const accepting = Uint8Array.from(sets, (positions) => (positions.includes(parts.length) ? 1 : 0));
  return minimize(cuts, Int32Array.from(rows), accepting, 0);
}

function refuseTooLarge(rows: readonly number[]): void {
  if (rows.length > mostTransitions)
    throw new Undecidable('the wildcards of these patterns have too many combinations');
}

function product(a: Automaton, b: Automaton, combine: (a: number, b: number) => number): Language {
  const cuts = [...new Set([...a.cuts, ...b.cuts])].sort((x, y) => x - y);
  const classesA = cuts.map((unit) => classOf(a.cuts, unit));
  const classesB = cuts.map((unit) => classOf(b.cuts, unit));
  const width = b.accepting.length;
  const states = new Map<number, number>([[0, 0]]);
  const pairs: number[] = [0];
  const rows: number[] = [];
  for (let state = 0; state < pairs.length; state++) {
    const pair = pairs[state] as number;
    const [inA, inB] = [Math.floor(pair / width), pair % width];
    for (let index = 0; index < cuts.length; index++) {
      const nextA = a.next[inA * a.cuts.length + (classesA[index] as number)] as number;
      const nextB = b.next[inB * b.cuts.length + (classesB[index] as number)] as number;
      const target = nextA * width + nextB;
      let known = states.get(target);
      if (known === undefined) {
        known = pairs.length;
        states.set(target, known);
        pairs.push(target);
      }
      rows.push(known);
    }
    refuseTooLarge(rows);
  }
  const accepting = Uint8Array.from(pairs, (pair) =>
    combine(a.accepting[Math.floor(pair / width)] as number, b.accepting[pair % width] as number),
  );
  return minimize(cuts, Int32Array.from(rows), accepting, 0);
}

/** Reachable states only, those that no word tells apart joined, and then the classes that no state tells apart. */
function minimize(cuts: readonly number[], next: Int32Array, accepting: Uint8Array, start: number): Language {
  const width = cuts.length;
  const order = [start];
  const indexOf = new Int32Array(accepting.length).fill(-1);
  indexOf[start] = 0;
  for (let at = 0; at < order.length; at++) {
    for (let letter = 0; letter < width; letter++) {
      const target = next[(order[at] as number) * width + letter] as number;
      if (indexOf[target] !== -1) continue;
      indexOf[target] = order.length;
      order.push(target);
    }
  }
  const reached = new Int32Array(order.length * width);
  for (let at = 0; at < order.length; at++) {
    for (let letter = 0; letter < width; letter++) {
      reached[at * width + letter] = indexOf[next[(order[at] as number) * width + letter] as number] as number;
    }
  }
  const accepts = Uint8Array.from(order, (state) => accepting[state] as number);
  const joined = joinClasses(cuts, reached, accepts);
  return new Language(joinStates(joined));
}

function joinStates({ cuts, next, accepting }: Automaton): Automaton {
  const width = cuts.length;
  const blockOf = coarsestPartition(width, next, accepting);
  // The start keeps the number 0, the others are counted as they come.
  const numberOf = new Int32Array(accepting.length).fill(-1);
  let count = 0;
  for (const block of blockOf) if (numberOf[block] === -1) numberOf[block] = count++;
  if (count === accepting.length) return { cuts, next, accepting };
  const rows = new Int32Array(count * width);
  const accepts = new Uint8Array(count);
  for (let state = 0; state < accepting.length; state++) {
    const own = numberOf[blockOf[state] as number] as number;
    accepts[own] = accepting[state] as number;
    for (let letter = 0; letter < width; letter++) {
      rows[own * width + letter] = numberOf[blockOf[next[state * width + letter] as number] as number] as number;
    }
  }
  return joinClasses(cuts, rows, accepts);
}

function joinClasses(cuts: readonly number[], next: Int32Array, accepting: Uint8Array): Automaton {
  const width = cuts.length;
  const keep: number[] = [0];
  for (let index = 1; index < width; index++) {
    for (let state = 0; state < accepting.length; state++) {
      if (next[state * width + index] === next[state * width + index - 1]) continue;
      keep.push(index);
      break;
    }
  }
  if (keep.length === width) return { cuts, next, accepting };
  const rows = new Int32Array(accepting.length * keep.length);
  for (let state = 0; state < accepting.length; state++) {
    for (const [at, index] of keep.entries()) {
      rows[state * keep.length + at] = next[state * width + index] as number;
    }
  }
  return { cuts: keep.map((index) => cuts[index] as number), next: rows, accepting };
}

/** The most readable character of a range. */
function spelling(from: number, to: number): string {
  for (const char of preferred) {
    const unit = char.charCodeAt(0);
    if (from <= unit && unit <= to) return char;
  }
  return String.fromCharCode(from);
}

function rank(char: string): number {
  const place = preferred.indexOf(char);
  return place === -1 ? preferred.length + char.charCodeAt(0) : place;
}

function spell(state: number, seen: ReadonlyMap<number, { before: number; by: string } | undefined>): string {
  let word = '';
  for (let step = seen.get(state); step !== undefined; step = seen.get(step.before)) word = step.by + word;
  return word;
}

/** States of `a` that are reached from `from` by some word that `b` accepts. */
function reachableTogether(a: Automaton, from: number, b: Automaton): number[] {
  const cuts = [...new Set([...a.cuts, ...b.cuts])].sort((x, y) => x - y);
  const width = b.accepting.length;
  const seen = new Set<number>([from * width]);
  const queue = [from * width];
  const targets = new Set<number>();
  for (let at = 0; at < queue.length; at++) {
    const pair = queue[at] as number;
    const [inA, inB] = [Math.floor(pair / width), pair % width];
    if (b.accepting[inB] === 1) targets.add(inA);
    for (const unit of cuts) {
      const nextA = a.next[inA * a.cuts.length + classOf(a.cuts, unit)] as number;
      const nextB = b.next[inB * b.cuts.length + classOf(b.cuts, unit)] as number;
      const target = nextA * width + nextB;
      if (seen.has(target)) continue;
      seen.add(target);
      queue.push(target);
    }
  }
  return [...targets];
}
