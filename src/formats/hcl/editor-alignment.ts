/**
 * Keeps the layout that `terraform fmt` gives a file through an edit, by its rules (hashicorp/hcl,
 * hclwrite/format.go). Indentation: a line stands two spaces deeper for every line above that opens more brackets than
 * it closes. Alignment: consecutive lines that assign form a run whose `=` share a column, consecutive
 * lines that end in a `#` or `//` comment form a run whose comments do. Only runs that an edit touched are moved, and
 * only when they were in line before.
 */
import { applyEdits, type Edit } from '../edit.ts';
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
  OPEN_HEREDOC,
  OPEN_PARENTHESIS,
  TEMPLATE_END,
} from './token-kind.ts';

/**
 * A line as the formatter sees it: what leads, what is assigned, the comment behind. A heredoc or a comment over
 * several lines belongs to the line it begins on.
 */
interface Line {
  readonly start: number;
  /** After its line break. */
  readonly end: number;
  /** Offset of the first token; `undefined` on a blank line. */
  readonly first: number | undefined;
  /** Brackets opened less brackets closed. */
  readonly balance: number;
  /** After the last token before `=`, or before the comment when there is none. */
  readonly leadEnd: number;
  /** Offset of the first `=` that has something before it. */
  readonly equals: number | undefined;
  /** What is assigned stands on this line as a whole; only then is the `=` put in line with its neighbours'. */
  readonly assigns: boolean;
  /** After the last token before the comment. */
  readonly contentEnd: number;
  readonly comment: number | undefined;
  /** The comment ends the line. A block comment does so only where no line break follows, at the end of the file. */
  readonly commented: boolean;
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

/**
 * The white-space edits that follow on `edits` of a text, looked at only between two offsets that the edits lie
 * between and that begin or end a group of lines. Each list is in terms of the text after the one in front of it.
 */
export function restoreLayout(
  whole: string,
  edits: readonly Edit[],
  { start, end }: Range,
): readonly (readonly Edit[])[] {
  const by = (list: readonly Edit[], offset: number) =>
    list.map((edit) => ({ ...edit, start: edit.start + offset, end: edit.end + offset }));
  const local = by(edits, -start);
  const before = whole.slice(start, end);
  const edited = applyEdits(before, local);
  const indentation = reindent(before, edited);
  const text = applyEdits(edited, indentation);
  const originOf = originMap([local, indentation]);
  const changed = [...rangesAfter(local).map((range) => movedBy(range, indentation)), ...rangesAfter(indentation)];
  return [by(indentation, start), by(realign(before, text, changed, originOf), start)];
}

/** Indents anew where an edit moved lines, in a file that was indented by the rules throughout. */
function reindent(before: string, edited: string): Edit[] {
  return indentationErrors(before).length > 0 ? [] : indentationErrors(edited);
}

function indentationErrors(text: string): Edit[] {
  const open: number[] = [];
  const errors: Edit[] = [];
  for (const { start, first, balance } of linesOf(text)) {
    let closing = -balance;
    while (closing > 0 && open.length > 0) {
      const innermost = open.pop() as number;
      if (innermost > closing) open.push(innermost - closing);
      closing -= innermost;
    }
    const expected = ' '.repeat(2 * open.length);
    if (balance > 0) open.push(balance);
    if (first !== undefined && text.slice(start, first) !== expected)
      errors.push({ start, end: first, text: expected });
  }
  return errors;
}

/** Puts back in line what stands in the runs of changed lines. */
function realign(
  before: string,
  text: string,
  changed: readonly Range[],
  originOf: (offset: number) => number | undefined,
): Edit[] {
  const lines = linesOf(text);
  const touched = touchedLines(lines, changed);
  const inLine = cellsInLine(before);

  const moved = new Map<Line, number>();
  const corrections: Edit[] = [];
  const settle = (run: readonly Cell[], note: boolean) => {
    for (const { cell, spaces } of spacing(text, run, (at) => inLine.get(originOf(at) ?? -1))) {
      if (text.slice(cell.gap, cell.at) === ' '.repeat(spaces)) continue;
      corrections.push({ start: cell.gap, end: cell.at, text: ' '.repeat(spaces) });
      if (note) moved.set(cell.line, spaces - (cell.at - cell.gap));
    }
  };
  const near = (run: readonly Cell[]) => run.some(({ line }) => touched.has(line) || moved.has(line));
  for (const run of runs(lines, (line) => assignCell(text, line))) if (near(run)) settle(run, true);
  for (const run of runs(lines, (line) => commentCell(text, line, moved.get(line) ?? 0)))
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

/** The cells of consecutive lines, a run at a time. What takes no part in one is a run of its own. */
function* runs(lines: readonly Line[], cellOf: (line: Line) => Cell | undefined): Generator<readonly Cell[]> {
  let run: Cell[] = [];
  for (const line of lines) {
    const cell = cellOf(line);
    const alone = cell !== undefined && !(cell.at === line.equals ? line.assigns : line.commented);
    if ((cell === undefined || alone) && run.length > 0) {
      yield run;
      run = [];
    }
    if (alone) yield [cell];
    else if (cell !== undefined) run.push(cell);
  }
  if (run.length > 0) yield run;
}

/** Lines that an edit changed, and the ones next to them, whose run it may have joined or split. */
function touchedLines(lines: readonly Line[], changed: readonly Range[]): ReadonlySet<Line> {
  const touched = new Set<Line>();
  for (const { start, end } of changed) {
    lines.forEach((line, index) => {
      if (line.end < start || line.start > end) return;
      for (const near of [lines[index - 1], line, lines[index + 1]]) if (near !== undefined) touched.add(near);
    });
  }
  return touched;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the texts of edits stand after them. */
function rangesAfter(edits: readonly Edit[]): Range[] {
  let shift = 0;
  return edits.map(({ start, end, text }) => {
    const range = { start: start + shift, end: start + shift + text.length };
    shift += text.length - (end - start);
    return range;
  });
}

function movedBy({ start, end }: Range, edits: readonly Edit[]): Range {
  const moved = (offset: number) =>
    edits
      .filter((edit) => edit.end <= offset)
      .reduce((at, edit) => at + edit.text.length - (edit.end - edit.start), offset);
  return { start: moved(start), end: moved(end) };
}

/** Offset after all lists of edits → offset before the first, `undefined` for what they inserted. */
function originMap(lists: readonly (readonly Edit[])[]): (offset: number) => number | undefined {
  const back = (offset: number, edits: readonly Edit[]) => {
    let shift = 0;
    for (const { start, end, text } of edits) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return undefined;
      shift += text.length - (end - start);
    }
    return offset - shift;
  };
  return (offset) =>
    lists.reduceRight<number | undefined>((at, edits) => (at === undefined ? undefined : back(at, edits)), offset);
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
    lines.push(lineOf(start, token.end, tokens, (comment) => !text.startsWith('/*', comment.start)));
    tokens = [];
    start = token.end;
  }
  if (tokens.length > 0) lines.push(lineOf(start, text.length, tokens, () => true));
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

/** `endsLine` tells of a comment that comes last whether the formatter takes it for one that ends the line. */
function lineOf(start: number, end: number, tokens: readonly Token[], endsLine: (comment: Token) => boolean): Line {
  const last = tokens.at(-1);
  const trailing = tokens.length > 1 && last?.kind === COMMENT ? last : undefined;
  const content = trailing === undefined ? tokens : tokens.slice(0, -1);
  const contentEnd = content.at(-1)?.end ?? start;
  const index = content.findIndex(({ kind }, at) => at > 0 && kind === EQUALS);
  const found = index !== -1;
  const heredoc = content.findIndex(({ kind }) => kind === OPEN_HEREDOC);
  return {
    start,
    end,
    leadEnd: found ? (content[index - 1] as Token).end : contentEnd,
    equals: found ? (content[index] as Token).start : undefined,
    assigns: found && balanceOf(content.slice(index)) === 0,
    contentEnd,
    first: tokens[0]?.start,
    balance: balanceOf(heredoc === -1 ? content : content.slice(0, heredoc)),
    comment: trailing?.start,
    commented: trailing !== undefined && endsLine(trailing),
  };
}

function balanceOf(tokens: readonly Token[]): number {
  return tokens.reduce((sum, { kind }) => sum + (opening.has(kind) ? 1 : closing.has(kind) ? -1 : 0), 0);
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
