import type { Drill } from '../drill.ts';
import { changeTrust, roleChain } from '../sources/role-chain.ts';
import { account } from '../stage.ts';

export const roleTrustChanged: Drill = {
  id: 'role-trust-changed',
  title: 'The trust of the role is changed in mid run',
  why: 'A stricter trust policy is rolled out. Sessions that exist go on; the next AssumeRole is refused.',
  slow: false,
  source: roleChain,
  hourSeconds: 12,
  steps: 3,
  stepSeconds: 2,
  events: [
    {
      when: { step: 1 },
      what: 'the role trusts another account',
      do: async (stage) => changeTrust(stage, '333333333333'),
    },
  ],
  mend: async (stage) => changeTrust(stage, account),
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-AR-PROF', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Have the trust policy mended, release the lock, push errored.tfstate, apply again.',
};
