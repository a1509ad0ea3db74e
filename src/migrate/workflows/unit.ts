/**
 * Groups what only makes sense together: the levels of one job's environment, a called workflow and its callers, an
 * action and the steps that use it. Half of such a move would mix a key with a session, so a unit is done whole or not.
 */
import type { YamlEditor } from '../../formats/yaml/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import type { RoleChoice } from './role-choice.ts';
import { type Blocker, blockerOf, runWorks, type Work } from './work.ts';

/** Something a person has to know or do, told with the rule whose edits it belongs to. */
export interface Note {
  readonly rule: string;
  readonly file: SourceFile;
  readonly at: number;
  readonly text: string;
  readonly commands?: readonly string[];
}

export interface Unit {
  readonly works: readonly Work[];
  readonly notes: readonly Note[];
  readonly roles: readonly RoleChoice[];
  /** What stands in the way; empty when the whole unit can be done. */
  readonly blockers: readonly Blocker[];
}

interface Part {
  readonly works: Work[];
  readonly notes: Note[];
  readonly roles: RoleChoice[];
  readonly blockers: Blocker[];
}

/** Collects parts by name and joins those that are linked. */
export class UnitBuilder {
  readonly #parts = new Map<string, Part>();
  readonly #leaders = new Map<string, string>();

  part(name: string): Part {
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = { works: [], notes: [], roles: [], blockers: [] };
      this.#parts.set(name, part);
    }
    return part;
  }

  link(a: string, b: string): void {
    const [first, second] = [this.#leader(a), this.#leader(b)];
    if (first !== second) this.#leaders.set(second, first);
  }

  /** Each unit with what stands in its way, found out by doing all of it on a copy. */
  units(): readonly Unit[] {
    const groups = Map.groupBy(this.#parts, ([name]) => this.#leader(name));
    return [...groups.values()].map((group) => {
      const parts = group.map(([, part]) => part);
      const works = parts.flatMap((part) => part.works);
      const blockers = parts.flatMap((part) => part.blockers);
      if (blockers.length === 0) {
        const failed = runWorks(works, new Map<SourceFile, YamlEditor>());
        if (failed !== undefined) blockers.push(blockerOf(failed));
      }
      return {
        works,
        blockers,
        notes: parts.flatMap((part) => part.notes),
        roles: parts.flatMap((part) => part.roles),
      };
    });
  }

  #leader(name: string): string {
    let leader = name;
    for (let next = this.#leaders.get(leader); next !== undefined; next = this.#leaders.get(leader)) leader = next;
    return leader;
  }
}
