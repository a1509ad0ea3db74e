/**
 * The access portal: which accounts and roles a person has, and credentials for one of them.
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
import { KeylessError } from '../kernel/error.ts';
import { Secret } from '../kernel/secret.ts';
import { type Json, numberOf, optionalText, sendSso, textOf } from './sso-request.ts';
import type { SignInPorts, SsoEndpoints } from './sso-session.ts';

export interface SsoAccount {
  /** 12 digits. */
  readonly accountId: string;
  readonly accountName: string;
  readonly emailAddress: string | undefined;
}

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
  readonly expiresAt: Date;
}

type PortalPorts = Pick<SignInPorts, 'network'>;

export async function listAccounts(
  ports: PortalPorts,
  endpoints: SsoEndpoints,
  accessToken: Secret,
): Promise<readonly SsoAccount[]> {
  const items = await listAll(ports, endpoints, accessToken, '/assignment/accounts', {}, 'accountList');
  return items.map((item) => ({
    accountId: textOf(item, 'accountId', endpoints.portal),
    accountName: optionalText(item, 'accountName') ?? '',
    emailAddress: optionalText(item, 'emailAddress'),
  }));
}

/** Names of the permission sets that the person has in the account. */
export async function listAccountRoles(
  ports: PortalPorts,
  endpoints: SsoEndpoints,
  accessToken: Secret,
  accountId: string,
): Promise<readonly string[]> {
  const query = { account_id: accountId };
  const items = await listAll(ports, endpoints, accessToken, '/assignment/roles', query, 'roleList');
  return items.map((item) => textOf(item, 'roleName', endpoints.portal));
}

/**
 * Credentials of a role. Throws SIGN_IN_EXPIRED when the portal does not know the session (any more), ROLE_REFUSED when the
 * person is not assigned.
 */
export async function getRoleCredentials(
  ports: PortalPorts,
  endpoints: SsoEndpoints,
  accessToken: Secret,
  role: { readonly accountId: string; readonly roleName: string },
): Promise<RoleCredentials> {
  const query = { account_id: role.accountId, role_name: role.roleName };
  const what = `the role ${role.roleName} in account ${role.accountId}`;
  const value = await ask(ports, endpoints, accessToken, '/federation/credentials', query, what);
  const given = value.roleCredentials as Json | undefined;
  return {
    accessKeyId: textOf(given ?? {}, 'accessKeyId', endpoints.portal),
    secretAccessKey: new Secret(textOf(given ?? {}, 'secretAccessKey', endpoints.portal)),
    sessionToken: new Secret(textOf(given ?? {}, 'sessionToken', endpoints.portal)),
    // Milliseconds here, unlike the rest of AWS.
    expiresAt: new Date(numberOf(given ?? {}, 'expiration', endpoints.portal)),
  };
}

/** Ends the session on the side of AWS too. A session that is over already is no failure. */
export async function logout(ports: PortalPorts, endpoints: SsoEndpoints, accessToken: Secret): Promise<void> {
  const answer = await sendSso(ports.network, endpoints, {
    method: 'POST',
    url: `${endpoints.portal}/logout`,
    headers: { 'x-amz-sso_bearer_token': accessToken.reveal() },
  });
  if (!answer.ok && answer.status !== 401) throw portalRefusal('the end of the session', answer);
}

async function listAll(
  ports: PortalPorts,
  endpoints: SsoEndpoints,
  accessToken: Secret,
  path: string,
  query: Readonly<Record<string, string>>,
  member: string,
): Promise<readonly Json[]> {
  const items: Json[] = [];
  let nextToken: string | undefined;
  do {
    const page = { ...query, max_result: '1000', ...(nextToken === undefined ? {} : { next_token: nextToken }) };
    const value = await ask(ports, endpoints, accessToken, path, page, 'the list of accounts and roles');
    items.push(...((value[member] ?? []) as readonly Json[]));
    nextToken = optionalText(value, 'nextToken');
  } while (nextToken !== undefined);
  return items;
}

async function ask(
  ports: PortalPorts,
  endpoints: SsoEndpoints,
  accessToken: Secret,
  path: string,
  query: Readonly<Record<string, string>>,
  what: string,
): Promise<Json> {
  const answer = await sendSso(ports.network, endpoints, {
    method: 'GET',
    url: `${endpoints.portal}${path}?${new URLSearchParams(query)}`,
    headers: { 'x-amz-sso_bearer_token': accessToken.reveal() },
  });
  if (!answer.ok) throw portalRefusal(what, answer);
  return answer.value;
}

function portalRefusal(
  what: string,
  answer: { readonly error: string; readonly status: number; readonly description: string },
): KeylessError {
  const reason = answer.description === '' ? answer.error : `${answer.error}: ${answer.description}`;
  const details = { error: answer.error, status: answer.status };
  if (answer.status === 401) {
    return new KeylessError({
      code: 'SIGN_IN_EXPIRED',
      message: `the access portal was asked for ${what}, and does not know the session: ${reason}`,
      hint: 'sign in again',
      details,
    });
  }
  if (answer.status === 403) {
    return new KeylessError({
      code: 'ROLE_REFUSED',
      message: `the access portal refuses ${what}: ${reason}`,
      hint: 'ask for an assignment of that permission set in that account',
      details,
    });
  }
  return new KeylessError({
    code: 'NETWORK_FAILED',
    message: `the access portal answered ${answer.status} to the question for ${what}: ${reason}`,
    hint: 'run the command again in a minute',
    details,
  });
}
