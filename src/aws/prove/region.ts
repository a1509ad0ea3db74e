/**
 * Sets of requests: a union of boxes, each the product of one set per dimension. A dimension that a box does not name is
 * free. Statements are boxes, so policies are unions and differences of boxes, and stay so.
 */
import type { KeySet } from './key-set.ts';

export type Box = ReadonlyMap<string, KeySet>;
export type Region = readonly Box[];

export const everything: Region = [new Map()];
export const nothing: Region = [];

export function union(...regions: readonly Region[]): Region {
  return regions.flat();
}

export function intersection(a: Region, b: Region): Region {
  return a.flatMap((box) => b.flatMap((other) => common(box, other) ?? []));
}

/** `a` without `b`. The boxes of the answer that come from one box do not overlap. */
export function difference(a: Region, b: Region): Region {
  return b.reduce<Region>((left, hole) => left.flatMap((box) => without(box, hole)), a);
}

export function narrowed(box: Box, dimension: string, set: KeySet): Box | undefined {
  const known = box.get(dimension);
  const both = known === undefined ? set : known.and(set);
  return both.isEmpty ? undefined : new Map(box).set(dimension, both);
}

function common(a: Box, b: Box): Box | undefined {
  let box: Box | undefined = a;
  for (const [dimension, set] of b) {
    box = narrowed(box, dimension, set);
    if (box === undefined) return undefined;
  }
  return box;
}

function without(box: Box, hole: Box): Region {
  const pieces: Box[] = [];
  let rest: Box | undefined = box;
  for (const [dimension, set] of hole) {
    const outside = narrowed(rest, dimension, set.not());
    if (outside !== undefined) pieces.push(outside);
    rest = narrowed(rest, dimension, set);
    // They have nothing in common, so nothing is taken away.
    if (rest === undefined) return [box];
  }
  return pieces;
}
