/** Policy documents as they are sent to AWS, built as values and printed at the end. */
import type { PolicyKind } from '../../aws/policy/document.ts';
import { measurePolicy } from '../../aws/policy/limits.ts';
import { KeylessError } from '../../kernel/error.ts';

export interface PolicyDocument<Statement = PolicyStatement> {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface AnyStatement {
  /** Letters and digits: what IAM takes. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Condition?: PolicyConditions;
}

export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Of the policy of a resource: a bucket, a key, a table. */
export interface PolicyStatement extends AnyStatement {
  readonly Principal: '*' | { readonly AWS: readonly string[] };
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
}

/** Of what a role or a permission set may do. */
export interface IdentityStatement extends AnyStatement {
  readonly Resource: string | readonly string[];
}

/** Of who may assume a role. */
export interface TrustStatement extends AnyStatement {
  readonly Principal: { readonly Federated: string } | { readonly AWS: readonly string[] };
}

/** Of the policy of a bucket that a service of AWS writes to. */
export interface ServiceStatement extends AnyStatement {
  readonly Principal: '*' | { readonly Service: string };
  readonly Resource: string | readonly string[];
}

export type AnyPolicyDocument =
  | PolicyDocument
  | PolicyDocument<IdentityStatement>
  | PolicyDocument<TrustStatement>
  | PolicyDocument<ServiceStatement>;

export function document<Statement>(statements: readonly Statement[]): PolicyDocument<Statement> {
  return { Version: '2012-10-17', Statement: statements };
}

/** What AWS is given. */
export function printPolicy(policy: AnyPolicyDocument): string {
  return JSON.stringify(policy);
}

/** The policy itself; throws CONFIG_INVALID when AWS would not take it. `what` begins the sentence, `hint` is what helps. */
export function withinSize<Policy extends AnyPolicyDocument>(
  policy: Policy,
  kind: PolicyKind,
  what: string,
  hint: string,
): Policy {
  const { size, most, unit } = measurePolicy(printPolicy(policy), kind);
  if (size <= most) return policy;
  throw new KeylessError({
    code: 'CONFIG_INVALID',
    message: `${what} would have ${size} ${unit}; AWS takes ${most}`,
    hint,
    details: { [unit]: size, limit: most },
  });
}
