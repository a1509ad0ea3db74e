import type { Drill } from '../drill.ts';
import { ssoProfile } from '../sources/sso-profile.ts';
import { useRefreshToken } from '../use-refresh-token.ts';

export const refreshTokenUsedUp: Drill = {
  id: 'refresh-token-used-up',
  title: 'The refresh token was used by somebody else',
  why: 'A refresh token works once. An editor, or a second terminal, has used it and kept the new one to itself.',
  slow: false,
  source: ssoProfile,
  hourSeconds: 1,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => {
    await useRefreshToken(stage);
    // Until the access token is over too, nobody notices.
    await stage.ports.clock.sleep(1500);
  },
  expected: { outcome: 'refused', lock: 'free', says: ['T-SSO-GRANT'] },
  remedy: 'Sign in, then apply again.',
};
