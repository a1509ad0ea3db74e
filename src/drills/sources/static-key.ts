/** The access key of an IAM user in the environment: what the move does away with. */
import type { Env } from '../../ports/index.ts';
import type { Stage } from '../stage.ts';
import { type CredentialSource, nothingToStop } from './source.ts';

export const staticKey: CredentialSource = {
  name: 'the access key of an IAM user in the environment',
  start: async (stage) => {
    await stage.writeAwsFiles('');
    return { env: legacyKeyVariables(stage), stop: nothingToStop };
  },
};

export function legacyKeyVariables({ sandbox }: Stage): Env {
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal() };
}

/** A section of `~/.aws/credentials`. */
export function legacyKeySection({ sandbox }: Stage, name: string): string {
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  return `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey.reveal()}\n`;
}

/** What an administrator does to the key. */
export function setLegacyKey({ sandbox }: Stage, status: 'Active' | 'Inactive'): void {
  sandbox.world.keys.put({ ...sandbox.legacyKey, status });
}
