/** Policy documents as they are sent to AWS, built as values and printed at the end. */
import { type OneOrMore, type PolicyDocumentJson, policyOf, type StatementJson } from '../../aws/policy/build.ts';
import type { PolicyKind } from '../../aws/policy/document.ts';
import { measurePolicy } from '../../aws/policy/limits.ts';
import { KeylessError } from '../../kernel/error.ts';

export interface PolicyDocument<Statement extends StatementJson = PolicyStatement> extends PolicyDocumentJson {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface AnyStatement extends StatementJson {
  /** Letters and digits: what IAM takes. */
  readonly Sid: string;
  readonly Action: OneOrMore;
}

export type PolicyConditions = NonNullable<StatementJson['Condition']>;

/** Of the policy of a resource: a bucket, a key, a table. */
export interface PolicyStatement extends AnyStatement {
  readonly Principal: '*' | { readonly AWS: readonly string[] };
}

/** Of what a role or a permission set may do. */
export interface IdentityStatement extends AnyStatement {
  readonly Resource: OneOrMore;
}

/** Of who may assume a role. */
export interface TrustStatement extends AnyStatement {
  readonly Principal: { readonly Federated: string } | { readonly AWS: readonly string[] };
}

/** Of the policy of a bucket that a service of AWS writes to. */
export interface ServiceStatement extends AnyStatement {
  readonly Principal: '*' | { readonly Service: string };
  readonly Resource: OneOrMore;
}

export function document<Statement extends StatementJson>(statements: readonly Statement[]): PolicyDocument<Statement> {
  return { Version: '2012-10-17', Statement: statements };
}

/** What AWS is given. */
export function printPolicy(policy: PolicyDocumentJson): string {
  return JSON.stringify(policy);
}

/** The policy itself; throws CONFIG_INVALID when it is longer than AWS takes, INTERNAL when AWS would not take it at all. `what` begins the sentence, `hint` is what helps. */
export function withinSize<Policy extends PolicyDocumentJson>(
  policy: Policy,
  kind: PolicyKind,
  what: string,
  hint: string,
): Policy {
  const { size, most, unit } = measurePolicy(printPolicy(policy), kind);
  policyOf(policy, kind);
  if (size <= most) return policy;
  throw new KeylessError({
    code: 'CONFIG_INVALID',
    message: `${what} would have ${size} ${unit}; AWS takes ${most}`,
    hint,
    details: { [unit]: size, limit: most },
  });
}
