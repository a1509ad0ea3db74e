/** Several edits of one file, each planned on the text that the ones before left, as one list of splices. */
import { type Edit, sortEdits } from '../edit.ts';
import { type EditRefusal, isRefusal } from '../edit-refusal.ts';
import { PieceTable } from '../piece-table.ts';
import { applyYamlEdits } from './check.ts';
import type { YamlAnswer } from './plan.ts';
import type { YamlFile } from './syntax.ts';

/**
 * @example
 * const editor = new YamlEditor(file);
 * const refusal = editor.step((now) => insertEntry(now, nodeAt(now.documents[0], ['jobs', 'plan']), 'permissions', {…}, 'first'));
 * const { text, edits } = editor.finish();
 */
export class YamlEditor {
  readonly #pieces: PieceTable;
  #file: YamlFile;

  constructor(file: YamlFile) {
    this.#pieces = new PieceTable(file.source);
    this.#file = file;
  }

  /** The file after the steps so far. Nodes of an earlier one are of no use to a later step. */
  get file(): YamlFile {
    return this.#file;
  }

  /** Takes one proved step; a refused one changes nothing. */
  step(plan: (file: YamlFile) => YamlAnswer): EditRefusal | undefined {
    const answer = plan(this.#file);
    if (isRefusal(answer)) return answer;
    const after = applyYamlEdits(this.#file, answer);
    if (isRefusal(after)) return after;
    this.#pieces.apply(sortEdits(this.#file.source, answer.edits));
    this.#file = after;
    return undefined;
  }

  /** The new text, and the splices of the original that make it. */
  finish(): { readonly text: string; readonly edits: readonly Edit[] } {
    return { text: this.#pieces.text, edits: this.#pieces.edits() };
  }
}
