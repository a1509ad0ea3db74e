import type { Drill } from '../drill.ts';
import { credentialProcess, writeHelper } from '../sources/credential-process.ts';

export const credentialProcessFails: Drill = {
  id: 'credential-process-fails',
  title: 'The credential_process helper fails once in mid run',
  why: 'One hiccup of the helper, at the moment when the keys end. The SDK does not ask again.',
  slow: false,
  source: credentialProcess,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2.5,
  events: [
    {
      when: { step: 1 },
      what: 'the helper fails once',
      do: async (stage) =>
        await writeHelper(stage, 'test -e failed || { touch failed; echo "the helper has no keys" >&2; exit 1; }'),
    },
  ],
  expected: { outcome: 'state-on-disk', lock: 'free', says: ['T-PROC-FAIL', 'T-STATE', 'T-STATE-DISK'] },
  remedy: 'Push errored.tfstate, apply again. A helper must not fail for a moment: it has to try again itself.',
};
