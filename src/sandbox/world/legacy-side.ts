/** The way that is left behind: one user with one key, and the roles that trust it, in every account under one name. */
import { buildLegacyRoleTrust, legacyManagedPolicies, pathAndName, printPolicy } from '../../intent/index.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { IssuedKey } from '../core/caller.ts';
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import { findUser, iamAccount } from '../services/iam/accounts.ts';
import { createAccessKey, createRole, createUser } from '../services/iam/build.ts';
import { accountId, type BuiltWorld } from './built-world.ts';

/** A key that a repository already holds. */
export interface GivenKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

/** As Organizations makes it in every account it creates: a role for the management account. */
const organizationRole = 'OrganizationAccountAccessRole';

export function makeLegacySide(
  made: Pick<BuiltWorld, 'world' | 'intent'>,
  time: SandboxTime,
  given: GivenKey | undefined,
): IssuedKey {
  const { world, intent } = made;
  const { legacy } = intent;
  if (legacy === undefined) throw new RangeError('the completed intent has no old way');
  const createdAt = time.now();
  const attached = legacyManagedPolicies(intent);
  const home = accountId(made, legacy.account);
  const { path, name } = pathAndName(legacy.user);
  createUser(world, home, { name, path, createdAt, attached });
  for (const account of intent.accounts.values()) {
    if (account.id === undefined) continue;
    for (const role of legacy.roles) {
      const trust = buildLegacyRoleTrust(intent);
      if (trust === undefined) continue;
      const { path: rolePath, name: roleName } = pathAndName(role);
      createRole(world, account.id, {
        name: roleName,
        path: rolePath,
        createdAt,
        attached,
        trust: printPolicy(trust),
        maxSessionDuration: 43_200,
      });
    }
  }
  makeOrganizationRoles(world, createdAt, attached);
  return createAccessKey(world, home, name, time, given);
}

function makeOrganizationRoles(world: World, createdAt: number, attached: readonly string[]): void {
  const { managementAccount, accounts } = world.organizations;
  for (const id of accounts.keys()) {
    if (id === managementAccount || iamAccount(world, id).roles.has(organizationRole)) continue;
    createRole(world, id, {
      name: organizationRole,
      createdAt,
      attached,
      trust: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:${world.partition}:iam::${managementAccount}:root` },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    });
  }
}

/** What `aws iam update-access-key --status Inactive` does. */
export function deactivateLegacyKey({ world, intent, legacyKey }: BuiltWorld): void {
  const { name } = pathAndName(intent.legacy?.user ?? '');
  const account = accountId({ intent }, intent.legacy?.account);
  const record = findUser(world, account, name).accessKeys.find(
    ({ accessKeyId }) => accessKeyId === legacyKey.accessKeyId,
  );
  if (record !== undefined) record.status = 'Inactive';
  const key = world.keys.find(legacyKey.accessKeyId);
  if (key !== undefined) world.keys.put({ ...key, status: 'Inactive' });
}
