/**
 * Patterns with `*` (any characters, none too) and `?` (exactly one UTF-16 unit). Matching never backtracks over a `*`:
 * the text between two of them is taken where it first occurs, so no pattern makes it slow.
 */

/** A token of a pattern: a literal, or a wildcard. */
export type GlobToken = string | typeof many | typeof one;
export const many: unique symbol = Symbol('*');
export const one: unique symbol = Symbol('?');

/** What stands between two `*`. At `holes` any character will do. */
interface Run {
  readonly text: string;
  readonly holes: readonly number[];
}

export interface Glob {
  /** Runs in order; between each two there is a `*`. One run alone must match the whole value. */
  readonly runs: readonly Run[];
}

export function globOf(tokens: readonly GlobToken[]): Glob {
  const runs: Run[] = [];
  let text = '';
  let holes: number[] = [];
  for (const token of tokens) {
    if (token === many) {
      runs.push({ text, holes });
      text = '';
      holes = [];
    } else if (token === one) {
      holes.push(text.length);
      text += '?';
    } else text += token;
  }
  runs.push({ text, holes });
  return { runs };
}

/** The pattern of plain text in which `*` and `?` are wildcards. */
export function parseGlob(pattern: string): Glob {
  return globOf(tokensOf(pattern));
}

export function tokensOf(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  let from = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character !== '*' && character !== '?') continue;
    if (at > from) tokens.push(pattern.slice(from, at));
    tokens.push(character === '*' ? many : one);
    from = at + 1;
  }
  if (from < pattern.length) tokens.push(pattern.slice(from));
  return tokens;
}

export function matchesGlob({ runs }: Glob, value: string): boolean {
  const first = runs[0] as Run;
  if (runs.length === 1) return value.length === first.text.length && runAt(first, value, 0);
  const last = runs[runs.length - 1] as Run;
  const end = value.length - last.text.length;
  if (end < first.text.length || !runAt(first, value, 0) || !runAt(last, value, end)) return false;
  let at = first.text.length;
  for (let index = 1; index < runs.length - 1; index++) {
    const run = runs[index] as Run;
    const found = findRun(run, value, at, end);
    if (found < 0) return false;
    at = found + run.text.length;
  }
  return true;
}

function findRun(run: Run, value: string, from: number, end: number): number {
  if (run.holes.length === 0) {
    const found = value.indexOf(run.text, from);
    return found >= 0 && found + run.text.length <= end ? found : -1;
  }
  for (let at = from; at + run.text.length <= end; at++) if (runAt(run, value, at)) return at;
  return -1;
}

function runAt({ text, holes }: Run, value: string, at: number): boolean {
  if (holes.length === 0) return value.startsWith(text, at);
  let hole = 0;
  for (let index = 0; index < text.length; index++) {
    if (holes[hole] === index) hole++;
    else if (text.charCodeAt(index) !== value.charCodeAt(at + index)) return false;
  }
  return true;
}
