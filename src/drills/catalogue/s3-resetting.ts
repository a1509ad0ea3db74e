import type { Drill } from '../drill.ts';
import { addFault, stateWrite } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const s3Resetting: Drill = {
  id: 's3-resetting',
  title: 'S3 resets the connection of the state',
  why: 'The line breaks at each write of the state, until Terraform gives up.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, stateWrite, { kind: 'reset' }),
  expected: { outcome: 'state-on-disk', lock: 'free', says: ['T-NET-S3', 'T-STATE', 'T-STATE-DISK'] },
  remedy: 'Mend the network, push errored.tfstate, apply again.',
};
