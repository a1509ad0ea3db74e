import type { Drill } from '../drill.ts';
import { addFault, stateWrite } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const s3Throttling: Drill = {
  id: 's3-throttling',
  title: 'S3 throttles the state',
  why: 'S3 answers 503 SlowDown to each write of the state, until Terraform gives up.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) =>
    addFault(stage, stateWrite, {
      kind: 'error',
      status: 503,
      code: 'SlowDown',
      message: 'Please reduce your request rate.',
    }),
  expected: { outcome: 'state-on-disk', lock: 'free', says: ['T-S3-503', 'T-STATE', 'T-STATE-DISK'] },
  remedy: 'Wait, push errored.tfstate, apply again.',
};
