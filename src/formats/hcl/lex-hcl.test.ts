// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL has templates of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexHcl } from './index.ts';
import * as tokenKind from './token-kind.ts';

const names = new Map(Object.entries(tokenKind).map(([name, kind]) => [kind, name]));

function tokensOf(source: string): [kind: string, text: string][] {
  const { count, kinds, starts } = lexHcl(source);
  return Array.from({ length: count }, (_, index) => [
    names.get(kinds[index] ?? -1) ?? '?',
    source.slice(starts[index], starts[index + 1]),
  ]);
}

function kindsOf(source: string): string {
  return tokensOf(source)
    .filter(([kind]) => kind !== 'BLANK')
    .map(([kind]) => kind)
    .join(' ');
}

describe('tokens', () => {
  const pieces = [
    '"',
    '${',
    '%{',
    '${~',
    '~}',
    '}',
    '{',
    '\\',
    '\n',
    '\r',
    '<<E\n',
    '<<-E\n',
    'E\n',
    '$',
    '/*',
    '*/',
    '#',
    'é',
    '😀',
    '\ud800',
    '\ufeff',
    ' ',
    'a',
    '1',
    '.',
  ];
  const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 30 });

  it('put together are the text again, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          soup.map((parts) => parts.join('')),
        ),
        (source) => {
          const tokens = tokensOf(source);
          expect(tokens.map(([, text]) => text).join('')).toBe(source);
          expect(tokens.filter(([kind, text]) => kind === '?' || text === '')).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('tell strings, interpolations and plain HCL apart', () => {
    expect(tokensOf('a = "b${c["d"]}e" # f')).toEqual([
      ['IDENTIFIER', 'a'],
      ['BLANK', ' '],
      ['EQUALS', '='],
      ['BLANK', ' '],
      ['OPEN_QUOTE', '"'],
      ['TEXT', 'b'],
      ['INTERPOLATION', '${'],
      ['IDENTIFIER', 'c'],
      ['OPEN_BRACKET', '['],
      ['OPEN_QUOTE', '"'],
      ['TEXT', 'd'],
      ['CLOSE_QUOTE', '"'],
      ['CLOSE_BRACKET', ']'],
      ['TEMPLATE_END', '}'],
      ['TEXT', 'e'],
      ['CLOSE_QUOTE', '"'],
      ['BLANK', ' '],
      ['COMMENT', '# f'],
    ]);
  });

  it('close an object inside an interpolation before the interpolation', () => {
    expect(kindsOf('"${{ a = 1 }}"')).toBe(
      'OPEN_QUOTE INTERPOLATION OPEN_BRACE IDENTIFIER EQUALS NUMBER CLOSE_BRACE TEMPLATE_END CLOSE_QUOTE',
    );
  });

  it('hold a heredoc from its introduction to the line of its marker', () => {
    expect(tokensOf('a = <<-EOT\n  b ${c}\n  EOT \nd')).toEqual([
      ['IDENTIFIER', 'a'],
      ['BLANK', ' '],
      ['EQUALS', '='],
      ['BLANK', ' '],
      ['OPEN_HEREDOC', '<<-EOT\n'],
      ['TEXT', '  b '],
      ['INTERPOLATION', '${'],
      ['IDENTIFIER', 'c'],
      ['TEMPLATE_END', '}'],
      ['TEXT', '\n'],
      ['CLOSE_HEREDOC', '  EOT '],
      ['NEWLINE', '\n'],
      ['IDENTIFIER', 'd'],
    ]);
  });

  it('nest heredocs in heredocs', () => {
    expect(kindsOf('<<A\n${<<B\nA\nB\n}\nA\n')).toBe(
      'OPEN_HEREDOC INTERPOLATION OPEN_HEREDOC TEXT CLOSE_HEREDOC NEWLINE TEMPLATE_END TEXT CLOSE_HEREDOC NEWLINE',
    );
  });

  it('leave escapes and doubled marks inside the text', () => {
    expect(tokensOf('"a\\"$${b}%%{c}$d"')).toEqual([
      ['OPEN_QUOTE', '"'],
      ['TEXT', 'a\\"$${b}%%{c}$d'],
      ['CLOSE_QUOTE', '"'],
    ]);
  });

  it('take the longest operator', () => {
    expect(kindsOf('== => = >= > <= < != ! && || ... . :: : ~}')).toBe(
      'EQUAL_TO FAT_ARROW EQUALS GREATER_OR_EQUAL GREATER LESS_OR_EQUAL LESS NOT_EQUAL_TO NOT AND OR ELLIPSIS DOT DOUBLE_COLON COLON TEMPLATE_END',
    );
  });

  it('end a number before a dot that no digit follows', () => {
    expect(tokensOf('1.5e+3.x').map(([, text]) => text)).toEqual(['1.5e+3', '.', 'x']);
    expect(tokensOf('1...').map(([, text]) => text)).toEqual(['1', '...']);
  });

  it('end a comment before its line end', () => {
    expect(tokensOf('# a\r\n// b\n/* c\n*/')).toEqual([
      ['COMMENT', '# a'],
      ['NEWLINE', '\r\n'],
      ['COMMENT', '// b'],
      ['NEWLINE', '\n'],
      ['COMMENT', '/* c\n*/'],
    ]);
  });

  it('end a string that was left open with its line', () => {
    expect(kindsOf('a = "b\nc = 1')).toBe('IDENTIFIER EQUALS OPEN_QUOTE TEXT INVALID IDENTIFIER EQUALS NUMBER');
  });

  it('name a byte order mark at the start and nowhere else', () => {
    expect(kindsOf('\ufeffa')).toBe('BYTE_ORDER_MARK IDENTIFIER');
    expect(kindsOf('a \ufeff')).toBe('IDENTIFIER INVALID');
  });
});
