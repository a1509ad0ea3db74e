/** The world without a keyless.yaml: a small organisation in which a newcomer can try everything. */
import type { Random } from '../../ports/index.ts';
import type { IssuedKey } from '../core/caller.ts';
import { createWorld } from '../core/create-world.ts';
import type { Ids } from '../core/ids.ts';
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import { createIssuers } from '../issuers/index.ts';
import { createTable } from '../services/dynamodb/build.ts';
import { createAccessKey, createUser as createIamUser } from '../services/iam/build.ts';
import { assign, createPermissionSet, createUser } from '../services/identity-center/build.ts';
import { createBucket } from '../services/s3/build.ts';

export const defaultAccounts: readonly { readonly id: string; readonly name: string }[] = [
  { id: '111111111111', name: 'management' },
  { id: '222222222222', name: 'development' },
  { id: '333333333333', name: 'production' },
];

/** A person `dev` who may do all in development and read production, a user `deployment` with a key, a state bucket. */
export function defaultWorld(ids: Ids, time: SandboxTime, random: Random): { world: World; legacyKey: IssuedKey } {
  const createdAt = time.now();
  const region = 'eu-west-1';
  const world = createWorld({
    partition: 'aws',
    region,
    ids,
    createdAt,
    accounts: defaultAccounts,
    identityCenter: { region, startUrl: 'https://keyless-sandbox.awsapps.com/start' },
  });
  createIssuers(world, random);
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const person = createUser(world, { userName: 'dev', email: 'dev@example.com' });
  const principal = { type: 'USER', id: person.id } as const;
  const all = createPermissionSet(world, { name: 'Administrator', createdAt, managedPolicies: [administrator] });
  const read = createPermissionSet(world, {
    name: 'ReadOnly',
    createdAt,
    managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  });
  assign(world, { account: '222222222222', permissionSet: all, principal, at: createdAt });
  assign(world, { account: '333333333333', permissionSet: read, principal, at: createdAt });
  createBucket(world, { name: 'keyless-sandbox-state', account: '222222222222', createdAt, versioning: 'Enabled' });
  createTable(world, {
    name: 'keyless-sandbox-locks',
    account: '222222222222',
    createdAt,
    hashKey: { name: 'LockID', type: 'S' },
  });
  createIamUser(world, '222222222222', { name: 'deployment', createdAt, attached: [administrator] });
  return { world, legacyKey: createAccessKey(world, '222222222222', 'deployment', time) };
}
