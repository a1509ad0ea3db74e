/**
 * Parses an HCL file into a tree whose ranges edits can splice. Never throws: what can't be parsed becomes a `broken`
 * item and a problem, and parsing goes on at the next line that can start an item.
 */
import { ExpressionParser, MAXIMUM_DEPTH } from './expression-parser.ts';
import { resolveQuoted } from './literal-text.ts';
import { columnOfFirst, endOfText, findResumption, heredocEnd } from './resumption.ts';
import type {
  HclAttribute,
  HclBlock,
  HclBody,
  HclBroken,
  HclExpression,
  HclFile,
  HclItem,
  HclLabel,
} from './syntax.ts';
import {
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_QUOTE,
  COMMA,
  END_OF_FILE,
  EQUALS,
  IDENTIFIER,
  INVALID,
  NEWLINE,
  OPEN_BRACE,
  OPEN_QUOTE,
  TEXT,
} from './token-kind.ts';

/**
 * The tree of `source`. `problems` is empty exactly when `terraform fmt` accepts the text, but for more than
 * `MAXIMUM_DEPTH` levels of nesting, which are refused here.
 */
export function parseHcl(source: string): HclFile {
  return new Parser(source).file();
}

/** One expression, as behind a `=`, but free to span lines; `broken-expression` where it is none. */
export function parseHclExpression(source: string): { expression: HclExpression; problems: HclFile['problems'] } {
  const parser = new Parser(source);
  return { expression: parser.loneExpression(), problems: parser.problems };
}

class Parser extends ExpressionParser {
  /**
   * Whether a block also ends, unclosed, at a line that is indented no deeper than itself. Off until a block was found
   * to have no closing brace, because indentation means nothing in a file that is whole.
   */
  private byIndentation = false;
  private foundUnclosedBlock = false;

  file(): HclFile {
    this.advance();
    if (this.kind === BYTE_ORDER_MARK) this.advance();
    const items: HclItem[] = [];
    for (;;) {
      while (this.kind === NEWLINE) this.advance();
      if (this.kind === END_OF_FILE) break;
      items.push(this.topItem());
    }
    this.reportRedefinitions(items);
    const { source, problems, comments } = this;
    problems.sort((a, b) => a.start - b.start);
    return { source, body: { kind: 'body', start: 0, end: this.length, items }, problems, comments };
  }

  loneExpression(): HclExpression {
    this.newlines = false;
    this.advance();
    const expression = this.expression();
    if (this.kind === END_OF_FILE) return expression;
    return this.fail(
      'Extra characters after expression: An expression was successfully parsed, but extra characters were found after it.',
    );
  }

  /** An item at the top; a block that turns out to have no end is read again with indentation as the guide. */
  private topItem(): HclItem {
    const { start } = this;
    const problems = this.problems.length;
    const comments = this.comments.length;
    const item = this.item();
    if (this.byIndentation || !this.foundUnclosedBlock) return item;
    this.byIndentation = true;
    this.problems.length = problems;
    this.comments.length = comments;
    this.end = start;
    this.advance();
    return this.item();
  }

  /** Items up to a closing brace, the end of the file, or a line that can't belong to the block. */
  private blockItems(headerStart: number, headerEnd: number): HclItem[] {
    const items: HclItem[] = [];
    let column = -1;
    for (;;) {
      let startsLine = false;
      while (this.kind === NEWLINE) {
        this.advance();
        startsLine = true;
      }
      if (this.byIndentation && startsLine && column < 0) column = columnOfFirst(this.source, headerStart);
      const unclosed = this.kind === END_OF_FILE || (this.byIndentation && startsLine && this.leavesBlock(column));
      if (unclosed) {
        this.foundUnclosedBlock = true;
        this.failAt(headerStart, headerEnd, UNCLOSED_BLOCK);
      }
      if (unclosed || this.kind === CLOSE_BRACE) break;
      items.push(this.item());
    }
    this.reportRedefinitions(items);
    return items;
  }

  /** Whether the line that starts here is indented like something outside a block at `column`. */
  private leavesBlock(column: number): boolean {
    const own = columnOfFirst(this.source, this.start);
    return this.kind === CLOSE_BRACE ? own < column : own <= column;
  }

  private item(): HclItem {
    const { start, end, depth } = this;
    if (this.kind !== IDENTIFIER) {
      this.fail(
        this.kind === OPEN_QUOTE
          ? 'Invalid argument name: Argument names must not be quoted.'
          : 'Argument or block definition required: An argument or block definition is required here.',
      );
      return this.broken(start, depth);
    }
    const name = this.text();
    this.advance();
    let item: HclItem | undefined;
    switch (this.kind) {
      case EQUALS:
        item = this.attribute(start, end, name);
        if (this.kind !== NEWLINE && this.kind !== END_OF_FILE) this.failAfterArgument();
        break;
      case OPEN_QUOTE:
      case OPEN_BRACE:
      case IDENTIFIER:
        item = this.block(start, name);
        break;
      default:
        this.failAt(
          start,
          end,
          'Argument or block definition required: An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
        );
    }
    return item === undefined || this.failedAt >= 0 ? this.broken(start, depth) : item;
  }

  private failAfterArgument(): void {
    this.fail(
      this.kind === COMMA
        ? 'Unexpected comma after argument: Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.'
        : 'Missing newline after argument: An argument definition must end with a newline.',
    );
  }

  private attribute(start: number, nameEnd: number, name: string): HclAttribute {
    const equals = this.start;
    this.advance();
    const expression = this.expression();
    return { kind: 'attribute', start, end: expression.end, name, nameStart: start, nameEnd, equals, expression };
  }

  private block(start: number, type: string): HclBlock | undefined {
    if (this.depth >= MAXIMUM_DEPTH) {
      this.failTooDeep();
      return undefined;
    }
    const labels: HclLabel[] = [];
    while (this.kind !== OPEN_BRACE) {
      if (this.kind === IDENTIFIER) {
        labels.push({ start: this.start, end: this.end, value: this.text(), quoted: false });
        this.advance();
      } else if (this.kind === OPEN_QUOTE) {
        this.label(labels);
      } else {
        this.failBlockHeader();
        return undefined;
      }
    }
    const openBrace = this.start;
    const bodyStart = this.end;
    this.advance();
    const severalLines = this.kind === NEWLINE || this.kind === CLOSE_BRACE || this.kind === END_OF_FILE;
    this.depth++;
    const items = severalLines ? this.blockItems(start, bodyStart) : this.oneLineItems();
    this.depth--;
    if (this.kind !== CLOSE_BRACE) {
      if (!severalLines) this.failOneLineBlock(start, bodyStart);
      return undefined;
    }
    const closeBrace = this.start;
    const end = this.end;
    const body: HclBody = { kind: 'body', start: bodyStart, end: closeBrace, items };
    this.advance();
    if (this.kind !== NEWLINE && this.kind !== END_OF_FILE) {
      this.problems.push({
        start: this.start,
        end: this.end,
        message: 'Missing newline after block definition: A block definition must end with a newline.',
      });
    }
    return { kind: 'block', start, end, type, labels, body, openBrace, closeBrace };
  }

  private label(labels: HclLabel[]): void {
    const start = this.start;
    let value = '';
    for (;;) {
      this.scanQuoted();
      if (this.kind === TEXT) {
        value += this.escaped ? resolveQuoted(this.text(), this.start, this.problems) : this.text();
      } else if (this.kind === CLOSE_QUOTE) {
        labels.push({ start, end: this.end, value, quoted: true });
        this.advance();
        return;
      } else if (this.kind === INVALID) {
        this.failMultiLineString(start);
        return;
      } else if (this.kind === END_OF_FILE) {
        this.failAt(
          start,
          this.end,
          'Unterminated string literal: Unable to find the closing quote mark before the end of the file.',
        );
        return;
      } else {
        const mark = this.text()[0];
        this.fail(
          `Invalid string literal: Template sequences are not allowed in this string. To include a literal "${mark}", double it (as "${mark}${mark}") to escape it.`,
        );
        return;
      }
    }
  }

  private failBlockHeader(): void {
    this.fail(
      this.kind === EQUALS
        ? 'Invalid block definition: The equals sign "=" indicates an argument definition, and must not be used when defining a block.'
        : this.kind === NEWLINE
          ? 'Invalid block definition: A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.'
          : 'Invalid block definition: Either a quoted string block label or an opening brace ("{") is expected here.',
    );
  }

  /** The one argument of `type { name = value }`. */
  private oneLineItems(): HclItem[] {
    const { start, end } = this;
    if (this.kind !== IDENTIFIER) {
      this.fail('Argument or block definition required: An argument or block definition is required here.');
      return [];
    }
    const name = this.text();
    this.advance();
    if (this.kind === EQUALS) return [this.attribute(start, end, name)];
    this.failAt(
      start,
      this.end,
      this.kind === IDENTIFIER || this.kind === OPEN_QUOTE || this.kind === OPEN_BRACE
        ? `Argument definition required: A single-line block definition can contain only a single argument. If you meant to define argument "${name}", use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.`
        : 'Argument or block definition required: An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
    );
    return [];
  }

  private failOneLineBlock(headerStart: number, headerEnd: number): void {
    if (this.kind === END_OF_FILE) {
      this.failAt(headerStart, headerEnd, UNCLOSED_BLOCK);
      return;
    }
    this.fail(
      this.kind === COMMA
        ? 'Invalid single-argument block definition: Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.'
        : this.kind === NEWLINE
          ? "Invalid single-argument block definition: An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition."
          : 'Invalid single-argument block definition: A single-line block definition must end with a closing brace immediately after its single argument definition.',
    );
  }

  /** Ends the failed item where the next one may start, and moves there. */
  private broken(start: number, depth: number): HclBroken {
    const { source, comments } = this;
    if (this.heredocStart >= 0) this.failAfterHeredoc(heredocEnd(source, this.heredocStart));
    const resumption = findResumption(source, start, this.failedAt);
    const end = endOfText(source, start, resumption);
    while ((comments.at(-1)?.start ?? -1) >= resumption) comments.pop();
    this.failedAt = -1;
    this.heredocStart = -1;
    this.newlines = true;
    this.depth = depth;
    this.kind = NEWLINE;
    this.end = resumption;
    this.advance();
    return { kind: 'broken', start, end, message: this.failure };
  }

  /** An argument may be set only once in a body. */
  private reportRedefinitions(items: readonly HclItem[]): void {
    const set = items.length > FEW ? new Set<string>() : undefined;
    for (let index = 0; index < items.length; index++) {
      const item = items[index] as HclItem;
      if (item.kind !== 'attribute') continue;
      if (set === undefined ? setsBefore(items, index, item.name) : set.has(item.name)) {
        this.problems.push({
          start: item.nameStart,
          end: item.nameEnd,
          message: `Attribute redefined: The argument "${item.name}" was already set. Each argument may be set only once.`,
        });
      }
      set?.add(item.name);
    }
  }
}

/** Up to this many items comparing each with each is faster than a set. */
const FEW = 12;

function setsBefore(items: readonly HclItem[], end: number, name: string): boolean {
  for (let index = 0; index < end; index++) {
    const item = items[index] as HclItem;
    if (item.kind === 'attribute' && item.name === name) return true;
  }
  return false;
}

const UNCLOSED_BLOCK =
  'Unclosed configuration block: There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.';
