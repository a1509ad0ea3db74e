/**
 * All tokens of a text, blanks and comments included: put together they are the text again, whatever it is. Modes
 * (plain HCL, string, heredoc) are told apart by counting braces, as HashiCorp's scanner does.
 */
import { Scanner } from './scanner.ts';
import {
  BLANK,
  CLOSE_BRACE,
  CLOSE_HEREDOC,
  CLOSE_QUOTE,
  DIRECTIVE,
  END_OF_FILE,
  INTERPOLATION,
  INVALID,
  OPEN_BRACE,
  OPEN_HEREDOC,
  OPEN_QUOTE,
  TEMPLATE_END,
} from './token-kind.ts';

/** Token `i` is of kind `kinds[i]` (see `token-kind.ts`) and covers `starts[i]` to `starts[i + 1]`. */
export interface HclTokens {
  readonly count: number;
  readonly kinds: Uint8Array;
  /** One more than there are tokens; the last is the length of the text. */
  readonly starts: Int32Array;
}

export function lexHcl(source: string): HclTokens {
  const scanner = new Scanner(source);
  const tokens = new TokenList(source.length);
  /** What is open around the current position, innermost last: `"` for a string, a heredoc's marker, or `{`, `${`. */
  const open: string[] = [];
  for (;;) {
    const from = scanner.end;
    const innermost = open.at(-1);
    if (innermost === STRING) scanner.scanQuoted();
    else if (innermost?.startsWith(HEREDOC)) scanner.scanHeredoc(innermost.slice(HEREDOC.length));
    else scanner.scan();
    if (scanner.start > from) tokens.add(BLANK, from);
    const { kind } = scanner;
    if (kind === END_OF_FILE) return tokens.finish(source.length);
    if (kind === CLOSE_BRACE && innermost === TEMPLATE) tokens.add(TEMPLATE_END, scanner.start);
    else tokens.add(kind, scanner.start);
    if (kind === OPEN_QUOTE) open.push(STRING);
    else if (kind === OPEN_HEREDOC) open.push(HEREDOC + markerOf(source.slice(scanner.start, scanner.end)));
    else if (kind === INTERPOLATION || kind === DIRECTIVE) open.push(TEMPLATE);
    else if (kind === OPEN_BRACE) open.push(BRACE);
    else if (kind === CLOSE_QUOTE || kind === CLOSE_HEREDOC) open.pop();
    else if (kind === INVALID && innermost === STRING) open.pop();
    else if (kind === CLOSE_BRACE || kind === TEMPLATE_END) open.pop();
  }
}

const STRING = '"';
const HEREDOC = '<<';
const TEMPLATE = '${';
const BRACE = '{';

function markerOf(introduction: string): string {
  return introduction.replace(/^<<-?/, '').trimEnd();
}

class TokenList {
  private kinds: Uint8Array;
  private starts: Int32Array;
  private count = 0;

  constructor(length: number) {
    const expected = 16 + (length >> 1);
    this.kinds = new Uint8Array(expected);
    this.starts = new Int32Array(expected);
  }

  add(kind: number, start: number): void {
    if (this.count === this.kinds.length) {
      this.kinds = grown(this.kinds, new Uint8Array(this.count * 2));
      this.starts = grown(this.starts, new Int32Array(this.count * 2));
    }
    this.kinds[this.count] = kind;
    this.starts[this.count++] = start;
  }

  finish(length: number): HclTokens {
    this.add(END_OF_FILE, length);
    const count = this.count - 1;
    return { count, kinds: this.kinds.slice(0, count), starts: this.starts.slice(0, count + 1) };
  }
}

function grown<Values extends Uint8Array | Int32Array>(values: Values, into: Values): Values {
  into.set(values);
  return into;
}
