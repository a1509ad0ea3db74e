import type { Drill } from '../drill.ts';
import { issuerOf, webIdentity } from '../sources/web-identity.ts';

export const jwksUnreachable: Drill = {
  id: 'jwks-unreachable',
  title: 'The keys of the issuer cannot be fetched',
  why: 'STS has to fetch the keys of the token issuer and cannot: the issuer is down, or its address is private.',
  slow: true,
  source: webIdentity,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  events: [
    {
      when: { step: 1 },
      what: 'the issuer cannot be reached',
      do: async (stage) => {
        issuerOf(stage).reachable = false;
      },
    },
  ],
  mend: async (stage) => {
    issuerOf(stage).reachable = true;
  },
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-WEB-KEY', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Wait for the issuer, then run the job again; release the lock and push errored.tfstate first.',
};
