/** One call to SSO OIDC or the access portal: JSON out and in, refusals as values. */
import { KeylessError } from '../kernel/error.ts';
import type { Headers, Network } from '../ports/index.ts';
import type { SsoEndpoints } from './sso-session.ts';

export type Json = Readonly<Record<string, unknown>>;

export type SsoAnswer =
  | { readonly ok: true; readonly value: Json }
  /** `error`: the name of the modelled exception without `Exception`: `AuthorizationPending`, `Forbidden`. */
  | { readonly ok: false; readonly error: string; readonly status: number; readonly description: string };

export interface SsoRequest {
  readonly method: 'GET' | 'POST';
  /** Of SSO OIDC or of the portal, with path and query. */
  readonly url: string;
  readonly headers?: Headers;
  readonly body?: Json;
  readonly signal?: AbortSignal;
}

/**
 * Rejects with NETWORK_FAILED when nobody answers, and when the answer is not one of AWS's: a proxy's page, a server's
 * failure. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
 */
export async function sendSso(network: Network, endpoints: SsoEndpoints, request: SsoRequest): Promise<SsoAnswer> {
  const response = await network.send({
    method: request.method,
    url: request.url,
    headers: {
      ...request.headers,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(endpoints.proxy === undefined ? {} : { proxy: endpoints.proxy }),
    ...(endpoints.trust === undefined ? {} : { trust: endpoints.trust }),
  });
  const text = Buffer.from(response.body).toString('utf8');
  const value = parseObject(text);
  if (response.status >= 200 && response.status < 300 && (value !== undefined || text === '')) {
    return { ok: true, value: value ?? {} };
  }
  const named = response.headers['x-amzn-errortype']?.split(':')[0] ?? textMember(value, '__type')?.split('#').at(-1);
  const error = named?.replace(/Exception$/, '') ?? oauthErrors[textMember(value, 'error') ?? ''];
  if (error === undefined || response.status >= 500) {
    const { origin, pathname } = new URL(request.url);
    throw new KeylessError({
      code: 'NETWORK_FAILED',
      message: `${origin}${pathname} answered ${response.status} with nothing that AWS would say${value === undefined ? '' : ` (${named ?? 'no error type'})`}`,
      hint: 'look for a proxy in between, then run the command again',
    });
  }
  const description =
    textMember(value, 'error_description') ?? textMember(value, 'message') ?? textMember(value, 'Message') ?? '';
  return { ok: false, error, status: response.status, description };
}

/** A member that must be a text. Rejects as a broken answer otherwise. */
export function textOf(value: Json, member: string, url: string): string {
  const found = value[member];
  if (typeof found === 'string' && found !== '') return found;
  throw brokenAnswer(member, url);
}

/** A member that must be a number. */
export function numberOf(value: Json, member: string, url: string): number {
  const found = value[member];
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  throw brokenAnswer(member, url);
}

export function optionalText(value: Json, member: string): string | undefined {
  const found = value[member];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function brokenAnswer(member: string, url: string): KeylessError {
  return new KeylessError({
    code: 'NETWORK_FAILED',
    message: `${new URL(url).origin} answered without ${member}`,
    hint: 'look for a proxy in between, then run the command again',
  });
}

/** Names of RFC 6749 and RFC 8628, where the header is missing. */
const oauthErrors: Readonly<Record<string, string>> = {
  authorization_pending: 'AuthorizationPending',
  slow_down: 'SlowDown',
  expired_token: 'ExpiredToken',
  access_denied: 'AccessDenied',
  invalid_grant: 'InvalidGrant',
  invalid_client: 'InvalidClient',
  invalid_request: 'InvalidRequest',
  invalid_scope: 'InvalidScope',
  unauthorized_client: 'UnauthorizedClient',
  unsupported_grant_type: 'UnsupportedGrantType',
};

function textMember(value: Json | undefined, member: string): string | undefined {
  const found = value?.[member];
  return typeof found === 'string' ? found : undefined;
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
