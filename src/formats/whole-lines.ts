/**
 * Edits of whole lines that leave no trace: the end of line of the neighbours, the blank lines that set things apart,
 * and a file that ends without a newline still does.
 */
import type { Edit } from './edit.ts';

/** Start of the line that holds `offset`; a byte order mark belongs to no line. */
export function lineStart(source: string, offset: number): number {
  const start = offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && source.startsWith('\uFEFF') ? 1 : start;
}

/** After the newline of the line that holds `offset`. */
export function lineEnd(source: string, offset: number): number {
  const newline = source.indexOf('\n', offset);
  return newline === -1 ? source.length : newline + 1;
}

/** Before the newline (LF or CRLF) of the line that holds `offset`. */
export function contentEnd(source: string, offset: number): number {
  const newline = source.indexOf('\n', offset);
  if (newline === -1) return source.length;
  return newline > offset && source[newline - 1] === '\r' ? newline - 1 : newline;
}

/** The end of line in use around `offset`: that of its own line, else of the line before, else LF. */
export function eolAt(source: string, offset: number): '\n' | '\r\n' {
  const own = source.indexOf('\n', offset);
  const newline = own === -1 ? source.lastIndexOf('\n') : own;
  return newline > 0 && source[newline - 1] === '\r' ? '\r\n' : '\n';
}

/** Start of the run of blank lines that ends at the line start `offset`; `offset` itself when there is none. */
export function blankRunBefore(source: string, offset: number): number {
  let start = offset;
  while (start > 0) {
    const previous = lineStart(source, start - 1);
    if (previous >= start || source.slice(previous, start).trim() !== '') break;
    start = previous;
  }
  return start;
}

/** End of the run of blank lines that starts at the line start `offset`; `offset` itself when there is none. */
export function blankRunAfter(source: string, offset: number): number {
  let end = offset;
  while (end < source.length) {
    const next = lineEnd(source, end);
    if (source.slice(end, next).trim() !== '') break;
    end = next;
  }
  return end;
}

export interface LineCut {
  /** Start of the first line. */
  readonly start: number;
  /** After the newline of the last line. */
  readonly end: number;
  /** Nothing of its kind stands above: the blank lines below set it apart from the next and go along. */
  readonly isFirst: boolean;
  /** Nothing of its kind stands below: the blank lines above go along. */
  readonly isLast: boolean;
  /** Blank lines above this offset belong to something else. */
  readonly floor?: number;
}

/**
 * Takes out whole lines. Where blank lines stood on both sides, those above stay; where they stood on one side, they
 * stay unless nothing is left for them to set apart.
 */
export function cutLines(source: string, { start, end, isFirst, isLast, floor = 0 }: LineCut): Edit {
  const above = Math.max(blankRunBefore(source, start), Math.min(floor, start));
  const below = blankRunAfter(source, end);
  if (isLast && !isFirst) return withoutLastNewline(source, above, end);
  const cutsBelow = below > end && (isFirst || above < start);
  return withoutLastNewline(source, start, cutsBelow ? below : end);
}

/** A text without a final newline gets none by losing its last lines. */
function withoutLastNewline(source: string, start: number, end: number): Edit {
  const losesEnd = end === source.length && !source.endsWith('\n') && start > 0;
  if (!losesEnd || source[start - 1] !== '\n') return { start, end, text: '' };
  return { start: source[start - 2] === '\r' ? start - 2 : start - 1, end, text: '' };
}

/** Puts lines (without ends of line) in front of the line that starts at `offset`, or behind the last line. */
export function insertLines(source: string, offset: number, lines: readonly string[]): Edit {
  const eol = eolAt(source, Math.max(0, offset - 2));
  const isBehindOpenLine = offset === source.length && offset > lineStart(source, offset) && !source.endsWith('\n');
  const text = isBehindOpenLine ? lines.map((line) => eol + line).join('') : lines.map((line) => line + eol).join('');
  return { start: offset, end: offset, text };
}
