/** What the literal characters of a string or heredoc stand for, and what is wrong with their escapes. */
import type { HclProblem } from './syntax.ts';

const backslashEscape = /\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|[\s\S]?)|\$\$\{|%%\{/gu;
const doubledMark = /\$\$\{|%%\{/g;

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Resolves the escapes of a quoted string's text; those that Terraform refuses are kept as written and reported. */
export function resolveQuoted(text: string, offset: number, problems: HclProblem[]): string {
  return text.replace(backslashEscape, (sequence, at: number) => {
    if (sequence.charCodeAt(0) !== 92) return sequence.slice(1);
    const selector = sequence[1] ?? '';
    const simple = simpleEscapes[selector];
    if (simple !== undefined) return simple;
    const problem = (detail: string): string => {
      problems.push({
        start: offset + at,
        end: offset + at + sequence.length,
        message: `Invalid escape sequence: ${detail}`,
      });
      return sequence;
    };
    if (selector === '') return problem('Backslash must be followed by an escape sequence selector character.');
    if (selector !== 'u' && selector !== 'U') {
      return problem(`The symbol "${selector}" is not a valid escape sequence selector.`);
    }
    if (selector === 'u' && sequence.length !== 6) {
      return problem('The \\u escape sequence must be followed by four hexadecimal digits.');
    }
    if (selector === 'U' && sequence.length !== 10) {
      return problem('The \\U escape sequence must be followed by eight hexadecimal digits.');
    }
    const codePoint = Number.parseInt(sequence.slice(2), 16);
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      return problem(`Cannot encode character U+${codePoint.toString(16).padStart(4, '0')} in UTF-8.`);
    }
    return String.fromCodePoint(codePoint);
  });
}

/** Resolves `$${` and `%%{`, the only escapes of a heredoc. */
export function resolveDoubledMarks(text: string): string {
  return text.replace(doubledMark, (mark) => mark.slice(1));
}
