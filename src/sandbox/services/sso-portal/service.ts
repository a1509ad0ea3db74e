/** The AWS access portal: what it answers is in sso-portal.md. https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/ */
import type {
  Call,
  ErrorView,
  Input,
  Operation,
  Output,
  Service,
  WireRequest,
  WireResponse,
} from '../../core/service.ts';
import { listAccountRoles, listAccounts } from './accounts.ts';
import { getRoleCredentials } from './role-credentials.ts';
import { logout } from './session.ts';

const operation = (handle: (call: Call, input: Input) => Output, readOnly: boolean): Operation => ({
  readOnly,
  category: 'management',
  auth: 'none',
  handle,
});

export const ssoPortalService: Service = {
  id: 'sso-portal',
  eventSource: 'sso.amazonaws.com',
  protocol: 'rest-json',
  signingNames: ['awsssoportal'],
  hostPrefixes: ['portal.sso'],
  accessDenied: { code: 'ForbiddenException', status: 403 },
  operations: new Map([
    ['GetRoleCredentials', operation(getRoleCredentials, true)],
    ['ListAccounts', operation(listAccounts, true)],
    ['ListAccountRoles', operation(listAccountRoles, true)],
    ['Logout', operation(logout, false)],
  ]),
  route,
  renderError,
};

const routes: Readonly<Record<string, string>> = {
  'GET /federation/credentials': 'GetRoleCredentials',
  'GET /assignment/accounts': 'ListAccounts',
  'GET /assignment/roles': 'ListAccountRoles',
  'POST /logout': 'Logout',
};

/** Names of the query parameters → members of the input. */
const parameters: Readonly<Record<string, string>> = {
  role_name: 'roleName',
  account_id: 'accountId',
  next_token: 'nextToken',
  max_result: 'maxResults',
};

function route(request: WireRequest): { readonly operation: string; readonly input: unknown } | undefined {
  const name = routes[`${request.method} ${request.path}`];
  if (name === undefined) return undefined;
  const input: Record<string, string> = {};
  for (const [parameter, member] of Object.entries(parameters)) {
    const value = request.query.get(parameter);
    if (value !== null) input[member] = value;
  }
  return { operation: name, input };
}

function renderError(error: ErrorView): WireResponse {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-amzn-errortype': error.code,
      'x-amzn-requestid': error.requestId,
      ...error.headers,
    },
    body: JSON.stringify({ __type: `com.amazonaws.switchboard.portal#${error.code}`, message: error.message }),
  };
}
