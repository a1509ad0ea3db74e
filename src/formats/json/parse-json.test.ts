import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findValue, jsonData, parseJson } from './index.ts';
import type { JsonMember, JsonValue } from './syntax.ts';

const verdict = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('parseJson', () => {
  it('reads what JSON.parse reads, as the same data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 4, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const { root, problems } = parseJson(text);
        expect(problems).toEqual([]);
        expect(jsonData(root as JsonValue)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts and refuses what JSON.parse does, whatever the text', () => {
    const scrap = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"\\u00e9"',
      '"\\x"',
      '1',
      '-',
      '0',
      '1.5',
      '01',
      '1.',
      '.5',
      'e3',
      'true',
      'null',
      'nul',
      ' ',
      '\n',
      '\t',
      '//',
      '\u00a0',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 8 }), (scraps) => {
        const text = scraps.join('');
        const { root, problems } = parseJson(text);
        expect(root !== undefined).toBe(verdict(text));
        expect(problems.length === 0).toBe(root !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows where every value and key stands', () => {
    const text = '{ "a": [1, {"b" : "x\\ny"}], "c":null }';
    const root = parseJson(text).root as JsonValue;
    const at = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(at(findValue(root, ['a', 0]) as JsonValue)).toBe('1');
    expect(at(findValue(root, ['a', 1, 'b']) as JsonValue)).toBe('"x\\ny"');
    expect(findValue(root, ['a', 1, 'b'])).toMatchObject({ value: 'x\ny', escaped: true });
    if (root.kind !== 'object') throw new TypeError('it is an object');
    expect(root.members.map(at)).toEqual(['"a": [1, {"b" : "x\\ny"}]', '"c":null']);
    expect(text[(root.members[1] as JsonMember).colon]).toBe(':');
    expect(findValue(root, ['a', 2])).toBeUndefined();
    expect(findValue(root, ['c', 'd'])).toBeUndefined();
  });

  it.each([
    ['{"a": 1,}', 'expected a key in double quotes, found "}"', 8],
    ['{"a" 1}', 'expected ":" after the key, found "1"', 5],
    ['[1 2]', 'expected "]" or a comma, found "2"', 3],
    ['{"a": "x', 'the string does not end', 8],
    ['["a\nb"]', 'a control character in a string must be escaped', 3],
    ['["\\x"]', 'an unknown escape in a string', 2],
    ['', 'expected a value, found the end of the text', 0],
    ['1 // no', 'expected the end of the text after the value, found "/"', 2],
  ])('says what is wrong with %j and where', (text, message, start) => {
    expect(parseJson(text).problems).toMatchObject([{ message, start }]);
  });

  it('passes over a byte-order mark', () => {
    expect(parseJson('\uFEFF{}').root).toMatchObject({ kind: 'object', start: 1, end: 3 });
  });

  it('takes comments and a last comma where an editor would', () => {
    const text = '// top\n{\n  "a": [1, /* in */ 2,], // end\n}\n';
    expect(parseJson(text).root).toBeUndefined();
    const { root, comments } = parseJson(text, { comments: true });
    expect(jsonData(root as JsonValue)).toEqual({ a: [1, 2] });
    expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(['// top', '/* in */', '// end']);
  });

  it('reports absurd depth instead of crashing on it', () => {
    expect(parseJson('['.repeat(100_000)).problems).toMatchObject([{ message: 'more than 512 levels of nesting' }]);
  });
});
