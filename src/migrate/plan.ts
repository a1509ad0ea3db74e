/**
 * Plans the whole move without touching anything: runs every rule in step order over a repository in memory, each on
 * what the rules before it left, and checks each rule's edits by parsing the result again.
 */
import { applyEdits, type Edit } from '../formats/edit.ts';
import type { Intent } from '../intent/index.ts';
import { compareLocations } from '../kernel/diagnostic.ts';
import { KeylessError } from '../kernel/error.ts';
import type { Repository, SourceFile } from '../repository/index.ts';
import { migrationRules } from './catalogue.ts';
import { newProblems } from './edit-check.ts';
import type { MigrationOptions, MigrationRule, Refusal, Remark } from './rule.ts';
import { type Step, steps } from './steps.ts';

/** What one step does to one file. */
export interface FileChange {
  readonly path: string;
  /** `undefined`: the step creates the file. */
  readonly before: string | undefined;
  readonly after: string;
  /** Ids of the rules that edited it, in order. */
  readonly rules: readonly string[];
}

export interface ChangeSet {
  readonly step: Step;
  readonly changes: readonly FileChange[];
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
}

export interface MigrationPlan {
  /** One for every step, in order; those with nothing to do are empty. */
  readonly changeSets: readonly ChangeSet[];
  /** The repository after all steps. */
  readonly result: Repository;
}

export function planMigration(
  repository: Repository,
  intent: Intent,
  options: MigrationOptions,
  rules: readonly MigrationRule[] = migrationRules,
): MigrationPlan {
  let current = repository;
  const changeSets: ChangeSet[] = [];
  for (const step of steps) {
    const started = current;
    const rulesByPath = new Map<string, string[]>();
    const refusals: Refusal[] = [];
    const remarks: Remark[] = [];
    for (const rule of rules.filter((candidate) => candidate.step === step.id)) {
      const plan = rule.plan(current, { intent, options, original: repository });
      refusals.push(...plan.refusals);
      remarks.push(...plan.remarks);
      const texts = new Map<string, string | undefined>();
      for (const { path, edits } of plan.edits) {
        const file = current.file(path);
        if (file === undefined) throw new RangeError(`rule ${rule.id} edits ${path}, which is not in the repository`);
        const after = editedText(rule, file, edits);
        if (after !== file.text) texts.set(path, after);
      }
      for (const { path, text } of plan.creates ?? []) if (current.file(path) === undefined) texts.set(path, text);
      for (const path of texts.keys()) rulesByPath.set(path, [...(rulesByPath.get(path) ?? []), rule.id]);
      if (texts.size > 0) current = current.with(texts);
    }
    changeSets.push({
      step,
      changes: changesBetween(started, current, rulesByPath),
      refusals: refusals.sort(compareLocations),
      remarks,
    });
  }
  return { changeSets, result: current };
}

function editedText(rule: MigrationRule, file: SourceFile, edits: readonly Edit[]): string {
  if (file.encoding !== 'utf-8') {
    throw new RangeError(`rule ${rule.id} edits ${file.path}, whose bytes are not valid UTF-8`);
  }
  const after = applyEdits(file.text, edits);
  const problems = newProblems(file, after);
  if (problems.length > 0) {
    throw new KeylessError({
      code: 'EDIT_REJECTED',
      message: `rule ${rule.id} would break ${file.path}: ${problems[0]}`,
      hint: `keyless migrate --rule <the other rules>, and report the shape of ${file.path}`,
      details: { rule: rule.id, path: file.path, problems },
    });
  }
  return after;
}

function changesBetween(
  before: Repository,
  after: Repository,
  rulesByPath: ReadonlyMap<string, readonly string[]>,
): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, rules] of rulesByPath) {
    const old = before.file(path)?.text;
    const now = after.file(path)?.text;
    // Two rules may cancel out.
    if (now !== undefined && now !== old) changes.push({ path, before: old, after: now, rules });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
