import type { Drill } from '../drill.ts';
import { webIdentityOld } from '../sources/web-identity.ts';

export const tokenExpiresWebIdentity: Drill = {
  id: 'token-expires-web-identity',
  title: 'The token file is older than its token',
  why: 'A long job whose runner wrote the token file once. When the role keys end, the token has long ended too.',
  slow: false,
  source: webIdentityOld,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2.5,
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-WEB-EXP', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Run the job again; release the lock and push errored.tfstate first, if the runner still has it.',
};
