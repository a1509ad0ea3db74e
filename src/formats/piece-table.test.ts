import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit } from './edit.ts';
import { PieceTable } from './piece-table.ts';

describe('PieceTable', () => {
  it('puts edits of edits into terms of the original', () => {
    const pieces = new PieceTable('one two three');
    pieces.apply([{ start: 4, end: 7, text: 'TWO' }]);
    pieces.apply([
      { start: 0, end: 4, text: '' },
      { start: 7, end: 7, text: '!' },
    ]);
    expect(pieces.text).toBe('TWO! three');
    expect(pieces.edits()).toEqual([{ start: 0, end: 7, text: 'TWO!' }]);
  });

  it('forgets what was done and undone', () => {
    const pieces = new PieceTable('a b');
    pieces.apply([{ start: 1, end: 2, text: '   ' }]);
    pieces.apply([{ start: 1, end: 4, text: ' ' }]);
    expect(pieces.edits()).toEqual([]);
  });

  it('says no more than what changed, and never half a character', () => {
    const pieces = new PieceTable('name = "long value 😀"');
    pieces.apply([{ start: 7, end: 22, text: '"long words 😁"' }]);
    expect(pieces.edits()).toEqual([{ start: 13, end: 21, text: 'words 😁' }]);
  });

  it('leads from the original to the text, whatever the edits', () => {
    const cut = fc.record({ at: fc.nat(), length: fc.nat(4), text: fc.string({ maxLength: 4, unit: 'binary' }) });
    fc.assert(
      fc.property(fc.string({ maxLength: 30, unit: 'binary' }), fc.array(cut, { maxLength: 8 }), (original, cuts) => {
        const pieces = new PieceTable(original);
        for (const { at, length, text } of cuts) {
          const start = at % (pieces.text.length + 1);
          const edit: Edit = { start, end: Math.min(start + length, pieces.text.length), text };
          const expected = applyEdits(pieces.text, [edit]);
          pieces.apply([edit]);
          expect(pieces.text).toBe(expected);
        }
        expect(applyEdits(original, pieces.edits())).toBe(pieces.text);
      }),
    );
  });
});
