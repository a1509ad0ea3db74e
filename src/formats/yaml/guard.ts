/** When an edit is refused before anything is tried, and the words for it. */
import type { EditRefusal } from '../edit-refusal.ts';
import type { EditOptions } from './plan.ts';
import type { YamlDocument, YamlEntry, YamlFile, YamlItem, YamlNode } from './syntax.ts';
import { documentOf, walkNodes } from './walk.ts';

export function refuse(reason: string, start: number): EditRefusal {
  return { reason, start };
}

/** Why nothing in or at this part may be edited; `undefined` when it may. */
export function refusalAt(
  file: YamlFile,
  part: YamlNode | YamlEntry | YamlItem,
  options: EditOptions,
): EditRefusal | undefined {
  const document = documentOf(file, part);
  if (!document.editable) {
    const problem = file.problems.find(
      ({ kind, start }) => kind !== 'duplicate-key' && start >= document.start && start <= document.end,
    );
    return refuse(
      `the file is not sound YAML: ${problem?.message ?? 'it could not be read'}`,
      problem?.start ?? part.start,
    );
  }
  if (part.kind === 'entry' && part.name !== undefined) {
    const map = file.parents.get(part);
    const same = map?.kind === 'map' ? map.entries.filter((entry) => entry.name === part.name && !entry.merge) : [];
    if (same.length > 1) return refuse(`the key ${part.name} stands ${same.length} times in its map`, part.start);
  }
  return options.affectsAliases === true ? undefined : aliasRefusal(file, part, document);
}

function aliasRefusal(
  file: YamlFile,
  part: YamlNode | YamlEntry | YamlItem,
  document: YamlDocument,
): EditRefusal | undefined {
  const used = aliasedNodes(document);
  let at: YamlNode | YamlEntry | YamlItem | YamlDocument | undefined = part;
  for (; at !== undefined && at.kind !== 'document'; at = file.parents.get(at)) {
    if (at.kind === 'entry' || at.kind === 'item' || at.anchor === undefined || !used.has(at)) continue;
    return refuse(
      `it is part of &${at.anchor}, which aliases repeat elsewhere: each of them would change too`,
      at.outerStart,
    );
  }
  return undefined;
}

/** Why a part can't go: an alias that stays needs an anchor in it. */
export function anchorRefusal(file: YamlFile, part: YamlEntry | YamlItem): EditRefusal | undefined {
  const gone = new Set<YamlNode>(part.kind === 'entry' ? walkNodes(part.key) : []);
  for (const node of walkNodes(part.value)) gone.add(node);
  const { root } = documentOf(file, part);
  for (const node of root === undefined ? [] : walkNodes(root)) {
    if (node.kind !== 'alias' || node.target === undefined || gone.has(node) || !gone.has(node.target)) continue;
    return refuse(`it holds the anchor &${node.name}, which an alias needs`, node.start);
  }
  return undefined;
}

function aliasedNodes(document: YamlDocument): ReadonlySet<YamlNode> {
  const used = new Set<YamlNode>();
  for (const node of document.root === undefined ? [] : walkNodes(document.root)) {
    if (node.kind === 'alias' && node.target !== undefined) used.add(node.target);
  }
  return used;
}
