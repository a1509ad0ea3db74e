import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';
import { legacyKeyVariables, setLegacyKey } from '../sources/static-key.ts';

export const retiredKeyInEnvironment: Drill = {
  id: 'retired-key-in-environment',
  title: 'A retired key is left in the environment',
  why: 'The same, after the old key was deactivated: the good session is there and is not looked at.',
  slow: false,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  extraEnv: legacyKeyVariables,
  before: async (stage) => setLegacyKey(stage, 'Inactive'),
  expected: { outcome: 'refused', lock: 'free', says: ['T-KEY-BAD'] },
  remedy: 'Unset AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, here and in the shell profile.',
};
