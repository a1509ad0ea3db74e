/**
 * Checks an OIDC token as STS does before any policy is asked: provider, key, signature, times, audience, subject, in
 * this order. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
 */
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { AwsError } from '../../core/aws-error.ts';
import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import type { OidcProvider } from '../iam/state.ts';

export interface VerifiedToken {
  readonly provider: OidcProvider;
  readonly issuer: string;
  /** The audience that the provider lists. */
  readonly audience: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** IAM accepts a token that long after its end, and before its beginning. In AWS's seconds. */
const skewSeconds = 300;

/** What a token says of itself, before anything of it is believed. */
export function readToken(token: string): {
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
} {
  const [, payload] = token.split('.');
  let claims: unknown;
  try {
    decodeProtectedHeader(token);
    claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
  } catch {
    claims = undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims) || token.split('.').length !== 3) {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const { iss } = claims as { iss?: unknown };
  if (typeof iss !== 'string' || iss === '') throw invalidToken('Missing a required claim: iss');
  return { issuer: iss, claims: claims as Readonly<Record<string, unknown>> };
}

/** @param account the role's: its providers are the ones that count */
export async function verifyToken(
  world: World,
  time: SandboxTime,
  account: string,
  token: string,
): Promise<VerifiedToken> {
  const { issuer, claims } = readToken(token);
  const providers = world.iam.accounts.get(account)?.oidcProviders.values() ?? [];
  const provider = [...providers].find(({ url }) => `https://${url}` === issuer);
  if (provider === undefined) throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  await checkSignature(world, issuer, token);
  checkTimes(time, claims);
  const audience = audienceOf(claims, provider);
  const { sub: subject } = claims;
  if (typeof subject !== 'string' || subject === '') throw invalidToken('Missing a required claim: sub');
  return { provider, issuer, audience, subject, claims };
}

async function checkSignature(world: World, issuer: string, token: string): Promise<void> {
  const { alg, kid } = decodeProtectedHeader(token);
  // RSA only; STS never took symmetric algorithms, EdDSA or unsigned tokens.
  if (alg === undefined || !/^RS(256|384|512)$/.test(alg)) {
    throw invalidToken(`The algorithm of the token is ${alg ?? 'missing'}, STS takes RS256.`);
  }
  const known = world.issuers.issuers.get(issuer);
  const key = known?.reachable === true ? known.keys.find((candidate) => candidate.kid === kid) : undefined;
  if (key === undefined) throw noVerificationKey();
  try {
    await compactVerify(token, (await key.pair()).publicKey, { algorithms: ['RS256'] });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw invalidToken('The signature of the token is invalid.');
  }
}

function checkTimes(time: SandboxTime, claims: Readonly<Record<string, unknown>>): void {
  const now = time.now() / 1000;
  const skew = time.lifetime(skewSeconds) / 1000;
  const { exp, nbf, iat } = claims;
  if (typeof exp !== 'number') throw invalidToken('Missing a required claim: exp');
  if (typeof iat !== 'number') throw invalidToken('Missing a required claim: iat');
  if (now > exp + skew) {
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now)} must be before the expiration date/time ${exp}`,
    );
  }
  if (nbf !== undefined && (typeof nbf !== 'number' || now < nbf - skew)) {
    throw invalidToken(`Token not yet valid: current date/time ${Math.floor(now)} must be after ${String(nbf)}`);
  }
  if (now < iat - skew) {
    throw invalidToken(`Token issued in the future: current date/time ${Math.floor(now)}, issued at ${iat}`);
  }
}

/** `azp`, where a token has one, stands for the audience. */
function audienceOf(claims: Readonly<Record<string, unknown>>, provider: OidcProvider): string {
  const { aud, azp } = claims;
  const offered = typeof azp === 'string' ? [azp] : Array.isArray(aud) ? aud : [aud];
  const accepted: unknown = offered.find((value) => provider.clientIds.some((id) => id === value));
  if (typeof accepted !== 'string') throw invalidToken('Incorrect token audience');
  return accepted;
}

/** Keys that cannot be fetched, and a key that is not among them; CloudTrail never hears of it. */
export class KeyRetrievalError extends AwsError {}

function noVerificationKey(): AwsError {
  return new KeyRetrievalError(
    'InvalidIdentityToken',
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  );
}

function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message);
}
