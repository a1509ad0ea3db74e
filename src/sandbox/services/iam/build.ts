/**
 * IAM entities made without the wire: for worlds built from keyless.yaml, and for Identity Center, which provisions
 * roles itself. Nothing is authorised and no quota holds; documents are parsed, and one that does not read throws the
 * AwsError that IAM would answer with. What exists under a name is replaced.
 */
import { Secret } from '../../../kernel/secret.ts';
import type { IssuedKey } from '../../core/caller.ts';
import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import { findRole, findUser, iamAccount, iamArn } from './accounts.ts';
import { readPolicy } from './policy-text.ts';
import type { IamRole, IamUser, ManagedPolicy, OidcProvider, PolicyText, Tag } from './state.ts';
import { readTrust } from './trust-principals.ts';

interface NewEntity {
  readonly name: string;
  /** `/` unless given; begins and ends with `/`. */
  readonly path?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags?: readonly Tag[];
}

interface NewPolicyHolder extends NewEntity {
  /** ARNs of managed policies. */
  readonly attached?: readonly string[];
  /** Inline policies: name → document. */
  readonly inline?: Readonly<Record<string, string>>;
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
}

export interface NewRole extends NewPolicyHolder {
  /** The document. A user or role that it names and that does not exist yet stays an ARN in it. */
  readonly trust: string;
  readonly description?: string;
  /** Seconds; 3600 unless given. */
  readonly maxSessionDuration?: number;
  readonly reservedFor?: 'sso.amazonaws.com';
}

export function createRole(world: World, account: string, role: NewRole): IamRole {
  const path = role.path ?? '/';
  const made: IamRole = {
    name: role.name,
    path,
    arn: iamArn(world, account, `role${path}${role.name}`),
    id: world.ids.iam('AROA'),
    createdAt: role.createdAt,
    tags: role.tags ?? [],
    inline: inlinePolicies(role, 'inline-role'),
    attached: role.attached ?? [],
    boundary: role.boundary,
    trust: readTrust(world, role.name, role.trust, false),
    description: role.description,
    maxSessionDuration: role.maxSessionDuration ?? 3600,
    lastUsed: undefined,
    reservedFor: role.reservedFor,
  };
  iamAccount(world, account).roles.set(role.name, made);
  return made;
}

/** Replaces a role's trust policy, as `createRole` reads one. */
export function putTrustPolicy(world: World, account: string, roleName: string, text: string): void {
  findRole(world, account, roleName).trust = readTrust(world, roleName, text, false);
}

export function createUser(world: World, account: string, user: NewPolicyHolder): IamUser {
  const path = user.path ?? '/';
  const made: IamUser = {
    name: user.name,
    path,
    arn: iamArn(world, account, `user${path}${user.name}`),
    id: world.ids.iam('AIDA'),
    createdAt: user.createdAt,
    tags: user.tags ?? [],
    inline: inlinePolicies(user, 'inline-user'),
    attached: user.attached ?? [],
    boundary: user.boundary,
    accessKeys: [],
  };
  iamAccount(world, account).users.set(user.name, made);
  return made;
}

/** A long-term key of a user. `given` takes over a key that a repository already holds. */
export function createAccessKey(
  world: World,
  account: string,
  userName: string,
  time: SandboxTime,
  given?: { readonly accessKeyId: string; readonly secretAccessKey: Secret },
): IssuedKey {
  const user = findUser(world, account, userName);
  const accessKeyId = given?.accessKeyId ?? world.ids.iam('AKIA');
  const key: IssuedKey = {
    accessKeyId,
    secretAccessKey: given?.secretAccessKey ?? new Secret(world.ids.secret(40)),
    sessionToken: undefined,
    expiresAt: undefined,
    status: 'Active',
    caller: {
      kind: 'user',
      account,
      arn: user.arn,
      userName,
      userId: user.id,
      accessKeyId,
      session: undefined,
    },
  };
  user.accessKeys.push({ accessKeyId, createdAt: time.now(), status: 'Active', lastUsed: undefined });
  world.keys.put(key);
  return key;
}

export function putRolePolicy(world: World, account: string, roleName: string, policyName: string, text: string): void {
  findRole(world, account, roleName).inline.set(policyName, readPolicy(`inline:${policyName}`, text, 'inline-role'));
}

export function putUserPolicy(world: World, account: string, userName: string, policyName: string, text: string): void {
  findUser(world, account, userName).inline.set(policyName, readPolicy(`inline:${policyName}`, text, 'inline-user'));
}

export interface NewManagedPolicy extends NewEntity {
  readonly text: string;
  readonly description?: string;
}

export function createManagedPolicy(world: World, account: string, policy: NewManagedPolicy): ManagedPolicy {
  const path = policy.path ?? '/';
  const arn = iamArn(world, account, `policy${path}${policy.name}`);
  const made: ManagedPolicy = {
    arn,
    name: policy.name,
    path,
    id: world.ids.iam('ANPA'),
    createdAt: policy.createdAt,
    description: policy.description,
    tags: policy.tags ?? [],
    versions: [{ ...readPolicy(arn, policy.text, 'identity'), versionId: 'v1', createdAt: policy.createdAt }],
    defaultVersionId: 'v1',
  };
  iamAccount(world, account).policies.set(arn, made);
  return made;
}

export interface NewOidcProvider {
  /** With or without `https://`. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints?: readonly string[];
  readonly tags?: readonly Tag[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export function createOidcProvider(world: World, account: string, provider: NewOidcProvider): OidcProvider {
  const url = provider.url.replace(/^https:\/\//, '');
  const arn = iamArn(world, account, `oidc-provider/${url}`);
  const made: OidcProvider = {
    arn,
    url,
    clientIds: provider.clientIds,
    thumbprints: provider.thumbprints ?? [],
    createdAt: provider.createdAt,
    tags: provider.tags ?? [],
  };
  iamAccount(world, account).oidcProviders.set(arn, made);
  return made;
}

function inlinePolicies(holder: NewPolicyHolder, kind: 'inline-role' | 'inline-user'): Map<string, PolicyText> {
  return new Map(
    Object.entries(holder.inline ?? {}).map(([name, text]) => [name, readPolicy(`inline:${name}`, text, kind)]),
  );
}
