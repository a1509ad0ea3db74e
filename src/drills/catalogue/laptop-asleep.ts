import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const laptopAsleep: Drill = {
  id: 'laptop-asleep',
  title: 'The laptop sleeps in mid run',
  why: 'The lid is closed during an apply and opened after the session at the portal has ended.',
  slow: true,
  source: ssoProfile,
  hourSeconds: 3,
  steps: 2,
  stepSeconds: 2,
  // Read when the session begins.
  settings: { portalSessionSeconds: 2 * 3600 },
  events: [
    {
      when: { step: 1 },
      what: 'the laptop sleeps for three AWS hours',
      do: async ({ ports }, terraform) => {
        terraform.kill('SIGSTOP');
        await ports.clock.sleep(9000);
        terraform.kill('SIGCONT');
      },
    },
  ],
  expected: { outcome: 'state-on-disk', lock: 'held', says: ['T-SSO-GRANT', 'T-STATE', 'T-STATE-DISK', 'T-LOCK-REL'] },
  remedy: 'Sign in, release the lock, push errored.tfstate, apply again.',
};
