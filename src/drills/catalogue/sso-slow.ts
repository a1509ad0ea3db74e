import type { Drill } from '../drill.ts';
import { addFault, portal } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const ssoSlow: Drill = {
  id: 'sso-slow',
  title: 'The SSO portal answers slowly in mid run',
  why: 'The keys end, and the portal takes four seconds for new ones.',
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
      do: async (stage) => addFault(stage, portal, { kind: 'delay', milliseconds: 4000 }),
    },
  ],
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing but patience.',
};
