import type { Drill } from '../drill.ts';
import { addFault, portal } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const ssoResetting: Drill = {
  id: 'sso-resetting',
  title: 'The SSO portal resets connections in mid run',
  why: 'The keys end while the line to the portal is cut.',
  slow: true,
  source: ssoProfile,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  // Only the keys of the role are to end.
  settings: { portalSessionSeconds: 48 * 3600, accessTokenSeconds: 48 * 3600 },
  events: [
    { when: { step: 1 }, what: 'the fault begins', do: async (stage) => addFault(stage, portal, { kind: 'reset' }) },
  ],
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-NET-SSO', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Mend the network, release the lock, push errored.tfstate, apply again.',
};
