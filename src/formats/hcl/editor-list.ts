/**
 * Splices that put an entry into an object or a tuple, or take one out, in the style the others are written in: one
 * line or many, with or without a trailing comma.
 */
import type { Edit } from '../edit.ts';
import type { Fragment } from './editor-fragment.ts';
import type { Entry, SourceLayout } from './editor-layout.ts';
import type { HclObject, HclTuple } from './syntax.ts';

type List = HclObject | HclTuple;

export function entriesOfList(list: List, layout: SourceLayout): readonly Entry[] {
  const nodes = list.kind === 'object' ? list.items : list.elements;
  return nodes.map((node) => {
    const after = layout.skipTrivia(node.end);
    return {
      start: node.start,
      end: node.end,
      fullEnd: layout.source[after] === ',' ? after + 1 : node.end,
      names: 'separator' in node && node.name !== undefined ? [node.name] : [],
      ownsComments: false,
    };
  });
}

/** Inserts before the entry with this index; an index equal to the number of entries appends. */
export function insertIntoList(layout: SourceLayout, list: List, index: number, fragment: Fragment): Edit[] {
  const entries = entriesOfList(list, layout);
  const previous = entries[index - 1];
  const next = entries[index];
  if (previous === undefined && next === undefined) return insertIntoEmpty(layout, list, fragment);

  const commas = list.kind === 'tuple' || entries.some(hasComma);
  if (previous !== undefined && layout.ownsLines(previous)) {
    const edits: Edit[] = [];
    // A heredoc ends its line, so no comma can follow it there; in an object the line break separates as well.
    if (commas && !hasComma(previous) && !endsWithHeredoc(list, index - 1)) {
      edits.push({ start: previous.end, end: previous.end, text: ',' });
    }
    const at = layout.tail(previous.fullEnd).end;
    const indent = layout.indentAt(previous.start);
    const comma = commas && (next !== undefined || hasComma(previous)) ? ',' : '';
    const eol = layout.eolAt(previous.start);
    edits.push({ start: at, end: at, text: eol + indent + fragment.fit(layout, indent, eol) + comma });
    return edits;
  }
  if (next !== undefined && previous === undefined && layout.ownsLines(next)) {
    const at = layout.startWithComments(next.start);
    const indent = layout.indentAt(next.start);
    const eol = layout.eolAt(next.start);
    return [{ start: at, end: at, text: indent + fragment.fit(layout, indent, eol) + (commas ? ',' : '') + eol }];
  }
  const at = previous?.end ?? (next as Entry).start;
  const text = fragment.fit(layout, layout.indentAt(at), layout.eolAt(at));
  return [{ start: at, end: at, text: previous === undefined ? `${text}, ` : `, ${text}` }];
}

export function removeFromList(layout: SourceLayout, list: List, index: number): Edit[] {
  const entries = entriesOfList(list, layout);
  const entry = entries[index] as Entry;
  const previous = entries[index - 1];
  const next = entries[index + 1];
  const open = list.start + 1;
  const close = list.end - 1;
  if (layout.ownsLines(entry)) {
    const cut = layout.cut(entries, index, { open, close, root: false });
    // The list ended without a comma before, so it does after.
    const dangling = next === undefined && !hasComma(entry) && previous !== undefined && hasComma(previous);
    return dangling ? [{ start: previous.fullEnd - 1, end: previous.fullEnd, text: '' }, cut] : [cut];
  }
  if (next !== undefined) return [{ start: entry.start, end: next.start, text: '' }];
  if (previous !== undefined) {
    return hasComma(entry)
      ? [{ start: previous.fullEnd, end: entry.fullEnd, text: '' }]
      : [{ start: previous.end, end: entry.end, text: '' }];
  }
  const alone = layout.skipSpace(open) === entry.start && layout.skipSpace(entry.fullEnd) === close;
  return [alone ? { start: open, end: close, text: '' } : { start: entry.start, end: entry.fullEnd, text: '' }];
}

function insertIntoEmpty(layout: SourceLayout, list: List, fragment: Fragment): Edit[] {
  const open = list.start + 1;
  const close = list.end - 1;
  const outer = layout.indentAt(list.start);
  const inner = outer + layout.unit;
  const eol = layout.eolAt(list.start);
  if (layout.skipSpace(open) !== close) {
    // A comment stands inside: it stays above.
    const at = layout.lineStart(close);
    return [{ start: at, end: at, text: inner + fragment.fit(layout, inner, eol) + eol }];
  }
  if (list.kind === 'tuple' && !fragment.text.includes('\n')) {
    return [{ start: open, end: close, text: fragment.text }];
  }
  return [{ start: open, end: close, text: eol + inner + fragment.fit(layout, inner, eol) + eol + outer }];
}

function hasComma(entry: Entry): boolean {
  return entry.fullEnd > entry.end;
}

function endsWithHeredoc(list: List, index: number): boolean {
  const value = list.kind === 'object' ? list.items[index]?.value : list.elements[index];
  return value?.kind === 'heredoc';
}
