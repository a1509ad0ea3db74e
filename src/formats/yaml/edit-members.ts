/** Inserts, renames and removes the entries of maps and the items of sequences. */
import type { Edit } from '../edit.ts';
import type { EditRefusal } from '../edit-refusal.ts';
import { contentEnd, insertLines, lineStart } from '../whole-lines.ts';
import { insertBefore, insertMember, removeMember } from './block-members.ts';
import { insertFlowMember, removeFlowMember } from './flow-members.ts';
import { anchorRefusal, refusalAt, refuse } from './guard.ts';
import { collectionOf, indentStyle, isBlock, type Member, memberLines, membersOf } from './layout.ts';
import type { EditOptions, YamlAnswer, YamlChange, YamlValue } from './plan.ts';
import { bareValue } from './plan.ts';
import { renderEntry, renderFlow, renderItem, renderKey, renderQuoted, renderScalar } from './render.ts';
import type { YamlEntry, YamlFile, YamlItem, YamlMap, YamlNode, YamlScalar, YamlSequence } from './syntax.ts';
import { holderOf } from './walk.ts';

/** Where a new entry goes among its neighbours; `after` and `before` name a key that has to be there. */
export type EntryPlace = 'first' | 'last' | { readonly after: string } | { readonly before: string };

/** Where a new item goes; indexes count from 0. */
export type ItemPlace = 'first' | 'last' | { readonly after: number } | { readonly before: number };

export interface RemoveOptions extends EditOptions {
  /**
   * What to do when nothing is left in the map or sequence: refuse (the default), leave `{}` or `[]`, or remove the
   * entry that held it too, and the one above if that was its only one.
   */
  readonly whenEmpty?: 'refuse' | 'leave-empty' | 'remove-parent';
}

/**
 * Inserts `key: value` into a map, or below a key without a value. In a block map it gets the indentation, the end of
 * line and the blank lines of its neighbours; in a flow map it is written `, key: value`.
 */
export function insertEntry(
  file: YamlFile,
  into: YamlNode,
  key: string,
  value: YamlValue,
  place: EntryPlace,
  options: EditOptions = {},
): YamlAnswer {
  const refusal = containerRefusal(file, into, options);
  if (refusal !== undefined) return refusal;
  if (isNothing(into)) {
    const change = { kind: 'set', node: into, value: { [key]: value } } as const;
    return fillEmpty(file, into, change, (indent) => renderEntry(key, value, indent, indentStyle(file)));
  }
  if (into.kind !== 'map') return refuse(`it is a ${into.kind}, not a map`, into.start);
  const existing = into.entries.find((entry) => entry.name === key);
  if (existing !== undefined) return refuse(`the map has the key ${key} already`, existing.start);
  const index = indexOfPlace(into, place);
  if (index === undefined) return refuse(`the map has no key ${nameIn(place)}`, into.start);
  const before = into.entries[index];
  const changes: YamlChange[] = [{ kind: 'insert', into, before, key, value }];
  if (into.style === 'flow') {
    if (file.source[into.start] !== '{')
      return refuse('a pair in a list without braces can hold one key only', into.start);
    if (into.entries.length === 0 && typeof bareValue(value) === 'object' && bareValue(value) !== null) {
      const change = { kind: 'set', node: into, value: { [key]: value } } as const;
      const block = fillEmpty(file, into, change, (indent) => renderEntry(key, value, indent, indentStyle(file)));
      if ('edits' in block) return block;
    }
    const text = `${renderScalar(key, 'flow')}: ${renderFlow(value)}`;
    return { edits: insertFlowMember(file, into, index, text), changes };
  }
  const column = columnOf(file, into);
  if (typeof column !== 'number') return column;
  const lines = renderEntry(key, value, column, indentStyle(file));
  const isBefore = typeof place === 'object' && 'before' in place;
  const edit =
    isBefore && before !== undefined ? insertBefore(file, before, lines) : insertMember(file, into, index, lines);
  return { edits: [edit], changes };
}

/** Inserts an item into a sequence, or below a key without a value; dashes stand where those of its neighbours do. */
export function insertSequenceItem(
  file: YamlFile,
  into: YamlNode,
  value: YamlValue,
  place: ItemPlace,
  options: EditOptions = {},
): YamlAnswer {
  const refusal = containerRefusal(file, into, options);
  if (refusal !== undefined) return refusal;
  if (isNothing(into)) {
    const style = indentStyle(file);
    const change = { kind: 'set', node: into, value: [value] } as const;
    return fillEmpty(file, into, change, (indent) => renderItem(value, indent, style), style.dash);
  }
  if (into.kind !== 'sequence') return refuse(`it is a ${into.kind}, not a sequence`, into.start);
  const index = indexOfItem(into, place);
  if (index === undefined) return refuse('the sequence has no item with that index', into.start);
  const before = into.items[index];
  const changes: YamlChange[] = [{ kind: 'insert', into, before, key: undefined, value }];
  if (into.style === 'flow') return { edits: insertFlowMember(file, into, index, renderFlow(value)), changes };
  const column = columnOf(file, into);
  if (typeof column !== 'number') return column;
  const lines = renderItem(value, column, indentStyle(file), dashGap(file, into));
  const isBefore = typeof place === 'object' && 'before' in place;
  const edit =
    isBefore && before !== undefined ? insertBefore(file, before, lines) : insertMember(file, into, index, lines);
  return { edits: [edit], changes };
}

/**
 * Removes an entry with its lines, its trailing comment and the comments above it, unless a blank line sets those
 * apart, they stand at the top of the file, or they head a run of one-line entries of which others stay.
 */
export function removeEntry(file: YamlFile, entry: YamlEntry, options: RemoveOptions = {}): YamlAnswer {
  return remove(file, entry, options);
}

/** Removes an item of a sequence; see `removeEntry`. */
export function removeSequenceItem(file: YamlFile, item: YamlItem, options: RemoveOptions = {}): YamlAnswer {
  return remove(file, item, options);
}

/** Gives an entry another key. Refused where the map has that key already. */
export function renameKey(file: YamlFile, entry: YamlEntry, name: string, options: EditOptions = {}): YamlAnswer {
  const { key } = entry;
  if (key.kind !== 'scalar' || entry.name === undefined || entry.merge)
    return refuse('its key is no plain name', key.start);
  const refusal = refusalAt(file, entry, options) ?? refusalAt(file, key, options);
  if (refusal !== undefined) return refusal;
  if (entry.name === name) return { edits: [], changes: [] };
  const map = collectionOf(file, entry);
  const existing = map.kind === 'map' ? map.entries.find((other) => other.name === name) : undefined;
  if (existing !== undefined) return refuse(`the map has the key ${name} already`, existing.start);
  const text = keyText(map, key, name);
  return { edits: [{ start: key.start, end: key.end, text }], changes: [{ kind: 'rename', entry, name }] };
}

function keyText(map: YamlMap | YamlSequence, key: YamlScalar, name: string): string {
  if (key.style === 'single' || key.style === 'double') return renderQuoted(name, key.style);
  return map.style === 'flow' ? renderScalar(name, 'flow') : renderKey(name);
}

function remove(file: YamlFile, member: Member, options: RemoveOptions): YamlAnswer {
  const refusal = refusalAt(file, member, options) ?? anchorRefusal(file, member);
  if (refusal !== undefined) return refusal;
  const collection = collectionOf(file, member);
  if (membersOf(collection).length === 1) return removeOnly(file, member, collection, options);
  if (isExplicit(file, member)) return refuse('its key is written with a question mark', member.start);
  const edit = collection.style === 'flow' ? removeFlowMember(file, collection, member) : removeMember(file, member);
  return { edits: [edit], changes: [{ kind: 'remove', member }] };
}

function removeOnly(
  file: YamlFile,
  member: Member,
  collection: YamlMap | YamlSequence,
  options: RemoveOptions,
): YamlAnswer {
  const { whenEmpty = 'refuse' } = options;
  const holder = holderOf(file, collection);
  const empty = collection.kind === 'map' ? '{}' : '[]';
  if (whenEmpty === 'refuse') return refuse(`nothing would be left in its ${collection.kind}`, member.start);
  if (whenEmpty === 'remove-parent') {
    if (holder?.kind === 'entry') return remove(file, holder, options);
    return refuse(`nothing would be left in its ${collection.kind}, which is no entry of a map`, member.start);
  }
  const changes: YamlChange[] = [{ kind: 'set', node: collection, value: collection.kind === 'map' ? {} : [] }];
  if (collection.style === 'flow') {
    if (!/[[{]/.test(file.source[collection.start] ?? ''))
      return refuse('a pair in a list without braces', member.start);
    return { edits: [{ start: collection.start, end: collection.end, text: empty }], changes };
  }
  return { edits: emptied(file, collection, holder, empty), changes };
}

/** `key:` and the lines below it become `key: {}`. */
function emptied(
  file: YamlFile,
  collection: YamlMap | YamlSequence,
  holder: Member | undefined,
  empty: string,
): Edit[] {
  const { source } = file;
  const lines = memberLines(file, membersOf(collection)[0] as Member);
  const headEnd = holder === undefined ? undefined : headEndOf(holder, collection);
  if (lines.isInline || headEnd === undefined) return [{ start: collection.start, end: collection.end, text: empty }];
  const stop = contentEnd(source, headEnd);
  return [
    { start: headEnd, end: headEnd, text: ` ${empty}` },
    { start: stop, end: contentEnd(source, collection.end), text: '' },
  ];
}

/** Behind the `:` or `-`, and the anchor and tag that follow on the same line. */
function headEndOf(holder: Member, value: YamlNode): number {
  const indicator = holder.kind === 'entry' ? (holder.colon ?? holder.key.end) : holder.start;
  const properties =
    (value.anchor === undefined ? 0 : value.anchor.length + 2) + (value.tag === undefined ? 0 : value.tag.length + 1);
  return indicator + 1 + properties;
}

function containerRefusal(file: YamlFile, into: YamlNode, options: EditOptions): EditRefusal | undefined {
  if (into.kind === 'alias')
    return refuse(`it is the alias *${into.name}: what it repeats stands elsewhere`, into.start);
  const holder = holderOf(file, into);
  return refusalAt(file, into, options) ?? (holder === undefined ? undefined : refusalAt(file, holder, options));
}

/** A value that is not written, or written as `null` or `~`. */
function isNothing(node: YamlNode): node is YamlScalar {
  return node.kind === 'scalar' && node.style === 'plain' && node.resolved === null;
}

/** The first member of a map or sequence that isn't there yet goes below its key, in place of `null`, `{}` or `[]`. */
function fillEmpty(
  file: YamlFile,
  node: YamlNode,
  change: YamlChange,
  render: (indent: number) => string[],
  step?: number,
): YamlAnswer {
  const { source } = file;
  const holder = holderOf(file, node);
  if (holder?.kind !== 'entry') return refuse('it is not the value of a key', node.start);
  if (isExplicit(file, holder)) return refuse('its key is written with a question mark', holder.start);
  const map = collectionOf(file, holder);
  if (map.style === 'flow') return refuse('it stands in a flow map', node.start);
  if (node.tag !== undefined) return refuse(`the tag ${node.tag} says how to read it`, node.outerStart);
  const column = columnOf(file, map);
  if (typeof column !== 'number') return column;
  const lines = render(column + (step ?? indentStyle(file).step));
  const lineStop = contentEnd(source, node.end);
  const next = lineStop === source.length ? lineStop : source.indexOf('\n', lineStop) + 1;
  const edits: Edit[] = [];
  if (node.end > node.start) {
    const spaces = /[ \t]*$/.exec(source.slice(lineStart(source, node.start), node.start))?.[0].length ?? 0;
    edits.push({ start: node.start - spaces, end: node.end, text: '' });
  }
  return { edits: [...edits, insertLines(source, next, lines)], changes: [change] };
}

/** The column of a block collection's members; refused where tabs make columns a matter of opinion. */
function columnOf(file: YamlFile, collection: YamlMap | YamlSequence): number | EditRefusal {
  const first = membersOf(collection)[0];
  if (first === undefined || !isBlock(collection)) throw new RangeError('a block collection has a member');
  const start = lineStart(file.source, first.start);
  if (isExplicit(file, first)) return refuse('its keys are written with a question mark', first.start);
  if (file.source.slice(start, first.start).includes('\t')) return refuse('a tab stands in front of it', first.start);
  return first.start - start;
}

function isExplicit(file: YamlFile, member: Member): boolean {
  return member.kind === 'entry' && file.source[member.start] === '?' && member.start !== member.key.start;
}

/** Columns from a dash to what follows it. */
function dashGap(file: YamlFile, sequence: YamlSequence): number {
  const first = sequence.items.find(({ value }) => value.start > value.end - 1 || value.end > value.start);
  if (first === undefined) return 1;
  const gap = first.value.outerStart - first.start - 1;
  return gap > 0 && !file.source.slice(first.start, first.value.outerStart).includes('\n') ? gap : 1;
}

function indexOfPlace(map: YamlMap, place: EntryPlace): number | undefined {
  if (place === 'first') return 0;
  if (place === 'last') return map.entries.length;
  const name = 'after' in place ? place.after : place.before;
  const at = map.entries.findIndex((entry) => entry.name === name);
  if (at === -1) return undefined;
  return 'after' in place ? at + 1 : at;
}

function indexOfItem(sequence: YamlSequence, place: ItemPlace): number | undefined {
  if (place === 'first') return 0;
  if (place === 'last') return sequence.items.length;
  const at = 'after' in place ? place.after : place.before;
  if (sequence.items[at] === undefined) return undefined;
  return 'after' in place ? at + 1 : at;
}

function nameIn(place: EntryPlace): string {
  if (typeof place === 'string') return place;
  return 'after' in place ? place.after : place.before;
}
