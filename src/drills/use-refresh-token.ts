/** Another program that reads the person's token file and renews the token for itself. */
import { tokenCachePath } from '../broker/index.ts';
import type { Stage } from './stage.ts';

export async function useRefreshToken({ ports, home, session, endpoints }: Stage): Promise<void> {
  const text = Buffer.from(await ports.files.read(tokenCachePath(home, session))).toString();
  const { clientId, clientSecret, refreshToken } = JSON.parse(text) as Readonly<Record<string, string>>;
  await ports.network.send({
    method: 'POST',
    url: `${endpoints.oidc}/token`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, clientSecret, grantType: 'refresh_token', refreshToken }),
  });
}
