/**
 * Where the AWS tools keep their configuration.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
import { join } from 'node:path';
import type { Env } from '../ports/index.ts';

/** `AWS_CONFIG_FILE`, else `~/.aws/config`. */
export function awsConfigPath(env: Env, home: string): string {
  return fromHome(env.AWS_CONFIG_FILE, home) ?? join(home, '.aws', 'config');
}

/** `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`. */
export function awsCredentialsPath(env: Env, home: string): string {
  return fromHome(env.AWS_SHARED_CREDENTIALS_FILE, home) ?? join(home, '.aws', 'credentials');
}

function fromHome(path: string | undefined, home: string): string | undefined {
  if (path === undefined || path === '') return undefined;
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
