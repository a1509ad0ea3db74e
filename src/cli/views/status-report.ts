/** How far a move is, as a value: the state of each step, what blocks, and the one command to run next. */
import type { Inventory } from '../../audit/index.ts';
import { type AwsConfigChange, type Intent, type MissingValue, missingValues } from '../../intent/index.ts';
import {
  type ChangeSet,
  type GateCondition,
  type MigrationPlan,
  type Refusal,
  type RunRecord,
  writableChangeSets,
} from '../../migrate/index.ts';
import { type Repository, rootModules } from '../../repository/index.ts';

export type StepState =
  /** Nothing is left to do: it is made, or there never was anything. */
  | 'done'
  /** May be written now. */
  | 'ready'
  /** Its gate has to be met first, or a step before it. */
  | 'waits'
  /** No edit is left, but something a person does outside the files. */
  | 'by-hand';

export interface StepStatus {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  /** Files with edits that are not made yet. */
  readonly files: number;
  readonly refusals: number;
  readonly remarks: number;
  /** When a run of `migrate --write` on this repository wrote it, ISO 8601. */
  readonly writtenAt: string | undefined;
}

/** The profiles in `~/.aws/config`; a string says why nobody can tell. */
export type ProfileStatus = Pick<AwsConfigChange, 'path' | 'added' | 'updated' | 'conflicts'> | string;

export interface StatusReport {
  readonly root: string;
  readonly inventory: Inventory;
  /** `undefined` while there is no keyless.yaml. */
  readonly move: MoveStatus | undefined;
  readonly next: NextCommand;
}

export interface MoveStatus {
  readonly steps: readonly StepStatus[];
  readonly missing: readonly MissingValue[];
  readonly refusals: readonly Refusal[];
  /** What must be true before the first step that waits. */
  readonly gate: { readonly step: number; readonly conditions: readonly GateCondition[] } | undefined;
  /** Why writing stops there. */
  readonly stoppedBy: string | undefined;
  readonly stacks: {
    /** In keyless.yaml, without Terraform code in that folder. */
    readonly absent: readonly string[];
    /** Folders that Terraform is run in and keyless.yaml does not know. */
    readonly unlisted: readonly string[];
  };
  readonly profiles: ProfileStatus;
}

export interface NextCommand {
  readonly command: string;
  readonly why: string;
}

export interface MoveFacts {
  readonly intent: Intent;
  readonly repository: Repository;
  readonly plan: MigrationPlan;
  /** Recorded runs, oldest first. */
  readonly runs: readonly RunRecord[];
  readonly profiles: ProfileStatus;
}

/** `pathArgument` is how the person named the repository, for the command to copy: `''` or ` path`. */
export function statusReport(
  root: string,
  inventory: Inventory,
  facts: MoveFacts | undefined,
  pathArgument: string,
): StatusReport {
  const move = facts && moveStatus(facts, inventory);
  return { root, inventory, move, next: nextCommand(inventory, move, pathArgument) };
}

function moveStatus({ intent, repository, plan, runs, profiles }: MoveFacts, inventory: Inventory): MoveStatus {
  const { through, stoppedBy } = writableChangeSets(plan);
  const waiting = plan.changeSets.find(({ step, changes }) => step.number > through && changes.length > 0)?.step;
  const listed = new Set(intent.stacks.map(({ path }) => path));
  const found = new Set(rootModules(repository).map(({ directory }) => directory));
  return {
    steps: plan.changeSets.map((changeSet) => stepStatus(changeSet, through, runs, inventory)),
    missing: missingValues(intent),
    refusals: plan.changeSets.flatMap(({ refusals }) => refusals),
    gate: waiting && { step: waiting.number, conditions: waiting.gate?.(intent) ?? [] },
    stoppedBy,
    stacks: {
      absent: [...listed].filter((path) => !found.has(path)),
      unlisted: [...found].filter((path) => !listed.has(path)),
    },
    profiles,
  };
}

function stepStatus(
  changeSet: ChangeSet,
  through: number,
  runs: readonly RunRecord[],
  inventory: Inventory,
): StepStatus {
  const { step, changes, refusals, remarks } = changeSet;
  const { number, id, title } = step;
  return {
    number,
    id,
    title,
    state: stepState(changeSet, through, inventory),
    files: changes.length,
    refusals: refusals.length,
    remarks: remarks.length,
    writtenAt: runs.findLast(({ steps }) => steps.includes(number))?.writtenAt,
  };
}

function stepState(
  { step, changes, refusals, remarks }: ChangeSet,
  through: number,
  { summary }: Inventory,
): StepState {
  if (changes.length > 0) return step.number <= through ? 'ready' : 'waits';
  // The last step has few edits of its own: it is over when nothing is left to retire.
  const keysLeft = step.id === 'retire' && (!summary.keyless || summary.staticMethods['made-by-code'] > 0);
  return refusals.length + remarks.length > 0 || keysLeft ? 'by-hand' : 'done';
}

function nextCommand({ summary }: Inventory, move: MoveStatus | undefined, pathArgument: string): NextCommand {
  const command = (text: string) => text.replace('keyless migrate', `keyless migrate${pathArgument}`);
  if (move === undefined) {
    return {
      command: `keyless init${pathArgument} --yes`,
      why: 'drafts keyless.yaml, which says who may run Terraform where; without --yes it asks for what it cannot find',
    };
  }
  const ready = move.steps.filter(({ state }) => state === 'ready');
  if (ready.length > 0) {
    const numbers = ready.map(({ number }) => number).join(', ');
    return {
      command: command('keyless migrate --write'),
      why: `step ${numbers} has no gate left; \`${command('keyless migrate')}\` shows every edit first`,
    };
  }
  if (typeof move.profiles !== 'string' && move.profiles.conflicts.length === 0) {
    const count = move.profiles.added.length + move.profiles.updated.length;
    if (count > 0) {
      return {
        command: command('keyless migrate --aws-config --write'),
        why: `${count} sections of ${move.profiles.path} are not what keyless.yaml says; without --write they are shown`,
      };
    }
  }
  if (move.gate !== undefined) {
    const written = move.steps.find(({ number }) => number === move.gate?.step);
    return {
      command: command(`keyless migrate --write --through ${move.gate.step}`),
      why: `once the gate of step ${move.gate.step} is met (${written?.title ?? ''})`,
    };
  }
  if (move.steps.some(({ state }) => state === 'by-hand')) {
    return {
      command: command('keyless migrate'),
      why: 'no edit is left; it prints what a person does outside the files',
    };
  }
  return summary.keyless
    ? {
        command: `keyless audit${pathArgument} --fail-on low`,
        why: 'the move is done; as a gate in the pipeline it stays so',
      }
    : { command: `keyless audit${pathArgument}`, why: 'no edit is left, and what still holds a key is listed there' };
}
