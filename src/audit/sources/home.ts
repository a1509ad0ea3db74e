/**
 * What a person's machine keeps for AWS and Terraform: `~/.aws` and Terraform's own credential files. Configuration
 * becomes files under `~/`; of the caches only presence, kind and expiry are told, never a value.
 */
import { KeylessError } from '../../kernel/error.ts';
import type { Files, Ports } from '../../ports/index.ts';
import { type Skipped, SourceFile } from '../../repository/index.ts';
import type { Method } from '../inventory.ts';

export interface HomeReading {
  readonly files: readonly SourceFile[];
  readonly methods: readonly Method[];
  readonly skipped: readonly Skipped[];
}

/** Follows AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE as the SDKs do. What is not there is no error. */
export async function readHome(ports: Pick<Ports, 'files' | 'home' | 'env' | 'cwd' | 'clock'>): Promise<HomeReading> {
  const reader = new HomeReader(ports.files, ports.home);
  await reader.file(absolute(ports, ports.env.AWS_CONFIG_FILE) ?? `${ports.home}/.aws/config`, '~/.aws/config');
  await reader.file(
    absolute(ports, ports.env.AWS_SHARED_CREDENTIALS_FILE) ?? `${ports.home}/.aws/credentials`,
    '~/.aws/credentials',
  );
  for (const path of otherFiles) await reader.file(`${ports.home}/${path}`, `~/${path}`);
  await reader.cache('.aws/sso/cache', (json) => ssoMethod(json, ports.clock.now()));
  await reader.cache('.aws/cli/cache', (json) => cliMethod(json, ports.clock.now()));
  return reader;
}

const otherFiles = [
  '.terraformrc',
  '.terraform.d/credentials.tfrc.json',
  '.s3cfg',
  '.boto',
  '.config/rclone/rclone.conf',
];

type CacheMethod = Pick<Method, 'kind' | 'class' | 'detail' | 'subject'>;

class HomeReader implements HomeReading {
  readonly files: SourceFile[] = [];
  readonly methods: Method[] = [];
  readonly skipped: Skipped[] = [];
  readonly #files: Files;
  readonly #home: string;

  constructor(files: Files, home: string) {
    this.#files = files;
    this.#home = home;
  }

  async file(path: string, shownAs: string): Promise<void> {
    const text = await this.#read(path, shownAs);
    if (text !== undefined) this.files.push(new SourceFile(shownAs, text));
  }

  async cache(
    folder: string,
    methodOf: (json: Readonly<Record<string, unknown>>) => CacheMethod | undefined,
  ): Promise<void> {
    const path = `${this.#home}/${folder}`;
    if ((await this.#files.stat(path))?.kind !== 'directory') return;
    for (const { name, kind } of await this.#files.list(path)) {
      if (kind !== 'file' || !name.endsWith('.json')) continue;
      const shownAs = `~/${folder}/${name}`;
      const json = asObject(await this.#read(`${path}/${name}`, shownAs));
      const method = json && methodOf(json);
      if (method !== undefined) this.methods.push({ ...method, usedBy: 'person', path: shownAs, line: 1, column: 1 });
      else if (json === undefined) this.#skip(shownAs, 'unparseable', 'not the JSON that the AWS CLI writes');
    }
  }

  async #read(path: string, shownAs: string): Promise<string | undefined> {
    try {
      if ((await this.#files.stat(path))?.kind !== 'file') return undefined;
      return Buffer.from(await this.#files.read(path)).toString('utf8');
    } catch (error) {
      if (!(error instanceof KeylessError)) throw error;
      this.#skip(shownAs, 'unreadable', error.code === 'PERMISSION_DENIED' ? 'permission denied' : error.message);
      return undefined;
    }
  }

  #skip(path: string, reason: Skipped['reason'], detail: string): void {
    this.skipped.push({ path, reason, detail, searchedAsText: false });
  }
}

/** A cached Identity Center token, or a client registration (botocore/tokens.py, botocore/utils.py: SSOTokenFetcher). */
function ssoMethod(json: Readonly<Record<string, unknown>>, now: Date): CacheMethod {
  const startUrl = typeof json.startUrl === 'string' ? json.startUrl : undefined;
  if (json.accessToken === undefined) {
    return {
      kind: 'identity-center',
      class: 'dynamic',
      subject: 'Identity Center client registration',
      detail: `The AWS CLI is registered as a client; the registration ${endOf(json.expiresAt, now)}.`,
    };
  }
  const refreshable =
    json.refreshToken === undefined ? 'cannot be refreshed' : 'can be refreshed without signing in again';
  return {
    kind: 'identity-center',
    class: 'dynamic',
    subject: startUrl === undefined ? 'Identity Center session' : `Identity Center session of ${startUrl}`,
    detail: `A sign-in token is cached: it ${endOf(json.expiresAt, now)} and ${refreshable}.`,
  };
}

/** Session credentials that the AWS CLI got by assuming a role or through Identity Center. */
function cliMethod(json: Readonly<Record<string, unknown>>, now: Date): CacheMethod | undefined {
  const credentials = json.Credentials;
  if (typeof credentials !== 'object' || credentials === null) return undefined;
  const expiration = (credentials as Record<string, unknown>).Expiration;
  return {
    kind: json.ProviderType === 'sso' ? 'identity-center' : 'aws-config-assume-role',
    class: 'dynamic',
    subject: 'cached session credentials',
    detail: `The AWS CLI keeps session credentials: they ${endOf(expiration, now).replace('expires', 'expire')}.`,
  };
}

function endOf(expiry: unknown, now: Date): string {
  const at = typeof expiry === 'string' ? new Date(expiry.replace(/UTC$/, 'Z')) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) return 'names no expiry';
  const day = at.toISOString().slice(0, 16).replace('T', ' ');
  return at <= now ? `expired on ${day} UTC` : `expires on ${day} UTC`;
}

function asObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function absolute(ports: Pick<Ports, 'home' | 'cwd'>, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  if (path.startsWith('~/')) return `${ports.home}/${path.slice(2)}`;
  return /^(\/|[A-Za-z]:)/.test(path) ? path : `${ports.cwd}/${path}`;
}
