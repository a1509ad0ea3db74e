/**
 * What it takes to move attributes, or items of an object, into a new object: each as a line of its own with the comments
 * that belong to it.
 */
import { Fragment, heredocsIn } from './editor-fragment.ts';
import { type Entry, type SourceLayout, unfitted } from './editor-layout.ts';
import type { HclExpression } from './syntax.ts';

/** One entry of a list as text for an object: `name = value`, the comment behind it, and those above when asked for. */
export function asObjectItem(
  layout: SourceLayout,
  entries: readonly Entry[],
  index: number,
  value: HclExpression,
  { name, commentsAbove }: { readonly name: string; readonly commentsAbove: boolean },
): string {
  const entry = entries[index] as Entry;
  const style = { indent: layout.indentAt(entry.start), unit: layout.unit };
  const written = unfitted(layout.source.slice(value.start, value.end), heredocsIn(value, -value.start), style);
  const behind = layout.source.slice(entry.fullEnd, endWithComment(layout, entry)).trim();
  const above = commentsAbove ? layout.commentsThatGoWith(entries, index) : [];
  const lines = above.map((comment) => unfitted(layout.source.slice(comment.start, comment.end), [], style));
  return [...lines, `${name} = ${written} ${behind}`.trimEnd()].join('\n');
}

/** The object of these lines, on one line where the list it goes into is. */
export function objectOf(name: string, lines: readonly string[], oneLine: boolean): string {
  const items = lines.map((line) => Fragment.objectItem(line));
  if (oneLine && items.every(({ text, comments }) => comments.length === 0 && !text.includes('\n'))) {
    return `${name} = { ${items.map(({ text }) => text).join(', ')} }`;
  }
  return `${name} = {\n${items.map((item) => item.nested()).join('\n')}\n}`;
}

/** After the comment behind an entry that has its lines to itself. */
export function endWithComment(layout: SourceLayout, entry: Entry): number {
  return layout.ownsLines(entry) ? layout.tail(entry.fullEnd).end : entry.fullEnd;
}
