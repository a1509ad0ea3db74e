/** The issuers of a world: their keys, what they publish, and the tokens they sign. */
import type { webcrypto } from 'node:crypto';
import type { JWK } from 'jose';
import type { Random } from '../../ports/index.ts';
import { AwsError } from '../core/aws-error.ts';
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import type { Claims } from './github-job.ts';
import type { Issuer, SigningKey } from './state.ts';

export const githubIssuerUrl = 'https://token.actions.githubusercontent.com';
export const hcpIssuerUrl = 'https://app.terraform.io';

/** Adds an issuer with one signing key, which is made when it is first needed. */
export function createIssuer(
  world: World,
  random: Random,
  issuer: { readonly url: string; readonly kind: Issuer['kind'] },
): Issuer {
  const made: Issuer = { ...issuer, keys: [signingKey(world, random)], reachable: true };
  world.issuers.issuers.set(issuer.url, made);
  return made;
}

/** GitHub Actions and HCP Terraform, as every world has them. */
export function createIssuers(world: World, random: Random): void {
  createIssuer(world, random, { url: githubIssuerUrl, kind: 'github' });
  createIssuer(world, random, { url: hcpIssuerUrl, kind: 'hcp-terraform' });
}

/** Signs with a new key from now on. The old ones stay published unless they are `withdrawn`, as after a compromise. */
export function rotateKeys(world: World, random: Random, issuer: Issuer, withdrawn: boolean = false): void {
  const key = signingKey(world, random);
  if (withdrawn) issuer.keys.length = 0;
  issuer.keys.unshift(key);
}

function signingKey(world: World, random: Random): SigningKey {
  let made: Promise<webcrypto.CryptoKeyPair> | undefined;
  return {
    kid: world.ids.hex(40),
    pair: () => {
      made ??= random.keyPair('rsa-2048');
      return made;
    },
  };
}

/** The JSON Web Key Set: public halves only, each with `kid`, `use` and `alg`. */
export async function keySet(issuer: Issuer): Promise<{ readonly keys: readonly JWK[] }> {
  const { exportJWK } = await import('jose');
  const keys = await Promise.all(
    issuer.keys.map(async ({ kid, pair }) => {
      const { kty, n, e } = await exportJWK((await pair()).publicKey);
      return { kty, n, e, kid, use: 'sig', alg: 'RS256' } as JWK;
    }),
  );
  return { keys };
}

/** The discovery document (https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata). */
export function discoveryDocument(issuer: Issuer): Readonly<Record<string, unknown>> {
  return {
    issuer: issuer.url,
    jwks_uri: `${issuer.url}/.well-known/jwks`,
    subject_types_supported: issuer.kind === 'github' ? ['public', 'pairwise'] : ['public'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

export interface TokenTimes {
  /** In AWS's seconds, from `iat`. */
  readonly lifetimeSeconds: number;
  /** How much earlier than `iat` it becomes valid, in seconds. */
  readonly notBeforeSeconds: number;
}

/** Signs a token with the issuer's newest key. `claims` win over what is made here, so that a test can forge any of them. */
export async function signToken(
  world: World,
  time: SandboxTime,
  issuerUrl: string,
  claims: Claims,
  { lifetimeSeconds, notBeforeSeconds }: TokenTimes,
): Promise<string> {
  const issuer = world.issuers.issuers.get(issuerUrl);
  const key = issuer?.keys[0];
  if (issuer === undefined || key === undefined) {
    throw new AwsError('NoSuchIssuer', `The sandbox has no issuer ${issuerUrl}.`, 404);
  }
  // Loaded with the first token: most sandboxes start without one.
  const { SignJWT } = await import('jose');
  const now = time.now() / 1000;
  const iat = Math.floor(now);
  const exp = Math.floor(now + time.lifetime(lifetimeSeconds) / 1000);
  const payload = { jti: world.ids.uuid(), iss: issuer.url, nbf: iat - notBeforeSeconds, iat, exp, ...claims };
  return await new SignJWT(payload)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid })
    .sign((await key.pair()).privateKey);
}
