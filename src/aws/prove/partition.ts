/**
 * The coarsest partition of an automaton's states in which no transition tells members of a block apart: Hopcroft's
 * algorithm, n log n for each letter. https://doi.org/10.1016/B978-0-12-417750-5.50022-1
 */

/**
 * @param width letters
 * @param next `next[state * width + letter]`, complete
 * @param accepting 1 or 0 for each state
 * @returns the block of each state, numbered from 0
 */
export function coarsestPartition(width: number, next: Int32Array, accepting: Uint8Array): Int32Array {
  const count = accepting.length;
  const blocks = new Blocks(accepting);
  const sources = inverse(width, next, count);
  const leading = new Int32Array(count);
  const work: number[] = [];
  const queued = new Uint8Array(count * width);
  const queue = (block: number): void => {
    for (let letter = 0; letter < width; letter++) {
      if (queued[block * width + letter] === 1) continue;
      queued[block * width + letter] = 1;
      work.push(block * width + letter);
    }
  };
  if (blocks.count === 2) queue(blocks.sizeOf(0) <= blocks.sizeOf(1) ? 0 : 1);
  const split = (block: number, made: number): void => {
    for (let letter = 0; letter < width; letter++) {
      const smaller = blocks.sizeOf(made) <= blocks.sizeOf(block) ? made : block;
      const name = (queued[block * width + letter] === 1 ? made : smaller) * width + letter;
      if (queued[name] === 1) continue;
      queued[name] = 1;
      work.push(name);
    }
  };
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    queued[item] = 0;
    const letter = item % width;
    let found = 0;
    blocks.forEach(Math.floor(item / width), (target) => {
      const from = letter * (count + 1) + target;
      const end = sources.starts[from + 1] as number;
      for (let at = sources.starts[from] as number; at < end; at++) leading[found++] = sources.states[at] as number;
    });
    // Marking moves members, so it waits until all have been looked at.
    for (let at = 0; at < found; at++) blocks.mark(leading[at] as number);
    blocks.splitMarked(split);
  }
  return blocks.blockOf;
}

/** For each letter and state the states that lead to it, one list after the other. */
function inverse(width: number, next: Int32Array, count: number): { starts: Int32Array; states: Int32Array } {
  const starts = new Int32Array(width * (count + 1) + 1);
  for (let state = 0; state < count; state++) {
    for (let letter = 0; letter < width; letter++) {
      const name = letter * (count + 1) + (next[state * width + letter] as number);
      starts[name + 1] = (starts[name + 1] as number) + 1;
    }
  }
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] as number) + (starts[at - 1] as number);
  const filled = starts.slice();
  const states = new Int32Array(width * count);
  for (let state = 0; state < count; state++) {
    for (let letter = 0; letter < width; letter++) {
      const name = letter * (count + 1) + (next[state * width + letter] as number);
      const place = filled[name] as number;
      states[place] = state;
      filled[name] = place + 1;
    }
  }
  return { starts, states };
}

/** A partition whose blocks lie side by side in one array; marked members come first in their block. */
class Blocks {
  readonly blockOf: Int32Array;
  count = 0;
  readonly #order: Int32Array;
  readonly #place: Int32Array;
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #marked: number[] = [];
  #touched: number[] = [];

  constructor(accepting: Uint8Array) {
    const states = [...accepting.keys()];
    const sides = [states.filter((state) => accepting[state] === 0), states.filter((state) => accepting[state] === 1)];
    this.#order = Int32Array.from(sides.flat());
    this.#place = new Int32Array(states.length);
    this.blockOf = new Int32Array(states.length);
    for (const [place, state] of this.#order.entries()) this.#place[state] = place;
    let start = 0;
    for (const side of sides.filter(({ length }) => length > 0)) {
      this.#add(start, start + side.length);
      start += side.length;
    }
  }

  sizeOf(block: number): number {
    return (this.#end[block] as number) - (this.#start[block] as number);
  }

  forEach(block: number, visit: (state: number) => void): void {
    const end = this.#end[block] as number;
    for (let place = this.#start[block] as number; place < end; place++) visit(this.#order[place] as number);
  }

  mark(state: number): void {
    const block = this.blockOf[state] as number;
    const border = (this.#start[block] as number) + (this.#marked[block] as number);
    const place = this.#place[state] as number;
    // Marked already.
    if (place < border) return;
    const other = this.#order[border] as number;
    this.#order[border] = state;
    this.#order[place] = other;
    this.#place[state] = border;
    this.#place[other] = place;
    if (this.#marked[block] === 0) this.#touched.push(block);
    this.#marked[block] = (this.#marked[block] as number) + 1;
  }

  /** Blocks of which some members are marked fall apart; the marked ones become a new block. */
  splitMarked(split: (block: number, made: number) => void): void {
    for (const block of this.#touched) {
      const marked = this.#marked[block] as number;
      this.#marked[block] = 0;
      if (marked === this.sizeOf(block)) continue;
      const start = this.#start[block] as number;
      this.#start[block] = start + marked;
      split(block, this.#add(start, start + marked));
    }
    this.#touched = [];
  }

  #add(start: number, end: number): number {
    const block = this.count++;
    this.#start.push(start);
    this.#end.push(end);
    this.#marked.push(0);
    for (let place = start; place < end; place++) this.blockOf[this.#order[place] as number] = block;
    return block;
  }
}
