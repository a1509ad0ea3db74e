/** What a client needs to get in: environment variables for either way, and the AWS files with the world's profiles. */
import type { Env } from '../../ports/index.ts';
import type { IssuedKey } from '../core/caller.ts';
import type { World } from '../core/world.ts';

export interface ClientFiles {
  /** Absolute paths. */
  readonly config: string;
  readonly credentials: string;
}

/** Endpoint variables: AWS_ENDPOINT_URL, and one for each service, which older clients look for alone. */
const endpointVariables = [
  'AWS_ENDPOINT_URL',
  ...[
    'CLOUDTRAIL',
    'DYNAMODB',
    'IAM',
    'IDENTITYSTORE',
    'KMS',
    'ORGANIZATIONS',
    'S3',
    'SSO',
    'SSO_ADMIN',
    'SSO_OIDC',
    'STS',
  ].map((name) => `AWS_ENDPOINT_URL_${name}`),
];

export function endpointEnv(world: World, endpoint: string, files: ClientFiles): Env {
  return { ...commonEnv(world, files), ...Object.fromEntries(endpointVariables.map((name) => [name, endpoint])) };
}

/** The proxy for every client, and the authority for each of the names under which clients look for one. */
export function proxyEnv(world: World, proxy: string, caFile: string, files: ClientFiles): Env {
  return {
    ...commonEnv(world, files),
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    https_proxy: proxy,
    http_proxy: proxy,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    AWS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  };
}

function commonEnv(world: World, files: ClientFiles): Env {
  return {
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: files.config,
    AWS_SHARED_CREDENTIALS_FILE: files.credentials,
  };
}

/**
 * `~/.aws/config` of a world that no keyless.yaml made: one profile for each account and permission set that somebody is
 * assigned to, called `<account>-<permission set>` in lower case.
 */
export function renderConfig(world: World): string {
  const { identityCenter, organizations } = world;
  const lines = [
    '[sso-session sandbox]',
    `sso_start_url = ${identityCenter.startUrl}`,
    `sso_region = ${identityCenter.region}`,
    'sso_registration_scopes = sso:account:access',
  ];
  const assigned = new Map<string, { readonly account: string; readonly set: string }>();
  for (const { account, permissionSetArn } of identityCenter.assignments.values()) {
    const set = identityCenter.permissionSets.get(permissionSetArn)?.name;
    const name = organizations.accounts.get(account)?.name;
    if (set !== undefined && name !== undefined) assigned.set(profileNameOf(name, set), { account, set });
  }
  for (const [name, { account, set }] of [...assigned].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(
      '',
      `[profile ${name}]`,
      'sso_session = sandbox',
      `sso_account_id = ${account}`,
      `sso_role_name = ${set}`,
      `region = ${world.region}`,
    );
  }
  lines.push('', '[profile legacy]', `region = ${world.region}`, '');
  return lines.join('\n');
}

function profileNameOf(account: string, set: string): string {
  return `${account}-${set}`.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-');
}

/** The credentials file: the legacy key under `legacy`. It holds a secret, of this sandbox alone. */
export function renderCredentials(key: IssuedKey): string {
  return [
    '[legacy]',
    `aws_access_key_id = ${key.accessKeyId}`,
    `aws_secret_access_key = ${key.secretAccessKey.reveal()}`,
    '',
  ].join('\n');
}
