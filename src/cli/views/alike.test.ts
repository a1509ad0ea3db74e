import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike } from './alike.ts';

const of = (what: string, reason: string, step = 4) => ({ step, what, reason });
const told = (items: readonly ReturnType<typeof of>[]) =>
  alike(items, ({ step, reason }) => [step, reason]).map(({ item, what }) => `${item.step}. ${what}: ${item.reason}`);

describe('alike', () => {
  it('tells as one what has the same reason in the same step', () => {
    expect(told([of('a', 'x'), of('b', 'y'), of('a', 'x'), of('c', 'x'), of('c', 'x', 5)])).toEqual([
      '4. a (2 times), c: x',
      '4. b: y',
      '5. c: x',
    ]);
  });

  it('names three of many', () => {
    expect(told(['a', 'b', 'c', 'd'].map((what) => of(what, 'x')))).toEqual(['4. a, b, c, d: x']);
    expect(told(['a', 'b', 'c', 'd', 'e'].map((what) => of(what, 'x')))).toEqual(['4. a, b, c and 2 more: x']);
  });

  it('leaves no reason out, and has each once', () => {
    const items = fc.array(fc.record({ step: fc.nat(7), what: fc.string(), reason: fc.string() }));
    fc.assert(
      fc.property(items, (list) => {
        const groups = alike(list, ({ step, reason }) => [step, reason]).map(
          ({ item }) => `${item.step} ${item.reason}`,
        );
        expect([...groups].sort()).toEqual([...new Set(list.map(({ step, reason }) => `${step} ${reason}`))].sort());
      }),
    );
  });
});
