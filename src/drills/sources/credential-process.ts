/** A profile with `credential_process`, whose helper always has keys that last. */
import { join } from 'node:path';
import type { RoleCredentials } from '../../broker/index.ts';
import type { Stage } from '../stage.ts';
import { mintRoleKeys } from './minter.ts';
import type { CredentialSource } from './source.ts';

export const credentialProcess: CredentialSource = {
  name: 'a credential_process helper',
  start: async (stage) => {
    const answer = join(stage.home, 'keys.json');
    await stage.writeAwsFiles(`[profile drill]\ncredential_process = sh ${helperPath(stage)}\n`);
    await writeHelper(stage, '');
    const minter = mintRoleKeys(stage, await stage.signIn(), 0.5);
    await writeAnswer(stage, answer, await minter.current());
    const stopped = new AbortController();
    const writer = (async () => {
      while (!stopped.signal.aborted) {
        await stage.ports.clock.sleep(200, stopped.signal);
        if (!stopped.signal.aborted) await writeAnswer(stage, answer, await minter.current());
      }
    })();
    // Told by `stop`, not in the middle of nowhere.
    writer.catch(() => undefined);
    return {
      env: { AWS_PROFILE: 'drill' },
      stop: async () => {
        stopped.abort();
        await writer;
      },
    };
  },
};

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
async function writeAnswer(stage: Stage, path: string, keys: RoleCredentials): Promise<void> {
  const answer = {
    Version: 1,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey.reveal(),
    SessionToken: keys.sessionToken.reveal(),
    Expiration: keys.expiresAt.toISOString(),
  };
  await stage.ports.files.writeAtomic(path, JSON.stringify(answer), { mode: 0o600 });
}

/** Commands that the helper carries out before it answers: how it goes wrong. */
export async function writeHelper(stage: Stage, before: string): Promise<void> {
  const text = `cd ${stage.home}\n${before}\nexec cat keys.json\n`;
  await stage.ports.files.writeAtomic(helperPath(stage), text, { mode: 0o700 });
}

function helperPath(stage: Stage): string {
  return join(stage.home, 'helper.sh');
}
