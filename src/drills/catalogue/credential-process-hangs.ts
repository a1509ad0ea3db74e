import type { Drill } from '../drill.ts';
import { credentialProcess, writeHelper } from '../sources/credential-process.ts';

export const credentialProcessHangs: Drill = {
  id: 'credential-process-hangs',
  title: 'The credential_process helper hangs in mid run',
  why: 'The helper waits for a person, or for a network. The SDK kills it after 60 seconds.',
  slow: true,
  source: credentialProcess,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2.5,
  events: [
    {
      when: { step: 1 },
      what: 'the helper hangs',
      do: async (stage) => await writeHelper(stage, 'exec sleep 70'),
    },
  ],
  patienceSeconds: 240,
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-PROC-TIME', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Mend the helper, release the lock, push errored.tfstate, apply again.',
};
