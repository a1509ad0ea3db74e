import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from './edit.ts';
import { contentEnd, cutLines, eolAt, insertLines, type LineCut, lineEnd, lineStart } from './whole-lines.ts';

const cut = (source: string, line: string, place: Partial<LineCut> = {}) => {
  const start = source.indexOf(line);
  const end = lineEnd(source, start + line.length);
  return applyEdits(source, [cutLines(source, { start, end, isFirst: false, isLast: false, ...place })]);
};

describe('a line', () => {
  it('starts behind a newline or a byte order mark', () => {
    expect(lineStart('\uFEFFab\ncd', 2)).toBe(1);
    expect(lineStart('ab\ncd', 4)).toBe(3);
    expect(lineStart('ab\ncd', 2)).toBe(0);
  });

  it('ends behind its newline, its content before CR and LF', () => {
    expect(lineEnd('ab\r\ncd', 0)).toBe(4);
    expect(contentEnd('ab\r\ncd', 0)).toBe(2);
    expect(contentEnd('ab\r\ncd', 5)).toBe(6);
  });

  it.each([
    ['\r\n', 'a\r\nb', 3],
    ['\r\n', 'a\r\nb\r\n', 0],
    ['\n', 'a\nb\r\n', 0],
    ['\n', 'no line break', 0],
  ])('goes by %j in %j', (eol, source, offset) => {
    expect(eolAt(source, offset)).toBe(eol);
  });
});

describe('cutLines', () => {
  it('takes the line only, where nothing parts it from its neighbours', () => {
    expect(cut('a\nb\nc\n', 'b')).toBe('a\nc\n');
  });

  it('leaves the blank line above where there was one on both sides', () => {
    expect(cut('a\n\nb\n\nc\n', 'b')).toBe('a\n\nc\n');
  });

  it('keeps a blank line on one side, as it parts other things too', () => {
    expect(cut('a\nb\n\nc\n', 'b')).toBe('a\n\nc\n');
    expect(cut('a\n\nb\nc\n', 'b')).toBe('a\n\nc\n');
  });

  it('takes the blank line below the first and above the last', () => {
    expect(cut('b\n\nc\n', 'b', { isFirst: true })).toBe('c\n');
    expect(cut('a\n\nb\n', 'b', { isLast: true })).toBe('a\n');
  });

  it('leaves the end of the file as it was', () => {
    expect(cut('a\nb', 'b', { isLast: true })).toBe('a');
    expect(cut('a\r\n\r\nb', 'b', { isLast: true })).toBe('a');
    expect(cut('a\nb\n\n\n', 'b', { isLast: true })).toBe('a\n\n\n');
  });

  it('leaves blank lines above the floor alone', () => {
    expect(cut('a\n\n\nb\n', 'b', { isLast: true, floor: 4 })).toBe('a\n\n\n');
  });
});

describe('insertLines', () => {
  const insert = (source: string, offset: number, lines: string[]) =>
    applyEdits(source, [insertLines(source, offset, lines)]);

  it('copies the end of line of its surroundings', () => {
    expect(insert('a\r\nb\r\n', 3, ['x', 'y'])).toBe('a\r\nx\r\ny\r\nb\r\n');
  });

  it('adds no newline at the end of a file that has none', () => {
    expect(insert('a\nb', 3, ['x'])).toBe('a\nb\nx');
  });

  it('is undone by cutting the same lines', () => {
    const source = fc.array(fc.constantFrom('a', 'b', '', '  c'), { maxLength: 6 });
    fc.assert(
      fc.property(source, fc.nat(), fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, where, eol, open) => {
        const text = lines.map((line, index) => (open && index === lines.length - 1 ? line : line + eol)).join('');
        const starts = [
          0,
          ...lines.map((_, index) =>
            lines.slice(0, index + 1).reduce((sum, line) => sum + line.length + eol.length, 0),
          ),
        ];
        const at = Math.min(starts[where % starts.length] as number, text.length);
        const edit = insertLines(text, at, ['new']);
        const after = applyEdits(text, [edit]);
        const start = after.indexOf('new');
        // Neither first nor last: blank lines around it are not its own.
        const back = applyEdits(after, [{ start: edit.start, end: edit.start + edit.text.length, text: '' }]);
        expect(after.slice(start, start + 3)).toBe('new');
        expect(back).toBe(text);
      }),
    );
  });
});
