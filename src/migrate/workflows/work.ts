/** A piece of work on one workflow file, and what can stand in its way. Pieces that only make sense together form a unit. */
import { type EditRefusal, YamlEditor } from '../../formats/yaml/index.ts';
import type { SourceFile } from '../../repository/index.ts';

export interface Work {
  /** The migration rule it belongs to. */
  readonly rule: string;
  readonly file: SourceFile;
  /** Where the reader finds what it is about: an offset in the file. */
  readonly at: number;
  /**
   * 0 for what leaves every step where it is. Steps are put in and taken out after that, from the bottom up, so that
   * until then each has the position it was read at.
   */
  readonly order: number;
  run(editor: YamlEditor): EditRefusal | undefined;
}

/** Something that can't be done, told where it stands. */
export interface Blocker {
  readonly rule: string;
  readonly file: SourceFile;
  readonly at: number;
  readonly reason: string;
  readonly todo: string;
}

/** Runs the pieces in their order; the first that can't be done, with the reason. */
export function runWorks(
  works: readonly Work[],
  editors: Map<SourceFile, YamlEditor>,
): { readonly work: Work; readonly refusal: EditRefusal } | undefined {
  for (const work of [...works].sort((a, b) => a.order - b.order)) {
    if (work.file.encoding !== 'utf-8') {
      return { work, refusal: { reason: `the file is ${work.file.encoding}, not UTF-8`, start: 0 } };
    }
    let editor = editors.get(work.file);
    if (editor === undefined) {
      editor = new YamlEditor(work.file.yaml());
      editors.set(work.file, editor);
    }
    const refusal = work.run(editor);
    if (refusal !== undefined) return { work, refusal };
  }
  return undefined;
}

/** The reason of a format engine as a sentence of a refusal. */
export function blockerOf({ work, refusal }: { work: Work; refusal: EditRefusal }): Blocker {
  const { rule, file, at } = work;
  return {
    rule,
    file,
    at,
    reason: `It can't be edited, because ${refusal.reason}.`,
    todo: 'Write it out plainly (no alias, no template), or make this change by hand; then run again.',
  };
}
