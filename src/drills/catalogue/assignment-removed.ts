import { giveAssignment, takeAssignment } from '../assignment.ts';
import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const assignmentRemoved: Drill = {
  id: 'assignment-removed',
  title: 'The assignment is removed in mid run',
  why: 'Somebody tidies up permissions while a run is going on. The role goes with its last assignment, and its sessions with the role.',
  slow: false,
  source: ssoProfile,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  events: [{ when: { step: 1 }, what: 'the assignment is removed', do: async (stage) => takeAssignment(stage) }],
  mend: async (stage) => giveAssignment(stage),
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-SSO-403', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Have the assignment back, release the lock, push errored.tfstate, apply again.',
};
