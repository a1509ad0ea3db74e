/** SSO OIDC: registering as a client, and exchanging what a person allowed for a token. */
import { KeylessError } from '../kernel/error.ts';
import { Secret } from '../kernel/secret.ts';
import { type Json, numberOf, optionalText, type SsoAnswer, sendSso, textOf } from './sso-request.ts';
import type { ClientRegistration, SignInPorts, SsoEndpoints, SsoSession, SsoToken } from './sso-session.ts';

export type SignInFlow = 'authorization-code' | 'device-code';

/** Registered without a port: any port of loopback matches it (RFC 8252, section 7.3). */
const redirectUri = 'http://127.0.0.1/oauth/callback';

/**
 * Registers keyless as a public client, which needs no sign-in. The authorization code flow has to be named, with where
 * the browser will come back to; a client that names nothing gets the device flow.
 */
export async function registerClient(
  { network }: Pick<SignInPorts, 'network'>,
  endpoints: SsoEndpoints,
  session: SsoSession,
  flow: SignInFlow,
): Promise<ClientRegistration> {
  const url = `${endpoints.oidc}/client/register`;
  const grantTypes = flow === 'authorization-code' ? ['authorization_code', 'refresh_token'] : [];
  const answer = await sendSso(network, endpoints, {
    method: 'POST',
    url,
    body: {
      clientName: `keyless-${session.name}`,
      clientType: 'public',
      scopes: session.scopes,
      ...(flow === 'authorization-code'
        ? { grantTypes, redirectUris: [redirectUri], issuerUrl: session.startUrl }
        : {}),
    },
  });
  if (!answer.ok) throw refused(session, `cannot register with ${endpoints.oidc}`, answer);
  return {
    clientId: textOf(answer.value, 'clientId', url),
    clientSecret: new Secret(textOf(answer.value, 'clientSecret', url)),
    expiresAt: new Date(numberOf(answer.value, 'clientSecretExpiresAt', url) * 1000),
    scopes: session.scopes,
    grantTypes,
  };
}

/** What CreateToken is asked with, besides who asks. */
export interface Grant {
  readonly grantType: string;
  readonly members: Json;
}

/** One CreateToken: the token, or the refusal for the flow to judge. */
export async function createToken(
  { network, clock }: Pick<SignInPorts, 'network' | 'clock'>,
  endpoints: SsoEndpoints,
  registration: ClientRegistration,
  grant: Grant,
  signal?: AbortSignal,
): Promise<{ readonly ok: true; readonly token: SsoToken } | Extract<SsoAnswer, { ok: false }>> {
  const url = `${endpoints.oidc}/token`;
  const answer = await sendSso(network, endpoints, {
    method: 'POST',
    url,
    body: {
      clientId: registration.clientId,
      clientSecret: registration.clientSecret.reveal(),
      grantType: grant.grantType,
      ...grant.members,
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) return answer;
  const refreshToken = optionalText(answer.value, 'refreshToken');
  return {
    ok: true,
    token: {
      accessToken: new Secret(textOf(answer.value, 'accessToken', url)),
      expiresAt: new Date(clock.now().getTime() + numberOf(answer.value, 'expiresIn', url) * 1000),
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      registration,
    },
  };
}

/** The error for an answer that ends a sign-in. */
export function refused(
  session: SsoSession,
  what: string,
  answer: { readonly error: string; readonly description: string },
): KeylessError {
  const expired = answer.error === 'ExpiredToken' || answer.error === 'InvalidGrant';
  const reason = answer.description === '' ? answer.error : `${answer.error}: ${answer.description}`;
  return new KeylessError({
    code: expired ? 'SIGN_IN_EXPIRED' : 'SIGN_IN_REFUSED',
    message: `${what} for the session ${session.name} (${session.startUrl}): ${reason}`,
    hint: 'sign in again',
    details: { session: session.name, error: answer.error },
  });
}
