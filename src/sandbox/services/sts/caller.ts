/** What STS says of keys and callers, and the sessions of users. */
import { accountOfKeyId } from '../../../aws/access-key-id.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller } from '../../core/caller.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import { optionalInteger, requiredText } from '../iam/query-input.ts';
import { credentialsOf } from './answer.ts';
import { issueUserSession } from './issue-session.ts';

/** Needs no permission, and no policy can deny it. */
export const getCallerIdentity: Operation = {
  readOnly: true,
  category: 'management',
  handle: ({ caller, account }) => ({ UserId: userIdOf(caller), Account: account, Arn: arnOf(caller) }),
};

function userIdOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.userId;
  if (caller.kind === 'role') return `${caller.roleId}:${caller.sessionName}`;
  return caller.kind === 'root' ? caller.account : '';
}

function arnOf(caller: Caller): string {
  return caller.kind === 'anonymous' || caller.kind === 'service' ? '' : caller.arn;
}

export const getAccessKeyInfo: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const id = requiredText(input, 'AccessKeyId', { minimum: 16, maximum: 128, pattern: /^\w*$/, shown: '[\\w]*' });
    call.authorize({ action: 'sts:GetAccessKeyInfo', resource: '*' });
    const account = call.world.keys.find(id)?.caller.account ?? accountOfKeyId(id);
    if (account === undefined) throw new AwsError('ValidationError', `Invalid Access Key ID ${id}`);
    return { Account: account };
  },
};

export const getSessionToken: Operation = { readOnly: true, category: 'management', handle: sessionToken };

function sessionToken(call: Call, input: Input): Readonly<Record<string, unknown>> {
  const { caller } = call;
  const durationSeconds = optionalInteger(input, 'DurationSeconds', 900, 129_600) ?? 43_200;
  if (caller.kind === 'root') {
    throw new AwsError('AccessDenied', 'The sandbox issues no sessions of a root user.', 403);
  }
  if (caller.kind !== 'user' || caller.session !== undefined) {
    throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
  }
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw new AwsError(
      'AccessDenied',
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
      403,
    );
  }
  return { Credentials: credentialsOf(issueUserSession(call.world, call.time, caller, durationSeconds, false)) };
}

/** AWS encodes why a call was refused where a service says so; no service of the sandbox does, so nothing can be decoded. */
export const decodeAuthorizationMessage: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    requiredText(input, 'EncodedMessage', { minimum: 1, maximum: 10_240 });
    call.authorize({ action: 'sts:DecodeAuthorizationMessage', resource: '*' });
    throw new AwsError('InvalidAuthorizationMessageException', 'Message is not valid.');
  },
};

/** Identity Center's own sessions are issued inside; assertions of other providers are not read. */
export const assumeRoleWithSaml: Operation = {
  readOnly: true,
  category: 'management',
  auth: 'none',
  handle: (_call, input) => {
    requiredText(input, 'RoleArn');
    requiredText(input, 'PrincipalArn');
    requiredText(input, 'SAMLAssertion');
    throw new AwsError('InvalidIdentityToken', 'The sandbox has no SAML provider that could have made this assertion.');
  },
};
