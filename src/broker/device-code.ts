/** The device flow (RFC 8628): a code that the person compares in a browser, on this machine or another. */
import { KeylessError } from '../kernel/error.ts';
import { Secret } from '../kernel/secret.ts';
import { createToken, refused } from './oidc.ts';
import { numberOf, optionalText, sendSso, textOf } from './sso-request.ts';
import type { ClientRegistration, SignInPorts, SsoEndpoints, SsoSession, SsoToken } from './sso-session.ts';

export interface DeviceAuthorization {
  readonly deviceCode: Secret;
  /** For the person to compare: `ABCD-EFGH`. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same page with the code filled in. */
  readonly verificationUriComplete: string;
  readonly expiresAt: Date;
  readonly intervalSeconds: number;
}

/** RFC 8628, section 3.5. */
const slowDownSeconds = 5;
/** Where the server names none: RFC 8628, section 3.2. */
const defaultIntervalSeconds = 5;

export async function startDeviceAuthorization(
  { network, clock }: Pick<SignInPorts, 'network' | 'clock'>,
  endpoints: SsoEndpoints,
  session: SsoSession,
  registration: ClientRegistration,
): Promise<DeviceAuthorization> {
  const url = `${endpoints.oidc}/device_authorization`;
  const answer = await sendSso(network, endpoints, {
    method: 'POST',
    url,
    body: {
      clientId: registration.clientId,
      clientSecret: registration.clientSecret.reveal(),
      startUrl: session.startUrl,
    },
  });
  if (!answer.ok) throw refused(session, 'the sign-in could not be started', answer);
  const { value } = answer;
  const verificationUri = textOf(value, 'verificationUri', url);
  return {
    deviceCode: new Secret(textOf(value, 'deviceCode', url)),
    userCode: textOf(value, 'userCode', url),
    verificationUri,
    verificationUriComplete: optionalText(value, 'verificationUriComplete') ?? verificationUri,
    expiresAt: new Date(clock.now().getTime() + numberOf(value, 'expiresIn', url) * 1000),
    intervalSeconds: typeof value.interval === 'number' ? value.interval : defaultIntervalSeconds,
  };
}

/**
 * Asks until the person has decided. A server that asks for patience gets five seconds more between two questions; one
 * that does not answer, twice as many. Throws SIGN_IN_REFUSED, SIGN_IN_EXPIRED when the code has run out, INTERRUPTED.
 */
export async function pollForToken(
  ports: Pick<SignInPorts, 'network' | 'clock'>,
  endpoints: SsoEndpoints,
  session: SsoSession,
  registration: ClientRegistration,
  authorization: DeviceAuthorization,
  signal?: AbortSignal,
): Promise<SsoToken> {
  const grant = {
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    members: { deviceCode: authorization.deviceCode.reveal() },
  };
  let interval = authorization.intervalSeconds;
  while (ports.clock.now() < authorization.expiresAt) {
    try {
      const answer = await createToken(ports, endpoints, registration, grant, signal);
      if (answer.ok) return answer.token;
      if (answer.error === 'SlowDown') interval += slowDownSeconds;
      else if (answer.error !== 'AuthorizationPending') throw refused(session, 'the sign-in failed', answer);
    } catch (error) {
      stopIfInterrupted(signal);
      if (!(error instanceof KeylessError) || error.code !== 'NETWORK_FAILED') throw error;
      interval *= 2;
    }
    await ports.clock.sleep(interval * 1000, signal);
    stopIfInterrupted(signal);
  }
  throw refused(session, 'the sign-in failed', {
    error: 'ExpiredToken',
    description: `nobody confirmed the code ${authorization.userCode} in time`,
  });
}

function stopIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new KeylessError({ code: 'INTERRUPTED', message: 'the sign-in was interrupted' });
}
