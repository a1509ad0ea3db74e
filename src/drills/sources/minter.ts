/** Keys of the role as a helper or an endpoint hands them out: fresh ones when the old have little left. */
import type { RoleCredentials, SsoToken } from '../../broker/index.ts';
import type { Stage } from '../stage.ts';

export interface Minter {
  current(): Promise<RoleCredentials>;
}

/**
 * @param leastLeft share of the lifetime below which keys are not handed out any more
 */
export function mintRoleKeys(stage: Stage, token: SsoToken, leastLeft: number): Minter {
  let keys: RoleCredentials | undefined;
  let mintedAt = 0;
  let session = token;
  return {
    current: async () => {
      const now = stage.ports.clock.now().getTime();
      const left = keys === undefined ? 0 : keys.expiresAt.getTime() - now;
      if (keys !== undefined && left > leastLeft * (keys.expiresAt.getTime() - mintedAt)) return keys;
      // The helper's own session is not what the drill is about.
      if (session.expiresAt.getTime() - now < 1000) session = await stage.signIn();
      keys = await stage.roleCredentials(session);
      mintedAt = now;
      return keys;
    },
  };
}
