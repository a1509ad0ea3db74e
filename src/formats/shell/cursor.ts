import type { ShellRange, ShellSyntax } from './syntax.ts';

/** A place in a script and the small questions asked there; all ranges refer to the whole text. */
export class Cursor {
  /** The text up to the end of the range that is read. */
  readonly source: string;
  readonly syntax: ShellSyntax;
  at: number;

  constructor(source: string, range: ShellRange, syntax: ShellSyntax) {
    this.source = range.end === source.length ? source : source.slice(0, range.end);
    this.at = range.start;
    this.syntax = syntax;
  }

  /** The sign that takes the next character as it is. */
  get escape(): string {
    return this.syntax === 'powershell' ? '`' : '\\';
  }

  get done(): boolean {
    return this.at >= this.source.length;
  }

  char(at: number = this.at): string {
    return this.source[at] ?? '';
  }

  slice(start: number, end: number = this.at): string {
    return this.source.slice(start, end);
  }

  /** What stands here, as far as an operator or a name can reach. */
  ahead(length: number): string {
    return this.source.slice(this.at, this.at + length);
  }

  /** 1 for LF, 2 for CRLF, 0 for anything else. */
  newlineLength(at: number = this.at): 0 | 1 | 2 {
    const char = this.source[at];
    if (char === '\n') return 1;
    return char === '\r' && this.source[at + 1] === '\n' ? 2 : 0;
  }

  /** Moves over spaces and continued lines. */
  skipBlanks(): void {
    while (!this.done) {
      const char = this.char();
      const continued = char === this.escape ? this.newlineLength(this.at + 1) : 0;
      if (continued > 0) this.at += 1 + continued;
      else if (this.newlineLength() === 0 && /\s/.test(char)) this.at += 1;
      else return;
    }
  }

  skipLine(): void {
    while (!this.done && this.newlineLength() === 0) this.at += 1;
  }

  /**
   * Moves behind the bracket that closes the one here; stays, and says false, when none does within `reach` characters,
   * which keeps a text full of open brackets from being read again for each of them.
   */
  skipBrackets(open: string, close: string, reach = 2_000): boolean {
    let level = 0;
    let quote = '';
    const limit = Math.min(this.source.length, this.at + reach);
    for (let at = this.at; at < limit; at += 1) {
      const char = this.char(at);
      if (char === '\\') at += 1;
      else if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === open) level += 1;
      else if (char === close && --level === 0) {
        this.at = at + 1;
        return true;
      }
    }
    return false;
  }
}
