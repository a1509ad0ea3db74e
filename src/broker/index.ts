/** Signing in to IAM Identity Center and what a session is good for. */
export { type AuthorizationCodeSignIn, startAuthorizationCode } from './authorization-code.ts';
export { type DeviceAuthorization, pollForToken, startDeviceAuthorization } from './device-code.ts';
export { registerClient, type SignInFlow } from './oidc.ts';
export {
  getRoleCredentials,
  listAccountRoles,
  listAccounts,
  logout,
  type RoleCredentials,
  type SsoAccount,
} from './portal.ts';
export {
  type ClientRegistration,
  defaultScopes,
  type SignInPorts,
  type SsoEndpoints,
  type SsoSession,
  type SsoToken,
  ssoEndpoints,
} from './sso-session.ts';
export {
  legacyTokenCachePath,
  registrationCachePath,
  tokenCachePath,
  writeRegistrationCache,
  writeTokenCache,
} from './token-cache.ts';
