/** A container credentials endpoint on loopback, as brokers serve one. */
import { mintRoleKeys } from './minter.ts';
import type { CredentialSource } from './source.ts';

export const containerEndpoint: CredentialSource = {
  name: 'a container credentials endpoint',
  start: async (stage) => {
    await stage.writeAwsFiles('');
    const minter = mintRoleKeys(stage, await stage.signIn(), 0.95);
    const token = Buffer.from(stage.ports.random.bytes(24)).toString('base64url');
    const server = await stage.ports.network.listen({
      port: 0,
      handle: async (request) => {
        if (request.headers.authorization !== token) {
          request.respond(403, {}, '');
          return;
        }
        const keys = await minter.current().catch(() => undefined);
        if (keys === undefined) {
          request.respond(500, {}, '');
          return;
        }
        // https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
        const answer = {
          AccessKeyId: keys.accessKeyId,
          SecretAccessKey: keys.secretAccessKey.reveal(),
          Token: keys.sessionToken.reveal(),
          Expiration: `${keys.expiresAt.toISOString().slice(0, 19)}Z`,
        };
        request.respond(200, { 'content-type': 'application/json' }, JSON.stringify(answer));
      },
    });
    return {
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${server.port}/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      },
      stop: async () => await server.close(),
    };
  },
};
