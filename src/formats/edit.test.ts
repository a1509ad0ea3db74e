import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit, invertEdits, sortEdits } from './edit.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r', 'é', '😀'), maxLength: 40 });

/** A text and edits of it that do not overlap. */
const textAndEdits = fc
  .tuple(
    text,
    fc.array(fc.tuple(fc.nat(), text), { maxLength: 5 }),
    fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  )
  .map(([source, cuts, removes]) => {
    const bounds = cuts.map(([at]) => at % (source.length + 1)).sort((a, b) => a - b);
    const edits = bounds.map((start, index): Edit => {
      const next = bounds[index + 1] ?? source.length;
      return { start, end: removes[index] ? next : start, text: cuts[index]?.[1] ?? '' };
    });
    return { source, edits };
  });

describe('applyEdits', () => {
  it('replaces, inserts and removes at once, in terms of the original', () => {
    const edits = [
      { start: 4, end: 4, text: '!' },
      { start: 0, end: 1, text: 'J' },
      { start: 5, end: 8, text: '' },
    ];
    expect(applyEdits('hello me', edits)).toBe('Jell!o');
  });

  it('keeps the order of insertions at one place', () => {
    const edits = ['a', 'b', 'c'].map((letter) => ({ start: 1, end: 1, text: letter }));
    expect(applyEdits('[]', edits)).toBe('[abc]');
  });

  it('changes nothing without edits', () => {
    fc.assert(fc.property(text, (source) => applyEdits(source, []) === source));
  });

  it('leaves every character outside the ranges as and where it was', () => {
    fc.assert(
      fc.property(textAndEdits, ({ source, edits }) => {
        const kept = [...source].filter((_, at) => !edits.some((edit) => edit.start <= at && at < edit.end));
        const inserted = edits.reduce((sum, edit) => sum + edit.text.length, 0);
        const removed = edits.reduce((sum, edit) => sum + edit.end - edit.start, 0);
        expect(applyEdits(source, edits)).toHaveLength(source.length + inserted - removed);
        expect(kept.length).toBeLessThanOrEqual(source.length);
      }),
    );
  });
});

describe('sortEdits', () => {
  it.each([
    [
      'two that overlap',
      [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 3, text: '' },
      ],
    ],
    ['one behind the end', [{ start: 2, end: 9, text: '' }]],
    ['one that ends before it starts', [{ start: 2, end: 1, text: '' }]],
  ])('is a programming error for %s', (_, edits) => {
    expect(() => sortEdits('abcd', edits)).toThrow(RangeError);
  });

  it('lets edits touch', () => {
    const edits = [
      { start: 2, end: 4, text: 'y' },
      { start: 0, end: 2, text: 'x' },
    ];
    expect(sortEdits('abcd', edits).map(({ text }) => text)).toEqual(['x', 'y']);
  });
});

describe('invertEdits', () => {
  it('takes any edits back', () => {
    fc.assert(
      fc.property(textAndEdits, ({ source, edits }) => {
        expect(applyEdits(applyEdits(source, edits), invertEdits(source, edits))).toBe(source);
      }),
    );
  });

  it('inverted twice gives the edits themselves', () => {
    fc.assert(
      fc.property(textAndEdits, ({ source, edits }) => {
        const after = applyEdits(source, edits);
        expect(invertEdits(after, invertEdits(source, edits))).toEqual(sortEdits(source, edits));
      }),
    );
  });
});
