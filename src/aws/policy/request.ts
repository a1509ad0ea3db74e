/**
 * What a policy is asked: who, does what, to what, in which circumstances; and what AWS would answer.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Policy } from './document.ts';

/** Values of condition keys, by the key in lower case. A key that is not there has no entry; `[]` is an empty multi-valued key. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** The caller as policies see it. */
export type PolicyPrincipal =
  | { readonly type: 'anonymous' }
  | { readonly type: 'root'; readonly account: string; readonly arn: string }
  | { readonly type: 'user'; readonly account: string; readonly arn: string; readonly uniqueId?: string }
  | {
      readonly type: 'role-session';
      readonly account: string;
      /** `arn:aws:iam::…:role/path/name`. */
      readonly roleArn: string;
      /** `arn:aws:sts::…:assumed-role/name/session`. */
      readonly arn: string;
      /** `AROA…`, without the session name. */
      readonly uniqueId?: string;
    }
  | {
      /** A web identity or SAML assertion that is about to assume a role. */
      readonly type: 'federated';
      /** ARN of the provider, or a built-in name. */
      readonly provider: string;
    }
  | { readonly type: 'service'; readonly name: string };

export interface AccessRequest {
  readonly principal: PolicyPrincipal;
  /** `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*` for actions without a resource. */
  readonly resource: string;
  /** Account that owns the resource; that of the principal when left out. */
  readonly resourceAccount?: string;
  readonly context: ConditionContext;
}

export interface NamedPolicy {
  /** For explanations: an ARN, or `inline:name`. */
  readonly name: string;
  readonly policy: Policy;
}

/** Every policy that has a say. What is left out does not exist; an empty list of `scps` levels denies nothing. */
export interface PolicySet {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  /** Session policies; when given, at least one must allow. */
  readonly session?: readonly NamedPolicy[];
  /** Of the resource: bucket policy, key policy, table policy; for `sts:AssumeRole*` the trust policy. */
  readonly resource?: NamedPolicy;
  /** From the root of the organisation down to the account: each level must allow. Not for the management account. */
  readonly scps?: readonly (readonly NamedPolicy[])[];
  readonly rcps?: readonly (readonly NamedPolicy[])[];
  /**
   * `required`: the resource policy must allow even inside one account, as a role's trust policy and a KMS key policy
   * do (identity policies count only where it delegates to the account). Default: `sufficient`.
   */
  readonly resourcePolicy?: 'sufficient' | 'required';
}

export type PolicySetKind = 'identity' | 'boundary' | 'session' | 'resource' | 'scp' | 'rcp';

export interface Decision {
  readonly allowed: boolean;
  readonly outcome: 'allow' | 'explicit-deny' | 'implicit-deny';
  /** The kind of policy that decided: the one with the Deny, the one that does not allow, or the one that allows. */
  readonly by: PolicySetKind;
  /** The statement that decided; `undefined` for an implicit deny. */
  readonly statement: { readonly policy: string; readonly index: number; readonly sid: string | undefined } | undefined;
  /** One sentence for a person. */
  readonly why: string;
  /** Of an implicit deny: the Allow that came closest, where one covers the action. */
  readonly nearMiss?: NearMiss;
}

/** The first thing that did not hold in a statement that would otherwise have allowed. */
export interface NearMiss {
  readonly policy: string;
  readonly index: number;
  readonly sid: string | undefined;
  /** `Resource`, `NotResource`, `Principal`, `NotPrincipal`, or the operator of a condition as written. */
  readonly element: string;
  /** Of a condition: its key as written. */
  readonly key: string | undefined;
  readonly expected: readonly string[];
  /** `undefined`: the key is not in the request. */
  readonly actual: readonly string[] | undefined;
}
