/** A keyless.yaml in the making: every value with the reason to believe it, so that a person can check it. */
import type { Partition } from '../../aws/partition.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import type { GitHubJob } from '../intent.ts';

export interface Fact<Value> {
  readonly value: Value;
  /** Half a sentence: `key of the map that assume_role looks up`. */
  readonly because: string;
  /** Where it was read, in the repository or outside it (`~/.aws/config`). */
  readonly place?: Location;
}

/** `undefined` is a value that nothing tells. */
export type Maybe<Value> = Fact<Value> | undefined;

export interface IntentDraft {
  readonly partition: Partition;
  readonly organization: { readonly name: Fact<string>; readonly id: Maybe<string> };
  readonly identityCenter: {
    readonly startUrl: Maybe<string>;
    readonly region: Maybe<string>;
    readonly session: Fact<string>;
  };
  readonly permissionSets: { readonly plan: Fact<string>; readonly apply: Fact<string> };
  readonly accounts: readonly DraftAccount[];
  readonly stacks: readonly DraftStack[];
  readonly stateBackends: readonly DraftBackend[];
  readonly moduleBuckets: readonly DraftModuleBucket[];
  /** The IAM user that is left behind; `undefined` where the code makes none with a key, or more than one. */
  readonly legacy: DraftLegacy | undefined;
  /** `undefined` where there are no workflows. */
  readonly github: DraftGitHub | undefined;
}

export interface DraftAccount {
  readonly name: Fact<string>;
  readonly id: Fact<string>;
}

export interface DraftStack {
  readonly path: string;
  /** Workspace → account name; only `default` for a stack without workspaces. */
  readonly workspaces: ReadonlyMap<string, Maybe<string>>;
  /** Names of accounts that the code can lead to as well, where nothing tells in which workspace. */
  readonly beyond?: readonly string[];
}

export interface DraftBackend {
  readonly bucket: Fact<string>;
  /** Account name. */
  readonly account: Maybe<string>;
  readonly region: Maybe<string>;
  /** `undefined`: no sign of a customer-managed key. */
  readonly kmsKeyId: Maybe<string>;
  readonly lockTable: Maybe<string>;
}

export interface DraftModuleBucket {
  readonly bucket: Fact<string>;
  /** Account name. */
  readonly account: Maybe<string>;
  readonly region: Maybe<string>;
}

export interface DraftLegacy {
  readonly user: Fact<string>;
  /** Account name. */
  readonly account: Maybe<string>;
  readonly roles: readonly Fact<string>[];
}

export interface DraftGitHub {
  readonly repository: Maybe<string>;
  /** GitHub environment → account name. */
  readonly environments: ReadonlyMap<string, Maybe<string>>;
  /** Which job takes which role; absent until it is known what the workflows ask for. */
  readonly jobs?: readonly GitHubJob[];
}

/** Every value of a draft under the key it gets in keyless.yaml; missing ones without a fact. */
export function draftEntries(draft: IntentDraft): readonly { readonly key: string; readonly fact: Maybe<string> }[] {
  const { organization, identityCenter, accounts, stacks, stateBackends, moduleBuckets, legacy, github } = draft;
  return [
    { key: 'organization.name', fact: organization.name },
    { key: 'organization.id', fact: organization.id },
    { key: 'identity_center.start_url', fact: identityCenter.startUrl },
    { key: 'identity_center.region', fact: identityCenter.region },
    { key: 'identity_center.sso_session', fact: identityCenter.session },
    ...accounts.map(({ name, id }) => ({ key: `accounts.${name.value}`, fact: id })),
    ...stacks.flatMap(({ path, workspaces }) =>
      [...workspaces].map(([workspace, fact]) => ({
        key: workspaces.size === 1 && workspace === 'default' ? path || '.' : `${path || '.'} (${workspace})`,
        fact,
      })),
    ),
    ...stateBackends.flatMap(({ bucket, account, region, kmsKeyId, lockTable }) => [
      { key: 'state bucket', fact: bucket },
      { key: 'state account', fact: account },
      { key: 'state region', fact: region },
      ...(kmsKeyId === undefined ? [] : [{ key: 'state kms_key_id', fact: kmsKeyId }]),
      ...(lockTable === undefined ? [] : [{ key: 'state lock_table', fact: lockTable }]),
    ]),
    ...moduleBuckets.flatMap(({ bucket, account }) => [
      { key: 'module bucket', fact: bucket },
      { key: 'module account', fact: account },
    ]),
    ...(legacy === undefined
      ? []
      : [
          { key: 'legacy.user', fact: legacy.user },
          { key: 'legacy.account', fact: legacy.account },
          ...legacy.roles.map((fact) => ({ key: 'legacy role', fact })),
        ]),
    ...(github === undefined ? [] : [{ key: 'github.repository', fact: github.repository }]),
    ...[...(github?.environments ?? [])].map(([name, fact]) => ({ key: `github environment ${name}`, fact })),
  ];
}
