/** `~/.aws/config` of a world: the profiles that keyless writes for people, for clients inside the sandbox. */
import { planAwsConfig } from '../../aws/config-profiles.ts';
import { applyEdits } from '../../formats/edit.ts';
import { parseIni } from '../../formats/ini/index.ts';
import { awsProfiles } from '../../intent/index.ts';
import type { BuiltWorld } from './built-world.ts';

/**
 * Without a secret. Clients keep tokens in the person's home under the name of the sso-session: it is another one than
 * outside, so that a sign-in in here neither finds nor replaces the real one. The profile of the old key is `legacy`: its
 * key stands in the credentials file alone.
 */
export function renderAwsConfig({ intent, world }: Pick<BuiltWorld, 'intent' | 'world'>): string {
  const wanted = awsProfiles(intent);
  if (wanted === undefined) throw new RangeError('the completed intent has no access portal');
  const { edits } = planAwsConfig(parseIni(''), {
    ...wanted,
    session: { ...wanted.session, name: `${wanted.session.name}-sandbox` },
  });
  return `${applyEdits('', edits)}\n[profile legacy]\nregion = ${world.region}\n`;
}
