/**
 * Maximal runs of base64 characters in a text, read through the wrappings that Terraform repositories put around them:
 * JSON escapes (`\/`, `\u002B`), percent encoding in query strings, and an escape sequence or `%3D` right in front.
 */

export interface Base64Run {
  /** Offset of its first character in the text. */
  readonly at: number;
  /** Offset behind its last character. */
  readonly end: number;
  /** Wrappings undone. */
  readonly value: string;
}

/** Runs whose value has at least `minLength` characters, between two offsets. */
export function findBase64Runs(text: string, from: number, to: number, minLength: number): Base64Run[] {
  const runs: Base64Run[] = [];
  const pattern = /(?:[A-Za-z0-9+/]|%2[BbFf]|\\\/|\\u002[BbFf])+/g;
  const window = text.slice(from, to);
  for (const match of window.matchAll(pattern)) {
    if (match[0].length < minLength) continue;
    const skipped = escapeBefore(window, match.index);
    const value = unwrap(match[0].slice(skipped));
    if (value.length >= minLength) {
      runs.push({ at: from + match.index + skipped, end: from + match.index + match[0].length, value });
    }
  }
  return runs;
}

/** True when the characters around the run show it to be a piece of something longer: base64url, a JWT, padded base64. */
export function isPieceOfMore(text: string, run: Base64Run): boolean {
  const before = text[run.at - 1] ?? '';
  const after = text.slice(run.end, run.end + 3);
  if (/^(=|%3[Dd]|[-_]|\.[\w-])/.test(after)) return true;
  // `${NAME:-value}` is a shell's default.
  if (/[-_]/.test(before) && text[run.at - 2] !== ':') return true;
  return before === '.' && /\w/.test(text[run.at - 2] ?? '');
}

/**
 * True for a line of base64 that is wrapped over several (a certificate, an attachment): its neighbours are lines of 48
 * or more base64 characters.
 */
export function isWrappedLine(text: string, run: Base64Run): boolean {
  const before = text.slice(Math.max(0, run.at - longestLine), run.at).split('\n');
  const after = text.slice(run.end, run.end + longestLine).split('\n');
  if (before.at(-1)?.trim() !== '' || after[0]?.trim() !== '') return false;
  return [before.at(-2), after[1]].some((line) => /^\s*[A-Za-z0-9+/]{48,}={0,2}\s*$/.test(line ?? ''));
}

/** Wrapped base64 has lines of 64 (PEM) or 76 (MIME) characters. */
const longestLine = 160;

/** Characters of the match that belong to an escape sequence which starts right before it: `\n`, `\u003d`, `%3D`. */
function escapeBefore(window: string, start: number): number {
  const before = window[start - 1];
  if (before === '\\') {
    const rest = window.slice(start, start + 5);
    if (/^u[0-9A-Fa-f]{4}/.test(rest)) return 5;
    if (/^x[0-9A-Fa-f]{2}/.test(rest)) return 3;
    return /^[nrtbf]/.test(rest) ? 1 : 0;
  }
  return before === '%' && /^[0-9A-Fa-f]{2}/.test(window.slice(start, start + 2)) ? 2 : 0;
}

function unwrap(run: string): string {
  if (!run.includes('%') && !run.includes('\\')) return run;
  return run.replace(/%2[Bb]|\\u002[Bb]/g, '+').replace(/%2[Ff]|\\u002[Ff]|\\\//g, '/');
}
