import type { Drill } from '../drill.ts';
import { addFault, sts } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const stsBlackHole: Drill = {
  id: 'sts-black-hole',
  title: 'STS accepts and never answers',
  why: 'A firewall that drops packets: the connection stands, and nothing comes back.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, sts, { kind: 'black-hole' }),
  patienceSeconds: 30,
  expected: { outcome: 'refused', lock: 'free', says: [] },
  remedy: 'Interrupt, mend the network, then apply again.',
};
