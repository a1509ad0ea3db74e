/**
 * What a migration rule is and what it may say. A rule is pure: it reads the repository as the rules before it left it
 * and answers with splices; the engine applies them, parses the result again and checks that nothing else changed.
 */
import type { Edit } from '../formats/edit.ts';
import type { Intent } from '../intent/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { Repository } from '../repository/index.ts';
import type { StepId } from './steps.ts';

export interface MigrationRule {
  /** As in the documentation: `P1`, `B2`, `G5` … or a kebab-case name. */
  readonly id: string;
  readonly title: string;
  readonly step: StepId;
  readonly why: string;
  /** What it does to the files. */
  readonly does: string;
  /** When it refuses, and what a person should do then. */
  readonly refuses: string;
  readonly source?: string;
  plan(repository: Repository, context: RuleContext): RulePlan;
}

export interface RuleContext {
  readonly intent: Intent;
  /** The repository as the run found it, before any rule; absent where a rule runs on its own. */
  readonly original?: Repository;
  /** Options of the run: a non-default choice, such as dropping or keeping `assume_role`. */
  readonly options: MigrationOptions;
}

export interface MigrationOptions {
  /** Edit keys in comments too. */
  readonly includeComments: boolean;
  /** `s3::` module sources: keep them (default) or rewrite them to git with these pinned refs, by source. */
  readonly moduleSources: 'keep' | ReadonlyMap<string, string>;
}

export interface RulePlan {
  readonly edits: readonly FileEdit[];
  /** New files, by path. */
  readonly creates?: readonly { readonly path: string; readonly text: string }[];
  readonly refusals: readonly Refusal[];
  /** Things a person has to do or know that are no edit: a command to run, a variable to set. */
  readonly remarks: readonly Remark[];
}

export interface FileEdit {
  readonly path: string;
  readonly edits: readonly Edit[];
}

/** Why something was left alone, and what a person should do. */
export interface Refusal extends Location {
  readonly rule: string;
  readonly reason: string;
  readonly todo: string;
}

export interface Remark extends Location {
  readonly rule: string;
  readonly text: string;
  /** Exact commands, ready to copy. */
  readonly commands?: readonly string[];
}

/** Types a rule where it is written; nothing else. */
export function defineRule(rule: MigrationRule): MigrationRule {
  return rule;
}
