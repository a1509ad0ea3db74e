/** Which tokens of an issuer a trust policy lets in, as regions over the pieces that tokens are made of. */
import { claimsThatAreKeys } from '../aws/oidc-issuer-claims.ts';
import type { Policy } from '../aws/policy/document.ts';
import { actionDimension, allowedRequests, keyDimension, resourceDimension } from '../aws/prove/allowed-requests.ts';
import { TextSet } from '../aws/prove/key-set.ts';
import { Language } from '../aws/prove/language.ts';
import { type Box, intersection, narrowed, type Region } from '../aws/prove/region.ts';
import { Undecidable } from '../aws/prove/undecidable.ts';
import type { IssuerGrammar, Piece, TokenClaims, TokenForm } from './token-grammar.ts';

/** Boxes over variables, by the name of the form. */
export type AcceptedTokens = ReadonlyMap<string, Region>;

/**
 * @param provider ARN of the IAM OIDC provider
 * @param clientIds audiences that the provider admits; STS refuses all others before it reads the trust policy
 * @throws Undecidable
 */
export function acceptedTokens(
  trust: Policy,
  grammar: IssuerGrammar,
  provider: string,
  clientIds: readonly string[],
): AcceptedTokens {
  const principal = { type: 'federated', provider } as const;
  const within: Region = [
    new Map([[actionDimension, new TextSet(false, Language.of('sts:assumerolewithwebidentity'))]]),
  ];
  const region = allowedRequests(
    { principal, within },
    { identity: [], resource: { name: 'trust policy', policy: trust }, resourcePolicy: 'required' },
  );
  return new Map(
    grammar.forms.map((form) => {
      const all = everyToken(grammar, form, clientIds);
      return [
        form.name,
        intersection(
          all,
          region.flatMap((box) => tokensOf(box, grammar, form)),
        ),
      ];
    }),
  );
}

/** Every token of a form that STS would look at. */
export function everyToken(grammar: IssuerGrammar, form: TokenForm, clientIds: readonly string[]): Region {
  const box = new Map(
    variablesOf(form).map((name) => [name, new TextSet(false, grammar.variables[name] ?? Language.all)]),
  );
  const audience = narrowed(box, 'aud', new TextSet(false, Language.ofAny(clientIds)));
  return audience === undefined ? [] : [audience];
}

/** The token that a box's shortest pieces make. */
export function exampleToken(box: Box, form: TokenForm): TokenClaims {
  const piece = (part: Piece): string =>
    typeof part === 'string' ? part : (box.get(part.variable)?.example()?.[0] ?? '');
  return Object.fromEntries(Object.entries(form.claims).map(([claim, pieces]) => [claim, pieces.map(piece).join('')]));
}

function variablesOf({ claims }: TokenForm): string[] {
  const pieces = Object.values(claims).flat();
  return [...new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.variable])))];
}

/** A box over condition keys as boxes over the pieces of a form. */
function tokensOf(box: Box, grammar: IssuerGrammar, form: TokenForm): Region {
  let region: Region = [new Map()];
  for (const [dimension, set] of box) {
    if (dimension === actionDimension || dimension === resourceDimension) continue;
    const claim = claimOf(dimension, grammar);
    // Keys that are no claims (the address, the time) are the caller's to choose.
    if (claim === undefined) continue;
    const pieces = isKey(grammar, claim) ? form.claims[claim] : undefined;
    if (pieces === undefined) {
      if (!set.accepts(undefined)) return [];
      continue;
    }
    if (!(set instanceof TextSet)) throw new Undecidable(`${claim} is compared as a ${set.form}`);
    region = intersection(region, piecesRegion(set.language, pieces, grammar));
  }
  return region;
}

/** `undefined` for keys of other kinds; a claim of another issuer is a key without value. */
function claimOf(dimension: string, { issuer }: IssuerGrammar): string | undefined {
  const key = dimension.slice(keyDimension('').length);
  const prefix = `${issuer.toLowerCase()}:`;
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  return /^[^/:]+\.[^:]+:/.test(key) ? key : undefined;
}

function isKey({ issuer }: IssuerGrammar, claim: string): boolean {
  return claim === 'aud' || claimsThatAreKeys(issuer).some((key) => key.toLowerCase() === claim);
}

function piecesRegion(language: Language, pieces: readonly Piece[], grammar: IssuerGrammar): Region {
  const names = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.variable]));
  const free = pieces.map((piece) =>
    typeof piece === 'string' ? piece : (grammar.variables[piece.variable] ?? Language.all),
  );
  return language.decompose(free).flatMap((languages) => {
    let box: Box | undefined = new Map();
    for (const [index, name] of names.entries()) {
      box = box && narrowed(box, name, new TextSet(false, languages[index] as Language));
    }
    return box ?? [];
  });
}
