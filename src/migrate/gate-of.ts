/** The gate of a step as it is for this plan: what the step always asks for, and what the rules left behind. */
import type { Intent } from '../intent/index.ts';
import type { ChangeSet } from './plan.ts';
import type { GateCondition } from './steps.ts';

export function gateOf(
  changeSet: Pick<ChangeSet, 'step' | 'refusals' | 'changes'>,
  intent: Intent,
): readonly GateCondition[] {
  return [...(changeSet.step.gate?.(intent) ?? []), ...pipelinesLeftBehind(changeSet)];
}

/**
 * A provider that no longer assumes the old role fails in a job that still brings the old key: it fails loudly, but it
 * fails. So the jobs that the rules refused are settled before the step is merged.
 */
function pipelinesLeftBehind({
  step,
  refusals,
  changes,
}: Pick<ChangeSet, 'step' | 'refusals' | 'changes'>): GateCondition[] {
  if (step.id !== 'identity' || changes.length === 0) return [];
  const left = refusals.filter(({ rule }) => /^G\d/.test(rule) || rule === 'other-pipelines');
  const places = [...new Set(left.map(({ path, line }) => `${path}:${line}`))];
  if (places.length === 0) return [];
  return [
    {
      text: `No pipeline stays behind: these were left alone (see "Left alone") and would run the new code with the old key: ${places.join(', ')}.`,
    },
  ];
}
