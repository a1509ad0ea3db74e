/** Every drill, in the order in which they are told: sessions, keys, permissions, network, issuers, clock, lock, leftovers. */
import { accessKeyRotated } from './catalogue/access-key-rotated.ts';
import { assignmentRemoved } from './catalogue/assignment-removed.ts';
import { clockAhead } from './catalogue/clock-ahead.ts';
import { clockBehind } from './catalogue/clock-behind.ts';
import { credentialProcessFails } from './catalogue/credential-process-fails.ts';
import { credentialProcessHangs } from './catalogue/credential-process-hangs.ts';
import { jwksUnreachable } from './catalogue/jwks-unreachable.ts';
import { keysExpireContainerEndpoint } from './catalogue/keys-expire-container-endpoint.ts';
import { keysExpireCredentialProcess } from './catalogue/keys-expire-credential-process.ts';
import { keysExpireRoleChain } from './catalogue/keys-expire-role-chain.ts';
import { keysExpireSessionEnv } from './catalogue/keys-expire-session-env.ts';
import { keysExpireSsoProfile } from './catalogue/keys-expire-sso-profile.ts';
import { keysExpireWebIdentity } from './catalogue/keys-expire-web-identity.ts';
import { laptopAsleep } from './catalogue/laptop-asleep.ts';
import { lockHeld } from './catalogue/lock-held.ts';
import { lockReleaseDenied } from './catalogue/lock-release-denied.ts';
import { refreshTokenUsedUp } from './catalogue/refresh-token-used-up.ts';
import { retiredKeyInEnvironment } from './catalogue/retired-key-in-environment.ts';
import { roleTrustChanged } from './catalogue/role-trust-changed.ts';
import { s3BlackHole } from './catalogue/s3-black-hole.ts';
import { s3Resetting } from './catalogue/s3-resetting.ts';
import { s3Slow } from './catalogue/s3-slow.ts';
import { s3Throttling } from './catalogue/s3-throttling.ts';
import { signingKeyRotated } from './catalogue/signing-key-rotated.ts';
import { ssoBlackHole } from './catalogue/sso-black-hole.ts';
import { ssoResetting } from './catalogue/sso-resetting.ts';
import { ssoSlow } from './catalogue/sso-slow.ts';
import { ssoThrottling } from './catalogue/sso-throttling.ts';
import { ssoTokenExpiredAfter } from './catalogue/sso-token-expired-after.ts';
import { ssoTokenExpiredBefore } from './catalogue/sso-token-expired-before.ts';
import { ssoTokenExpiredDuring } from './catalogue/sso-token-expired-during.ts';
import { staticKeyInEnvironment } from './catalogue/static-key-in-environment.ts';
import { staticKeysOfTheSameName } from './catalogue/static-keys-of-the-same-name.ts';
import { stsBlackHole } from './catalogue/sts-black-hole.ts';
import { stsResetting } from './catalogue/sts-resetting.ts';
import { stsSlow } from './catalogue/sts-slow.ts';
import { stsThrottling } from './catalogue/sts-throttling.ts';
import { tokenExpiresWebIdentity } from './catalogue/token-expires-web-identity.ts';
import type { Drill } from './drill.ts';

export const drills: readonly Drill[] = [
  ssoTokenExpiredBefore,
  ssoTokenExpiredDuring,
  ssoTokenExpiredAfter,
  refreshTokenUsedUp,
  keysExpireSsoProfile,
  keysExpireCredentialProcess,
  credentialProcessFails,
  credentialProcessHangs,
  keysExpireContainerEndpoint,
  keysExpireWebIdentity,
  keysExpireRoleChain,
  keysExpireSessionEnv,
  tokenExpiresWebIdentity,
  assignmentRemoved,
  roleTrustChanged,
  stsSlow,
  stsThrottling,
  stsResetting,
  stsBlackHole,
  ssoSlow,
  ssoThrottling,
  ssoResetting,
  ssoBlackHole,
  s3Slow,
  s3Throttling,
  s3Resetting,
  s3BlackHole,
  jwksUnreachable,
  signingKeyRotated,
  accessKeyRotated,
  clockBehind,
  clockAhead,
  lockHeld,
  lockReleaseDenied,
  staticKeyInEnvironment,
  retiredKeyInEnvironment,
  staticKeysOfTheSameName,
  laptopAsleep,
];
