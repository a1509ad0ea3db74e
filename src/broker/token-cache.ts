/**
 * The files in which the AWS CLI and the SDKs keep tokens and registrations, byte for byte as the CLI writes them: a
 * `terraform` that starts afterwards reads them. Sources: botocore `utils.py` (`SSOTokenLoader`, `JSONFileCache`), AWS SDK
 * for Go `credentials/ssocreds/sso_cached_token.go`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Files } from '../ports/index.ts';
import type { ClientRegistration, SsoSession, SsoToken } from './sso-session.ts';

/** `~/.aws/sso/cache/<sha1 of the session name>.json`. */
export function tokenCachePath(home: string, session: Pick<SsoSession, 'name'>): string {
  return cacheFile(home, session.name);
}

/** Where profiles without an sso-session, and S3 backends of Terraform before 1.6, look: named after the start URL. */
export function legacyTokenCachePath(home: string, session: Pick<SsoSession, 'startUrl'>): string {
  return cacheFile(home, session.startUrl);
}

export function registrationCachePath(home: string, session: SsoSession): string {
  const key = {
    region: session.region,
    scopes: session.scopes,
    session_name: session.name,
    startUrl: session.startUrl,
    tool: 'botocore',
  };
  return cacheFile(home, pythonJson(key));
}

/** Writes the token where the SDKs look for it, readable by nobody else. Gives the path. */
export async function writeTokenCache(
  files: Files,
  home: string,
  session: SsoSession,
  token: SsoToken,
): Promise<string> {
  const { registration } = token;
  return await write(files, home, tokenCachePath(home, session), {
    startUrl: session.startUrl,
    region: session.region,
    accessToken: token.accessToken.reveal(),
    expiresAt: seconds(token.expiresAt),
    clientId: registration.clientId,
    clientSecret: registration.clientSecret.reveal(),
    registrationExpiresAt: seconds(registration.expiresAt),
    ...(token.refreshToken === undefined ? {} : { refreshToken: token.refreshToken.reveal() }),
  });
}

/** Writes the registration where the AWS CLI looks for it, so that its next sign-in needs no other. Gives the path. */
export async function writeRegistrationCache(
  files: Files,
  home: string,
  session: SsoSession,
  registration: ClientRegistration,
): Promise<string> {
  return await write(files, home, registrationCachePath(home, session), {
    clientId: registration.clientId,
    clientSecret: registration.clientSecret.reveal(),
    expiresAt: seconds(registration.expiresAt),
    scopes: registration.scopes,
    // Without them the CLI takes the client for one of the device flow.
    ...(registration.grantTypes.length === 0 ? {} : { grantTypes: registration.grantTypes }),
  });
}

function cacheFile(home: string, key: string): string {
  return join(home, '.aws', 'sso', 'cache', `${createHash('sha1').update(key).digest('hex')}.json`);
}

async function write(files: Files, home: string, path: string, value: unknown): Promise<string> {
  await files.makeDirectory(join(home, '.aws', 'sso', 'cache'), { mode: 0o700 });
  await files.writeAtomic(path, pythonJson(value), { mode: 0o600 });
  return path;
}

/** `2026-11-25T17:03:09Z`: the Go SDK takes RFC 3339 only. */
function seconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** As Python's `json.dumps` writes with its default separators: `{"a": 1, "b": ["x"]}`, ASCII only. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${pythonJson(key)}: ${pythonJson(member)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
