/** The authorization code flow with PKCE (RFC 6749, 7636): the page a browser opens, and the way back to the client. */
import type { Call, WireResponse } from '../../core/service.ts';
import { callback } from '../identity-center/approve.ts';
import { matchesRedirectUri, mayUseGrant } from './client.ts';
import { decide } from './decide.ts';
import { consentPage, messagePage, redirect } from './pages.ts';
import { addAuthorization } from './pending.ts';

/** Real seconds from the page to the code's exchange. */
const authorizationSeconds = 600;

export function showAuthorizePage(call: Call): WireResponse {
  call.event.unrecorded = true;
  const { world, time, request } = call;
  const asked = (name: string): string | undefined => request.query.get(name) ?? undefined;
  const client = world.identityCenter.clients.get(asked('client_id') ?? '');
  const redirectUri = asked('redirect_uri') ?? '';
  // Before these two are known to be good, a redirect would send the person anywhere.
  if (client === undefined || time.now() >= client.expiresAt) {
    return messagePage(call, 400, 'This link does not work', ['The client is not registered here, or no longer.']);
  }
  if (!matchesRedirectUri(client, redirectUri)) {
    return messagePage(call, 400, 'This link does not work', [
      `The client ${client.clientName} is not registered with the address it wants to come back to: ${redirectUri || '(none)'}.`,
    ]);
  }
  const state = asked('state');
  const scopes = (asked('scopes') ?? asked('scope') ?? client.scopes.join(' '))
    .split(' ')
    .filter((name) => name !== '');
  const problem = refusal(client, scopes, asked);
  if (problem !== undefined) {
    const [error, error_description] = problem;
    return redirect(callback({ redirectUri, state }, { error, error_description }));
  }
  const pending = addAuthorization(call, {
    id: world.ids.uuid(),
    kind: 'code',
    clientId: client.clientId,
    userCode: undefined,
    redirectUri,
    codeChallenge: asked('code_challenge'),
    state,
    scopes,
    seconds: authorizationSeconds,
  });
  return consentPage(call, pending);
}

export function submitAuthorizePage(call: Call): WireResponse {
  call.event.unrecorded = true;
  const decision = decide(call);
  if (decision.outcome === 'refused') return decision.page;
  return redirect(decision.redirectTo as string);
}

function refusal(
  client: Parameters<typeof mayUseGrant>[0],
  scopes: readonly string[],
  asked: (name: string) => string | undefined,
): readonly [string, string] | undefined {
  if (!mayUseGrant(client, 'authorization_code')) {
    return ['unauthorized_client', 'The client is not registered for the authorization code flow.'];
  }
  if (asked('response_type') !== 'code') return ['unsupported_response_type', 'response_type must be "code".'];
  const unknown = scopes.find((scope) => !client.scopes.includes(scope));
  if (unknown !== undefined) return ['invalid_scope', `The client is not registered for the scope "${unknown}".`];
  if (asked('code_challenge_method') !== 'S256') return ['invalid_request', 'code_challenge_method must be "S256".'];
  if (!/^[\w-]{43}$/.test(asked('code_challenge') ?? '')) {
    return ['invalid_request', 'code_challenge must be a SHA-256 digest in base64url without padding.'];
  }
  return undefined;
}
