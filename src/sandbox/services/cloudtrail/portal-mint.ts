/**
 * What GetRoleCredentials leaves in the account of the role: Identity Center itself calls AssumeRoleWithSAML there, from
 * its own address, as a SAML user. The key in that record is not the one that the person gets, so the two are joined only
 * by account, role, session name and time. Shape: A. Steele, "Apps can now impersonate human access to AWS via IAM
 * Identity Center" (July 2026).
 */
import { createHash } from 'node:crypto';
import type { CallOutcome } from '../../core/call-outcome.ts';
import type { World } from '../../core/world.ts';
import { hidden, membersOf } from './elements.ts';
import { secondsOf, wordsOf } from './event-time.ts';
import type { CloudTrailRecord } from './state.ts';

/** `undefined` for every other call, and where the portal gave nothing. */
export function portalMint(
  world: World,
  { call, startedAt, output, error }: CallOutcome,
): CloudTrailRecord | undefined {
  if (call.service.id !== 'sso-portal' || call.operation !== 'GetRoleCredentials' || error !== undefined)
    return undefined;
  const given = membersOf(output)?.roleCredentials as { readonly accessKeyId?: unknown } | undefined;
  const issued = typeof given?.accessKeyId === 'string' ? world.keys.find(given.accessKeyId) : undefined;
  const caller = issued?.caller;
  if (caller?.kind !== 'role') return undefined;
  const { account, roleArn, roleId, sessionName, session, arn } = caller;
  const qualifier = createHash('sha1').update(`${world.identityCenter.instanceArn}${account}`).digest('base64');
  const providerHash = createHash('sha256').update(`${world.identityCenter.instanceArn}${account}`).digest('hex');
  const provider = `arn:${world.partition}:iam::${account}:saml-provider/AWSSSO_${providerHash.slice(0, 16)}_DO_NOT_DELETE`;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'SAMLUser',
      principalId: `${qualifier}:${sessionName}`,
      userName: sessionName,
      identityProvider: qualifier,
    },
    eventTime: secondsOf(startedAt),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRoleWithSAML',
    awsRegion: world.identityCenter.region,
    sourceIPAddress: '13.239.101.254',
    userAgent: 'aws-sdk-java/2.46.14 md/internal',
    requestParameters: {
      sAMLAssertionID: `_${world.ids.uuid()}`,
      roleSessionName: sessionName,
      roleArn,
      principalArn: provider,
      durationSeconds: Math.round((session.expiresAt - session.issuedAt) / 1000),
    },
    responseElements: {
      credentials: {
        accessKeyId: world.ids.iam('ASIA'),
        sessionToken: hidden,
        expiration: wordsOf(new Date(session.expiresAt)),
      },
      assumedRoleUser: { assumedRoleId: `${roleId}:${sessionName}`, arn },
      subject: sessionName,
      subjectType: 'persistent',
      issuer: `https://portal.sso.${world.identityCenter.region}.amazonaws.com/saml/assertion/${providerHash.slice(16, 48)}`,
      audience: 'https://signin.aws.amazon.com/saml',
      nameQualifier: qualifier,
    },
    additionalEventData: {
      RequestDetails: { endpointType: 'regional', awsServingRegion: world.identityCenter.region },
    },
    requestID: world.ids.uuid(),
    eventID: world.ids.uuid(),
    readOnly: true,
    resources: [
      { accountId: account, type: 'AWS::IAM::Role', ARN: roleArn },
      { accountId: account, type: 'AWS::IAM::SAMLProvider', ARN: provider },
    ],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `sts.${world.identityCenter.region}.amazonaws.com`,
    },
  };
}
