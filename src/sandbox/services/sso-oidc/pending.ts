/** A sign-in that begins: what the device flow and the authorization code flow have in common. */
import { Secret } from '../../../kernel/secret.ts';
import type { Call } from '../../core/service.ts';
import type { PendingAuthorization } from '../identity-center/state.ts';

/** From this number of sign-ins on, those that ran out go. */
const keptAuthorizations = 1000;

export type NewAuthorization = Pick<
  PendingAuthorization,
  'id' | 'kind' | 'clientId' | 'userCode' | 'redirectUri' | 'codeChallenge' | 'state' | 'scopes'
> & {
  /** Real seconds: a person's time is not scaled. */
  readonly seconds: number;
};

export function addAuthorization({ world, time }: Call, { seconds, ...given }: NewAuthorization): PendingAuthorization {
  const { authorizations } = world.identityCenter;
  const now = time.now();
  if (authorizations.size >= keptAuthorizations) {
    for (const [id, known] of authorizations) if (now >= known.expiresAt) authorizations.delete(id);
  }
  const pending: PendingAuthorization = {
    ...given,
    expiresAt: now + seconds * 1000,
    pageId: world.ids.uuid(),
    formToken: new Secret(world.ids.alphanumeric(32)),
    lastPolledAt: undefined,
    decision: undefined,
    code: undefined,
    redeemed: false,
  };
  authorizations.set(pending.id, pending);
  return pending;
}
