/**
 * keyless.yaml as a value: who may run Terraform where. Everything else is derived from it or checked against it.
 * A value the team has not filled in yet is `undefined`: only what needs it is refused.
 */
import type { Partition } from '../aws/partition.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { GitHubTrigger } from './intent-file.ts';

export type { GitHubTrigger, Partition };

export interface Intent {
  readonly version: 1;
  readonly partition: Partition;
  readonly organization: {
    readonly name: string;
    /** `o-…`; needed to narrow a bucket policy to the organisation. */
    readonly id: string | undefined;
    /** Name of the account that manages the organisation, where it is one of `accounts`. */
    readonly managementAccount: string | undefined;
  };
  readonly identityCenter: {
    /** `https://acme.awsapps.com/start`. */
    readonly startUrl: string | undefined;
    readonly region: string | undefined;
    /** Name of the `[sso-session …]` section. */
    readonly session: string;
  };
  /** Names of the permission sets people plan and apply with. */
  readonly permissionSets: { readonly plan: string; readonly apply: string };
  /** What every permission set gives, by name; the two above always have an entry. */
  readonly sets: ReadonlyMap<string, PermissionSet>;
  /** By name. */
  readonly groups: ReadonlyMap<string, Group>;
  /** By user name. Nobody where the file names nobody. */
  readonly people: ReadonlyMap<string, Person>;
  /** One entry for each principal, set and account. */
  readonly assignments: readonly Assignment[];
  /** Names of the roles that pipelines take: plan and apply in every account, publish where modules are. */
  readonly pipelineRoles: { readonly plan: string; readonly apply: string; readonly publish: string };
  /** By the team's name for it. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly stacks: readonly Stack[];
  readonly stateBackends: readonly StateBackend[];
  /** Where Terraform modules are downloaded from. */
  readonly moduleBuckets: readonly ModuleBucket[];
  readonly github: GitHub | undefined;
  readonly hcpTerraform: HcpTerraform | undefined;
  /** The way that is left behind. */
  readonly legacy: LegacyWay | undefined;
  /** Where each value stands in the file, by its path (`accounts.dev`, `stacks[0].workspaces.live`); for messages. */
  readonly locations: ReadonlyMap<string, Location>;
}

export interface Account {
  readonly name: string;
  /** 12 digits. */
  readonly id: string | undefined;
}

/** A Terraform root module and the account each of its workspaces lives in. */
export interface Stack {
  /** Folder relative to the repository root. */
  readonly path: string;
  /** Workspace → account name. A stack without workspaces has one entry, `default`. */
  readonly workspaces: ReadonlyMap<string, string>;
  /** Workspaces whose account nobody has filled in yet; they are not in `workspaces`. */
  readonly unassigned?: readonly string[];
}

export interface StateBackend {
  readonly bucket: string;
  readonly region: string | undefined;
  /** Account name. */
  readonly account: string | undefined;
  /**
   * `direct`: the caller's own identity reaches the bucket through its policy; nothing about it stands in committed
   * code. `profile`: a named profile of the state account; pipelines get it by partial configuration.
   */
  readonly access: 'direct' | 'profile';
  /** Profile for `access: profile`. */
  readonly profile: string | undefined;
  /** ARN of the customer-managed key, where the bucket demands one. */
  readonly kmsKeyId: string | undefined;
  /** DynamoDB lock table that is still in use. */
  readonly lockTable:
    | { readonly name: string; readonly account: string | undefined; readonly region: string | undefined }
    | undefined;
  /** A write that names no encryption is refused; always so with a key. */
  readonly requireEncryption: boolean;
  /** `undefined`: plan and apply of every account read all of it. */
  readonly readers: readonly StateRule[] | undefined;
  /** `undefined`: apply of every account writes all of it. */
  readonly writers: readonly StateRule[] | undefined;
  /** Outside it the bucket refuses everybody. */
  readonly window: TimeWindow | undefined;
}

/** Sessions of some phases or permission sets, from some accounts, on some keys of the bucket. */
export interface StateRule {
  readonly phases: readonly Phase[];
  readonly permissionSets: readonly string[];
  /** Account names; `undefined`: all. */
  readonly accounts: readonly string[] | undefined;
  /** `*` stands for any characters. */
  readonly keys: readonly string[];
}

/** Epoch milliseconds; one of the two is there. */
export interface TimeWindow {
  readonly from: number | undefined;
  readonly until: number | undefined;
}

/** What a run of Terraform may do: `plan` reads, `apply` changes. */
export type Phase = 'plan' | 'apply';

export interface PermissionSet {
  readonly name: string;
  readonly description: string | undefined;
  /** Seconds. */
  readonly sessionDuration: number;
  /** The built-in policy it carries. */
  readonly allows: Phase | undefined;
  /** Names of policies that AWS manages: `ReadOnlyAccess`. */
  readonly managedPolicies: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly description: string | undefined;
}

export interface Person {
  readonly userName: string;
  readonly email: string;
  readonly displayName: string;
  readonly groups: readonly string[];
}

export interface Assignment {
  readonly principal: { readonly kind: 'group' | 'person'; readonly name: string };
  /** Name of the permission set. */
  readonly permissionSet: string;
  /** Account name. */
  readonly account: string;
  /** `undefined`: at any time. */
  readonly window: TimeWindow | undefined;
}

export interface ModuleBucket {
  readonly bucket: string;
  /** Account name. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

export interface LegacyWay {
  /** Name of the IAM user, with its path if it has one. */
  readonly user: string;
  /** Account name. */
  readonly account: string | undefined;
  /** Names of the roles that trust the user, the same in every account. */
  readonly roles: readonly string[];
}

export interface HcpTerraform {
  readonly organization: string;
  readonly project: string;
  /** By name. */
  readonly workspaces: ReadonlyMap<string, { readonly account: string; readonly phases: readonly Phase[] }>;
  /** Workspaces whose account nobody has filled in yet; they are not in `workspaces`. */
  readonly unassigned: readonly string[];
}

/** `publish` uploads Terraform modules. */
export type PipelinePhase = Phase | 'publish';

/** A job of a workflow, and what it may take. */
export interface GitHubJob {
  /** File name in .github/workflows. */
  readonly workflow: string;
  readonly job: string;
  readonly phases: readonly PipelinePhase[];
  /** GitHub environments it runs in. */
  readonly environments: readonly string[];
  /** Accounts it works in without an environment. */
  readonly accounts: readonly string[];
  readonly triggers: readonly GitHubTrigger[];
  readonly branches: readonly string[];
  /** `*` and `?` stand for any characters. */
  readonly tags: readonly string[];
}

export interface GitHub {
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** Numbers that the subjects of its tokens carry beside the names; absent where they carry none. */
  readonly immutableSubject?: { readonly ownerId: string; readonly repositoryId: string };
  /** GitHub environment → account name. */
  readonly environments: ReadonlyMap<string, { readonly account: string }>;
  /** Environments whose account nobody has filled in yet; they are not in `environments`. */
  readonly unassigned?: readonly string[];
  /** Which job takes which role; absent where the file does not say: `pipelineGrants` has the default. */
  readonly jobs?: readonly GitHubJob[];
}
