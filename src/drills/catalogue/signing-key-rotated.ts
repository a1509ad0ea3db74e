import { rotateKeys } from '../../sandbox/index.ts';
import type { Drill } from '../drill.ts';
import { issuerOf, webIdentityOnce } from '../sources/web-identity.ts';

export const signingKeyRotated: Drill = {
  id: 'signing-key-rotated',
  title: 'The issuer withdraws its signing key',
  why: 'A leaked key is replaced at once, without the usual overlap: tokens signed with it are worth nothing from one moment to the next.',
  slow: true,
  source: webIdentityOnce,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  events: [
    {
      when: { step: 1 },
      what: 'the issuer withdraws its key',
      do: async (stage) => rotateKeys(stage.sandbox.world, stage.ports.random, issuerOf(stage), true),
    },
  ],
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-WEB-KEY', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Run the job again with a new token; release the lock and push errored.tfstate first.',
};
