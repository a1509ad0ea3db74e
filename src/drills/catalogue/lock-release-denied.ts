import type { Drill } from '../drill.ts';
import { addFault, lockDelete } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const lockReleaseDenied: Drill = {
  id: 'lock-release-denied',
  title: 'The lock cannot be released',
  why: 'The policy of the state lets people write the lock and not delete it. The state is safe; the next run is locked out.',
  slow: false,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) =>
    addFault(stage, lockDelete, { kind: 'error', status: 403, code: 'AccessDenied', message: 'Access Denied' }),
  expected: { outcome: 'stopped', lock: 'held', says: ['T-LOCK-REL'] },
  remedy: 'Allow s3:DeleteObject on the lock file, then release the lock.',
};
