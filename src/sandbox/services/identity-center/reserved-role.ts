/**
 * The role that stands for a permission set in an account. People get its credentials from the access portal; nobody can
 * change it but Identity Center.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
import { createHash } from 'node:crypto';
import { formatArn } from '../../../aws/arn.ts';
import type { World } from '../../core/world.ts';

/** `/aws-reserved/sso.amazonaws.com/[region/]`: the region is left out where Identity Center runs in us-east-1. */
export function reservedRolePath(world: World): string {
  const { region } = world.identityCenter;
  return `/aws-reserved/sso.amazonaws.com/${region === 'us-east-1' ? '' : `${region}/`}`;
}

/** `AWSReservedSSO_<permission set>_<16 hex>`; the end is new each time the role is made. */
export function reservedRoleName(world: World, permissionSetName: string): string {
  return `AWSReservedSSO_${permissionSetName}_${world.ids.hex(16)}`;
}

/** Name of the policy that holds a permission set's inline policy. */
export const inlinePolicyName = 'AwsSSOInlinePolicy';

/** Only a SAML assertion of the account's own Identity Center provider assumes it: no other trust, so no role chaining into it. */
export function reservedRoleTrust(world: World, account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: samlProviderArn(world, account) },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
  });
}

/** The SAML provider that Identity Center keeps in each account. */
export function samlProviderArn(world: World, account: string): string {
  const digits = createHash('sha256')
    .update(`${world.identityCenter.instanceArn}${account}`)
    .digest('hex')
    .slice(0, 16);
  return formatArn({
    partition: world.partition,
    service: 'iam',
    region: '',
    account,
    resource: `saml-provider/AWSSSO_${digits}_DO_NOT_DELETE`,
  });
}
