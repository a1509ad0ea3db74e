/** Where the members of block maps and sequences stand: their lines, their comments, their indentation. */
import { blankRunAfter, blankRunBefore, contentEnd, lineEnd, lineStart } from '../whole-lines.ts';
import type { YamlEntry, YamlFile, YamlItem, YamlMap, YamlNode, YamlRange, YamlSequence } from './syntax.ts';
import { containerOf, walkNodes } from './walk.ts';

export type Member = YamlEntry | YamlItem;

export interface MemberLines extends YamlRange {
  /** Column of the key or dash, from 0. */
  readonly indent: number;
  /** Something else stands in front on its first line: `- ` of the item that the map is in. */
  readonly isInline: boolean;
  /**
   * Start of the comment lines right above in the same column; `start` when there are none. Comments at the very top
   * of the file are about the file.
   */
  readonly leadStart: number;
}

/**
 * The lines of an entry or item of a block map or sequence, from its first (also when shared) to the end of its last,
 * with trailing comments and the comment lines behind it that are indented further.
 */
export function memberLines(file: YamlFile, member: Member): MemberLines {
  const { source } = file;
  const start = lineStart(source, member.start);
  const indent = member.start - start;
  const isInline = source.slice(start, member.start).trim() !== '';
  const end = withDeeperComments(source, lineEnd(source, member.end), indent, isBlock(member.value));
  return { start, end, indent, isInline, leadStart: isInline ? start : leadStart(source, start, indent) };
}

export function membersOf(collection: YamlMap | YamlSequence): readonly Member[] {
  return collection.kind === 'map' ? collection.entries : collection.items;
}

export function isBlock(node: YamlNode): node is YamlMap | YamlSequence {
  return (node.kind === 'map' || node.kind === 'sequence') && node.style === 'block';
}

/** The map or sequence a member belongs to. */
export function collectionOf(file: YamlFile, member: Member): YamlMap | YamlSequence {
  const parent = containerOf(file, member);
  if (parent?.kind !== 'map' && parent?.kind !== 'sequence')
    throw new RangeError('the member is not part of this file');
  return parent;
}

function leadStart(source: string, start: number, indent: number): number {
  let lead = start;
  while (lead > 0) {
    const previous = lineStart(source, lead - 1);
    if (previous >= lead || commentColumn(source, previous) !== indent) break;
    lead = previous;
  }
  return lead === lineStart(source, 0) ? start : lead;
}

/** The column of the `#` on a line that holds nothing but a comment. */
function commentColumn(source: string, start: number): number | undefined {
  const text = source.slice(start, contentEnd(source, start));
  const column = text.length - text.trimStart().length;
  return text[column] === '#' ? column : undefined;
}

/** Below a map or list blank lines may stand between; below a single value the comment goes on with a trailing one. */
function withDeeperComments(source: string, end: number, indent: number, isCollection: boolean): number {
  let last = end;
  for (let at = end; at < source.length; at = lineEnd(source, at)) {
    if (isCollection) at = blankRunAfter(source, at);
    const column = at < source.length ? commentColumn(source, at) : undefined;
    if (column === undefined || column <= indent) break;
    last = lineEnd(source, at);
  }
  return last;
}

/** Every two neighbours are parted by blank lines. */
export function isSpaced(file: YamlFile, collection: YamlMap | YamlSequence): boolean {
  const members = membersOf(collection);
  return (
    members.length > 1 &&
    members.slice(1).every((member) => {
      const { leadStart } = memberLines(file, member);
      return blankRunBefore(file.source, leadStart) < leadStart;
    })
  );
}

export interface IndentStyle {
  /** Columns from a key to the keys below it. */
  readonly step: number;
  /** Columns from a key to the dashes below it; 0 in files that do not indent them. */
  readonly dash: number;
}

/** What most of the file does; two columns where it doesn't say. */
export function indentStyle(file: YamlFile): IndentStyle {
  const steps = new Map<number, number>();
  const dashes = new Map<number, number>();
  for (const { root } of file.documents) {
    if (root === undefined) continue;
    for (const node of walkNodes(root)) {
      if (node.kind !== 'map' || node.style !== 'block') continue;
      for (const entry of node.entries) countStyle(file.source, entry, steps, dashes);
    }
  }
  return { step: mostFrequent(steps) ?? 2, dash: mostFrequent(dashes) ?? mostFrequent(steps) ?? 2 };
}

function countStyle(source: string, entry: YamlEntry, steps: Map<number, number>, dashes: Map<number, number>): void {
  const value = entry.value;
  if (!isBlock(value) || value.start <= lineEnd(source, entry.key.end) - 1) return;
  const from = entry.start - lineStart(source, entry.start);
  const to = value.start - lineStart(source, value.start);
  const counts = value.kind === 'map' ? steps : dashes;
  counts.set(to - from, (counts.get(to - from) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}
