/** Which trail a call means: by name in its region, or by ARN. */
import { parseArn } from '../../../aws/arn.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/service.ts';
import { trailArn } from './build.ts';
import type { Trail } from './state.ts';

/** Trails that the account can see: its own, and those of the organisation. */
export function visibleTrails(call: Call): readonly Trail[] {
  return [...call.world.cloudtrail.trails.values()].filter(
    (trail) => trail.account === call.account || trail.organization,
  );
}

/** For reads. Throws AwsError TrailNotFoundException. */
export function getTrail(call: Call, nameOrArn: string): Trail {
  const wanted = arnOf(call, nameOrArn);
  const trail = visibleTrails(call).find(
    ({ arn, name, multiRegion }) => arn === wanted || (name === nameOrArn && multiRegion),
  );
  if (trail === undefined) {
    throw new AwsError('TrailNotFoundException', `Unknown trail: ${wanted} for the user: ${call.account}`);
  }
  return trail;
}

/** For changes: only from its home region, and by the account that owns it. */
export function getOwnTrail(call: Call, nameOrArn: string): Trail {
  const trail = getTrail(call, nameOrArn);
  if (trail.account !== call.account) {
    throw new AwsError(
      'NotOrganizationMasterAccountException',
      'The account is not the management account of the organization that owns the trail.',
    );
  }
  if (trail.homeRegion !== call.region) {
    throw new AwsError(
      'InvalidHomeRegionException',
      `The trail ${trail.arn} can only be changed from its home region ${trail.homeRegion}.`,
    );
  }
  return trail;
}

/** The ARN that a name or an ARN stands for. Throws AwsError for neither. */
export function arnOf(call: Call, nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) {
    checkName(nameOrArn);
    return trailArn(call.world, call.account, call.region, nameOrArn);
  }
  const result = parseArn(nameOrArn);
  if (!result.ok || result.arn.service !== 'cloudtrail' || !result.arn.resource.startsWith('trail/')) {
    throw new AwsError('CloudTrailARNInvalidException', `Invalid ARN: ${nameOrArn}`);
  }
  return nameOrArn;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
export function checkName(name: string): void {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidTrailNameException', message);
  };
  if (name.length < 3) {
    refuse(
      `Trail name too short. Minimum allowed length: 3 characters. Specified name length: ${name.length} characters.`,
    );
  }
  if (name.length > 128) {
    refuse(
      `Trail name too long. Maximum allowed length: 128 characters. Specified name length: ${name.length} characters.`,
    );
  }
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) refuse('Trail name must not be formatted as an IP address.');
  if (!/^[A-Za-z0-9]/.test(name)) refuse('Trail name must starts with a letter or number.');
  if (!/[A-Za-z0-9]$/.test(name)) refuse('Trail name must ends with a letter or number.');
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    refuse(
      'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
    );
  }
  if (/[._-]{2}/.test(name)) refuse('Trail name must not have adjacent periods, hyphens or underscores.');
}
