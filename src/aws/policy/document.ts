/**
 * An IAM policy as a value, the same for every kind of policy.
 * Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

export interface Policy {
  readonly version: '2012-10-17' | '2008-10-17';
  readonly id: string | undefined;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Position in the document, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** `undefined` in identity policies, SCPs and session policies, which have none. */
  readonly principal: PrincipalElement | undefined;
  readonly actions: Patterns;
  /** `undefined` in trust policies, which have none. */
  readonly resources: Patterns | undefined;
  /** All must hold. */
  readonly conditions: readonly Condition[];
}

/** `Action`/`Resource` (`negated: false`) or `NotAction`/`NotResource`. */
export interface Patterns {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** `Principal` (`negated: false`) or `NotPrincipal`. `"*"` is `{ any: true }`, as is `{"AWS": "*"}`. */
export interface PrincipalElement {
  readonly negated: boolean;
  readonly any: boolean;
  /** Account ids, ARNs or unique ids. A 12-digit id and `arn:…:root` mean the same: the whole account. */
  readonly aws: readonly string[];
  readonly service: readonly string[];
  /** ARN of an OIDC or SAML provider, or one of the built-in names (`cognito-identity.amazonaws.com`). */
  readonly federated: readonly string[];
  readonly canonicalUser: readonly string[];
}

/** One key of one operator: `{"ForAnyValue:StringLikeIfExists": {"aws:PrincipalTag/team": ["a", "b"]}}`. */
export interface Condition {
  /** Without prefix and suffix, spelled as AWS documents it: `StringLike`. */
  readonly operator: ConditionOperator;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** As written; keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const conditionOperators = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;
export type ConditionOperator = (typeof conditionOperators)[number];

/** What a document is used as; decides which elements it may hold and how long it may be. */
export type PolicyKind =
  | 'identity'
  | 'inline-user'
  | 'inline-role'
  | 'inline-permission-set'
  | 'boundary'
  | 'session'
  | 'scp'
  | 'rcp'
  | 'trust'
  | 'bucket'
  | 'key'
  | 'table';

/** Why AWS would refuse the document; `message` as AWS words it where it is known. */
export interface PolicyProblem {
  /** `MalformedPolicyDocument`, `LimitExceeded`, `PolicyLengthExceeded`, … the code AWS answers with. */
  readonly code: string;
  readonly message: string;
  /** JSON path: `Statement[0].Principal.AWS`. */
  readonly path: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };
