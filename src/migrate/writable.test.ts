import { describe, expect, it } from 'vitest';
import { Repository } from '../repository/index.ts';
import type { MigrationPlan } from './plan.ts';
import { type StepId, steps } from './steps.ts';
import { writableChangeSets } from './writable.ts';

describe('writableChangeSets', () => {
  it('takes the steps that have no gate', () => {
    const writable = writableChangeSets(planWithEditsIn('guard', 'lock-both', 'identity'));
    expect(writable).toMatchObject({ through: 1, vouchedThrough: undefined });
    expect(writable.stoppedBy).toContain('--write --through 2');
  });

  it('takes the gated steps that a person vouches for, and no further', () => {
    const writable = writableChangeSets(planWithEditsIn('guard', 'lock-both', 'identity', 'lock-readers'), 3);
    expect(writable).toMatchObject({ through: 3, vouchedThrough: 3 });
    expect(writable.stoppedBy).toContain('Step 4');
  });

  it('asks for no word about gates of steps that have no edits', () => {
    expect(writableChangeSets(planWithEditsIn('guard'))).toMatchObject({
      vouchedThrough: undefined,
      stoppedBy: undefined,
    });
    expect(writableChangeSets(planWithEditsIn('identity'), 3)).toMatchObject({
      vouchedThrough: 3,
      stoppedBy: undefined,
    });
  });

  it.each([
    ['lock-readers', 'lock-both', 4, 2],
    ['lock-writers', 'lock-readers', 5, 4],
  ] as const)('never writes %s in the run that writes %s', (step, before, number, first) => {
    const writable = writableChangeSets(planWithEditsIn(before, step), 7);
    expect(writable.through).toBe(number - 1);
    expect(writable.stoppedBy).toContain(`Step ${number} needs step ${first}`);
  });

  it('writes a later lock step once the earlier one has nothing left to do', () => {
    expect(writableChangeSets(planWithEditsIn('lock-readers'), 4)).toMatchObject({ stoppedBy: undefined });
  });
});

function planWithEditsIn(...ids: readonly StepId[]): MigrationPlan {
  const change = { path: 'a.tf', before: 'a', after: 'b', rules: ['T1'] };
  return {
    result: new Repository([]),
    changeSets: steps.map((step) => ({
      step,
      changes: ids.includes(step.id) ? [change] : [],
      refusals: [],
      remarks: [],
    })),
  };
}
