import type { Drill } from '../drill.ts';
import { ssoProfileWithoutRefresh } from '../sources/sso-profile.ts';

export const ssoTokenExpiredAfter: Drill = {
  id: 'sso-token-expired-after',
  title: 'The SSO token expires when the run has its keys',
  why: 'The session ends, the role keys of the run do not: the run knows nothing of it, only the next one will.',
  slow: false,
  source: ssoProfileWithoutRefresh,
  hourSeconds: 4,
  steps: 2,
  stepSeconds: 2.5,
  before: async ({ sandbox }) => {
    // Terraform's keys last a real hour, the token is over in four seconds.
    sandbox.time.setHourSeconds(3600);
  },
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing now; sign in before the next run.',
};
