import type { Drill } from '../drill.ts';
import { webIdentity } from '../sources/web-identity.ts';

export const keysExpireWebIdentity: Drill = {
  id: 'keys-expire-web-identity',
  title: 'Role keys expire in mid apply: web identity',
  why: 'The same in a pipeline whose runner renews the token file.',
  slow: false,
  source: webIdentity,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing: the SDK offers the token of the file again.',
};
