/** The edits of workflows and actions, each in terms of where a part stands: jobs by name, steps by position. */

import type { YamlEntry } from '../../audit/index.ts';
import {
  type EditRefusal,
  type EntryPlace,
  insertEntry,
  insertSequenceItem,
  mapEntry,
  nodeAt,
  pathOf,
  removeEntry,
  removeSequenceItem,
  setScalar,
  type YamlAnswer,
  type YamlEditor,
  type YamlFile,
  type YamlNode,
  type YamlPath,
  type YamlValue,
} from '../../formats/yaml/index.ts';
import type { SourceFile } from '../../repository/index.ts';

/** Where an entry really stands: under its anchor, when it is seen through an alias. */
export function pathOfEntry(file: SourceFile, entry: YamlEntry): YamlPath {
  return pathOf(file.yaml(), entry.source) ?? [];
}

/** Removes an entry and the maps that are empty without it, up to a key that is never left out. */
export function dropEntry(editor: YamlEditor, path: YamlPath, keep: readonly string[] = []): EditRefusal | undefined {
  return editor.step((file) => {
    const entry = mapEntry(at(file, path.slice(0, -1)), path.at(-1) as string);
    if (entry === undefined) return { edits: [], changes: [] };
    return removeEntry(file, entry, { whenEmpty: wouldEmpty(file, path, keep) ? 'leave-empty' : 'remove-parent' });
  });
}

/** True when the map right below a key of `keep` would be left without entries. */
function wouldEmpty(file: YamlFile, path: YamlPath, keep: readonly string[]): boolean {
  const parent = path.at(-2);
  if (typeof parent !== 'string' || !keep.includes(parent)) return false;
  const map = at(file, path.slice(0, -1));
  return map?.kind === 'map' && map.entries.length === 1;
}

export function setValue(editor: YamlEditor, path: YamlPath, value: string, comment?: string): EditRefusal | undefined {
  return editor.step((file) => {
    const node = at(file, path);
    if (node === undefined) return missing(path);
    return setScalar(file, node, value, comment === undefined ? {} : { comment });
  });
}

/** Adds an entry to the map at a path, the map itself when there is none yet; one that is there stays as it is. */
export function addEntry(
  editor: YamlEditor,
  path: YamlPath,
  key: string,
  value: YamlValue,
  place: EntryPlace,
): EditRefusal | undefined {
  return editor.step((file) => {
    const map = at(file, path);
    if (map !== undefined && mapEntry(map, key) !== undefined) return { edits: [], changes: [] };
    if (map !== undefined) return insertEntry(file, map, key, value, placeIn(map, place));
    const holder = at(file, path.slice(0, -1));
    return holder === undefined
      ? missing(path)
      : insertEntry(file, holder, path.at(-1) as string, { [key]: value }, 'last');
  });
}

/** The neighbour may have gone. */
function placeIn(map: YamlNode, place: EntryPlace): EntryPlace {
  if (typeof place === 'string') return place;
  const neighbour = 'after' in place ? place.after : place.before;
  return mapEntry(map, neighbour) === undefined ? 'first' : place;
}

export function addStep(editor: YamlEditor, steps: YamlPath, index: number, value: YamlValue): EditRefusal | undefined {
  return editor.step((file): YamlAnswer => {
    const list = at(file, steps);
    if (list?.kind !== 'sequence') return missing(steps);
    return insertSequenceItem(file, list, value, index < list.items.length ? { before: index } : 'last');
  });
}

export function dropStep(editor: YamlEditor, steps: YamlPath, index: number): EditRefusal | undefined {
  return editor.step((file): YamlAnswer => {
    const list = at(file, steps);
    const item = list?.kind === 'sequence' ? list.items[index] : undefined;
    return item === undefined ? missing(steps) : removeSequenceItem(file, item);
  });
}

export function at(file: YamlFile, path: YamlPath): YamlNode | undefined {
  return nodeAt(file.documents[0], path);
}

/** Runs edits one after the other until one is refused. */
export function inOrder(...edits: readonly (() => EditRefusal | undefined)[]): EditRefusal | undefined {
  for (const edit of edits) {
    const refusal = edit();
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function missing(path: YamlPath): EditRefusal {
  return { reason: `${path.join('.')} is not written out there`, start: 0 };
}
