import type { Drill } from '../drill.ts';
import { addFault, sts } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const stsResetting: Drill = {
  id: 'sts-resetting',
  title: 'STS resets connections',
  why: 'A proxy or a firewall cuts every connection to STS.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, sts, { kind: 'reset' }),
  expected: { outcome: 'refused', lock: 'free', says: ['T-NET-STS'] },
  remedy: 'Mend the network, then apply again.',
};
