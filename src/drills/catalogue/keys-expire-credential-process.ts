import type { Drill } from '../drill.ts';
import { credentialProcess } from '../sources/credential-process.ts';

export const keysExpireCredentialProcess: Drill = {
  id: 'keys-expire-credential-process',
  title: 'Role keys expire in mid apply: credential_process',
  why: 'The same, with a helper that always has keys which last.',
  slow: false,
  source: credentialProcess,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing: the SDK asks the helper again.',
};
