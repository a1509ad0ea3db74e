import type { Drill } from '../drill.ts';
import { ssoProfileWithoutRefresh } from '../sources/sso-profile.ts';

export const ssoTokenExpiredBefore: Drill = {
  id: 'sso-token-expired-before',
  title: 'The SSO token has expired before the run',
  why: 'The morning after: the session of yesterday is over, and its token cannot renew itself.',
  slow: false,
  source: ssoProfileWithoutRefresh,
  hourSeconds: 1,
  steps: 1,
  stepSeconds: 0,
  before: async ({ ports }) => await ports.clock.sleep(2000),
  expected: { outcome: 'refused', lock: 'free', says: ['T-SSO-EXP'] },
  remedy: 'Sign in, then apply again.',
};
