/**
 * The proof of one step: in the part of the file that it touched, the structure and the comments are the old ones with
 * exactly the declared change; around it every item stands where it stood. Only that part is looked at closely, so
 * that a step costs little in a large file.
 */
import { KeylessError } from '../../kernel/error.ts';
import type { Edit } from '../edit.ts';
import { type Delta, shapesOfItems } from './editor-shape.ts';
import type { HclFile, HclItem, HclNode } from './syntax.ts';

/** Top-level items that edits touched, with those they could move: set off from the rest by blank lines. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** Index of its first item. */
  readonly first: number;
  /** Index after its last item. */
  readonly behind: number;
}

/** `edits` are in order of position and there is at least one. */
export function regionOf({ source, body }: HclFile, edits: readonly Edit[]): Region {
  const low = (edits[0] as Edit).start;
  const high = (edits.at(-1) as Edit).end;
  const { items } = body;
  let first = items.findLastIndex((item) => lineStart(source, item) <= low);
  while (first > 0 && !apart(source, items[first - 1] as HclItem, items[first] as HclItem)) first--;
  if (first < 1) first = 0;
  let behind = items.findIndex((item) => lineStart(source, item) > high);
  if (behind === -1) behind = items.length;
  while (behind < items.length && !apart(source, { start: 0, end: high }, items[behind] as HclItem, items[behind - 1]))
    behind++;
  return {
    first,
    behind,
    start: first === 0 ? 0 : lineStart(source, items[first] as HclItem),
    end: behind === items.length ? source.length : lineStart(source, items[behind] as HclItem),
  };
}

export interface Claim {
  readonly before: HclFile;
  readonly after: HclFile;
  readonly region: Region;
  /** The edits of the caller; white space that was put right afterwards is no part of them. */
  readonly edits: readonly Edit[];
  readonly delta: Delta;
  /** The comments that the edits bring. */
  readonly comments: readonly string[];
}

/** Throws EDIT_REJECTED when the claim does not hold. */
export function prove({ before, after, region, edits, delta, comments }: Claim): void {
  const problem = after.problems[0];
  if (after.problems.length > before.problems.length) throw rejected(`the result does not parse: ${problem?.message}`);

  const tail = before.body.items.length - region.behind;
  const behind = after.body.items.length - tail;
  const shift = after.source.length - before.source.length;
  const stays = (old: HclItem | undefined, now: HclItem | undefined, by: number) =>
    old?.kind === now?.kind && (old?.start ?? 0) + by === now?.start && (old?.end ?? 0) + by === now.end;
  const around =
    behind >= region.first &&
    before.body.items.slice(0, region.first).every((item, index) => stays(item, after.body.items[index], 0)) &&
    before.body.items.slice(region.behind).every((item, index) => stays(item, after.body.items[behind + index], shift));
  const expected = shapesOfItems(before, region.first, region.behind, delta);
  if (!around || shapesOfItems(after, region.first, behind, {}) !== expected) {
    throw rejected('the structure of the result is not the one declared');
  }

  const kept = before.comments.filter(
    ({ start }) =>
      start >= region.start && start < region.end && !edits.some((edit) => edit.start <= start && start < edit.end),
  );
  const found = after.comments.filter(({ start }) => start >= region.start && start < region.end + shift);
  if (after.comments.length - found.length !== before.comments.length - countIn(before, region)) {
    throw rejected('a comment outside the edit would change');
  }
  if (
    !sameTexts(
      found.map((node) => textOf(after, node)),
      [...kept.map((node) => textOf(before, node)), ...comments],
    )
  ) {
    throw rejected('a comment would be lost or made');
  }
}

export function rejected(reason: string): KeylessError {
  return new KeylessError({ code: 'EDIT_REJECTED', message: `an edit was refused: ${reason}` });
}

/** A blank line stands between the end of one and the line of the other, whatever else does. */
function apart(source: string, upper: HclNode, lower: HclNode, alsoBehind: HclNode = upper): boolean {
  const from = Math.max(upper.end, alsoBehind.end);
  return beginsLine(source, lower) && /\n[ \t]*\r?\n/.test(source.slice(from, lower.start));
}

function lineStart(source: string, { start }: HclNode): number {
  return start === 0 ? 0 : source.lastIndexOf('\n', start - 1) + 1;
}

function beginsLine(source: string, node: HclNode): boolean {
  return source.slice(lineStart(source, node), node.start).trim() === '';
}

function countIn({ comments }: HclFile, { start, end }: Region): number {
  return comments.filter((comment) => comment.start >= start && comment.start < end).length;
}

function textOf({ source }: HclFile, { start, end }: HclNode): string {
  return source.slice(start, end);
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  const normal = (texts: readonly string[]) => texts.map((text) => text.trim().replace(/\s+/g, ' ')).sort();
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}
