/** Compares what no edit touched, for edits whose meaning nobody declared. */
import type { Edit } from '../edit.ts';
import { differenceOf, shapeOfFile } from './shape.ts';
import type { YamlEntry, YamlFile, YamlItem, YamlNode } from './syntax.ts';

/** The name of something that changed though no edit touched it. */
export function differenceOutside(before: YamlFile, edits: readonly Edit[], after: YamlFile): string | undefined {
  const compared = new Comparison(before, edits, after);
  if (before.documents.length !== after.documents.length) return 'the number of documents';
  for (const [index, document] of before.documents.entries()) {
    const difference = compared.nodes(document.root, after.documents[index]?.root, 'the root');
    if (difference !== undefined) return difference;
  }
  return undefined;
}

class Comparison {
  readonly #edits: readonly Edit[];
  readonly #before: ReturnType<typeof shapeOfFile>;
  readonly #after: ReturnType<typeof shapeOfFile>;

  constructor(before: YamlFile, edits: readonly Edit[], after: YamlFile) {
    this.#edits = edits;
    this.#before = shapeOfFile(before);
    this.#after = shapeOfFile(after);
  }

  nodes(old: YamlNode | undefined, now: YamlNode | undefined, name: string): string | undefined {
    if (old === undefined || now === undefined) return old === now || old === undefined ? undefined : name;
    if (!this.#touches(old.outerStart, old.end)) {
      const difference = differenceOf(this.#before.nodes.get(old), this.#after.nodes.get(now));
      return difference === undefined ? undefined : name;
    }
    if (this.#covers(old.start, old.end) || old.kind === 'scalar' || old.kind === 'alias') return undefined;
    if (old.kind === 'map') return now.kind === 'map' ? this.#members(old.entries, now.entries) : name;
    return now.kind === 'sequence' ? this.#members(old.items, now.items) : name;
  }

  /** Old members that stay must be found again in their order; between them anything can be new. */
  #members(old: readonly (YamlEntry | YamlItem)[], now: readonly (YamlEntry | YamlItem)[]): string | undefined {
    let at = 0;
    for (const member of old) {
      if (this.#covers(member.start, member.end)) continue;
      const name = member.kind === 'entry' ? (member.name ?? 'a key that is no scalar') : String(member.index);
      const found = now.findIndex((other, index) => index >= at && this.#isSame(member, other, name));
      if (found === -1) return name;
      at = found + 1;
    }
    return undefined;
  }

  #isSame(old: YamlEntry | YamlItem, now: YamlEntry | YamlItem, name: string): boolean {
    if (old.kind === 'entry') {
      if (now.kind !== 'entry') return false;
      const keys = differenceOf(this.#before.nodes.get(old.key), this.#after.nodes.get(now.key));
      if (keys !== undefined && !this.#touches(old.key.start, old.key.end)) return false;
    }
    return this.nodes(old.value, now.value, name) === undefined;
  }

  #touches(start: number, end: number): boolean {
    return this.#edits.some((edit) => edit.start <= end && edit.end >= start);
  }

  #covers(start: number, end: number): boolean {
    return this.#edits.some((edit) => edit.start <= start && edit.end >= end && edit.end > edit.start);
  }
}
