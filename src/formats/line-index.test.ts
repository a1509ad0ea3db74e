import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from './line-index.ts';

describe('LineIndex', () => {
  it('counts lines and columns from 1', () => {
    const lines = new LineIndex('ab\ncd');
    expect([0, 1, 2, 3, 5].map((offset) => lines.position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
    ]);
  });

  it('counts a carriage return to its line, and a last line without text', () => {
    const lines = new LineIndex('a\r\n');
    expect(lines.lineCount).toBe(2);
    expect(lines.position(1)).toEqual({ line: 1, column: 2 });
    expect(lines.position(3)).toEqual({ line: 2, column: 1 });
  });

  it('has one line in an empty text', () => {
    expect(new LineIndex('').lineCount).toBe(1);
    expect(new LineIndex('').position(0)).toEqual({ line: 1, column: 1 });
  });

  it('names a line that is not there', () => {
    expect(() => new LineIndex('a\nb').startOf(3)).toThrow('line 3 of 2');
  });

  it('finds the offset of every position again', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 60 });
    fc.assert(
      fc.property(text, (source) => {
        const lines = new LineIndex(source);
        for (let offset = 0; offset <= source.length; offset += 1) {
          const { line, column } = lines.position(offset);
          expect(lines.startOf(line) + column - 1).toBe(offset);
          expect(line).toBe(source.slice(0, offset).split('\n').length);
        }
      }),
    );
  });
});
