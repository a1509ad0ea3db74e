/**
 * How the lines of an HCL file are laid out, as far as edits need to know: where a line begins and ends, which
 * comments stand above an item and whether they go when it goes, how deep it is indented, and how a fragment of text
 * is fitted in. The tree says what a file means; this says what it looks like.
 */
import type { Edit } from '../edit.ts';
import type { HclBody, HclComment, HclFile, HclHeredoc, HclNode } from './syntax.ts';

/** Something that stands in a list of its like: an attribute or block in a body, an item in an object, an element in a tuple. */
export interface Entry extends HclNode {
  /** What a comment above it may call it. */
  readonly names: readonly string[];
  /** Offset after the entry and the comma behind it. */
  readonly fullEnd: number;
  /** A block takes the comment directly above it along; an attribute only a comment that is about it alone. */
  readonly ownsComments: boolean;
}

/** Where the entries of a list may stand: after `{` (or at the start of the file) up to `}` (or its end). */
export interface Enclosure {
  readonly open: number;
  readonly close: number;
  readonly root: boolean;
}

/** What follows an offset on its line. */
export interface LineTail {
  /** After the comments and white space on the line, before the line break. */
  readonly end: number;
  /** The first offset of the next line. */
  readonly next: number;
  /** Nothing but white space and comments follows up to the line break. */
  readonly clear: boolean;
}

export class SourceLayout {
  readonly source: string;
  readonly #comments: readonly HclComment[];
  readonly #eol: string;
  #unit: string | undefined;

  /** `eol` is the line break of a file that has none. */
  constructor(file: HclFile, eol: string) {
    this.#eol = eol;
    this.source = file.source;
    this.#comments = file.comments.map((comment) => ({ ...comment, end: withoutLineBreak(this.source, comment) }));
    this.#unit = indentUnit(file);
  }

  /** One level of indentation: two spaces unless the file shows another habit. */
  get unit(): string {
    this.#unit ??= '  ';
    return this.#unit;
  }

  /** Offset of the first text of the file, after a byte-order mark. */
  get start(): number {
    return this.source.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  lineStart(offset: number): number {
    if (offset <= this.start) return this.start;
    return Math.max(this.source.lastIndexOf('\n', offset - 1) + 1, this.start);
  }

  /** The white space that begins the line of this offset. */
  indentAt(offset: number): string {
    const start = this.lineStart(offset);
    let end = start;
    while (isBlank(this.source[end])) end++;
    return this.source.slice(start, end);
  }

  /** Nothing but white space stands before this offset on its line. */
  beginsLine(offset: number): boolean {
    const start = this.lineStart(offset);
    return start + this.indentAt(offset).length >= offset;
  }

  /** The line break used around this offset. */
  eolAt(offset: number): string {
    let at = this.source.indexOf('\n', offset);
    if (at === -1) at = this.source.lastIndexOf('\n');
    if (at === -1) return this.#eol;
    return at > 0 && this.source[at - 1] === '\r' ? '\r\n' : '\n';
  }

  tail(offset: number): LineTail {
    let at = offset;
    for (;;) {
      while (isBlank(this.source[at])) at++;
      const comment = this.commentAt(at);
      if (comment === undefined) break;
      at = comment.end;
    }
    const next = this.#afterLineBreak(at);
    return { end: at, next: next ?? at, clear: next !== undefined };
  }

  /** White space and comments skipped, line breaks too. */
  skipTrivia(offset: number): number {
    let at = offset;
    for (;;) {
      while (isSpace(this.source[at])) at++;
      const comment = this.commentAt(at);
      if (comment === undefined) return at;
      at = comment.end;
    }
  }

  commentAt(offset: number): HclComment | undefined {
    const first = this.source[offset];
    if (first !== '#' && first !== '/') return undefined;
    return this.#comments.find((comment) => comment.start === offset);
  }

  commentsIn(start: number, end: number): readonly HclComment[] {
    return this.#comments.filter((comment) => comment.start >= start && comment.end <= end);
  }

  /** The whole-line comments directly above an offset, without a blank line between, from top to bottom. */
  commentsAbove(offset: number): readonly HclComment[] {
    const above: HclComment[] = [];
    let line = this.lineStart(offset);
    for (let index = this.#comments.length - 1; index >= 0; index--) {
      const comment = this.#comments[index] as HclComment;
      if (comment.end > line) continue;
      const tail = this.tail(comment.end);
      if (tail.next !== line || !tail.clear || !this.beginsLine(comment.start)) break;
      above.unshift(comment);
      line = this.lineStart(comment.start);
    }
    return above;
  }

  /** The start of the line of an entry or of the comments directly above it, unless these head a section. */
  startWithComments(offset: number): number {
    const comments = this.commentsAbove(offset);
    return this.lineStart(headsSection.test(this.#textOf(comments)) ? offset : (comments[0]?.start ?? offset));
  }

  /**
   * The comments above an entry that go when it goes. A group of comment lines is about the entries that follow it
   * without a blank line or another comment between; if it names some of them, about those alone. It goes when the
   * entry is all it is about. Rulers (`# ------`) and licence notices head more than one entry and always stay.
   */
  commentsThatGoWith(entries: readonly Entry[], index: number): readonly HclComment[] {
    const entry = entries[index] as Entry;
    const comments = this.commentsAbove(entry.start);
    const text = this.#textOf(comments);
    if (comments.length === 0 || headsSection.test(text)) return [];
    if (entry.ownsComments) return comments;
    const paragraph = [entry];
    for (let next = index + 1; next < entries.length; next++) {
      const candidate = entries[next] as Entry;
      if (this.tail((paragraph.at(-1) as Entry).fullEnd).next !== this.lineStart(candidate.start)) break;
      paragraph.push(candidate);
    }
    const named = paragraph.filter(({ names }) => names.some((name) => mentions(text, name)));
    const about = named.length > 0 ? named : paragraph;
    return about.length === 1 && about[0] === entry ? comments : [];
  }

  /** True when the entry has its lines to itself, so that removing it is removing lines. */
  ownsLines(entry: Entry): boolean {
    return this.beginsLine(entry.start) && this.tail(entry.fullEnd).clear;
  }

  /**
   * The cut that removes an entry which owns its lines, with its comments. Where blank lines stood on both sides one
   * group stays; none is left after an opening or before a closing brace that was not there before.
   */
  cut(entries: readonly Entry[], index: number, enclosure: Enclosure): Edit {
    const entry = entries[index] as Entry;
    const comment = this.commentsThatGoWith(entries, index)[0];
    let start = this.lineStart(comment?.start ?? entry.start);
    let end = this.tail(entry.fullEnd).next;

    const above = this.#blankLinesAbove(start);
    const below = this.#blankLinesBelow(end);
    const openEnd = enclosure.root ? enclosure.open : this.tail(enclosure.open).end;
    const opens = this.skipSpaceBack(start) <= openEnd;
    const closes = this.skipSpace(end) >= enclosure.close;
    if (opens && closes && openEnd === this.skipBlank(enclosure.open) && !enclosure.root) {
      return { start: enclosure.open, end: enclosure.close, text: '' };
    }
    if (opens) end = below;
    else if (closes) start = above;
    else end += Math.min(below - end, this.#sizeOfLines(end, this.#linesIn(above, start)));
    if (end === this.source.length && this.source[end - 1] !== '\n') start = this.#beforeLineBreak(start);
    return { start, end, text: '' };
  }

  skipBlank(offset: number): number {
    let at = offset;
    while (isBlank(this.source[at])) at++;
    return at;
  }

  skipSpace(offset: number): number {
    let at = offset;
    while (isSpace(this.source[at])) at++;
    return at;
  }

  skipSpaceBack(offset: number): number {
    let at = offset;
    while (at > this.start && isSpace(this.source[at - 1])) at--;
    return at;
  }

  /** The line above the one that starts here is blank. */
  blankAbove(lineStart: number): boolean {
    return this.#blankLinesAbove(lineStart) < lineStart;
  }

  /** The line that starts here is blank. */
  blankBelow(lineStart: number): boolean {
    return this.#blankLinesBelow(lineStart) > lineStart;
  }

  #textOf(comments: readonly HclComment[]): string {
    return comments.map((comment) => this.source.slice(comment.start, comment.end)).join('\n');
  }

  #blankLinesAbove(lineStart: number): number {
    let start = lineStart;
    while (start > this.start) {
      const previous = this.lineStart(start - 1);
      if (this.skipBlank(previous) < this.#beforeLineBreak(start)) break;
      start = previous;
    }
    return start;
  }

  #blankLinesBelow(lineStart: number): number {
    let end = lineStart;
    while (end < this.source.length) {
      const next = this.#afterLineBreak(this.skipBlank(end));
      if (next === undefined || next === end) break;
      end = next;
    }
    return end;
  }

  #linesIn(start: number, end: number): number {
    return this.source.slice(start, end).split('\n').length - 1;
  }

  #sizeOfLines(start: number, count: number): number {
    let end = start;
    for (let line = 0; line < count; line++) end = this.source.indexOf('\n', end) + 1 || this.source.length;
    return end - start;
  }

  /** `undefined` when no line break (or end of file) stands here. */
  #afterLineBreak(offset: number): number | undefined {
    if (offset >= this.source.length) return this.source.length;
    if (this.source[offset] === '\n') return offset + 1;
    if (this.source[offset] === '\r' && this.source[offset + 1] === '\n') return offset + 2;
    return undefined;
  }

  #beforeLineBreak(lineStart: number): number {
    if (this.source[lineStart - 1] !== '\n') return lineStart;
    return this.source[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
  }
}

/** Where a heredoc stands in a fragment, and whether its text can be moved as a whole (`<<-`). */
export type HeredocRange = Pick<HclHeredoc, 'start' | 'end' | 'flush'>;

/**
 * A fragment written with `\n` and two spaces a level, as it reads at this indentation in this file; the first line gets
 * none. The text of a `<<-` heredoc moves as a whole, that of others stays where it is.
 */
export function fitted(
  fragment: string,
  heredocs: readonly HeredocRange[],
  { indent, unit, eol }: { readonly indent: string; readonly unit: string; readonly eol: string },
): string {
  return byLine(fragment, heredocs, (line, heredoc) => {
    if (line.trim() === '' || heredoc?.flush === false) return line;
    if (heredoc !== undefined) return indent + line;
    const depth = line.length - line.trimStart().length;
    return indent + unit.repeat(depth >> 1) + ' '.repeat(depth & 1) + line.slice(depth);
  }).join(eol);
}

/** The inverse of `fitted`: text of a file as a fragment. */
export function unfitted(
  text: string,
  heredocs: readonly HeredocRange[],
  { indent, unit }: { readonly indent: string; readonly unit: string },
): string {
  const movable = (heredoc: HeredocRange) =>
    heredoc.flush &&
    byLine(text.slice(heredoc.start, heredoc.end), [], (line) => line)
      .slice(1)
      .every((line) => line.startsWith(indent) || line.trim() === '');
  return byLine(text, heredocs, (raw, heredoc) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (heredoc !== undefined) return movable(heredoc) && line.trim() !== '' ? line.slice(indent.length) : line;
    let rest = line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
    let depth = 0;
    for (; rest.startsWith(unit); depth++) rest = rest.slice(unit.length);
    return '  '.repeat(depth) + rest;
  }).join('\n');
}

/** Maps every line but the first, told which heredoc it is in. */
function byLine(
  text: string,
  heredocs: readonly HeredocRange[],
  map: (line: string, heredoc: HeredocRange | undefined) => string,
): string[] {
  let at = 0;
  return text.split('\n').map((line, index) => {
    const start = at;
    at += line.length + 1;
    if (index === 0) return line.endsWith('\r') ? line.slice(0, -1) : line;
    return map(
      line,
      heredocs.find((heredoc) => start > heredoc.start && start < heredoc.end),
    );
  });
}

const headsSection = /^[#/*\s]*[-=~*#_+]{4,}[#/*\s]*$|copyright|licen[cs]e|SPDX/im;

/** `access_key` is named by "access_key", "access key" and "Access-Key". */
function mentions(text: string, name: string): boolean {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  if (words.length === 0) return false;
  return new RegExp(`(?<![\\p{L}\\p{N}_])${words.join('[ _-]?')}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}

function indentUnit(file: HclFile): string | undefined {
  const visit = (body: HclBody): string | undefined => {
    for (const item of body.items) {
      if (item.kind !== 'block') continue;
      const first = item.body.items[0];
      if (first === undefined || first.kind === 'broken') continue;
      const outer = leading(file.source, item.start);
      const inner = leading(file.source, first.start);
      if (inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
      const deeper = visit(item.body);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };
  return visit(file.body);
}

/** The white space between the start of the line and this offset; empty when something else stands there. */
function leading(source: string, offset: number): string {
  const before = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*$/.test(before) ? before : '';
}

function withoutLineBreak(source: string, { start, end }: HclNode): number {
  let at = end;
  while (at > start && (source[at - 1] === '\n' || source[at - 1] === '\r')) at--;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
