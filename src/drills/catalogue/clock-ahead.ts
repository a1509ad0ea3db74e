import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const clockAhead: Drill = {
  id: 'clock-ahead',
  title: 'The clock of the machine is ten minutes ahead',
  why: 'Signatures are fine, AWS allows fifteen minutes. The machine renews its keys ten minutes before it has to. The drill moves the clock of AWS instead, by the same share of its shorter hour.',
  slow: true,
  source: ssoProfile,
  hourSeconds: 6,
  steps: 2,
  stepSeconds: 4,
  before: async ({ sandbox }) => {
    // Ten minutes of an hour of six seconds.
    sandbox.time.advance(-1000);
  },
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing; set the clock all the same.',
};
