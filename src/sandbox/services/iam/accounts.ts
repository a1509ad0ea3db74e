/** How IAM's entities are named and found. */
import { formatArn, parseArn } from '../../../aws/arn.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { IamAccount, IamRole, IamUser } from './state.ts';

/** IAM's part of an account; an account that joined later gets an empty one. */
export function iamAccount(world: World, accountId: string): IamAccount {
  const known = world.iam.accounts.get(accountId);
  if (known !== undefined) return known;
  const fresh: IamAccount = {
    accountId,
    users: new Map(),
    roles: new Map(),
    policies: new Map(),
    oidcProviders: new Map(),
  };
  world.iam.accounts.set(accountId, fresh);
  return fresh;
}

/** `arn:aws:iam::<account>:<resource>`. */
export function iamArn(world: World, account: string, resource: string): string {
  return formatArn({ partition: world.partition, service: 'iam', region: '', account, resource });
}

/** Names are unique without regard to case, and found with regard to it. */
export function hasName(entities: ReadonlyMap<string, unknown>, name: string): boolean {
  if (entities.has(name)) return true;
  const lower = name.toLowerCase();
  for (const known of entities.keys()) if (known.toLowerCase() === lower) return true;
  return false;
}

export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntity', what, 404);
}

export function findUser(world: World, account: string, name: string): IamUser {
  const user = iamAccount(world, account).users.get(name);
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

export function findRole(world: World, account: string, name: string): IamRole {
  const role = iamAccount(world, account).roles.get(name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The role of an ARN, path included; `undefined` when there is none. */
export function roleByArn(world: World, arn: string): { readonly account: string; readonly role: IamRole } | undefined {
  const entity = entityByArn(world, arn);
  return entity?.kind === 'role' ? { account: entity.account, role: entity.entity } : undefined;
}

export type IamEntity =
  | { readonly kind: 'user'; readonly account: string; readonly entity: IamUser }
  | { readonly kind: 'role'; readonly account: string; readonly entity: IamRole };

/** The user or role of an ARN as it stands in policies; `undefined` for anything that does not exist. */
export function entityByArn(world: World, text: string): IamEntity | undefined {
  const result = parseArn(text);
  if (!result.ok || result.arn.service !== 'iam' || result.arn.partition !== world.partition) return undefined;
  const { account, resource } = result.arn;
  const iam = world.iam.accounts.get(account);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  if (resource.startsWith('user/')) {
    const entity = iam?.users.get(name);
    return entity?.arn === text ? { kind: 'user', account, entity } : undefined;
  }
  if (resource.startsWith('role/')) {
    const entity = iam?.roles.get(name);
    return entity?.arn === text ? { kind: 'role', account, entity } : undefined;
  }
  return undefined;
}
