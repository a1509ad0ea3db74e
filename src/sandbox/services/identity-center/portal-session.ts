/** Sessions of people at the access portal: the tokens of SSO OIDC that the portal takes. */
import { Secret } from '../../../kernel/secret.ts';
import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import type { PortalToken, RegisteredClient } from './state.ts';

/** The scope that gives role credentials, and a token that can be renewed. */
export const accountAccessScope = 'sso:account:access';

/** A session without a refresh token, as clients without scopes get it, lasts this long. */
const unrenewableSeconds = 8 * 3600;

/** From this number of tokens on, those of sessions that are over go. */
const keptSessions = 1000;

export interface NewPortalToken {
  readonly client: RegisteredClient;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** A session that goes on; without it a new one begins. */
  readonly session?: Pick<PortalToken, 'sessionId' | 'sessionEndsAt'>;
}

export function issuePortalToken(world: World, time: SandboxTime, given: NewPortalToken): PortalToken {
  const { settings, tokens } = world.identityCenter;
  const now = time.now();
  const renewable = given.scopes.includes(accountAccessScope);
  const sessionEndsAt = given.session?.sessionEndsAt ?? now + time.lifetime(settings.portalSessionSeconds);
  const lifetime = time.lifetime(renewable ? settings.accessTokenSeconds : unrenewableSeconds);
  const token: PortalToken = {
    sessionId: given.session?.sessionId ?? world.ids.uuid(),
    accessToken: new Secret(`aoa${world.ids.alphanumeric(120)}`),
    refreshToken: renewable ? new Secret(`aor${world.ids.alphanumeric(120)}`) : undefined,
    clientId: given.client.clientId,
    userId: given.userId,
    scopes: given.scopes,
    issuedAt: now,
    expiresAt: Math.min(now + lifetime, sessionEndsAt),
    sessionEndsAt,
    revoked: false,
    refreshTokenUsed: false,
  };
  if (tokens.size >= keptSessions) {
    for (const [key, known] of tokens) if (now >= known.sessionEndsAt) tokens.delete(key);
  }
  tokens.set(token.accessToken.reveal(), token);
  return token;
}

/**
 * The session that an access token stands for; `undefined` when it is unknown, over, logged out, or its user was
 * deleted. A user who was disabled keeps a session that is alive, as AWS has it: what ends it is the assignment.
 */
export function findPortalSession(world: World, accessToken: string, now: number): PortalToken | undefined {
  const token = world.identityCenter.tokens.get(accessToken);
  if (token === undefined || token.revoked || now >= token.expiresAt) return undefined;
  return world.identityCenter.users.has(token.userId) ? token : undefined;
}

/** Ends a session with all its tokens; role credentials that were handed out stay valid. */
export function endPortalSession(world: World, sessionId: string): void {
  for (const token of world.identityCenter.tokens.values()) if (token.sessionId === sessionId) token.revoked = true;
}

export function findByRefreshToken(world: World, refreshToken: string): PortalToken | undefined {
  for (const token of world.identityCenter.tokens.values()) {
    if (token.refreshToken?.reveal() === refreshToken) return token;
  }
  return undefined;
}
