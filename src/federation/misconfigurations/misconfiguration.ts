/** A mistake in a trust policy that is made in practice, shown on the sample of an issuer. */
import type { IssuerSample } from '../samples.ts';
import type { IntendedTokens } from '../token-grammar.ts';

export interface Misconfiguration {
  /** 1 to 19, as the catalogue counts. */
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** `outsider`: somebody gets in who should not. `refused`: who should get in does not. */
  readonly shows: 'outsider' | 'refused';
  /** A text: why this issuer cannot have it. */
  example(sample: IssuerSample): TrustExample | string;
}

export interface TrustExample {
  readonly bad: TrustDocument;
  readonly fixed: TrustDocument;
  /** Default: the sample's. */
  readonly intended?: IntendedTokens;
}

export interface TrustDocument {
  readonly statements: readonly TrustStatementDraft[];
  /** Audiences of the IAM provider; default the sample's alone. */
  readonly clientIds?: readonly string[];
}

/** A statement for the issuer's provider; claims without the prefix of the issuer. */
export interface TrustStatementDraft {
  readonly action?: string;
  /** Operator → claim → values. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Audience and subject compared: what every fix has. */
export function exact(sample: IssuerSample, more: Readonly<Record<string, string>> = {}): TrustStatementDraft {
  return subjectLike(sample, sample.subject, more);
}

/** The audience compared, and the subject as a pattern where it has a wildcard. */
export function subjectLike(
  { audience }: IssuerSample,
  subject: string,
  more: Readonly<Record<string, string>> = {},
): TrustStatementDraft {
  const equal = { aud: audience, ...more };
  if (!/[*?]/.test(subject)) return { condition: { StringEquals: { ...equal, sub: subject } } };
  return { condition: { StringEquals: equal, StringLike: { sub: subject } } };
}

/** The text of a trust policy for an IAM provider. */
export function trustPolicyText(document: TrustDocument, sample: IssuerSample, provider: string): string {
  const prefixed = (claims: Readonly<Record<string, string | readonly string[]>>): object =>
    Object.fromEntries(Object.entries(claims).map(([claim, values]) => [`${sample.grammar.issuer}:${claim}`, values]));
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: document.statements.map(({ action, condition }) => ({
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: action ?? 'sts:AssumeRoleWithWebIdentity',
      ...(condition && {
        Condition: Object.fromEntries(
          Object.entries(condition).map(([operator, claims]) => [operator, prefixed(claims)]),
        ),
      }),
    })),
  });
}
