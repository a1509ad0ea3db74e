/**
 * YAML as a pipeline's server understands it: aliases followed, merge keys spread, every part with its range in the
 * source. Reading is forgiving, since an audit wants what is usable of a broken file; editing is not done from here.
 */

import { resolveAlias, type YamlEntry as SourceEntry, type YamlNode } from '../../formats/yaml/index.ts';
import { oncePer } from '../../kernel/once-per.ts';
import type { SourceFile } from '../../repository/index.ts';

/** UTF-16 offsets in the file, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export type YamlPart = YamlText | YamlTable | YamlList;

/** A scalar: its value as text, whatever type YAML gives it. */
export interface YamlText {
  readonly kind: 'text';
  readonly range: Range;
  readonly text: string;
  readonly node: YamlNode;
}

export interface YamlTable {
  readonly kind: 'table';
  readonly range: Range;
  readonly entries: readonly YamlEntry[];
  readonly node: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly range: Range;
  readonly items: readonly YamlPart[];
  readonly node: YamlNode;
}

export interface YamlEntry {
  readonly name: string;
  readonly nameRange: Range;
  /** From the first character of the key to the last of the value. */
  readonly range: Range;
  /** `undefined` for a key without value. */
  readonly value: YamlPart | undefined;
  /** True where the entry stands under an anchor elsewhere and is seen through `*alias` or `<<`. */
  readonly shared: boolean;
  /** The entry in the file's own tree, for edits. */
  readonly source: SourceEntry;
}

/** The root of every document in the file, as far as it can be read; empty for text that is no YAML at all. */
export const readYaml: (file: SourceFile) => readonly YamlPart[] = oncePer((file) => {
  const reading = { left: maximumParts };
  return file.yaml().documents.flatMap((document) => readNode(document.root, reading, 0, false) ?? []);
});

/** The first document's root when it is a mapping. */
export function readYamlTable(file: SourceFile): YamlTable | undefined {
  return asTable(readYaml(file)[0]);
}

export function asTable(part: YamlPart | undefined): YamlTable | undefined {
  return part?.kind === 'table' ? part : undefined;
}

/** The items of a list; a lone value counts as a list of one, as most pipelines have it. */
export function asList(part: YamlPart | undefined): readonly YamlPart[] {
  if (part === undefined) return [];
  return part.kind === 'list' ? part.items : [part];
}

export function asText(part: YamlPart | undefined): YamlText | undefined {
  return part?.kind === 'text' ? part : undefined;
}

/** The entry with this name; the last one wins, as in YAML readers that allow a key twice. */
export function findEntry(part: YamlPart | undefined, name: string): YamlEntry | undefined {
  return asTable(part)?.entries.findLast((entry) => entry.name === name);
}

/** The value under a path of keys. */
export function findPart(part: YamlPart | undefined, ...path: readonly string[]): YamlPart | undefined {
  let found = part;
  for (const name of path) found = findEntry(found, name)?.value;
  return found;
}

export function findText(part: YamlPart | undefined, ...path: readonly string[]): string | undefined {
  return asText(findPart(part, ...path))?.text;
}

/** Entries of a mapping; none for anything else. */
export function entriesOf(part: YamlPart | undefined): readonly YamlEntry[] {
  return asTable(part)?.entries ?? [];
}

/** Every part below and including this one, in order. */
export function* walkYaml(part: YamlPart | undefined): Generator<YamlPart> {
  if (part === undefined) return;
  yield part;
  if (part.kind === 'list') for (const item of part.items) yield* walkYaml(item);
  if (part.kind === 'table') for (const entry of part.entries) yield* walkYaml(entry.value);
}

/**
 * Where the character `index` of a scalar's value stands in the file. Indentation, folding and escapes move it, so the
 * rest of its line is looked for in the source; the start of the scalar when it was rewritten beyond recognition.
 */
export function offsetInFile(file: SourceFile, text: YamlText, index: number): number {
  const source = file.text.slice(text.range.start, text.range.end);
  const piece = /^[^\n"\\]{1,60}/.exec(text.text.slice(index))?.[0].trimEnd() ?? '';
  if (piece === '') return text.range.start;
  let ordinal = 0;
  for (let at = text.text.indexOf(piece); at !== -1 && at < index; at = text.text.indexOf(piece, at + 1)) ordinal += 1;
  let found = -1;
  for (let count = 0; count <= ordinal; count += 1) {
    const next = source.indexOf(piece, found + 1);
    if (next === -1) break;
    found = next;
  }
  return found === -1 ? text.range.start : text.range.start + found;
}

/** Deeper than any pipeline; ends alias cycles and hostile nesting. */
const maximumDepth = 64;
/** Parts of a file, counted once for every alias that shows them; ends a "billion laughs". */
const maximumParts = 200_000;

interface Reading {
  left: number;
}

function readNode(node: YamlNode | undefined, reading: Reading, depth: number, shared: boolean): YamlPart | undefined {
  reading.left -= 1;
  if (node === undefined || depth > maximumDepth || reading.left < 0) return undefined;
  const range = { start: node.start, end: node.end };
  switch (node.kind) {
    case 'alias':
      return readNode(resolveAlias(node), reading, depth + 1, true);
    case 'scalar':
      // A value that is not written is no value.
      return node.start === node.end ? undefined : { kind: 'text', range, text: node.value, node };
    case 'sequence': {
      const items = node.items.flatMap((item) => readNode(item.value, reading, depth + 1, shared) ?? []);
      return { kind: 'list', range, items, node };
    }
    case 'map':
      return { kind: 'table', range, entries: readEntries(node.entries, reading, depth, shared), node };
  }
}

function readEntries(entries: readonly SourceEntry[], reading: Reading, depth: number, shared: boolean): YamlEntry[] {
  const merged: YamlEntry[] = [];
  const own: YamlEntry[] = [];
  for (const source of entries) {
    const value = readNode(source.value, reading, depth + 1, shared || source.value.kind === 'alias');
    if (source.merge) {
      for (const part of asList(value)) merged.push(...entriesOf(part).map((entry) => ({ ...entry, shared: true })));
    } else if (source.name !== undefined) {
      const nameRange = { start: source.key.start, end: source.key.end };
      own.push({
        name: source.name,
        nameRange,
        range: { start: source.start, end: source.end },
        value,
        shared,
        source,
      });
    }
  }
  const names = new Set(own.map((entry) => entry.name));
  return [...merged.filter((entry) => !names.has(entry.name)), ...own];
}
