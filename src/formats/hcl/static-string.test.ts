// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL has templates of its own.
import { describe, expect, it } from 'vitest';
import { findAttribute, parseHcl, parseHclExpression, staticString } from './index.ts';

function stringOf(expression: string): string | undefined {
  const parsed = parseHclExpression(expression);
  expect(parsed.problems).toEqual([]);
  return staticString(parsed.expression);
}

/** Of a heredoc, whose end needs a line end after it. */
function heredocOf(text: string): string | undefined {
  const { body, problems } = parseHcl(`a = ${text}`);
  expect(problems).toEqual([]);
  const attribute = findAttribute(body, 'a');
  return attribute && staticString(attribute.expression);
}

// Every value here is what `terraform output` shows for it.
describe('the static string', () => {
  it.each([
    ['""', ''],
    ['"plain"', 'plain'],
    ['("in parentheses")', 'in parentheses'],
    ['"\\n\\r\\t\\"\\\\\\u00e9\\U0001F512"', '\n\r\t"\\é🔒'],
    ['"$${a} %%{b} $ $$ % %% 100%"', '${a} %{b} $ $$ % %% 100%'],
    ['"$$$${a} %%%%{b} $${~ c}"', '$$${a} %%%{b} ${~ c}'],
    ['"e\u0301"', '\u00e9'],
  ])('of %s', (expression, value) => {
    expect(stringOf(expression)).toBe(value);
  });

  it.each([
    ['an interpolation', '"${a}"'],
    ['a directive', '"%{ if a }b%{ endif }"'],
    ['a name', 'a'],
    ['a number', '1'],
    ['a call', 'upper("a")'],
    ['a list', '["a"]'],
  ])('is unknown for %s', (_, expression) => {
    expect(stringOf(expression)).toBeUndefined();
  });

  it.each([
    ['keeps a heredoc as it stands', '<<E\n  a\n b\nE\n', '  a\n b\n'],
    ['is empty for an empty heredoc', '<<E\nE\n', ''],
    ['resolves no backslashes in a heredoc', '<<E\n\\n\\u00e9 \\d\nE\n', '\\n\\u00e9 \\d\n'],
    ['resolves doubled marks in a heredoc', '<<E\n$${a} %%{b}\nE\n', '${a} %{b}\n'],
    ['keeps the line ends of a heredoc', '<<E\r\na\r\nb\nE\r\n', 'a\r\nb\n'],
    ['takes the smallest indentation of a flush heredoc away', '<<-E\n    a\n  b\n\n    c\n  E\n', '  a\nb\n\n  c\n'],
    ['does not look at the indentation of the marker', '<<-E\n    a\nE\n', 'a\n'],
    ['leaves blank lines out of it', '<<-E\n    a\n \n      \n    b\n  E\n', 'a\n \n      \nb\n'],
    ['counts a tab as one', '<<-E\n\ta\n  \tb\n E\n', 'a\n \tb\n'],
    ['counts no-break spaces', '<<-E\n\u00a0\u00a0a\n   b\n  E\n', 'a\n b\n'],
    ['takes nothing away when a line is not indented', '<<-E\na\n  b\nE\n', 'a\n  b\n'],
    ['counts before a doubled mark', '<<-E\n    $${x}\n      %%{y}\n  E\n', '${x}\n  %{y}\n'],
  ])('%s', (_, text, value) => {
    expect(heredocOf(text)).toBe(value);
  });
});
