/**
 * Who can take a role besides those who should: not a list of bad patterns, but the difference of two exact sets. Where
 * it is not empty, the shortest token that shows it; where it is, that is the proof.
 */
import type { Policy } from '../aws/policy/document.ts';
import { TextSet } from '../aws/prove/key-set.ts';
import { Language } from '../aws/prove/language.ts';
import { type Box, difference, intersection, narrowed, type Region } from '../aws/prove/region.ts';
import { acceptedTokens, everyToken, exampleToken } from './accepted-tokens.ts';
import type { IntendedTokens, IssuerGrammar, StrangerKind, TokenClaims, TokenForm } from './token-grammar.ts';

export interface TrustQuestion {
  readonly trust: Policy;
  readonly grammar: IssuerGrammar;
  /** ARN of the IAM OIDC provider. */
  readonly provider: string;
  /** Audiences that the provider admits. */
  readonly clientIds: readonly string[];
  readonly intended: readonly IntendedTokens[];
}

export interface TrustAnswer {
  /** Tokens that get in and should not: one of each kind of stranger and form, the farthest strangers first. */
  readonly outsiders: readonly Outsider[];
  /** Intended tokens that are refused. */
  readonly refused: readonly { readonly intended: IntendedTokens; readonly claims: TokenClaims }[];
}

export interface Outsider {
  readonly kind: Pick<StrangerKind, 'id' | 'title'>;
  readonly form: string;
  readonly claims: TokenClaims;
}

/** A stranger that differs in nothing but the circumstances of the run. */
export const otherContext: StrangerKind = {
  id: 'other-context',
  title: 'another run of the same source',
  other: [],
  own: [],
};

/** @throws Undecidable where the policy cannot be decided exactly */
export function checkTrust(question: TrustQuestion): TrustAnswer {
  const { trust, grammar, provider, clientIds, intended } = question;
  const accepted = acceptedTokens(trust, grammar, provider, clientIds);
  const uninvited = new Map(
    grammar.forms.map((form) => [form, difference(accepted.get(form.name) ?? [], intendedRegion(form, intended))]),
  );
  const outsiders: Outsider[] = [];
  for (const kind of [...grammar.strangers, otherContext]) {
    for (const [form, tokens] of uninvited) {
      const strangers = intersection(tokens, strangerRegion(kind, question));
      const claims = shortestToken(strangers, form);
      if (claims !== undefined) outsiders.push({ kind: { id: kind.id, title: kind.title }, form: form.name, claims });
    }
  }
  return { outsiders, refused: refusedTokens(question, accepted) };
}

function refusedTokens(
  { grammar, clientIds, intended }: TrustQuestion,
  accepted: ReadonlyMap<string, Region>,
): TrustAnswer['refused'] {
  return intended.flatMap((tokens) => {
    const form = grammar.forms.find(({ name }) => name === tokens.form);
    if (form === undefined) return [];
    const meant = intersection(everyToken(grammar, form, clientIds), intendedRegion(form, [tokens]));
    const claims = shortestToken(difference(meant, accepted.get(form.name) ?? []), form);
    return claims === undefined ? [] : [{ intended: tokens, claims }];
  });
}

function intendedRegion(form: TokenForm, intended: readonly IntendedTokens[]): Region {
  return intended.filter((tokens) => tokens.form === form.name).map(({ pieces }) => boxOf(Object.entries(pieces)));
}

function boxOf(pieces: readonly (readonly [string, string | Language])[]): Box {
  return new Map(
    pieces.map(([name, held]) => [name, new TextSet(false, typeof held === 'string' ? Language.of(held) : held)]),
  );
}

/** What such a stranger's pieces hold, seen from all intended tokens together. */
function strangerRegion(kind: StrangerKind, { grammar, intended }: TrustQuestion): Region {
  // Not farther than this kind: strangers of the kinds before it are told by those.
  if (kind.other.length > 0 && !kind.other.some((name) => intended.some(({ pieces }) => name in pieces))) return [];
  const own = kind === otherContext ? grammar.strangers.flatMap(({ other }) => other) : kind.own;
  let box: Box | undefined = new Map();
  for (const name of new Set([...own, ...kind.other])) {
    const held = intended.flatMap(({ pieces }) => pieces[name] ?? []);
    // Nothing is said about this piece, so it tells no strangers.
    if (held.length === 0) continue;
    const ours = held
      .map((each) => (typeof each === 'string' ? Language.of(each) : each))
      .reduce((a, b) => a.or(b), Language.none);
    box = box && narrowed(box, name, new TextSet(false, kind.other.includes(name) ? ours.not() : ours));
  }
  return box === undefined ? [] : [box];
}

function shortestToken(region: Region, form: TokenForm): TokenClaims | undefined {
  const tokens = region.map((box) => exampleToken(box, form));
  const size = (claims: TokenClaims): number => Object.values(claims).reduce((sum, { length }) => sum + length, 0);
  return tokens.reduce<TokenClaims | undefined>(
    (best, claims) => (best === undefined || size(claims) < size(best) ? claims : best),
    undefined,
  );
}
