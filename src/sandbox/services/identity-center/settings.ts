/** What an instance does when nobody says otherwise: as AWS, but for the two limits that only get in the way of a test. */
import type { IdentityCenterSettings } from './state.ts';

export function defaultIdentityCenterSettings(): IdentityCenterSettings {
  return {
    operationSeconds: 1,
    portalSessionSeconds: 8 * 3600,
    accessTokenSeconds: 3600,
    deviceCodeSeconds: 600,
    pollIntervalSeconds: 1,
    refreshTokens: 'single-use',
    requestsPerSecond: undefined,
    outstandingAssignments: 10,
    rolesPerAccount: 1000,
  };
}
