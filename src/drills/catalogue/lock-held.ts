import type { Drill } from '../drill.ts';
import { finishOtherRun, startOtherRun } from '../other-run.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const lockHeld: Drill = {
  id: 'lock-held',
  title: 'Somebody else holds the lock',
  why: 'Two people apply at once; the lock does its work.',
  slow: false,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: startOtherRun,
  mend: finishOtherRun,
  expected: { outcome: 'refused', lock: 'held', says: ['T-LOCK-HELD'] },
  remedy: 'Wait until the other run has ended, then apply again. Never force-unlock a run that is alive.',
};
