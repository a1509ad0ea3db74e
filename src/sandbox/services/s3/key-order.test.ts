import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, SortedKeys } from './key-order.ts';
import type { KeyPosition } from './state.ts';

const anyKey = fc.string({ unit: 'grapheme', maxLength: 6 });

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
      { numRuns: 500 },
    );
  });

  it('puts what lies behind U+FFFF last, where code units would not', () => {
    expect(['\u{1f600}', '\uffee', 'a'].sort(compareKeys)).toEqual(['a', '\uffee', '\u{1f600}']);
  });
});

describe('a sorted set of keys', () => {
  const change = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3000 }));

  it('holds what was added and not removed, in order, from any position', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1500, maxLength: 2500 }),
        fc.integer({ min: 0, max: 3000 }),
        (changes, start) => {
          const keys = new SortedKeys();
          const model = new Set<string>();
          for (const [added, number] of changes) {
            const key = `k/${number}`;
            if (added) {
              keys.add(key);
              model.add(key);
            } else {
              keys.remove(key);
              model.delete(key);
            }
          }
          const sorted = [...model].sort(compareKeys);
          const from = (position: KeyPosition): string[] => [...keys.from(position)];
          const at = `k/${start}`;
          expect(from({ at: '' })).toEqual(sorted);
          expect(from({ at })).toEqual(sorted.filter((key) => compareKeys(key, at) >= 0));
          expect(from({ after: at })).toEqual(sorted.filter((key) => compareKeys(key, at) > 0));
          expect(from({ afterPrefix: at })).toEqual(
            sorted.filter((key) => compareKeys(key, at) > 0 && !key.startsWith(at)),
          );
          expect(keys.isEmpty).toBe(model.size === 0);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('may be changed while it is walked', () => {
    const keys = new SortedKeys();
    for (let index = 0; index < 2000; index++) keys.add(String(index).padStart(5, '0'));
    const seen: string[] = [];
    for (const key of keys.from({ at: '' })) {
      seen.push(key);
      keys.remove(key);
      keys.add(`${key}!`);
      if (seen.length === 50) break;
    }
    expect(seen.slice(0, 4)).toEqual(['00000', '00000!', '00000!!', '00000!!!']);
  });

  it('compares hardly more often when it is twenty times as large', () => {
    const cost = (size: number): number => {
      const keys = new SortedKeys();
      for (let index = 0; index < size; index++) keys.add(`stack/${(index * 7919) % size}/terraform.tfstate`);
      const before = keys.comparisons;
      for (let index = 0; index < 100; index++) {
        keys.add(`stack/${index}/new`);
        keys.from({ after: `stack/${index}` }).next();
      }
      return (keys.comparisons - before) / 200;
    };
    // Binary search: log2(20,000) is 14, log2(1,000) is 10.
    expect(cost(1_000)).toBeLessThan(16);
    expect(cost(20_000)).toBeLessThan(20);
  });
});
