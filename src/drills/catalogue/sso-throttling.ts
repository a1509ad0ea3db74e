import type { Drill } from '../drill.ts';
import { addFault, portal } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const ssoThrottling: Drill = {
  id: 'sso-throttling',
  title: 'The SSO portal throttles in mid run',
  why: 'Many processes ask for keys at once, and each of them for itself: the portal answers 429.',
  slow: true,
  source: ssoProfile,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  // Only the keys of the role are to end.
  settings: { portalSessionSeconds: 48 * 3600, accessTokenSeconds: 48 * 3600 },
  events: [
    {
      when: { step: 1 },
      what: 'the fault begins',
      do: async (stage) =>
        addFault(stage, portal, {
          kind: 'error',
          status: 429,
          code: 'TooManyRequestsException',
          message: 'HTTP 429 Unknown Code',
        }),
    },
  ],
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-SSO-429', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Sign in, release the lock, push errored.tfstate, apply again.',
};
