/** Which change sets may be written now: those up to the first gate that nobody has said is met. */
import type { ChangeSet, MigrationPlan } from './plan.ts';
import type { StepId } from './steps.ts';

export interface Writable {
  readonly changeSets: readonly ChangeSet[];
  /** Number of the last step among them. */
  readonly through: number;
  /** The highest step among them whose gate a person has to vouch for; `undefined` when none has one. */
  readonly vouchedThrough: number | undefined;
  /** Why the next step with edits is not among them; `undefined` when there is none. */
  readonly stoppedBy: string | undefined;
}

/** @param through the number up to which a person says the gates are met */
export function writableChangeSets(plan: MigrationPlan, through = 0): Writable {
  const pendingAtStart = new Set<StepId>();
  const changeSets: ChangeSet[] = [];
  let last = 0;
  let vouchedThrough: number | undefined;
  for (const changeSet of plan.changeSets) {
    const { step, changes } = changeSet;
    const { number, title, gate, separateRunAfter } = step;
    if (changes.length > 0) {
      const earlier = separateRunAfter !== undefined && pendingAtStart.has(separateRunAfter);
      if (gate !== undefined && number > through) {
        return {
          changeSets,
          through: last,
          vouchedThrough,
          stoppedBy: `Step ${number} waits for its gate (${title}). When it is met: --write --through ${number}`,
        };
      }
      if (earlier) {
        const before = plan.changeSets.find((candidate) => candidate.step.id === separateRunAfter)?.step.number;
        return {
          changeSets,
          through: last,
          vouchedThrough,
          stoppedBy: `Step ${number} needs step ${before} to be written, merged and rolled out by a run of its own first.`,
        };
      }
      pendingAtStart.add(step.id);
      if (gate !== undefined) vouchedThrough = number;
    }
    changeSets.push(changeSet);
    last = number;
  }
  return { changeSets, through: last, vouchedThrough, stoppedBy: undefined };
}
