import type { Drill } from '../drill.ts';
import { addFault, sts } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const stsSlow: Drill = {
  id: 'sts-slow',
  title: 'STS answers slowly',
  why: 'A bad line, or a region in trouble: each call to STS takes three seconds.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, sts, { kind: 'delay', milliseconds: 3000 }),
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing but patience.',
};
