import type { Drill } from '../drill.ts';
import { setLegacyKey, staticKey } from '../sources/static-key.ts';

export const accessKeyRotated: Drill = {
  id: 'access-key-rotated',
  title: 'The access key is rotated in mid run',
  why: 'The old key is deactivated by the book while a run still uses it.',
  slow: false,
  source: staticKey,
  steps: 2,
  stepSeconds: 1,
  events: [{ when: { step: 1 }, what: 'the key is deactivated', do: async (stage) => setLegacyKey(stage, 'Inactive') }],
  mend: async (stage) => setLegacyKey(stage, 'Active'),
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-S3-KEY', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Put the new key in its place, release the lock, push errored.tfstate, apply again.',
};
