/** A profile that assumes a role from an SSO profile: `role_arn` with `source_profile`. */
import { writeTokenCache } from '../../broker/index.ts';
import { createRole, putTrustPolicy } from '../../sandbox/index.ts';
import { account, type Stage } from '../stage.ts';
import { type CredentialSource, nothingToStop } from './source.ts';
import { ssoConfig } from './sso-profile.ts';

export const chainedRole = 'drill-deploy';

export const roleChain: CredentialSource = {
  name: 'a role assumed from an SSO profile',
  start: async (stage) => {
    const role = `arn:aws:iam::${account}:role/${chainedRole}`;
    await stage.writeAwsFiles(
      `${ssoConfig(stage, 'person')}\n[profile drill]\nrole_arn = ${role}\nsource_profile = person\n`,
    );
    createChainedRole(stage);
    await writeTokenCache(stage.ports.files, stage.home, stage.session, await stage.signIn());
    return { env: { AWS_PROFILE: 'drill' }, stop: nothingToStop };
  },
};

/** Trusts the account: everybody in it whose policies allow it. */
function createChainedRole(stage: Stage): void {
  const { world, time } = stage.sandbox;
  if (world.iam.accounts.get(account)?.roles.has(chainedRole) === true) return;
  createRole(world, account, {
    name: chainedRole,
    createdAt: time.now(),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    trust: trustOf(account),
  });
}

/** The role trusts another account from now on, or its own again. */
export function changeTrust(stage: Stage, trusted: string): void {
  putTrustPolicy(stage.sandbox.world, account, chainedRole, trustOf(trusted));
}

function trustOf(trusted: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${trusted}:root` }, Action: 'sts:AssumeRole' }],
  });
}
