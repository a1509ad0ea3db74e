/**
 * The authorization code flow with PKCE (RFC 6749, RFC 7636) as the AWS CLI does it: the browser comes back to a port of
 * loopback that listens before it opens.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { KeylessError } from '../kernel/error.ts';
import type { IncomingRequest, LoopbackServer } from '../ports/index.ts';
import { createToken, refused } from './oidc.ts';
import type { ClientRegistration, SignInPorts, SsoEndpoints, SsoSession, SsoToken } from './sso-session.ts';

export interface AuthorizationCodeSignIn {
  /** For the browser. It holds no secret: what redeems the code stays here. */
  readonly authorizeUrl: string;
  /** Port of 127.0.0.1 that waits for the browser. */
  readonly port: number;
  /**
   * Waits for the browser, at most ten minutes. Throws SIGN_IN_REFUSED, SIGN_IN_EXPIRED, INTERRUPTED. The port is closed
   * in every case.
   */
  finish(signal?: AbortSignal): Promise<SsoToken>;
  /** Closes the port without waiting. */
  cancel(): Promise<void>;
}

const callbackPath = '/oauth/callback';
/** As the AWS CLI waits. */
const patienceSeconds = 600;

export async function startAuthorizationCode(
  ports: SignInPorts,
  endpoints: SsoEndpoints,
  session: SsoSession,
  registration: ClientRegistration,
  options: { /** 0 takes a free one. */ readonly port?: number } = {},
): Promise<AuthorizationCodeSignIn> {
  // 48 bytes are 64 characters: between the 43 and 128 of RFC 7636.
  const verifier = Buffer.from(ports.random.bytes(48)).toString('base64url');
  const state = Buffer.from(ports.random.bytes(24)).toString('base64url');
  const callback = await listenForCallback(ports, state, options.port ?? 0);
  const redirectUri = `http://127.0.0.1:${callback.port}${callbackPath}`;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: registration.clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge_method: 'S256',
    // Plural: AWS's name for it.
    scopes: session.scopes.join(' '),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  return {
    authorizeUrl: `${endpoints.oidc}/authorize?${query}`,
    port: callback.port,
    cancel: callback.close,
    finish: async (signal) => {
      try {
        const visit = await callback.visit(ports, signal);
        if (visit === undefined) {
          throw refused(session, 'the sign-in failed', {
            error: 'ExpiredToken',
            description: `the browser did not come back within ${patienceSeconds / 60} minutes`,
          });
        }
        return await exchange(
          visit,
          async (code) => {
            const members = { code, codeVerifier: verifier, redirectUri };
            const grant = { grantType: 'authorization_code', members };
            const answer = await createToken(ports, endpoints, registration, grant, signal);
            if (!answer.ok) throw refused(session, 'the sign-in failed', answer);
            return answer.token;
          },
          session,
        );
      } finally {
        await callback.close();
      }
    },
  };
}

/** The browser, once it came back with our state. */
interface Visit {
  readonly request: IncomingRequest;
  readonly query: URLSearchParams;
}

/** Shows the person how it ended only when it has ended. */
async function exchange(
  { request, query }: Visit,
  redeem: (code: string) => Promise<SsoToken>,
  session: SsoSession,
): Promise<SsoToken> {
  const error = query.get('error');
  const code = query.get('code');
  try {
    if (error !== null || code === null) {
      throw refused(session, 'the sign-in failed', {
        error: error === 'access_denied' ? 'AccessDenied' : (error ?? 'InvalidRequest'),
        description: query.get('error_description') ?? (code === null ? 'the browser came back without a code' : ''),
      });
    }
    const token = await redeem(code);
    showPage(request, 200, 'Signed in', 'You can close this window and go back to the terminal.');
    return token;
  } catch (problem) {
    showPage(request, 400, 'Not signed in', 'The terminal says why. You can close this window.');
    throw problem;
  }
}

async function listenForCallback(ports: SignInPorts, state: string, port: number) {
  const arrived = Promise.withResolvers<Visit>();
  let taken = false;
  const server: LoopbackServer = await ports.network.listen({
    port,
    handle: (request) => {
      const url = URL.parse(request.target, 'http://127.0.0.1');
      const here = request.host === '127.0.0.1' && url?.pathname === callbackPath;
      if (url === null || !here || request.method !== 'GET') {
        showPage(request, 404, 'Nothing here', 'This port waits for a sign-in.');
      } else if (taken) {
        showPage(request, 410, 'This sign-in is over', 'You can close this window.');
      } else if (!sameText(url.searchParams.get('state') ?? '', state)) {
        // Another page, or an attacker: the real browser may still come.
        showPage(request, 400, 'Not the sign-in that is expected', 'Go back to the terminal and open the link there.');
      } else {
        taken = true;
        arrived.resolve({ request, query: url.searchParams });
      }
    },
  });
  return {
    port: server.port,
    close: async () => await server.close(),
    visit: async ({ clock }: SignInPorts, signal: AbortSignal | undefined): Promise<Visit | undefined> => {
      const done = new AbortController();
      const enough = signal === undefined ? done.signal : AbortSignal.any([signal, done.signal]);
      const visit = await Promise.race([arrived.promise, clock.sleep(patienceSeconds * 1000, enough)]);
      done.abort();
      if (visit === undefined && signal?.aborted === true) {
        throw new KeylessError({ code: 'INTERRUPTED', message: 'the sign-in was interrupted' });
      }
      return visit ?? undefined;
    },
  };
}

/** In a time that tells nothing of where they differ. */
function sameText(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

/** Fixed texts only: nothing of the request comes back. */
function showPage(request: IncomingRequest, status: number, title: string, text: string): void {
  request.respond(
    status,
    {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      connection: 'close',
    },
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`,
  );
}
