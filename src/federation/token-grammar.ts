/**
 * What the tokens of an issuer can look like, exactly: a few forms, each made of free pieces (an owner, a repository, a
 * branch) of which claims are composed. Claims are not independent of each other: `sub` and `repository` name the same
 * repository. So questions about claims are asked about the pieces.
 */
import type { Language } from '../aws/prove/language.ts';

/** A piece of a claim: fixed text, or what a variable holds. */
export type Piece = string | { readonly variable: string };

export interface TokenForm {
  /** `environment`, `pull request`, `branch`. */
  readonly name: string;
  /** Claim → what it is made of. A claim that is not here is not in the token. */
  readonly claims: Readonly<Record<string, readonly Piece[]>>;
}

export interface IssuerGrammar {
  readonly id: string;
  readonly title: string;
  /** URL of the issuer without `https://`, as IAM names the provider; it also prefixes the condition keys. */
  readonly issuer: string;
  /** What the free pieces can hold. `aud` is among them: whoever asks for a token says for whom. */
  readonly variables: Readonly<Record<string, Language>>;
  readonly forms: readonly TokenForm[];
  /**
   * Who is a stranger, the farthest first: which pieces then differ from those of the intended tokens (`other`), which
   * are the same (`own`). Pieces in neither list are free.
   */
  readonly strangers: readonly StrangerKind[];
  /** Page that documents the tokens. */
  readonly source: string;
}

export interface StrangerKind {
  readonly id: string;
  /** `a repository of another owner`. */
  readonly title: string;
  readonly other: readonly string[];
  readonly own: readonly string[];
}

/** Tokens that are meant to get in: one form, and what its pieces hold; pieces that are left out may hold anything. */
export interface IntendedTokens {
  readonly form: string;
  readonly pieces: Readonly<Record<string, string | Language>>;
}

/** Claims of one token, for people and for trying it out. */
export type TokenClaims = Readonly<Record<string, string>>;
