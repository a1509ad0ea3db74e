/**
 * What no session may do, whatever else allows it: make a static credential, change what decides over keyless itself,
 * switch the trail off, take state away.
 */
import { formatArn } from '../../aws/arn.ts';
import { pathAndName } from '../derived.ts';
import type { Intent } from '../intent.ts';
import type { IdentityStatement } from './document.ts';

export function guardrails(intent: Intent): IdentityStatement[] {
  const { partition } = intent;
  const iam = (resource: string) => formatArn({ partition, service: 'iam', region: '', account: '*', resource });
  const buckets = intent.stateBackends.map(({ bucket }) =>
    formatArn({ partition, service: 's3', region: '', account: '', resource: bucket }),
  );
  const keys = intent.stateBackends.flatMap(({ kmsKeyId }) => (kmsKeyId?.includes(':key/') ? [kmsKeyId] : []));
  const deny = (sid: string, action: readonly string[], resource: string | readonly string[]): IdentityStatement => ({
    Sid: sid,
    Effect: 'Deny',
    Action: action,
    Resource: resource,
  });
  return [
    deny(
      'NoStaticCredentials',
      [
        'iam:CreateUser',
        'iam:CreateAccessKey',
        'iam:UpdateAccessKey',
        'iam:*LoginProfile',
        'iam:*ServiceSpecificCredential',
        'iam:UploadSSHPublicKey',
        'iam:UploadSigningCertificate',
      ],
      '*',
    ),
    deny(
      'NoChangeOfTheGate',
      [
        'iam:Attach*',
        'iam:Create*',
        'iam:Delete*',
        'iam:Detach*',
        'iam:PassRole',
        'iam:Put*',
        'iam:SetDefaultPolicyVersion',
        'iam:Tag*',
        'iam:Untag*',
        'iam:Update*',
      ],
      [
        iam('policy/keyless/*'),
        iam('role/keyless/*'),
        iam('role/aws-reserved/*'),
        iam('role/OrganizationAccountAccessRole'),
        iam('role/AWSControlTowerExecution'),
        iam('oidc-provider/*'),
        iam('saml-provider/*'),
        ...Object.values(intent.pipelineRoles).map((role) => {
          const { path, name } = pathAndName(role);
          return iam(`role${path}${name}`);
        }),
      ],
    ),
    deny(
      'NoChangeOfTheOrganization',
      ['sso', 'sso-directory', 'identitystore', 'organizations', 'account'].flatMap(writesOf),
      '*',
    ),
    deny(
      'NoSwitchingOffTheTrail',
      [
        'cloudtrail:Delete*',
        'cloudtrail:Put*',
        'cloudtrail:Stop*',
        'cloudtrail:Update*',
        'config:Delete*',
        'config:Stop*',
        'guardduty:Delete*',
        'guardduty:Disassociate*',
        'access-analyzer:Delete*',
      ],
      '*',
    ),
    ...(buckets.length === 0
      ? []
      : [
          deny(
            'NoTakingStateAway',
            ['s3:Delete*', 's3:Put*Policy', 's3:PutBucket*', 's3:Put*Configuration', 's3:PutObjectAcl'],
            buckets,
          ),
          deny(
            'NoDeletedVersions',
            ['s3:DeleteObjectVersion', 's3:PutObjectAcl', 's3:BypassGovernanceRetention'],
            buckets.map((bucket) => `${bucket}/*`),
          ),
        ]),
    ...(keys.length === 0
      ? []
      : [
          deny(
            'NoTakingTheKeyAway',
            ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:CreateGrant', 'kms:RevokeGrant'],
            keys,
          ),
        ]),
  ];
}

const writeVerbs = ['Add', 'Attach', 'Close', 'Create', 'Delete', 'Detach', 'Disable', 'Enable', 'Put', 'Update'];

/** Wildcards of the actions of a service that change something. */
function writesOf(service: string): string[] {
  return writeVerbs.map((verb) => `${service}:${verb}*`);
}
