/** Policy documents in JSON form, typed, for code that writes them; and the policy they stand for. */
import { KeylessError } from '../../kernel/error.ts';
import type { Policy, PolicyKind } from './document.ts';
import { parsePolicy } from './parse.ts';

export type OneOrMore = string | readonly string[];

export interface PolicyDocumentJson {
  readonly Version?: Policy['version'];
  readonly Id?: string;
  readonly Statement: readonly StatementJson[];
}

/** One of each pair `X`, `NotX` at most; `parsePolicy` says what a kind needs. */
export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalJson;
  readonly NotPrincipal?: PrincipalJson;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  /** Operator → key → values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export type PrincipalJson =
  | '*'
  | {
      readonly AWS?: OneOrMore;
      readonly Service?: OneOrMore;
      readonly Federated?: OneOrMore;
      readonly CanonicalUser?: OneOrMore;
    };

/** For documents from our own code: one that AWS would refuse is a fault there and throws INTERNAL. */
export function policyOf(document: PolicyDocumentJson, kind: PolicyKind): Policy {
  const result = parsePolicy(JSON.stringify(document), kind);
  if (result.ok) return result.policy;
  const [problem] = result.problems;
  throw new KeylessError({
    code: 'INTERNAL',
    message: `a ${kind} policy was built that AWS refuses: ${problem?.message} (${problem?.path})`,
    details: { problems: result.problems },
  });
}
