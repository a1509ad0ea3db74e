/**
 * Splices that put attributes and blocks into a body, or take one out: blocks stand apart by blank lines, attributes
 * close together, and a block on one line is opened up when it gets a second item.
 */
import type { Edit } from '../edit.ts';
import type { Fragment } from './editor-fragment.ts';
import type { Enclosure, Entry, SourceLayout } from './editor-layout.ts';
import type { HclBody, HclItem } from './syntax.ts';

/** Where among the entries of a list something goes. */
export interface Spot {
  /** Before the entry with this index. */
  readonly index: number;
  /** Close to that entry rather than to the one in front of it. */
  readonly before: boolean;
  /** The caller left the place open. */
  readonly open: boolean;
}

export function insertIntoBody(
  layout: SourceLayout,
  body: HclBody,
  around: Enclosure,
  spot: Spot,
  fragment: Fragment,
): Edit[] {
  if (!around.root && !layout.tail(around.open).clear) {
    return openUp(layout, around, spot.index === 0 && body.items.length > 0, fragment);
  }
  const previous = body.items[spot.index - 1];
  const next = body.items[spot.index];
  if (next !== undefined && (spot.before || previous === undefined))
    return insertBefore(layout, next, previous, fragment);
  if (previous !== undefined && !(spot.open && holdsBlock(fragment)))
    return insertAfter(layout, previous, next, fragment);
  return append(layout, body, around, fragment);
}

export function removeFromBody(layout: SourceLayout, body: HclBody, around: Enclosure, item: HclItem): Edit {
  const entries = entriesOfBody(body);
  const index = body.items.indexOf(item);
  if (layout.ownsLines(entries[index] as Entry)) return layout.cut(entries, index, around);
  // The only item of a block on one line leaves `{}`; anything else that shares its line leaves the rest alone.
  const alone = layout.skipSpace(around.open) === item.start && layout.skipSpace(item.end) === around.close;
  return alone ? { start: around.open, end: around.close, text: '' } : { start: item.start, end: item.end, text: '' };
}

export function holdsBlock({ items }: Fragment): boolean {
  return items.some(({ kind }) => kind === 'block');
}

/** In front of an item and the comments that belong to it. */
function insertBefore(layout: SourceLayout, next: HclItem, previous: HclItem | undefined, fragment: Fragment): Edit[] {
  const at = layout.startWithComments(next.start);
  const { indent, eol, text } = fitBeside(layout, next, fragment);
  const above = setOff(previous, fragment.items[0]) && !layout.blankAbove(at) ? eol : '';
  const tight = previous?.kind === 'attribute' && !layout.blankAbove(at) && !holdsBlock(fragment);
  const below = setOff(fragment.items.at(-1), next) && !tight ? eol : '';
  return [{ start: at, end: at, text: above + indent + text + eol + below }];
}

function insertAfter(layout: SourceLayout, previous: HclItem, next: HclItem | undefined, fragment: Fragment): Edit[] {
  const { end: at, next: nextLine } = layout.tail(previous.end);
  const { indent, eol, text } = fitBeside(layout, previous, fragment);
  const above = setOff(previous, fragment.items[0]) ? eol : '';
  // An attribute that stands right above a block does so without a blank line afterwards too.
  const tight = previous.kind === 'attribute' && !holdsBlock(fragment);
  const below = setOff(fragment.items.at(-1), next) && !tight && !layout.blankBelow(nextLine) ? eol : '';
  return [{ start: at, end: at, text: eol + above + indent + text + below }];
}

/** After everything that stands in the body, comments included. */
function append(layout: SourceLayout, body: HclBody, { open, close, root }: Enclosure, fragment: Fragment): Edit[] {
  const last = body.items.at(-1);
  const inner = root ? '' : layout.indentAt(open) + layout.unit;
  const indent = last === undefined ? inner : layout.indentAt(last.start);
  const eol = layout.eolAt(open);
  const text = indent + fragment.fit(layout, indent, eol);
  const at = Math.max(layout.skipSpaceBack(close), open);
  if (root && at === open) return [{ start: open, end: open, text: text + eol }];
  const blank = last !== undefined || (root && holdsBlock(fragment)) ? eol : '';
  return [{ start: at, end: at, text: eol + blank + text }];
}

/** A block on one line becomes one on several; what stood inside gets its own line. */
function openUp(layout: SourceLayout, { open, close }: Enclosure, first: boolean, fragment: Fragment): Edit[] {
  const outer = layout.indentAt(open);
  const inner = outer + layout.unit;
  const eol = layout.eolAt(open);
  const line = eol + inner;
  const text = line + fragment.fit(layout, inner, eol);
  const contentStart = layout.skipSpace(open);
  if (contentStart >= close) return [{ start: open, end: close, text: text + eol + outer }];
  const contentEnd = layout.skipSpaceBack(close);
  return [
    { start: open, end: contentStart, text: first ? text + line : line },
    { start: contentEnd, end: close, text: first ? eol + outer : text + eol + outer },
  ];
}

function fitBeside(
  layout: SourceLayout,
  neighbour: HclItem,
  fragment: Fragment,
): { indent: string; eol: string; text: string } {
  const indent = layout.indentAt(neighbour.start);
  const eol = layout.eolAt(neighbour.start);
  return { indent, eol, text: fragment.fit(layout, indent, eol) };
}

/** Blocks stand apart from what is around them by a blank line. */
function setOff(upper: HclItem | undefined, lower: HclItem | undefined): boolean {
  return upper !== undefined && lower !== undefined && (upper.kind === 'block' || lower.kind === 'block');
}

export function entriesOfBody(body: HclBody): readonly Entry[] {
  return body.items.map(entryOf);
}

function entryOf(item: HclItem): Entry {
  const { start, end } = item;
  if (item.kind !== 'block') {
    return { start, end, fullEnd: end, names: item.kind === 'attribute' ? [item.name] : [], ownsComments: false };
  }
  return { start, end, fullEnd: end, names: [item.type, ...item.labels.map(({ value }) => value)], ownsComments: true };
}
