/**
 * The text inside a scalar, such as the script under `run: |`: where each of its characters stands in the file, and
 * edits of it in terms of the text.
 */
import { applyEdits, type Edit, sortEdits } from '../edit.ts';
import { isRefusal } from '../edit-refusal.ts';
import { contentEnd, eolAt, lineEnd } from '../whole-lines.ts';
import { checkYamlEdit } from './check.ts';
import { setScalar } from './edit-scalar.ts';
import type { EditOptions, YamlAnswer } from './plan.ts';
import type { YamlFile, YamlScalar } from './syntax.ts';

/**
 * Where the character at `offset` of `scalar.value` stands in the file. Exact for everything but white space that YAML
 * folds, which is given the place of the character before it. The end of the value gives the end of the text.
 */
export function sourceOffset(file: YamlFile, scalar: YamlScalar, offset: number): number {
  if (offset < 0 || offset > scalar.value.length) throw new RangeError(`offset ${offset} of ${scalar.value.length}`);
  if (scalar.style === 'literal') return literalOffset(file, scalar, offset);
  let places = alignments.get(scalar);
  if (places === undefined) {
    places = alignment(file, scalar);
    alignments.set(scalar, places);
  }
  return places[offset] as number;
}

/** A long script is asked about many times. */
const alignments = new WeakMap<YamlScalar, readonly number[]>();
const literals = new WeakMap<YamlScalar, LiteralLines>();

/**
 * Edits the text of a scalar; offsets refer to `scalar.value`. The splices are as small as the edits where that gives
 * the wanted text; else the scalar is written anew, a folded one as a literal block.
 */
export function editScalarText(
  file: YamlFile,
  scalar: YamlScalar,
  edits: readonly Edit[],
  options: EditOptions = {},
): YamlAnswer {
  const whole = setScalar(file, scalar, applyEdits(scalar.value, edits), options);
  if (isRefusal(whole) || edits.length === 0) return whole;
  const small = scalar.style === 'literal' ? literalEdits(file, scalar, edits) : alignedEdits(file, scalar, edits);
  if (small === undefined || !checkYamlEdit(file, small, whole.changes).ok) return whole;
  return { edits: small, changes: whole.changes };
}

function alignedEdits(file: YamlFile, scalar: YamlScalar, edits: readonly Edit[]): Edit[] | undefined {
  if (edits.some((edit) => edit.text.includes('\n'))) return undefined;
  return edits.map(({ start, end, text }) => {
    return { start: sourceOffset(file, scalar, start), end: sourceOffset(file, scalar, end), text };
  });
}

/** The lines of a literal block: where each starts in the file, and where its text does. */
interface LiteralLines {
  /** Offsets in the value at which lines start. */
  readonly values: readonly number[];
  /** Starts of the lines in the file. */
  readonly lines: readonly number[];
  readonly indent: number;
}

function literalLines(file: YamlFile, scalar: YamlScalar): LiteralLines {
  const known = literals.get(scalar);
  if (known !== undefined) return known;
  const { source } = file;
  const values: number[] = [];
  const lines: number[] = [];
  let line = lineEnd(source, scalar.start);
  for (let at = 0; at < scalar.value.length; ) {
    values.push(at);
    lines.push(line);
    const newline = scalar.value.indexOf('\n', at);
    at = newline === -1 ? scalar.value.length : newline + 1;
    line = lineEnd(source, line);
  }
  const found = { values, lines, indent: indentOf(source, scalar, values, lines) };
  literals.set(scalar, found);
  return found;
}

/** Found on the first line with text: what its line in the file has more than its line in the value. */
function indentOf(source: string, scalar: YamlScalar, values: readonly number[], lines: readonly number[]): number {
  for (const [index, start] of values.entries()) {
    const newline = scalar.value.indexOf('\n', start);
    const text = scalar.value.slice(start, newline === -1 ? scalar.value.length : newline);
    const line = lines[index] as number;
    if (text.trim() !== '') return contentEnd(source, line) - line - text.length;
  }
  return 0;
}

function literalOffset(file: YamlFile, scalar: YamlScalar, offset: number): number {
  const { values, lines, indent } = literalLines(file, scalar);
  const index = values.findLastIndex((start) => start <= offset);
  if (index === -1) return scalar.end;
  const line = lines[index] as number;
  const within = offset - (values[index] as number);
  return Math.min(line + indent + within, contentEnd(file.source, line), file.source.length);
}

/** Splices of the file for edits of the text; `undefined` where a small splice can't express them. */
function literalEdits(file: YamlFile, scalar: YamlScalar, edits: readonly Edit[]): Edit[] | undefined {
  const { source } = file;
  const { values, lines, indent } = literalLines(file, scalar);
  if (indent === 0 || scalar.value === '') return undefined;
  const margin = ' '.repeat(indent);
  const eol = eolAt(source, scalar.start);
  const lastLine = lines.at(-1) as number;
  const result: Edit[] = [];
  for (const { start, end, text } of sortEdits(scalar.value, edits)) {
    const from = values.indexOf(start);
    const isEnd = end === scalar.value.length && scalar.value.endsWith('\n');
    const to = isEnd ? lineEnd(source, lastLine) : lines[values.indexOf(end)];
    const first = start === scalar.value.length && isEnd ? to : lines[from];
    if (first !== undefined && to !== undefined && (text === '' || text.endsWith('\n'))) {
      const isOpen = to === source.length && !source.endsWith('\n');
      if (isOpen && (text !== '' || first < to)) return undefined;
      const indented = text.replace(/^(?=[^\n])/gm, margin).replaceAll('\n', eol);
      result.push({ start: first, end: to, text: indented });
      continue;
    }
    const inner = text.replaceAll(/\n(?!\n|$)/g, `\n${margin}`).replaceAll('\n', eol);
    if (text.endsWith('\n')) return undefined;
    result.push({ start: literalOffset(file, scalar, start), end: literalOffset(file, scalar, end), text: inner });
  }
  return result;
}

/** For every offset of the value, its place in the file: characters that are no white space stand in the same order in both. */
function alignment(file: YamlFile, scalar: YamlScalar): number[] {
  const { source } = file;
  const isBlock = scalar.style === 'folded';
  const quoted = scalar.style === 'single' || scalar.style === 'double';
  const start = isBlock ? lineEnd(source, scalar.start) : scalar.start + (quoted ? 1 : 0);
  const end = scalar.end - (quoted ? 1 : 0);
  const units = [...unitsOf(source, start, end, scalar.style)];
  const places: number[] = [];
  let unit = 0;
  let last = start;
  for (let at = 0; at < scalar.value.length; at += 1) {
    const isSpace = /\s/.test(scalar.value[at] as string);
    while (!isSpace && unit < units.length && units[unit]?.isSpace) unit += 1;
    const found = units[unit];
    if (found === undefined || (isSpace && !found.isSpace)) {
      places.push(last);
      continue;
    }
    places.push(found.start);
    last = found.end;
    unit += 1;
  }
  places.push(end);
  return places;
}

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly isSpace: boolean;
}

/** Characters as written, one UTF-16 unit of the value each: escapes and doubled quotes are one. */
function* unitsOf(source: string, start: number, end: number, style: YamlScalar['style']): Generator<Unit> {
  const pattern =
    style === 'double' ? /\\(?:x..|u.{4}|U.{8}|\r?\n|[\s\S])|[\s\S]/y : style === 'single' ? /''|[\s\S]/y : /[\s\S]/y;
  for (let at = start; at < end; ) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0] ?? (source[at] as string);
    const next = Math.min(at + text.length, end);
    const isSpace =
      text.length === 1
        ? /\s/.test(text)
        : /^\\(?:[ \tntrvfeabN_LP]|\r?\n|x(?:0[9-d]|20)|u00(?:0[9-d]|20|a0))/i.test(text);
    const isAstral = text.startsWith('\\U') && Number.parseInt(text.slice(2), 16) > 0xffff;
    yield { start: at, end: next, isSpace };
    if (isAstral) yield { start: at, end: next, isSpace };
    at = next;
  }
}
