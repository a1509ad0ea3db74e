import type { Drill } from '../drill.ts';
import { addFault, portal } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const ssoBlackHole: Drill = {
  id: 'sso-black-hole',
  title: 'The SSO portal accepts and never answers in mid run',
  why: 'The keys end, and the portal neither gives new ones nor refuses.',
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
      do: async (stage) => addFault(stage, portal, { kind: 'black-hole' }),
    },
  ],
  patienceSeconds: 30,
  expected: { outcome: 'state-lost', lock: 'held', says: ['T-CANCELED'] },
  remedy: 'Interrupt twice, release the lock; what was made since the last write has to be imported by hand.',
};
