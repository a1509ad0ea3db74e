import { describe, expect, it } from 'vitest';
import type { Edit } from '../edit.ts';
import { applyYamlEdits, editScalarText, isRefusal, nodeAt, parseYaml, sourceOffset } from './index.ts';
import type { YamlScalar } from './syntax.ts';

const scalarOf = (source: string) => {
  const file = parseYaml(source);
  return { file, scalar: nodeAt(file.documents[0], ['run']) as YamlScalar };
};

describe('sourceOffset', () => {
  it.each([
    'run: |\n  a b\n  c\n\n    d\n  e\nx: 1\n',
    'run: |\r\n    a b\r\n\r\n    c\r\nx: 1\r\n',
    'run: >-\n  a b\n  c\n\n  d\nx: 1\n',
    'run: plain words\n  on two lines\n',
    "run: 'it''s quoted'\n",
    'run: |2\n    indented\n  less\n',
  ])('finds each character of the value again in %j', (source) => {
    const { file, scalar } = scalarOf(source);
    for (const [at, char] of [...scalar.value].entries()) {
      if (/\s/.test(char)) continue;
      expect(source[sourceOffset(file, scalar, at)]).toBe(char);
    }
  });

  it('takes an escape for one character', () => {
    const source = 'run: "a\\tb \\u0041\\x42\\\n  c"\n';
    const { file, scalar } = scalarOf(source);
    expect(scalar.value).toBe('a\tb ABc');
    const found = [...scalar.value].map((_, at) => source.slice(sourceOffset(file, scalar, at)).slice(0, 2));
    expect(found).toEqual(['a\\', '\\t', 'b ', ' \\', '\\u', '\\x', 'c"']);
  });

  it('gives the end of the text for the end of the value', () => {
    const { file, scalar } = scalarOf('run: "ab" # c\n');
    expect(sourceOffset(file, scalar, 2)).toBe(8);
  });

  it('names an offset that is not there', () => {
    const { file, scalar } = scalarOf('run: ab\n');
    expect(() => sourceOffset(file, scalar, 3)).toThrow('offset 3 of 2');
  });
});

describe('editScalarText', () => {
  const remove = (source: string, text: string) =>
    edit(source, (value) => [{ start: value.indexOf(text), end: value.indexOf(text) + text.length, text: '' }]);
  function edit(source: string, edits: (value: string) => readonly Edit[]): string {
    const { file, scalar } = scalarOf(source);
    const after = applyYamlEdits(file, editScalarText(file, scalar, edits(scalar.value)));
    return isRefusal(after) ? `refused: ${after.reason}` : after.source;
  }

  it.each([
    ['run: |\n  a b\n  c\n\n    d\nx: 1\n', 'c\n', 'run: |\n  a b\n\n    d\nx: 1\n'],
    ['run: |\n  a\n  c\nx: 1\n', 'c\n', 'run: |\n  a\nx: 1\n'],
    ['run: |-\n  a b\n  c\nx: 1\n', '\nc', 'run: |-\n  a b\nx: 1\n'],
    ['run: |\r\n  a b\r\n  c\r\nx: 1\r\n', 'a b\n', 'run: |\r\n  c\r\nx: 1\r\n'],
    ['run: |\n  a b\n  c\n', ' b', 'run: |\n  a\n  c\n'],
    ['run: >-\n  a b\n  c\n\n  d\n', ' c', 'run: >-\n  a b\n\n  d\n'],
    ['run: a b c # d\n', ' b', 'run: a c # d\n'],
    ['run: "a \\"b\\" c"\n', ' c', 'run: "a \\"b\\""\n'],
  ])('%j loses %j', (source, text, expected) => {
    expect(remove(source, text)).toBe(expected);
  });

  it('indents the lines it inserts', () => {
    const source = 'run: |\r\n    a\r\n    b\r\n';
    expect(
      edit(source, (value) => [
        { start: 2, end: 2, text: 'x\n\ny\n' },
        { start: value.length, end: value.length, text: 'end\n' },
      ]),
    ).toBe('run: |\r\n    a\r\n    x\r\n\r\n    y\r\n    b\r\n    end\r\n');
  });

  it('writes the scalar anew where a splice would not give the text', () => {
    expect(edit('run: plain\n', (value) => [{ start: value.length, end: value.length, text: ': #' }])).toBe(
      "run: 'plain: #'\n",
    );
    expect(edit('run: >\n  a\n  b\n', () => [{ start: 1, end: 2, text: '\n' }])).toBe('run: |\n  a\n  b\n');
  });

  it('is refused where setting the value is', () => {
    const source = 'run: &x |\n  a\nuse: *x\n';
    expect(remove(source, 'a')).toMatch(/^refused: it is part of &x/);
  });
});
