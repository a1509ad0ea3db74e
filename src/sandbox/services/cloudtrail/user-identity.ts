/**
 * Who made a call, as CloudTrail writes it. The shapes follow AWS's "CloudTrail userIdentity element"
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html), and for
 * Identity Center what AWS records since 14 July 2025.
 */
import type { Caller, RoleCaller, Session } from '../../core/caller.ts';
import { secondsOf } from './event-time.ts';

export type UserIdentity = Readonly<Record<string, unknown>>;

/** In the account of the caller. */
export function userIdentityOf(caller: Caller): UserIdentity {
  switch (caller.kind) {
    case 'anonymous':
      return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' };
    case 'service':
      return { type: 'AWSService', invokedBy: caller.name };
    case 'root':
      return {
        type: 'Root',
        principalId: caller.account,
        arn: caller.arn,
        accountId: caller.account,
        accessKeyId: caller.accessKeyId,
      };
    case 'user':
      return {
        type: 'IAMUser',
        principalId: caller.userId,
        arn: caller.arn,
        accountId: caller.account,
        accessKeyId: caller.accessKeyId,
        userName: caller.userName,
        ...(caller.session === undefined ? {} : { sessionContext: { attributes: attributesOf(caller.session) } }),
      };
    case 'role':
      return assumedRole(caller);
  }
}

/** In the account of the resource, when that is not the caller's: AWS tells it the account and the unique id, no name. */
export function foreignIdentityOf(caller: Caller): UserIdentity {
  if (caller.kind === 'anonymous' || caller.kind === 'service') return userIdentityOf(caller);
  return { type: 'AWSAccount', principalId: principalIdOf(caller), accountId: caller.account };
}

/** The person behind a call to the access portal or to SSO OIDC. */
export function identityCenterUser(person: {
  readonly account: string;
  readonly userId: string;
  readonly identityStoreArn: string;
  /** Names the portal session: the same in all its calls, and no secret. */
  readonly credentialId: string;
}): UserIdentity {
  return {
    type: 'IdentityCenterUser',
    accountId: person.account,
    onBehalfOf: { userId: person.userId, identityStoreArn: person.identityStoreArn },
    credentialId: person.credentialId,
  };
}

/** A call to the portal or to SSO OIDC before anybody signed in. */
export function unknownIdentity(account: string): UserIdentity {
  return { type: 'Unknown', principalId: account, arn: '', accountId: account, accessKeyId: '' };
}

/** A pipeline that offers its token to STS; allowed and refused alike. */
export function webIdentityUser(token: {
  /** ARN of the OIDC provider in IAM. */
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
}): UserIdentity {
  return {
    type: 'WebIdentityUser',
    principalId: `${token.provider}:${token.audience}:${token.subject}`,
    userName: token.subject,
    identityProvider: token.provider,
  };
}

function assumedRole(caller: RoleCaller): UserIdentity {
  const { session } = caller;
  const { origin } = session;
  return {
    type: 'AssumedRole',
    principalId: principalIdOf(caller),
    arn: caller.arn,
    accountId: caller.account,
    accessKeyId: caller.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: caller.roleId,
        arn: caller.roleArn,
        accountId: caller.account,
        userName: caller.roleName,
      },
      ...(origin.type === 'web-identity'
        ? { webIdFederationData: { federatedProvider: origin.provider, attributes: {} } }
        : {}),
      attributes: attributesOf(session),
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    },
    ...(origin.type === 'identity-center'
      ? { onBehalfOf: { userId: origin.userId, identityStoreArn: origin.identityStoreArn } }
      : {}),
  };
}

function principalIdOf(caller: Exclude<Caller, { kind: 'anonymous' | 'service' }>): string {
  switch (caller.kind) {
    case 'root':
      return caller.account;
    case 'user':
      return caller.userId;
    case 'role':
      return `${caller.roleId}:${caller.sessionName}`;
  }
}

function attributesOf(session: Session): Readonly<Record<string, string>> {
  return { creationDate: secondsOf(session.issuedAt), mfaAuthenticated: String(session.mfa) };
}
