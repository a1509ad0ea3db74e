/** The order of object keys: S3 lists them by the bytes of their UTF-8 form. */
import type { KeyPosition } from './state.ts';

/** Like comparing the UTF-8 bytes. Code units give the same order except that surrogates belong behind U+FFFF. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const blockSize = 512;

/**
 * A sorted set of keys in blocks of at most 512: finding is a binary search over blocks and then in one, adding moves at
 * most one block's keys.
 */
export class SortedKeys {
  readonly #blocks: string[][] = [];
  /** Comparisons so far: what a test of growth counts. */
  comparisons = 0;

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  add(key: string): void {
    const { block, index } = this.#find({ at: key });
    if (this.#blocks[block]?.[index] === key) return;
    // A key behind the last of a block goes to its end instead of making a new one.
    const target = index === 0 && block > 0 ? block - 1 : Math.min(block, this.#blocks.length - 1);
    const keys = this.#blocks[target];
    if (keys === undefined) {
      this.#blocks.push([key]);
      return;
    }
    keys.splice(target === block ? index : keys.length, 0, key);
    if (keys.length > blockSize) this.#blocks.splice(target + 1, 0, keys.splice(blockSize / 2));
  }

  remove(key: string): void {
    const { block, index } = this.#find({ at: key });
    const keys = this.#blocks[block];
    if (keys?.[index] !== key) return;
    keys.splice(index, 1);
    if (keys.length === 0) this.#blocks.splice(block, 1);
  }

  /** The next keys in order. Each step finds its place anew, so keys may come and go between two steps. */
  *from(position: KeyPosition): IterableIterator<string> {
    let { block, index } = this.#find(position);
    for (;;) {
      const keys = this.#blocks[block];
      if (keys === undefined) return;
      const key = keys[index];
      if (key === undefined) {
        block++;
        index = 0;
        continue;
      }
      yield key;
      if (this.#blocks[block]?.[index] === key) index++;
      else ({ block, index } = this.#find({ after: key }));
    }
  }

  /** The first key that does not stand before the position; one past the last block when there is none. */
  #find(position: KeyPosition): { block: number; index: number } {
    const isBefore = this.#before(position);
    const block = firstIndex(this.#blocks.length, (at) => {
      const keys = this.#blocks[at] as string[];
      return !isBefore(keys[keys.length - 1] as string);
    });
    const keys = this.#blocks[block];
    if (keys === undefined) return { block, index: 0 };
    return { block, index: firstIndex(keys.length, (at) => !isBefore(keys[at] as string)) };
  }

  #before(position: KeyPosition): (key: string) => boolean {
    const compare = (a: string, b: string): number => {
      this.comparisons++;
      return compareKeys(a, b);
    };
    if ('at' in position) return (key) => compare(key, position.at) < 0;
    if ('after' in position) return (key) => compare(key, position.after) <= 0;
    return (key) => key.startsWith(position.afterPrefix) || compare(key, position.afterPrefix) < 0;
  }
}

/** The smallest index for which `holds`, `count` when none does; `holds` must be false up to there and true after. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
