/** Ways through the tree of a YAML file: by key, by path, and over everything. */
import type { YamlDocument, YamlEntry, YamlFile, YamlItem, YamlNode } from './syntax.ts';

/** Keys of maps and indexes (from 0) of sequences, from the root of a document. */
export type YamlPath = readonly (string | number)[];

/**
 * The entry of a map with this key. Aliases are followed; an entry that comes in by a merge key counts when the map
 * itself has none, as YAML 1.1's merge type defines it.
 */
export function mapEntry(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  const map = node === undefined ? undefined : resolveAlias(node);
  if (map?.kind !== 'map') return undefined;
  const own = map.entries.find((entry) => entry.name === key && !entry.merge);
  if (own !== undefined) return own;
  for (const entry of map.entries) {
    if (!entry.merge) continue;
    const merged = resolveAlias(entry.value);
    const sources = merged?.kind === 'sequence' ? merged.items.map((item) => item.value) : [entry.value];
    for (const source of sources) {
      const found = mapEntry(source, key);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The value of the entry `mapEntry` finds. */
export function mapValue(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return mapEntry(node, key)?.value;
}

/**
 * The node at a path, aliases and merge keys followed on the way and at the end: a result inside an anchored node is
 * the one that every alias of it shares.
 */
export function nodeAt(start: YamlDocument | YamlNode | undefined, path: YamlPath): YamlNode | undefined {
  let node = start?.kind === 'document' ? start.root : start;
  for (const step of path) {
    if (node === undefined) return undefined;
    if (typeof step === 'string') node = mapValue(node, step);
    else {
      const sequence: YamlNode | undefined = resolveAlias(node);
      node = sequence?.kind === 'sequence' ? sequence.items[step]?.value : undefined;
    }
  }
  return node === undefined ? undefined : resolveAlias(node);
}

/** What an alias stands for; any other node itself; `undefined` for an alias without an anchor. */
export function resolveAlias(node: YamlNode): YamlNode | undefined {
  return node.kind === 'alias' ? (node.target === undefined ? undefined : resolveAlias(node.target)) : node;
}

/** The text of a scalar, aliases followed; `undefined` for maps, sequences and a value that is not written. */
export function scalarText(node: YamlNode | undefined): string | undefined {
  const scalar = node === undefined ? undefined : resolveAlias(node);
  if (scalar?.kind !== 'scalar' || (scalar.style === 'plain' && scalar.start === scalar.end)) return undefined;
  return scalar.value;
}

/** The node and everything in it, keys included, in source order. Aliases are met, not entered. */
export function* walkNodes(node: YamlNode): Generator<YamlNode> {
  yield node;
  if (node.kind === 'map') {
    for (const entry of node.entries) {
      yield* walkNodes(entry.key);
      yield* walkNodes(entry.value);
    }
  } else if (node.kind === 'sequence') {
    for (const item of node.items) yield* walkNodes(item.value);
  }
}

/** Every entry of every map in a file, in source order, an outer one before those in it. */
export function* walkEntries(file: YamlFile): Generator<YamlEntry> {
  for (const document of file.documents) {
    if (document.root === undefined) continue;
    for (const node of walkNodes(document.root)) if (node.kind === 'map') yield* node.entries;
  }
}

/** The map or sequence that holds an entry, item or node; `undefined` for a root. */
export function containerOf(file: YamlFile, part: YamlNode | YamlEntry | YamlItem): YamlNode | undefined {
  const parent = file.parents.get(part);
  if (parent === undefined || parent.kind === 'document') return undefined;
  return parent.kind === 'entry' || parent.kind === 'item' ? containerOf(file, parent) : parent;
}

/** The entry or item a node is the value (or key) of. */
export function holderOf(file: YamlFile, node: YamlNode): YamlEntry | YamlItem | undefined {
  const parent = file.parents.get(node);
  return parent?.kind === 'entry' || parent?.kind === 'item' ? parent : undefined;
}

/** The document a part stands in. */
export function documentOf(file: YamlFile, part: YamlNode | YamlEntry | YamlItem): YamlDocument {
  const parent = file.parents.get(part);
  if (parent === undefined) throw new RangeError('the node is not part of this file');
  return parent.kind === 'document' ? parent : documentOf(file, parent);
}

/** Where a part stands, from the root of its document; `undefined` below a key that is no scalar. */
export function pathOf(file: YamlFile, part: YamlNode | YamlEntry | YamlItem): YamlPath | undefined {
  const path: (string | number)[] = [];
  let at: YamlNode | YamlEntry | YamlItem | YamlDocument | undefined = part;
  while (at !== undefined && at.kind !== 'document') {
    if (at.kind === 'entry') {
      if (at.name === undefined) return undefined;
      path.unshift(at.name);
    } else if (at.kind === 'item') path.unshift(at.index);
    at = file.parents.get(at);
  }
  return path;
}
