import type { Drill } from '../drill.ts';
import { addFault, sts } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const stsThrottling: Drill = {
  id: 'sts-throttling',
  title: 'STS throttles',
  why: 'Many runs at once in one account: STS answers 400 Throttling to each call.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) =>
    addFault(stage, sts, { kind: 'error', status: 400, code: 'Throttling', message: 'Rate exceeded' }),
  expected: { outcome: 'refused', lock: 'free', says: ['T-STS-THROTTLED'] },
  remedy: 'Wait, then apply again; run fewer jobs at once.',
};
