/**
 * Refusals of SSO OIDC: the modelled exception in the header, OAuth's words in the body
 * (RFC 6749, section 5.2; RFC 8628, section 3.5).
 */
import { AwsError } from '../../core/aws-error.ts';
import type { ErrorView, WireResponse } from '../../core/service.ts';

const statuses = {
  AccessDeniedException: 400,
  AuthorizationPendingException: 400,
  ExpiredTokenException: 400,
  InvalidClientException: 401,
  InvalidClientMetadataException: 400,
  InvalidGrantException: 400,
  InvalidRedirectUriException: 400,
  InvalidRequestException: 400,
  InvalidScopeException: 400,
  SlowDownException: 400,
  UnauthorizedClientException: 400,
  UnsupportedGrantTypeException: 400,
} as const;

export type OidcErrorCode = keyof typeof statuses;

export function oidcError(code: OidcErrorCode, description: string): AwsError {
  return new AwsError(code, description, statuses[code]);
}

export function renderOidcError(error: ErrorView): WireResponse {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-amzn-errortype': error.code,
      'x-amzn-requestid': error.requestId,
      ...error.headers,
    },
    body: JSON.stringify({ error: oauthName(error.code), error_description: error.message, ...error.members }),
  };
}

/** `AuthorizationPendingException` → `authorization_pending`. */
export function oauthName(code: string): string {
  return code
    .replace(/Exception$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();
}

export function jsonAnswer(body: Readonly<Record<string, unknown>>): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' },
    body: JSON.stringify(body),
  };
}
