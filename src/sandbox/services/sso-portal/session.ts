/** Whose request it is: the bearer token, looked up; and the end of a session. */
import { AwsError } from '../../core/aws-error.ts';
import { isLoopbackHost } from '../../core/route.ts';
import type { Call, Input, WireResponse } from '../../core/service.ts';
import { identityCenterUser } from '../cloudtrail/user-identity.ts';
import { identityStoreArn } from '../identity-center/permission-set.ts';
import { accountAccessScope, endPortalSession, findPortalSession } from '../identity-center/portal-session.ts';
import type { PortalToken } from '../identity-center/state.ts';

/** The session of the request; CloudTrail names its person. Throws UnauthorizedException and ForbiddenException. */
export function portalSession(call: Call): PortalToken {
  const { world, time, request, event } = call;
  const { ownerAccount, region } = world.identityCenter;
  // What was asked for stands here and not among the parameters.
  event.eventType = 'AwsServiceEvent';
  event.requestParameters = null;
  event.responseElements = null;
  const { query } = request;
  const details = [
    ['role_name', query.get('role_name')],
    ['account_id', query.get('account_id')],
  ].filter(([, value]) => value !== null);
  if (details.length > 0) event.serviceEventDetails = Object.fromEntries(details);
  // A session lives in the region of its directory; the portal of another one has never heard of it.
  const elsewhere = !isLoopbackHost(request.host) && call.region !== region;
  const token = findPortalSession(world, request.headers['x-amz-sso_bearer_token'] ?? '', time.now());
  if (token === undefined || elsewhere) {
    throw new AwsError('UnauthorizedException', 'Session token not found or invalid', 401);
  }
  event.userIdentity = identityCenterUser({
    account: ownerAccount,
    userId: token.userId,
    identityStoreArn: identityStoreArn(world),
    credentialId: token.sessionId,
  });
  if (token.scopes.length > 0 && !token.scopes.includes(accountAccessScope)) {
    throw new AwsError('ForbiddenException', 'No access', 403);
  }
  return token;
}

export function logout(call: Call, _input: Input): WireResponse {
  endPortalSession(call.world, portalSession(call).sessionId);
  return { status: 200, headers: {}, body: '' };
}
