/**
 * Identities that keyless.yaml does not name and a rehearsal needs: the roles that legacy code assumes, and outsiders whom
 * the state bucket must refuse although their own policies give them everything.
 */
import { parseRoleArn } from '../../aws/arn.ts';
import { buildLegacyRoleTrust, legacyManagedPolicies, printPolicy } from '../../intent/index.ts';
import type { IssuedKey } from '../core/caller.ts';
import type { SandboxTime } from '../core/time.ts';
import { iamAccount } from '../services/iam/accounts.ts';
import { createAccessKey, createUser as createIamUser, createRole } from '../services/iam/build.ts';
import { assign, createPermissionSet, createUser } from '../services/identity-center/build.ts';
import { accountId, type BuiltWorld } from './built-world.ts';

/** Roles by ARN that trust the old user, as far as their accounts are of this world and they are not there yet. */
export function addLegacyRoles(built: BuiltWorld, arns: readonly string[], time: SandboxTime): readonly string[] {
  const { world, intent } = built;
  const trust = buildLegacyRoleTrust(intent);
  return arns.filter((arn) => {
    const role = parseRoleArn(arn);
    if (role === undefined || trust === undefined || !world.iam.accounts.has(role.account)) return false;
    const known = iamAccount(world, role.account).roles.get(role.name);
    const text = printPolicy(trust);
    // What Organizations makes trusts the management account; here the old user came to be trusted too.
    if (known !== undefined && known.trust.text === text) return false;
    createRole(world, role.account, {
      name: role.name,
      path: role.path,
      createdAt: time.now(),
      attached: legacyManagedPolicies(intent),
      trust: text,
      maxSessionDuration: 43_200,
    });
    return true;
  });
}

export interface Outsiders {
  /** Of an IAM user in the account of the first state bucket. */
  readonly userKey: IssuedKey;
  /** A person with a permission set that is on no list, assigned in that account. */
  readonly person: { readonly userName: string; readonly permissionSet: string; readonly accountId: string };
}

/** An IAM user and a person of Identity Center, administrators of the account that owns the first state bucket. */
export function addOutsiders(built: BuiltWorld, time: SandboxTime): Outsiders {
  const { world, intent } = built;
  const account = accountId(built, intent.stateBackends[0]?.account ?? [...intent.accounts.keys()][0]);
  const administrator = legacyManagedPolicies(intent);
  const at = time.now();
  createIamUser(world, account, { name: 'rehearsal-outsider', createdAt: at, attached: administrator });
  const person = createUser(world, { userName: 'rehearsal-outsider', email: 'outsider@example.com' });
  const permissionSet = createPermissionSet(world, {
    name: 'RehearsalOutsider',
    createdAt: at,
    managedPolicies: administrator,
  });
  assign(world, { account, permissionSet, principal: { type: 'USER', id: person.id }, at });
  return {
    userKey: createAccessKey(world, account, 'rehearsal-outsider', time),
    person: { userName: person.userName, permissionSet: permissionSet.name, accountId: account },
  };
}
