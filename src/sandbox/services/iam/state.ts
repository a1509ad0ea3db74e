/** IAM's part of the world: users, groups of policies, roles and providers of every account. Changed by IAM and Identity Center, read by all. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';

export interface IamState {
  /** By account id. Every account of the organisation has one. */
  readonly accounts: Map<string, IamAccount>;
}

export interface IamAccount {
  readonly accountId: string;
  readonly users: Map<string, IamUser>;
  /** By name. */
  readonly roles: Map<string, IamRole>;
  /** Customer-managed policies by ARN. AWS-managed ones are the same for all accounts: `managed-policies.ts`. */
  readonly policies: Map<string, ManagedPolicy>;
  /** By ARN. */
  readonly oidcProviders: Map<string, OidcProvider>;
  /** The last credential report, as CSV. */
  credentialReport?: { readonly content: string; readonly generatedAt: number };
  /** Jobs of GenerateServiceLastAccessedDetails by id: whose, and when. */
  lastAccessedJobs?: Map<string, { readonly arn: string; readonly createdAt: number }>;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What users and roles have in common as holders of policies. */
export interface PolicyHolder {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** `AIDA…` or `AROA…`. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  tags: readonly Tag[];
  /** Inline policies by name: the document as it was sent, and parsed. */
  readonly inline: Map<string, PolicyText>;
  /** ARNs of attached managed policies, in the order of attachment. */
  attached: readonly string[];
  /** ARN of the permissions boundary. */
  boundary: string | undefined;
}

export interface PolicyText {
  readonly text: string;
  readonly parsed: NamedPolicy;
}

/** A trust policy. `parsed` names users and roles of the sandbox by their unique ids. */
export interface TrustText extends PolicyText {
  /** ARN as written → unique id of the user or role that had it when the policy was stored. */
  readonly principals?: ReadonlyMap<string, string>;
}

export interface IamUser extends PolicyHolder {
  readonly accessKeys: AccessKeyRecord[];
}

/** The public side of a key; the secret is in the key registry. */
export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly createdAt: number;
  status: 'Active' | 'Inactive';
  lastUsed: { readonly at: number; readonly region: string; readonly service: string } | undefined;
}

export interface IamRole extends PolicyHolder {
  trust: TrustText;
  description: string | undefined;
  /** Seconds, 3600 to 43200. */
  maxSessionDuration: number;
  lastUsed: { readonly at: number; readonly region: string } | undefined;
  /** Made by Identity Center: IAM refuses to change it. */
  readonly reservedFor: 'sso.amazonaws.com' | undefined;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  tags: readonly Tag[];
  /** At most five; the newest last. */
  versions: readonly PolicyVersion[];
  defaultVersionId: string;
  /** How many versions there ever were; the length of `versions` when left out. */
  versionsMade?: number;
}

export interface PolicyVersion extends PolicyText {
  /** `v1`, `v2`, … never used twice. */
  readonly versionId: string;
  readonly createdAt: number;
}

export interface OidcProvider {
  readonly arn: string;
  /** Without scheme: `token.actions.githubusercontent.com`. */
  readonly url: string;
  clientIds: readonly string[];
  thumbprints: readonly string[];
  readonly createdAt: number;
  tags: readonly Tag[];
}
