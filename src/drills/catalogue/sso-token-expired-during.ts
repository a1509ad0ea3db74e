import type { Drill } from '../drill.ts';
import { ssoProfileWithoutRefresh } from '../sources/sso-profile.ts';

export const ssoTokenExpiredDuring: Drill = {
  id: 'sso-token-expired-during',
  title: 'The SSO token expires while the run is going on',
  why: 'The apply takes longer than the session has left. The role keys end, and no new ones can be had.',
  slow: false,
  source: ssoProfileWithoutRefresh,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2.5,
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-SSO-MID', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Sign in, release the lock, push errored.tfstate, apply again.',
};
