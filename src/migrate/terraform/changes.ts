/**
 * Collects what a rule wants: edits that belong together are made together or not at all, and what cannot be edited
 * becomes a refusal with its place.
 */
import { KeylessError } from '../../kernel/error.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import type { FileEdit, Refusal, Remark, RulePlan } from '../rule.ts';
import { type ConfigurationEditor, editConfiguration } from './configuration-editor.ts';

/** Where a refusal or remark points: the offset in the file. */
export interface Spot {
  readonly file: SourceFile;
  readonly start: number;
}

/** Gives the editor of a file; refuses one that must be left alone. */
export type EditFile = (file: SourceFile) => ConfigurationEditor;

type Work = (edit: EditFile) => void;

export class Changes {
  readonly #rule: string;
  readonly #done: Work[] = [];
  #editors = new Map<SourceFile, ConfigurationEditor>();
  /** What keeps the file from being edited that the current attempt asked for. */
  #obstacle: Spot | undefined;
  readonly #refusals = new Map<string, Refusal>();
  readonly #remarks: Remark[] = [];

  constructor(rule: string) {
    this.#rule = rule;
  }

  /**
   * Edits that belong together, in any number of files. When one of them is rejected none is made and the reason
   * stands as a refusal at `spot`. True when they were made.
   */
  attempt(spot: Spot, work: Work): boolean {
    try {
      work(this.#edit);
      this.#done.push(work);
      return true;
    } catch (error) {
      if (!(error instanceof KeylessError) || error.code !== 'EDIT_REJECTED') throw error;
      this.#editors = new Map();
      for (const earlier of this.#done) earlier(this.#edit);
      this.refuse(this.#obstacle ?? spot, error.message, todo);
      this.#obstacle = undefined;
      return false;
    }
  }

  refuse(spot: Spot, reason: string, todo: string): void {
    const refusal = { rule: this.#rule, ...spot.file.locationOf(spot.start), reason, todo };
    const key = `${refusal.path}:${refusal.line}:${reason}`;
    if (!this.#refusals.has(key)) this.#refusals.set(key, refusal);
  }

  remark(spot: Spot, text: string, commands: readonly string[] = []): void {
    this.#remarks.push({
      rule: this.#rule,
      ...spot.file.locationOf(spot.start),
      text,
      ...(commands.length > 0 && { commands }),
    });
  }

  /** True when `attempt` has changed this file so far. */
  touches(file: SourceFile): boolean {
    return (this.#editors.get(file)?.finish().length ?? 0) > 0;
  }

  /** Refuses the files that must be left alone and mention what this rule is about; to be called last. */
  refuseUnreadable(repository: Repository, words: RegExp): void {
    for (const file of repository.files) {
      const obstacle = isConfiguration(file) ? obstacleTo(file) : undefined;
      if (obstacle !== undefined && words.test(file.text))
        this.refuse({ file, start: obstacle.start }, obstacle.reason, todo);
    }
  }

  plan(): RulePlan {
    const edits = [...this.#editors].flatMap(([{ path }, editor]): FileEdit[] => {
      const made = editor.finish();
      return made.length > 0 ? [{ path, edits: made }] : [];
    });
    return { edits, refusals: [...this.#refusals.values()], remarks: this.#remarks };
  }

  readonly #edit: EditFile = (file) => {
    const known = this.#editors.get(file);
    if (known !== undefined) return known;
    const obstacle = obstacleTo(file);
    if (obstacle !== undefined) {
      this.#obstacle = { file, start: obstacle.start };
      throw new KeylessError({ code: 'EDIT_REJECTED', message: obstacle.reason });
    }
    const editor = editConfiguration(file);
    this.#editors.set(file, editor);
    return editor;
  };
}

const todo = 'Mend the file, or make this change by hand.';

function isConfiguration({ format }: SourceFile): boolean {
  return (
    format.startsWith('terraform') ||
    format.startsWith('tfvars') ||
    format === 'backend-config' ||
    format === 'terragrunt'
  );
}

/** Why a file of configuration is not edited at all, and where. */
export function obstacleTo(file: SourceFile): { readonly reason: string; readonly start: number } | undefined {
  if (file.encoding !== 'utf-8') {
    return { reason: `The file is ${file.encoding}, not UTF-8, so it is left as it is.`, start: 0 };
  }
  file.terraformBody();
  const problem = file.problem;
  if (problem === undefined) return undefined;
  return { reason: `The file does not parse (${problem.message}), so it is left as it is.`, start: problem.start };
}
