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
  readonly organization: {
    readonly name: string;
    readonly id?: Maybe<string>;
    readonly management_account?: Maybe<string>;
  };
  readonly identity_center?: Maybe<{
    readonly start_url?: Maybe<string>;
    readonly region?: Maybe<string>;
    readonly sso_session?: string | undefined;
  }>;
  readonly permission_sets?: Maybe<PermissionSetsEntry>;
  readonly groups?: Maybe<Readonly<Record<string, GroupEntry>>>;
  readonly people?: Maybe<Readonly<Record<string, PersonEntry>>>;
  readonly assignments?: Maybe<readonly AssignmentEntry[]>;
  readonly accounts: Readonly<Record<string, string | null>>;
  readonly stacks?: Maybe<readonly StackEntry[]>;
  readonly state?: Maybe<readonly StateEntry[]>;
  readonly modules?: Maybe<readonly ModuleBucketEntry[]>;
  readonly github?: Maybe<GitHubEntry>;
  readonly hcp_terraform?: Maybe<HcpTerraformEntry>;
  readonly legacy?: Maybe<LegacyEntry>;
}

export interface PlanAndApply {
  readonly plan?: string | undefined;
  readonly apply?: string | undefined;
}

export interface PermissionSetsEntry extends PlanAndApply {
  readonly sets?: Maybe<Readonly<Record<string, PermissionSetEntry>>>;
}

export interface PermissionSetEntry {
  readonly description?: string | undefined;
  readonly session_duration?: string | undefined;
  readonly allows?: 'plan' | 'apply' | undefined;
  readonly managed_policies?: readonly string[] | undefined;
}

export interface GroupEntry {
  readonly description?: string | undefined;
}

export interface PersonEntry {
  readonly email: string;
  readonly name?: string | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface WindowEntry {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export interface AssignmentEntry extends WindowEntry {
  readonly group?: string | undefined;
  readonly person?: string | undefined;
  readonly phases?: readonly ('plan' | 'apply')[] | undefined;
  readonly permission_sets?: readonly string[] | undefined;
  readonly accounts: readonly string[];
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
  readonly require_encryption?: boolean | undefined;
  readonly readers?: readonly StateRuleEntry[] | undefined;
  readonly writers?: readonly StateRuleEntry[] | undefined;
  readonly window?: Maybe<WindowEntry>;
}

export interface StateRuleEntry {
  readonly phases?: readonly ('plan' | 'apply')[] | undefined;
  readonly permission_sets?: readonly string[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly keys?: readonly string[] | undefined;
}

export interface ModuleBucketEntry {
  readonly bucket: string;
  readonly account?: Maybe<string>;
  readonly region?: Maybe<string>;
}

export interface LegacyEntry {
  readonly user: string;
  readonly account?: Maybe<string>;
  readonly roles?: readonly string[] | undefined;
}

export interface HcpTerraformEntry {
  readonly organization: string;
  readonly project?: string | undefined;
  readonly workspaces?: Maybe<Readonly<Record<string, HcpWorkspaceEntry>>>;
}

export interface HcpWorkspaceEntry {
  readonly account: string | null;
  readonly phases?: readonly ('plan' | 'apply')[] | undefined;
}

export interface GitHubJobEntry {
  readonly workflow: string;
  readonly job: string;
  readonly phases: readonly ('plan' | 'apply' | 'publish')[];
  readonly environments?: readonly string[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly triggers?: readonly GitHubTrigger[] | undefined;
  readonly branches?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
}

export const githubTriggers = [
  'pull_request',
  'push',
  'workflow_dispatch',
  'schedule',
  'release',
  'repository_dispatch',
  'workflow_run',
  'merge_group',
] as const;
export type GitHubTrigger = (typeof githubTriggers)[number];

export interface GitHubEntry {
  readonly repository?: Maybe<string>;
  readonly immutable_subject?: Maybe<{ readonly owner_id: string; readonly repository_id: string }>;
  readonly environments?: Maybe<Readonly<Record<string, { readonly account: string | null }>>>;
  readonly roles?: Maybe<PlanAndApply & { readonly publish?: string | undefined }>;
  readonly jobs?: Maybe<readonly GitHubJobEntry[]>;
}
