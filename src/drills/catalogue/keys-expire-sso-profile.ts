import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';

export const keysExpireSsoProfile: Drill = {
  id: 'keys-expire-sso-profile',
  title: 'Role keys expire in mid apply: SSO profile',
  why: 'An apply that takes longer than the role session, with a session at the portal that goes on.',
  slow: false,
  source: ssoProfile,
  hourSeconds: 3,
  steps: 3,
  stepSeconds: 2,
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing: the SDK gets new keys.',
};
