/**
 * keyless.yaml as a value: who may run Terraform where. Everything else is derived from it or checked against it.
 * A value the team has not filled in yet is `undefined`: only what needs it is refused.
 */
import type { Partition } from '../aws/partition.ts';
import type { Location } from '../kernel/diagnostic.ts';

export type { Partition };

export interface Intent {
  readonly version: 1;
  readonly partition: Partition;
  readonly organization: {
    readonly name: string;
    /** `o-…`; needed to narrow a bucket policy to the organisation. */
    readonly id: string | undefined;
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
  /** Names of the roles pipelines plan and apply with, in every account. */
  readonly pipelineRoles: { readonly plan: string; readonly apply: string };
  /** By the team's name for it. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly stacks: readonly Stack[];
  readonly stateBackends: readonly StateBackend[];
  readonly github: GitHub | undefined;
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
}

export interface GitHub {
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** GitHub environment → account name. */
  readonly environments: ReadonlyMap<string, { readonly account: string }>;
  /** Environments whose account nobody has filled in yet; they are not in `environments`. */
  readonly unassigned?: readonly string[];
}
