/** CreateToken: a decided sign-in or a refresh token becomes an access token of the portal. */
import { createHash } from 'node:crypto';
import type { Call, Input, WireResponse } from '../../core/service.ts';
import { identityCenterUser } from '../cloudtrail/user-identity.ts';
import { identityStoreArn } from '../identity-center/permission-set.ts';
import { findByRefreshToken, issuePortalToken } from '../identity-center/portal-session.ts';
import type { PendingAuthorization, PortalToken, RegisteredClient } from '../identity-center/state.ts';
import { authenticateClient, deviceGrant, mayUseGrant, optionalText, text, texts } from './client.ts';
import { jsonAnswer, oidcError } from './oidc-error.ts';

/** Polls that come this much too early are still in time: timers of clients and ours are not the same. */
const earlyMilliseconds = 250;

export function createToken(call: Call, input: Input): WireResponse {
  const { world, time } = call;
  const grant = text(input, 'grantType');
  const client = authenticateClient(call, input);
  if (![deviceGrant, 'authorization_code', 'refresh_token'].includes(grant)) {
    throw oidcError('UnsupportedGrantTypeException', `The grant type "${grant}" is not supported.`);
  }
  if (!mayUseGrant(client, grant)) {
    throw oidcError('UnauthorizedClientException', `The client is not registered for the grant type "${grant}".`);
  }
  const token =
    grant === 'refresh_token'
      ? renew(call, client, text(input, 'refreshToken'), texts(input, 'scope'))
      : grant === 'authorization_code'
        ? redeemCode(call, client, input)
        : redeemDeviceCode(call, client, text(input, 'deviceCode'));
  call.event.userIdentity = identityCenterUser({
    account: world.identityCenter.ownerAccount,
    userId: token.userId,
    identityStoreArn: identityStoreArn(world),
    credentialId: token.sessionId,
  });
  return jsonAnswer({
    accessToken: token.accessToken.reveal(),
    tokenType: 'Bearer',
    expiresIn: Math.floor((token.expiresAt - time.now()) / 1000),
    ...(token.refreshToken === undefined ? {} : { refreshToken: token.refreshToken.reveal() }),
  });
}

function redeemDeviceCode(call: Call, client: RegisteredClient, deviceCode: string): PortalToken {
  const { world, time } = call;
  const { authorizations, settings } = world.identityCenter;
  const pending = authorizations.get(deviceCode);
  if (pending?.kind !== 'device' || pending.clientId !== client.clientId) {
    throw oidcError('InvalidGrantException', 'The device code is unknown.');
  }
  if (pending.redeemed) throw oidcError('InvalidGrantException', 'The device code was used already.');
  const now = time.now();
  if (now >= pending.expiresAt) throw oidcError('ExpiredTokenException', 'The device code has expired.');
  const { lastPolledAt } = pending;
  pending.lastPolledAt = now;
  if (pending.decision === undefined) {
    const tooSoon = settings.pollIntervalSeconds * 1000 - earlyMilliseconds;
    if (lastPolledAt !== undefined && now - lastPolledAt < tooSoon) {
      throw oidcError('SlowDownException', `Polls must be ${settings.pollIntervalSeconds} s apart.`);
    }
    throw oidcError('AuthorizationPendingException', 'The person has not decided yet.');
  }
  return finish(call, client, pending);
}

function redeemCode(call: Call, client: RegisteredClient, input: Input): PortalToken {
  const code = text(input, 'code');
  const redirectUri = text(input, 'redirectUri');
  const verifier = optionalText(input, 'codeVerifier');
  const { authorizations } = call.world.identityCenter;
  const pending = [...authorizations.values()].find((candidate) => candidate.code === code);
  if (pending === undefined || pending.clientId !== client.clientId) {
    throw oidcError('InvalidGrantException', 'The authorization code is unknown.');
  }
  if (pending.redeemed) throw oidcError('InvalidGrantException', 'The authorization code was used already.');
  if (call.time.now() >= pending.expiresAt) {
    throw oidcError('InvalidGrantException', 'The authorization code has expired.');
  }
  if (pending.redirectUri !== redirectUri) {
    throw oidcError('InvalidGrantException', 'redirectUri is not the one that the code was asked for with.');
  }
  if (
    verifier === undefined ||
    !/^[\w.~-]{43,128}$/.test(verifier) ||
    challengeOf(verifier) !== pending.codeChallenge
  ) {
    throw oidcError('InvalidGrantException', 'codeVerifier does not fit the code challenge.');
  }
  return finish(call, client, pending);
}

function finish(call: Call, client: RegisteredClient, pending: PendingAuthorization): PortalToken {
  const { decision } = pending;
  if (decision === undefined || decision === 'denied') {
    throw oidcError('AccessDeniedException', 'The person refused.');
  }
  pending.redeemed = true;
  return issuePortalToken(call.world, call.time, { client, userId: decision.userId, scopes: pending.scopes });
}

function renew(call: Call, client: RegisteredClient, refreshToken: string, asked: readonly string[]): PortalToken {
  const { world, time } = call;
  const known = findByRefreshToken(world, refreshToken);
  if (known === undefined || known.clientId !== client.clientId || known.revoked) {
    throw oidcError('InvalidGrantException', 'The refresh token is unknown.');
  }
  if (known.refreshTokenUsed && world.identityCenter.settings.refreshTokens === 'single-use') {
    throw oidcError('InvalidGrantException', 'The refresh token was used already.');
  }
  if (time.now() >= known.sessionEndsAt || !world.identityCenter.users.has(known.userId)) {
    throw oidcError('InvalidGrantException', 'The session is over.');
  }
  if (asked.some((scope) => !known.scopes.includes(scope))) {
    throw oidcError('InvalidScopeException', 'A renewed token has no more scopes than the first.');
  }
  known.refreshTokenUsed = true;
  return issuePortalToken(world, time, { client, userId: known.userId, scopes: known.scopes, session: known });
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
