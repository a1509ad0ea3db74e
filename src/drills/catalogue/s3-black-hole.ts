import type { Drill } from '../drill.ts';
import { addFault, stateWrite } from '../faults.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const s3BlackHole: Drill = {
  id: 's3-black-hole',
  title: 'S3 accepts the state and never answers',
  why: 'A firewall drops the packets of one connection: the write of the state never ends. Terraform has no time limit of its own; here a person loses patience after 45 seconds.',
  slow: true,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => addFault(stage, stateWrite, { kind: 'black-hole' }),
  patienceSeconds: 45,
  expected: { outcome: 'state-lost', lock: 'held', says: ['T-CANCELED'] },
  remedy: 'There is no good way: interrupt twice, release the lock, import by hand what was made.',
};
