/** AWS SSO OIDC: what it answers is in sso-oidc.md. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/ */
import { isLoopbackHost } from '../../core/route.ts';
import type { Call, Input, Operation, Output, Service, WireRequest } from '../../core/service.ts';
import { showAuthorizePage, submitAuthorizePage } from './authorize.ts';
import { registerClient } from './client.ts';
import { showDevicePage, startDeviceAuthorization, submitDevicePage } from './device.ts';
import { renderOidcError } from './oidc-error.ts';
import { createToken } from './token.ts';

const operation = (handle: (call: Call, input: Input) => Output, readOnly: boolean = false): Operation => ({
  readOnly,
  category: 'management',
  auth: 'none',
  handle,
});

export const ssoOidcService: Service = {
  id: 'sso-oidc',
  eventSource: 'sso.amazonaws.com',
  protocol: 'rest-json',
  signingNames: ['sso-oauth'],
  hostPrefixes: ['oidc'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map([
    ['RegisterClient', operation(registerClient)],
    ['StartDeviceAuthorization', operation(startDeviceAuthorization)],
    ['CreateToken', operation(createToken)],
    ['ShowAuthorizePage', operation(showAuthorizePage, true)],
    ['SubmitAuthorizePage', operation(submitAuthorizePage)],
    ['ShowDevicePage', operation(showDevicePage, true)],
    ['SubmitDevicePage', operation(submitDevicePage)],
  ]),
  route,
  renderError: renderOidcError,
};

const routes: Readonly<Record<string, string>> = {
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
  'GET /authorize': 'ShowAuthorizePage',
  'POST /authorize': 'SubmitAuthorizePage',
  'GET /device': 'ShowDevicePage',
  'POST /device': 'SubmitDevicePage',
};

function route(request: WireRequest): { readonly operation: string; readonly input: unknown } | undefined {
  const path = isSignInPath(request) ? '/device' : request.path;
  const name = routes[`${request.method} ${path}`];
  if (name === undefined) return undefined;
  return { operation: name, input: name.endsWith('Page') ? {} : jsonObject(request.body) };
}

/** `https://device.sso.<region>.amazonaws.com/` and the start URL show the page of the device flow. */
function isSignInPath({ host, path }: WireRequest): boolean {
  return !isLoopbackHost(host) && (path === '/' || path === '/start' || path === '/start/');
}

/** `{}` for anything else: the operation then names the parameter that is missing. */
function jsonObject(body: Uint8Array): Input {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
  } catch {
    return {};
  }
}
