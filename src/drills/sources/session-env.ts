/** Keys of a role session in the environment: what a login tool exports, and nobody renews. */
import { type CredentialSource, nothingToStop } from './source.ts';

export const sessionEnv: CredentialSource = {
  name: 'session keys in the environment',
  start: async (stage) => {
    await stage.writeAwsFiles('');
    const { accessKeyId, secretAccessKey, sessionToken } = await stage.roleCredentials(await stage.signIn());
    return {
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal(),
        AWS_SESSION_TOKEN: sessionToken.reveal(),
      },
      stop: nothingToStop,
    };
  },
};
