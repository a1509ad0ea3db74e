/**
 * The proof that an edit did what it said and nothing else: the new text is read again, and its meaning must be the old
 * one with exactly the declared change.
 */
import { applyEdits, type Edit } from '../edit.ts';
import { type EditRefusal, isRefusal } from '../edit-refusal.ts';
import { parseYaml } from './parse.ts';
import type { YamlAnswer, YamlChange } from './plan.ts';
import { applyChanges, differenceOf, shapeOfFile } from './shape.ts';
import type { YamlFile } from './syntax.ts';
import { differenceOutside } from './untouched.ts';

export type YamlVerdict = { readonly ok: true; readonly file: YamlFile } | ({ readonly ok: false } & EditRefusal);

/**
 * Applies `edits` and reads the result. With `expected`, every value of every document must be what those changes make
 * of it; without, every value that no edit touches must be what and where it was.
 */
export function checkYamlEdit(before: YamlFile, edits: readonly Edit[], expected?: readonly YamlChange[]): YamlVerdict {
  const after = parseYaml(applyEdits(before.source, edits));
  const start = edits[0]?.start ?? 0;
  const problem = after.problems.find((found) => !before.problems.some((old) => old.message === found.message));
  if (problem !== undefined)
    return { ok: false, reason: `the result would not be sound YAML: ${problem.message}`, start };
  const difference =
    expected === undefined ? differenceOutside(before, edits, after) : unexpected(before, expected, after);
  if (difference !== undefined) return { ok: false, reason: `it would also change ${difference}`, start };
  return { ok: true, file: after };
}

/** The file after a planned edit, proved; or why it was refused. */
export function applyYamlEdits(before: YamlFile, plan: YamlAnswer): YamlFile | EditRefusal {
  if (isRefusal(plan)) return plan;
  const verdict = checkYamlEdit(before, plan.edits, plan.changes);
  return verdict.ok ? verdict.file : { reason: verdict.reason, start: verdict.start };
}

function unexpected(before: YamlFile, expected: readonly YamlChange[], after: YamlFile): string | undefined {
  const wanted = shapeOfFile(before);
  applyChanges(wanted, expected);
  const found = shapeOfFile(after);
  if (wanted.roots.length !== found.roots.length) return 'the number of documents';
  for (const [index, root] of wanted.roots.entries()) {
    const difference = differenceOf(root, found.roots[index]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
