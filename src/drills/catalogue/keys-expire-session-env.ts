import type { Drill } from '../drill.ts';
import { sessionEnv } from '../sources/session-env.ts';

export const keysExpireSessionEnv: Drill = {
  id: 'keys-expire-session-env',
  title: 'Role keys expire in mid apply: session keys in the environment',
  why: 'Keys that a login tool exported. Nothing renews them: the run ends with the keys.',
  slow: false,
  source: sessionEnv,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2.5,
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-EXP', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Get new keys, release the lock, push errored.tfstate, apply again.',
};
