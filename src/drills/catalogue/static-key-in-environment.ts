import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';
import { legacyKeyVariables } from '../sources/static-key.ts';

export const staticKeyInEnvironment: Drill = {
  id: 'static-key-in-environment',
  title: 'A static key is left in the environment',
  why: 'The person has moved to SSO, and the shell still exports the old key. It wins over AWS_PROFILE, and nothing says so.',
  slow: false,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  extraEnv: legacyKeyVariables,
  expected: { outcome: 'finished', lock: 'free', says: [], wroteAs: 'user/deployment' },
  remedy: 'Unset AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, here and in the shell profile.',
};
