/** A profile with an sso-session, signed in: what engineers use. */
import { type SsoToken, writeTokenCache } from '../../broker/index.ts';
import { account, permissionSet, type Stage } from '../stage.ts';
import { type CredentialSource, nothingToStop } from './source.ts';

export const ssoProfile: CredentialSource = source('an SSO profile', (token) => token);

/** As a session without the scope that lets it renew itself, or one of a legacy profile. */
export const ssoProfileWithoutRefresh: CredentialSource = source(
  'an SSO profile that cannot renew its token',
  (token) => ({ ...token, refreshToken: undefined }),
);

function source(name: string, keep: (token: SsoToken) => SsoToken): CredentialSource {
  return {
    name,
    start: async (stage) => {
      await stage.writeAwsFiles(ssoConfig(stage));
      await writeTokenCache(stage.ports.files, stage.home, stage.session, keep(await stage.signIn()));
      return { env: { AWS_PROFILE: 'drill' }, stop: nothingToStop };
    },
  };
}

/** `[profile drill]` and its session. */
export function ssoConfig(stage: Stage, profile: string = 'drill'): string {
  const { name, startUrl, region } = stage.session;
  return [
    `[sso-session ${name}]`,
    `sso_start_url = ${startUrl}`,
    `sso_region = ${region}`,
    'sso_registration_scopes = sso:account:access',
    '',
    `[profile ${profile}]`,
    `sso_session = ${name}`,
    `sso_account_id = ${account}`,
    `sso_role_name = ${permissionSet}`,
    '',
  ].join('\n');
}
