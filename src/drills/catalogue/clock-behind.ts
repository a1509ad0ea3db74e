import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const clockBehind: Drill = {
  id: 'clock-behind',
  title: 'The clock of the machine is ten minutes behind',
  why: 'Signatures are fine, AWS allows fifteen minutes. But the machine takes its keys to be good for ten minutes after they ended. The drill moves the clock of AWS instead, by the same share of its shorter hour.',
  slow: true,
  source: ssoProfile,
  hourSeconds: 18,
  steps: 1,
  stepSeconds: 20,
  before: async ({ sandbox }) => {
    // Ten minutes of an hour of eighteen seconds.
    sandbox.time.advance(3000);
  },
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-EXP', 'T-STATE', 'T-STATE-DISK'] },
  remedy: 'Set the clock, release the lock, push errored.tfstate, apply again.',
};
