import type { Drill } from '../drill.ts';
import { addFault, s3 } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const s3Slow: Drill = {
  id: 's3-slow',
  title: 'S3 answers slowly',
  why: 'Each call to S3 takes two seconds; an apply makes seven or more, one after the other.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, s3, { kind: 'delay', milliseconds: 2000 }),
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing but patience.',
};
