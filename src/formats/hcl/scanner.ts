/**
 * Cuts HCL text into tokens, one at a time and by mode: plain HCL, the inside of a quoted string, the inside of a
 * heredoc. Who drives it (the parser by grammar, `lexHcl` by counting braces) says which mode comes next; where a token
 * begins and ends is decided only here. Never throws, whatever the text.
 */
import {
  characterClass,
  continuesIdentifier,
  DIGIT,
  IDENTIFIER_PART,
  IDENTIFIER_START,
  isSpace,
  startsIdentifier,
} from './character-class.ts';
import {
  AND,
  BYTE_ORDER_MARK,
  CLOSE_HEREDOC,
  CLOSE_QUOTE,
  COLON,
  COMMENT,
  DIRECTIVE,
  DOT,
  DOUBLE_COLON,
  ELLIPSIS,
  END_OF_FILE,
  EQUAL_TO,
  EQUALS,
  FAT_ARROW,
  GREATER,
  GREATER_OR_EQUAL,
  IDENTIFIER,
  INTERPOLATION,
  INVALID,
  LESS,
  LESS_OR_EQUAL,
  NEWLINE,
  NOT,
  NOT_EQUAL_TO,
  NUMBER,
  OPEN_HEREDOC,
  OR,
  SLASH,
  TEMPLATE_END,
  TEXT,
} from './token-kind.ts';

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const DOLLAR = 36;
const PERCENT_SIGN = 37;
const AMPERSAND = 38;
const ASTERISK = 42;
const DASH = 45;
const BACKSLASH = 92;
const BRACE = 123;
const BAR = 124;
const CLOSING_BRACE = 125;
const TILDE = 126;
const MARK = 0xfeff;

/** Characters that are a token of their own, whatever follows. */
const standsAlone = new Uint8Array(128);
for (const character of '%()*+,-?[]{}"') standsAlone[character.charCodeAt(0)] = 1;

export class Scanner {
  readonly source: string;
  readonly length: number;
  private readonly codes: Uint16Array;
  /** The current token: its kind and range. */
  kind: number = END_OF_FILE;
  start = 0;
  end = 0;
  /** Whether the current TEXT holds a backslash or a doubled `$${` or `%%{`. */
  escaped = false;
  /** No block comment ends after this offset: found out once, so that no text takes quadratic time. */
  private noCommentEndFrom = Number.MAX_SAFE_INTEGER;

  constructor(source: string) {
    this.source = source;
    this.length = source.length;
    this.codes = codesOf(source);
  }

  /** Moves to the next token of plain HCL. Blanks between tokens are passed over, so `start` may lie after the old `end`. */
  scan(): void {
    const codes = this.codes;
    const length = this.length;
    let position = this.end;
    let code = SPACE;
    while (position < length) {
      code = codes[position] as number;
      if (code !== SPACE && code !== TAB) break;
      position++;
    }
    this.start = position;
    if (position >= length) {
      this.kind = END_OF_FILE;
      this.end = length;
      return;
    }
    if (code >= 128) {
      this.scanBeyondAscii(position);
      return;
    }
    const classes = characterClass[code] as number;
    if ((classes & IDENTIFIER_START) !== 0) {
      this.kind = IDENTIFIER;
      this.end = this.identifierEnd(position + 1);
      return;
    }
    if (standsAlone[code] === 1) {
      this.kind = code;
      this.end = position + 1;
      return;
    }
    if (code === LINE_FEED) {
      this.kind = NEWLINE;
      this.end = position + 1;
      return;
    }
    if ((classes & DIGIT) !== 0) {
      this.kind = NUMBER;
      this.end = this.numberEnd(position + 1);
      return;
    }
    this.scanPunctuation(position, code);
  }

  /**
   * Moves to the next token inside a quoted string: a run of text, the start of an interpolation or directive, the
   * closing quote, or an invalid line end.
   */
  scanQuoted(): void {
    const codes = this.codes;
    const length = this.length;
    const start = this.end;
    let position = start;
    this.start = start;
    this.escaped = false;
    while (position < length) {
      const code = codes[position] as number;
      if (code === QUOTE) {
        if (position === start) {
          this.kind = CLOSE_QUOTE;
          this.end = position + 1;
          return;
        }
        break;
      }
      if (code === BACKSLASH) {
        this.escaped = true;
        position += position + 1 < length && !endsLine(codes[position + 1] as number) ? 2 : 1;
      } else if (code === DOLLAR || code === PERCENT_SIGN) {
        const mark = this.templateMarkLength(position, code);
        if (mark > 0) {
          if (position === start) {
            this.kind = code === DOLLAR ? INTERPOLATION : DIRECTIVE;
            this.end = position + mark;
            return;
          }
          break;
        }
        if (mark === -3) this.escaped = true;
        position -= mark;
      } else if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        if (position === start) {
          while (position < length && endsLine(codes[position] as number)) position++;
          this.kind = INVALID;
          this.end = position;
          return;
        }
        break;
      } else {
        position++;
      }
    }
    this.kind = position === start ? END_OF_FILE : TEXT;
    this.end = position;
  }

  /**
   * Moves to the next token inside a heredoc: a run of text (of one line or of many), the start of an interpolation or
   * directive, the line of the end marker, or a carriage return that ends no line.
   */
  scanHeredoc(marker: string): void {
    const codes = this.codes;
    const length = this.length;
    const start = this.end;
    let position = start;
    this.start = start;
    this.escaped = false;
    // Whatever precedes the text of a heredoc ends with a line feed only when the text starts a line.
    if (codes[position - 1] === LINE_FEED) {
      const markerEnd = this.endMarker(position, marker);
      if (markerEnd >= 0) {
        this.kind = CLOSE_HEREDOC;
        this.end = markerEnd;
        return;
      }
    }
    while (position < length) {
      const code = codes[position] as number;
      if (code === LINE_FEED) {
        position++;
        if (this.endMarker(position, marker) >= 0) break;
      } else if (code === DOLLAR || code === PERCENT_SIGN) {
        const mark = this.templateMarkLength(position, code);
        if (mark > 0) {
          if (position === start) {
            this.kind = code === DOLLAR ? INTERPOLATION : DIRECTIVE;
            this.end = position + mark;
            return;
          }
          break;
        }
        if (mark === -3) this.escaped = true;
        position -= mark;
      } else if (code === CARRIAGE_RETURN && codes[position + 1] !== LINE_FEED) {
        if (position === start) {
          this.kind = INVALID;
          this.end = position + 1;
          return;
        }
        break;
      } else {
        position++;
      }
    }
    this.kind = position === start ? END_OF_FILE : TEXT;
    this.end = position;
  }

  /** What a `$` or `%` is: length of the `${`, `${~`, `%{` or `%{~` there, or minus the length of the literal text. */
  private templateMarkLength(position: number, code: number): number {
    const codes = this.codes;
    const next = codes[position + 1] as number;
    if (next === BRACE) return codes[position + 2] === TILDE ? 3 : 2;
    if (next === code && codes[position + 2] === BRACE) return -3;
    return -1;
  }

  /** End of the marker's line without its line end when the line at `position` holds the marker alone, otherwise -1. */
  private endMarker(position: number, marker: string): number {
    const source = this.source;
    const codes = this.codes;
    const length = this.length;
    let at = position;
    let code = at < length ? (codes[at] as number) : LINE_FEED;
    while (!endsLine(code) && isSpace(code)) {
      at++;
      code = at < length ? (codes[at] as number) : LINE_FEED;
    }
    if (code !== marker.charCodeAt(0) || !source.startsWith(marker, at)) return -1;
    at += marker.length;
    while (at < length) {
      code = codes[at] as number;
      if (code === LINE_FEED) return at;
      if (code === CARRIAGE_RETURN) return codes[at + 1] === LINE_FEED ? at : -1;
      if (!isSpace(code)) return -1;
      at++;
    }
    return -1;
  }

  private identifierEnd(from: number): number {
    const source = this.source;
    const codes = this.codes;
    const length = this.length;
    let position = from;
    while (position < length) {
      const code = codes[position] as number;
      if (code < 128) {
        if (((characterClass[code] as number) & IDENTIFIER_PART) === 0) break;
        position++;
      } else {
        const point = source.codePointAt(position) as number;
        if (!continuesIdentifier(point)) break;
        position += point > 0xffff ? 2 : 1;
      }
    }
    return position;
  }

  /** A number goes on over digits, dots and exponents, as long as it doesn't end with a dot. */
  private numberEnd(from: number): number {
    const codes = this.codes;
    let position = from;
    let end = from;
    for (;;) {
      const code = codes[position] as number;
      if (code >= 48 && code <= 57) {
        end = ++position;
      } else if (code === DOT) {
        position++;
      } else if (code === 101 || code === 69) {
        const sign = codes[position + 1] as number;
        const digit = sign === 43 || sign === 45 ? position + 2 : position + 1;
        const next = codes[digit] as number;
        if (!(next >= 48 && next <= 57)) return end;
        position = digit + 1;
        end = position;
      } else {
        return end;
      }
    }
  }

  private scanPunctuation(position: number, code: number): void {
    const codes = this.codes;
    const next = codes[position + 1] as number;
    let kind: number = code;
    let end = position + 1;
    switch (code) {
      case EQUALS:
        if (next === EQUALS) [kind, end] = [EQUAL_TO, position + 2];
        else if (next === GREATER) [kind, end] = [FAT_ARROW, position + 2];
        break;
      case NOT:
        if (next === EQUALS) [kind, end] = [NOT_EQUAL_TO, position + 2];
        break;
      case GREATER:
        if (next === EQUALS) [kind, end] = [GREATER_OR_EQUAL, position + 2];
        break;
      case LESS:
        if (next === EQUALS) {
          [kind, end] = [LESS_OR_EQUAL, position + 2];
        } else if (next === LESS) {
          const introduction = this.heredocIntroductionEnd(position + 2);
          if (introduction >= 0) [kind, end] = [OPEN_HEREDOC, introduction];
        }
        break;
      case AMPERSAND:
        if (next === AMPERSAND) [kind, end] = [AND, position + 2];
        else kind = INVALID;
        break;
      case BAR:
        if (next === BAR) [kind, end] = [OR, position + 2];
        else kind = INVALID;
        break;
      case COLON:
        if (next === COLON) [kind, end] = [DOUBLE_COLON, position + 2];
        break;
      case DOT:
        if (next === DOT && codes[position + 2] === DOT) [kind, end] = [ELLIPSIS, position + 3];
        break;
      case TILDE:
        if (next === CLOSING_BRACE) [kind, end] = [TEMPLATE_END, position + 2];
        else kind = INVALID;
        break;
      case HASH:
        [kind, end] = [COMMENT, this.lineEnd(position + 1)];
        break;
      case SLASH:
        if (next === SLASH) {
          [kind, end] = [COMMENT, this.lineEnd(position + 2)];
        } else if (next === ASTERISK) {
          const close = this.commentEnd(position + 2);
          [kind, end] = close >= 0 ? [COMMENT, close] : [INVALID, this.length];
        }
        break;
      case CARRIAGE_RETURN:
        if (next === LINE_FEED) [kind, end] = [NEWLINE, position + 2];
        else kind = INVALID;
        break;
      default:
        kind = INVALID;
    }
    this.kind = kind;
    this.end = end;
  }

  /** End of the block comment whose text starts at `from`, or -1. */
  private commentEnd(from: number): number {
    if (from >= this.noCommentEndFrom) return -1;
    const close = this.source.indexOf('*/', from);
    if (close >= 0) return close + 2;
    this.noCommentEndFrom = from;
    return -1;
  }

  private scanBeyondAscii(position: number): void {
    const point = this.source.codePointAt(position) as number;
    const end = position + (point > 0xffff ? 2 : 1);
    if (startsIdentifier(point)) {
      this.kind = IDENTIFIER;
      this.end = this.identifierEnd(end);
    } else {
      this.kind = point === MARK && position === 0 ? BYTE_ORDER_MARK : INVALID;
      this.end = end;
    }
  }

  /** Offset of the line end at or after `from`, or of the end of the file. */
  private lineEnd(from: number): number {
    const feed = this.source.indexOf('\n', from);
    if (feed < 0) return this.length;
    return feed > from && this.codes[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
  }

  /** End of `EOT` or `-EOT` and the line end after it, or -1 when that is not what stands at `from`. */
  private heredocIntroductionEnd(from: number): number {
    const source = this.source;
    const codes = this.codes;
    const start = codes[from] === DASH ? from + 1 : from;
    if (start >= this.length) return -1;
    const first = source.codePointAt(start) as number;
    if (!startsIdentifier(first)) return -1;
    const end = this.identifierEnd(start + (first > 0xffff ? 2 : 1));
    const code = codes[end] as number;
    if (code === LINE_FEED) return end + 1;
    return code === CARRIAGE_RETURN && codes[end + 1] === LINE_FEED ? end + 2 : -1;
  }
}

/**
 * The text as numbers: reading them from a typed array makes the whole parser about a fifth faster than asking the
 * string. Zeros at the end let a token look ahead without asking for the length.
 */
function codesOf(source: string): Uint16Array {
  const codes = new Uint16Array(source.length + LOOK_AHEAD);
  const bytes = Buffer.from(codes.buffer);
  bytes.write(source, 'utf16le');
  if (bigEndian) bytes.swap16();
  return codes;
}

const LOOK_AHEAD = 4;
const bigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

function endsLine(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}
