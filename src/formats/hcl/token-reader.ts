/**
 * The tokens that mean something to a parser: comments are kept aside, line ends count or not, and after the first
 * structural error everything is poison. No production accepts the poison token, so every open production ends, and
 * whoever reads items decides where to go on.
 */
import { Scanner } from './scanner.ts';
import type { HclBrokenExpression, HclComment, HclProblem } from './syntax.ts';
import { COMMENT, IDENTIFIER, INVALID, NEWLINE, POISON } from './token-kind.ts';

export class TokenReader extends Scanner {
  readonly problems: HclProblem[] = [];
  readonly comments: HclComment[] = [];
  /** Whether line ends are tokens; in brackets and interpolations they are blanks. */
  protected newlines = true;
  /** Start of the token at which the current item failed; -1 while nothing has failed. */
  protected failedAt = -1;
  /** The message of that failure. */
  protected failure = '';

  /** Moves to the next token of plain HCL that means something here. */
  protected advance(): void {
    if (this.kind === POISON) return;
    this.scan();
    while (this.kind === COMMENT || (this.kind === NEWLINE && !this.newlines)) {
      if (this.kind === COMMENT) this.keepComment();
      this.scan();
    }
  }

  private keepComment(): void {
    const { start, end } = this;
    const style = this.source.charCodeAt(start) === 35 ? '#' : this.source.charCodeAt(start + 1) === 42 ? '/*' : '//';
    this.comments.push({ start, end, style });
  }

  protected text(): string {
    return this.source.slice(this.start, this.end);
  }

  /** Reports the current token as unexpected and poisons what follows. */
  protected fail(message: string): HclBrokenExpression {
    const reported = this.kind === INVALID ? describeInvalid(this.text()) : message;
    return this.failAt(this.start, this.end, reported);
  }

  /** Reports a range and poisons what follows the current token; only the first failure of an item is reported. */
  protected failAt(start: number, end: number, message: string): HclBrokenExpression {
    if (this.kind !== POISON) {
      // After a block that something follows on its line, that something was reported.
      if (this.problems.at(-1)?.start !== start) this.problems.push({ start, end, message });
      this.failedAt = this.start;
      this.failure = message;
      this.kind = POISON;
    }
    return { kind: 'broken-expression', start, end, message: this.failure };
  }

  protected atWord(word: string): boolean {
    return (
      this.kind === IDENTIFIER && this.end - this.start === word.length && this.source.startsWith(word, this.start)
    );
  }
}

function describeInvalid(text: string): string {
  switch (text) {
    case '&':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean AND ("&&")?';
    case '|':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean OR ("||")?';
    case '~':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean NOT ("!")?';
    case '^':
      return 'Unsupported operator: Bitwise operators are not supported.';
    case '`':
      return 'Invalid character: The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".';
    case "'":
      return 'Invalid character: Single quotes are not valid. Use double quotes (") to enclose strings.';
    case ';':
      return 'Invalid character: The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.';
    case '\u201c':
    case '\u201d':
      return 'Invalid character: "Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".';
    default:
      return text.startsWith('/*')
        ? 'Unterminated comment: There is no "*/" for this comment before the end of the file.'
        : 'Invalid character: This character is not used within the language.';
  }
}
