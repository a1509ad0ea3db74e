/**
 * Keeps `=` and trailing comments in line after an edit, by the rules of `terraform fmt` (hashicorp/hcl,
 * hclwrite/format.go, formatCells): consecutive lines that assign form a run whose `=` share a column, consecutive
 * lines that end in a `#` or `//` comment form a run whose comments do. Only runs that an edit touched are moved, and
 * only when they were in line before.
 */
import type { Edit } from '../edit.ts';
import { lexHcl } from './lex-hcl.ts';
import {
  BLANK,
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COMMENT,
  DIRECTIVE,
  EQUALS,
  INTERPOLATION,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  TEMPLATE_END,
} from './token-kind.ts';

/**
 * A line as the formatter sees it: what leads, what is assigned, the comment behind. A heredoc or a comment over
 * several lines belongs to the line it begins on.
 */
interface Line {
  readonly start: number;
  readonly end: number;
  /** After the last token before `=`, or before the comment when nothing is assigned. */
  readonly leadEnd: number;
  /** Offset of the `=` when the whole value stands on this line. */
  readonly equals: number | undefined;
  /** After the last token before the comment. */
  readonly contentEnd: number;
  readonly comment: number | undefined;
}

interface Token {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** Something that is put in line: where it stands, and how many columns stand before the spaces in front of it. */
interface Cell {
  readonly line: Line;
  /** Offset of the `=` or the comment. */
  readonly at: number;
  /** Where the spaces before it begin. */
  readonly gap: number;
  readonly columns: number;
}

/** The white-space edits, in terms of `edited`, that put back in line what `edits` moved. */
export function realign(before: string, edited: string, edits: readonly Edit[]): Edit[] {
  const lines = linesOf(edited);
  const touched = touchedLines(lines, edits);
  const originOf = originMap(edits);
  const inLine = cellsInLine(before);

  const moved = new Map<Line, number>();
  const corrections: Edit[] = [];
  const settle = (run: readonly Cell[], note: boolean) => {
    for (const { cell, spaces } of spacing(edited, run, (at) => inLine.get(originOf(at) ?? -1))) {
      if (edited.slice(cell.gap, cell.at) === ' '.repeat(spaces)) continue;
      corrections.push({ start: cell.gap, end: cell.at, text: ' '.repeat(spaces) });
      if (note) moved.set(cell.line, spaces - (cell.at - cell.gap));
    }
  };
  const near = (run: readonly Cell[]) => run.some(({ line }) => touched.has(line) || moved.has(line));
  for (const run of runs(lines, (line) => assignCell(edited, line))) if (near(run)) settle(run, true);
  for (const run of runs(lines, (line) => commentCell(edited, line, moved.get(line) ?? 0)))
    if (near(run)) settle(run, false);
  return corrections.sort((a, b) => a.start - b.start);
}

interface Spacing {
  readonly cell: Cell;
  readonly spaces: number;
}

/**
 * How a touched run is to be spaced. `wasInLine` tells of a cell that was there before whether it was in line,
 * `undefined` of a new one.
 */
function spacing(
  text: string,
  run: readonly Cell[],
  wasInLine: (at: number) => boolean | undefined,
): readonly Spacing[] {
  const known = run.map((cell) => ({ cell, was: wasInLine(cell.at) }));
  if (known.every(({ was }) => was !== false)) return canonical(run);
  // The run has a style of its own. New lines join a column that all others share; else they stay as they came.
  const columns = new Set(
    known.filter(({ was }) => was !== undefined).map(({ cell }) => cell.columns + width(text, cell.gap, cell.at)),
  );
  const [column = 0] = columns;
  if (columns.size !== 1) return [];
  return known
    .filter(({ cell, was }) => was === undefined && cell.columns < column)
    .map(({ cell }) => ({ cell, spaces: column - cell.columns }));
}

function canonical(run: readonly Cell[]): readonly Spacing[] {
  const widest = Math.max(...run.map(({ columns }) => columns));
  return run.map((cell) => ({ cell, spaces: widest - cell.columns + 1 }));
}

/** For every `=` and trailing comment, by offset: whether it stands where the formatter would put it. */
function cellsInLine(text: string): ReadonlyMap<number, boolean> {
  const lines = linesOf(text);
  const inLine = new Map<number, boolean>();
  for (const cellOf of [assignCell, commentCell]) {
    for (const run of runs(lines, (line) => cellOf(text, line))) {
      for (const { cell, spaces } of canonical(run)) {
        inLine.set(cell.at, text.slice(cell.gap, cell.at) === ' '.repeat(spaces));
      }
    }
  }
  return inLine;
}

function assignCell(text: string, line: Line): Cell | undefined {
  if (line.equals === undefined) return undefined;
  return { line, at: line.equals, gap: line.leadEnd, columns: width(text, line.start, line.leadEnd) };
}

function commentCell(text: string, line: Line, shift = 0): Cell | undefined {
  if (line.comment === undefined) return undefined;
  return { line, at: line.comment, gap: line.contentEnd, columns: width(text, line.start, line.contentEnd) + shift };
}

/** The cells of consecutive lines, a run at a time. */
function* runs(lines: readonly Line[], cellOf: (line: Line) => Cell | undefined): Generator<readonly Cell[]> {
  let run: Cell[] = [];
  for (const line of lines) {
    const cell = cellOf(line);
    if (cell !== undefined) run.push(cell);
    else if (run.length > 0) {
      yield run;
      run = [];
    }
  }
  if (run.length > 0) yield run;
}

/** Lines that an edit changed, and the ones next to them, whose run it may have joined or split. */
function touchedLines(lines: readonly Line[], edits: readonly Edit[]): ReadonlySet<Line> {
  const touched = new Set<Line>();
  let shift = 0;
  for (const { start, end, text } of edits) {
    const from = start + shift;
    const to = from + text.length;
    shift += text.length - (end - start);
    lines.forEach((line, index) => {
      if (line.end < from || line.start > to) return;
      for (const near of [lines[index - 1], line, lines[index + 1]]) if (near !== undefined) touched.add(near);
    });
  }
  return touched;
}

/** Offset in the edited text → offset before, `undefined` for what the edits inserted. */
function originMap(edits: readonly Edit[]): (offset: number) => number | undefined {
  return (offset) => {
    let shift = 0;
    for (const { start, end, text } of edits) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return undefined;
      shift += text.length - (end - start);
    }
    return offset - shift;
  };
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let tokens: Token[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const token of tokensOf(text)) {
    if (token.kind !== NEWLINE) {
      tokens.push(token);
      continue;
    }
    lines.push(lineOf(text, start, token.start, tokens));
    tokens = [];
    start = token.end;
  }
  if (tokens.length > 0) lines.push(lineOf(text, start, text.length, tokens));
  return lines;
}

function* tokensOf(text: string): Generator<Token> {
  const { count, kinds, starts } = lexHcl(text);
  for (let index = 0; index < count; index++) {
    const kind = kinds[index] as number;
    if (kind === BLANK || kind === BYTE_ORDER_MARK) continue;
    yield { kind, start: starts[index] as number, end: starts[index + 1] as number };
  }
}

function lineOf(text: string, start: number, end: number, tokens: readonly Token[]): Line {
  const last = tokens.at(-1);
  const trailing = tokens.length > 1 && last?.kind === COMMENT && !text.startsWith('/*', last.start) ? last : undefined;
  const content = trailing === undefined ? tokens : tokens.slice(0, -1);
  const contentEnd = content.at(-1)?.end ?? start;
  const index = content.findIndex(({ kind }, at) => at > 0 && kind === EQUALS);
  const depth = content
    .slice(index)
    .reduce((sum, { kind }) => sum + (opening.has(kind) ? 1 : closing.has(kind) ? -1 : 0), 0);
  const assigns = index !== -1 && depth === 0;
  return {
    start,
    end,
    leadEnd: assigns ? (content[index - 1] as Token).end : contentEnd,
    equals: assigns ? (content[index] as Token).start : undefined,
    contentEnd,
    comment: trailing?.start,
  };
}

const opening: ReadonlySet<number> = new Set([OPEN_BRACE, OPEN_BRACKET, OPEN_PARENTHESIS, INTERPOLATION, DIRECTIVE]);
const closing: ReadonlySet<number> = new Set([CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PARENTHESIS, TEMPLATE_END]);

/** Columns as the formatter counts them: user-perceived characters, white space one each. */
function width(text: string, start: number, end: number): number {
  const slice = text.slice(start, end);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/^[\x00-\x7f]*$/.test(slice)) return slice.length;
  let count = 0;
  for (const _ of graphemes.segment(slice)) count++;
  return count;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
