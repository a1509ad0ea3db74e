/** What the sign-in client works with: a session as `[sso-session]` names it, and where its services answer. */
import { partitionOfRegion, ssoOidcHost, ssoPortalHost } from '../aws/partition.ts';
import { KeylessError } from '../kernel/error.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Clock, Env, Network, Random } from '../ports/index.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html */
export interface SsoSession {
  readonly name: string;
  /** Exactly as it is configured: caches are named after it. */
  readonly startUrl: string;
  /** Region of the Identity Center instance. */
  readonly region: string;
  readonly scopes: readonly string[];
}

/** What lets a client see accounts and get role credentials. */
export const defaultScopes: readonly string[] = ['sso:account:access'];

/** A public client of SSO OIDC; valid for about 90 days. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly expiresAt: Date;
  readonly scopes: readonly string[];
  /** Empty for a client that knows the device flow only. */
  readonly grantTypes: readonly string[];
}

export interface SsoToken {
  readonly accessToken: Secret;
  readonly expiresAt: Date;
  /** `undefined` where the session cannot be renewed. */
  readonly refreshToken: Secret | undefined;
  readonly registration: ClientRegistration;
}

/** Where SSO OIDC and the access portal answer, and how to get there. */
export interface SsoEndpoints {
  /** Without a slash at the end. */
  readonly oidc: string;
  readonly portal: string;
  readonly proxy?: string;
  /** PEM of an authority to trust besides the system's. */
  readonly trust?: string;
}

export interface SignInPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * `AWS_ENDPOINT_URL_SSO_OIDC` and `AWS_ENDPOINT_URL_SSO`, then `AWS_ENDPOINT_URL`, else the region's own hosts
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). Throws USAGE for a region AWS does not have.
 */
export function ssoEndpoints(env: Env, region: string): SsoEndpoints {
  const partition = partitionOfRegion(region);
  if (partition === undefined) {
    throw new KeylessError({
      code: 'USAGE',
      message: `"${region}" is no AWS region, so there is no Identity Center to sign in to`,
      hint: 'write the region of your Identity Center instance as sso_region, for example eu-west-1',
    });
  }
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true';
  const pick = (name: string): string | undefined => {
    const url = ignored ? '' : (env[name] ?? env.AWS_ENDPOINT_URL ?? '');
    return url === '' ? undefined : url.replace(/\/+$/, '');
  };
  return {
    oidc: pick('AWS_ENDPOINT_URL_SSO_OIDC') ?? `https://${ssoOidcHost(partition, region)}`,
    portal: pick('AWS_ENDPOINT_URL_SSO') ?? `https://${ssoPortalHost(partition, region)}`,
  };
}
