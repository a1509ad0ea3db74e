/**
 * Which secret belongs to which id in a text, going by names and neighbourhood. It prefers no pair to a false one: blocks
 * of several ids followed by several secrets are paired only by what their names have in common, and ids on presigned
 * URLs have no secret in the text at all.
 */
import type { Sighting } from './text-search.ts';

export interface Pair {
  readonly keyId: Sighting;
  /** The secret or the token. */
  readonly other: Sighting;
  /** Larger is surer: 3 by name, 2 by neighbourhood with a named secret, 1 by neighbourhood alone. */
  readonly strength: number;
}

/** Lines and characters between neighbours at most; for a secret without a name the smaller limits hold. */
const namedReach = { lines: 6, characters: 1024 };
const bareReach = { lines: 3, characters: 400 };
/** Lines within which equal name stems make a pair. */
const stemReach = 40;

/** `lineOf` gives the line of an offset; sightings are in order of position. */
export function pairSightings(sightings: readonly Sighting[], lineOf: (at: number) => number): Pair[] {
  const ids = sightings.filter((one) => one.part === 'keyId' && !one.onSignedRequest);
  const secrets = sightings.filter((one) => one.part === 'secret' && !one.bedrock);
  if (ids.length === 0) return [];
  const byName = pairByStem(ids, secrets, lineOf);
  const paired = new Set(byName.map(({ other }) => other));
  const pairedIds = new Set(byName.map(({ keyId }) => keyId.value.reveal()));
  const named = secrets.filter((secret) => secret.evidence !== 'bare' && !paired.has(secret));
  const freeIds = ids.filter((id) => !pairedIds.has(id.value.reveal()));
  const byPlace = pairNeighbours(freeIds, named, namedReach, 2, lineOf);
  for (const { keyId } of byPlace) pairedIds.add(keyId.value.reveal());
  const bare = secrets.filter((secret) => secret.evidence === 'bare');
  const stillFree = ids.filter((id) => !pairedIds.has(id.value.reveal()));
  const byShape = pairNeighbours(stillFree, bare, bareReach, 1, lineOf);
  const tokens = sightings.filter((one) => one.part === 'token' && !one.bedrock);
  return [...byName, ...byPlace, ...byShape, ...pairTokens(ids, tokens, lineOf)];
}

function pairByStem(ids: readonly Sighting[], secrets: readonly Sighting[], lineOf: (at: number) => number): Pair[] {
  const idsByStem = Map.groupBy(ids, ({ stem }) => stem);
  return secrets.flatMap((secret) => {
    if (!secret.stem) return [];
    const candidates = (idsByStem.get(secret.stem) ?? []).filter(
      (id) => Math.abs(lineOf(id.at) - lineOf(secret.at)) <= stemReach,
    );
    const [keyId] = candidates;
    return keyId !== undefined && distinct(candidates) === 1 ? [{ keyId, other: secret, strength: 3 }] : [];
  });
}

function pairNeighbours(
  ids: readonly Sighting[],
  secrets: readonly Sighting[],
  reach: { readonly lines: number; readonly characters: number },
  strength: number,
  lineOf: (at: number) => number,
): Pair[] {
  if (secrets.length === 0) return [];
  const all = withoutRepeats([...ids, ...secrets].sort((a, b) => a.at - b.at));
  const pairs: Pair[] = [];
  for (const group of groupsWithin(all, reach, lineOf)) {
    for (const [keyId, other] of pairsOfGroup(group)) pairs.push({ keyId, other, strength });
  }
  return pairs;
}

/** Neighbours in order, cut where the distance is larger than the reach. */
function groupsWithin(
  sightings: readonly Sighting[],
  reach: { readonly lines: number; readonly characters: number },
  lineOf: (at: number) => number,
): Sighting[][] {
  const groups: Sighting[][] = [];
  let previous: Sighting | undefined;
  for (const one of sightings) {
    const near =
      previous !== undefined &&
      one.at - previous.at <= reach.characters &&
      lineOf(one.at) - lineOf(previous.at) <= reach.lines;
    if (near) groups.at(-1)?.push(one);
    else groups.push([one]);
    previous = one;
  }
  return groups;
}

/** Id then secret is how every AWS tool writes them; secret then id counts only when the whole group is so. */
function pairsOfGroup(group: readonly Sighting[]): [Sighting, Sighting][] {
  const order = group.map((one) => (one.part === 'keyId' ? 'i' : 's')).join('');
  if (/^(?:si)+$/.test(order)) return everySecond(group).map(([secret, id]) => [id, secret]);
  // `iiss` says nothing about who belongs to whom: only `is` with no second id before or second secret behind.
  const pairs: [Sighting, Sighting][] = [];
  for (let at = 0; at + 1 < group.length; at++) {
    if (order[at] !== 'i' || order[at + 1] !== 's') continue;
    if (order[at - 1] === 'i' && order[at + 2] === 's') continue;
    pairs.push([group[at] as Sighting, group[at + 1] as Sighting]);
    at += 1;
  }
  return pairs;
}

function everySecond(group: readonly Sighting[]): [Sighting, Sighting][] {
  return group.flatMap((one, index) => (index % 2 === 0 ? [[one, group[index + 1] as Sighting]] : []));
}

function pairTokens(ids: readonly Sighting[], tokens: readonly Sighting[], lineOf: (at: number) => number): Pair[] {
  return tokens.flatMap((token) => {
    const near = ids.filter(
      (id) => Math.abs(lineOf(id.at) - lineOf(token.at)) <= namedReach.lines && Math.abs(id.at - token.at) <= 2048,
    );
    const nearest = near.sort((a, b) => Math.abs(a.at - token.at) - Math.abs(b.at - token.at))[0];
    return nearest === undefined ? [] : [{ keyId: nearest, other: token, strength: 2 }];
  });
}

/** One value written several times in a row is one sighting for the purpose of order. */
function withoutRepeats(sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter((one, index) => {
    const previous = sightings[index - 1];
    return previous === undefined || previous.part !== one.part || !previous.value.equals(one.value);
  });
}

function distinct(sightings: readonly Sighting[]): number {
  return new Set(sightings.map(({ value }) => value.reveal())).size;
}
