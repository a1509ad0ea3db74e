/** GetRoleCredentials: the keys of the permission set's role in an account, for as long as the set says. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, WireResponse } from '../../core/service.ts';
import { iamAccount } from '../iam/accounts.ts';
import { accessOf } from '../identity-center/access.ts';
import { identityStoreArn } from '../identity-center/permission-set.ts';
import { sessionTags } from '../identity-center/session-tags.ts';
import { issueRoleSession } from '../sts/issue-session.ts';
import { required } from './accounts.ts';
import { portalSession } from './session.ts';

export function getRoleCredentials(call: Call, input: Input): WireResponse {
  const { world, time } = call;
  const { identityCenter } = world;
  const roleName = required(input, 'roleName');
  const accountId = required(input, 'accountId');
  const { userId } = portalSession(call);
  const user = identityCenter.users.get(userId);
  const access = accessOf(world, userId, time.now()).find(({ account }) => account === accountId);
  const set = access?.permissionSets.find(({ name }) => name === roleName);
  const role = iamAccount(world, accountId).roles.get(set?.roleNames.get(accountId) ?? '');
  if (user === undefined || set === undefined || role === undefined) {
    throw new AwsError('ForbiddenException', 'No access', 403);
  }
  const key = issueRoleSession(world, time, role, {
    sessionName: user.userName,
    durationSeconds: set.sessionDuration,
    origin: {
      type: 'identity-center',
      userId,
      userName: user.userName,
      identityStoreArn: identityStoreArn(world),
      permissionSet: set.name,
    },
    tags: sessionTags(world, user),
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({
      roleCredentials: {
        accessKeyId: key.accessKeyId,
        secretAccessKey: key.secretAccessKey.reveal(),
        sessionToken: key.sessionToken?.reveal(),
        expiration: key.expiresAt,
      },
    }),
  };
}
