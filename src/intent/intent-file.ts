/**
 * keyless.yaml as it is written: snake_case, `null` for what is not known yet. `schema.ts` says the same to zod and to
 * editors; the compiler compares the two.
 */
import type { Partition } from '../aws/partition.ts';

/** Left out: not there. `null`: wanted, and nobody has filled it in yet. */
type Maybe<T> = T | null | undefined;

export interface IntentFile {
  readonly version: 1;
  readonly partition?: Partition | undefined;
  readonly organization: { readonly name: string; readonly id?: Maybe<string> };
  readonly identity_center?: Maybe<{
    readonly start_url?: Maybe<string>;
    readonly region?: Maybe<string>;
    readonly sso_session?: string | undefined;
  }>;
  readonly permission_sets?: Maybe<PlanAndApply>;
  readonly accounts: Readonly<Record<string, string | null>>;
  readonly stacks?: Maybe<readonly StackEntry[]>;
  readonly state?: Maybe<readonly StateEntry[]>;
  readonly github?: Maybe<GitHubEntry>;
}

export interface PlanAndApply {
  readonly plan?: string | undefined;
  readonly apply?: string | undefined;
}

export interface StackEntry {
  readonly path: string;
  readonly account?: Maybe<string>;
  readonly workspaces?: Readonly<Record<string, string | null>> | undefined;
}

export interface StateEntry {
  readonly bucket: string;
  readonly account?: Maybe<string>;
  readonly region?: Maybe<string>;
  readonly access?: 'direct' | 'profile' | undefined;
  readonly profile?: Maybe<string>;
  readonly kms_key_id?: Maybe<string>;
  readonly lock_table?: Maybe<
    string | { readonly name: string; readonly account?: Maybe<string>; readonly region?: Maybe<string> }
  >;
}

export interface GitHubEntry {
  readonly repository?: Maybe<string>;
  readonly environments?: Maybe<Readonly<Record<string, { readonly account: string | null }>>>;
  readonly roles?: Maybe<PlanAndApply>;
}
