/** CreateTrail and what else is done with trails as a whole. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import { createTrail, trailArn } from './build.ts';
import { arnOf, checkName, getOwnTrail, getTrail, visibleTrails } from './find-trail.ts';
import { booleanOf, listOf, textOf } from './input.ts';
import type { Trail } from './state.ts';
import { tagsFrom } from './tags.ts';
import { checkBucket } from './trail-bucket.ts';

/** Quota of an account in one region. */
const trailsPerRegion = 5;

export const createTrailOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const name = textOf(input, 'Name') ?? '';
    checkName(name);
    const arn = trailArn(call.world, call.account, call.region, name);
    call.authorize({ action: 'cloudtrail:CreateTrail', resource: arn });
    const { trails } = call.world.cloudtrail;
    if (trails.has(arn)) {
      throw new AwsError('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${call.account}`);
    }
    const inRegion = [...trails.values()].filter(
      ({ account, homeRegion }) => account === call.account && homeRegion === call.region,
    );
    if (inRegion.length >= trailsPerRegion) {
      throw new AwsError(
        'MaximumNumberOfTrailsExceededException',
        `User: ${call.account} already has ${trailsPerRegion} trails in ${call.region}.`,
      );
    }
    const bucket = textOf(input, 'S3BucketName') ?? '';
    const organization = booleanOf(input, 'IsOrganizationTrail') ?? false;
    checkOrganization(call, organization);
    const prefix = textOf(input, 'S3KeyPrefix');
    checkBucket(call.world, { arn, account: call.account, bucket, prefix, organization });
    const trail = createTrail(call.world, {
      name,
      account: call.account,
      bucket,
      ...(prefix === undefined ? {} : { prefix }),
      homeRegion: call.region,
      multiRegion: booleanOf(input, 'IsMultiRegionTrail') ?? false,
      organization,
      logFileValidation: booleanOf(input, 'EnableLogFileValidation') ?? false,
    });
    trail.includeGlobalServiceEvents = booleanOf(input, 'IncludeGlobalServiceEvents') ?? true;
    trail.kmsKeyArn = textOf(input, 'KmsKeyId');
    trail.tags = tagsFrom(input.TagsList);
    return settingsOf(trail);
  },
};

export const updateTrailOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = ownTrail(call, input, 'UpdateTrail');
    const organization = booleanOf(input, 'IsOrganizationTrail') ?? trail.organization;
    checkOrganization(call, organization);
    const bucket = textOf(input, 'S3BucketName') ?? trail.bucket;
    const prefix = 'S3KeyPrefix' in input ? textOf(input, 'S3KeyPrefix') || undefined : trail.prefix;
    checkBucket(call.world, { arn: trail.arn, account: trail.account, bucket, prefix, organization });
    Object.assign(trail, {
      bucket,
      prefix,
      organization,
      multiRegion: booleanOf(input, 'IsMultiRegionTrail') ?? trail.multiRegion,
      logFileValidation: booleanOf(input, 'EnableLogFileValidation') ?? trail.logFileValidation,
      includeGlobalServiceEvents: booleanOf(input, 'IncludeGlobalServiceEvents') ?? trail.includeGlobalServiceEvents,
      kmsKeyArn: 'KmsKeyId' in input ? textOf(input, 'KmsKeyId') || undefined : trail.kmsKeyArn,
    });
    return settingsOf(trail);
  },
};

export const deleteTrailOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = ownTrail(call, input, 'DeleteTrail');
    call.world.cloudtrail.trails.delete(trail.arn);
    return {};
  },
};

export const getTrailOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const name = textOf(input, 'Name') ?? '';
    call.authorize({ action: 'cloudtrail:GetTrail', resource: arnOf(call, name) });
    return { Trail: descriptionOf(getTrail(call, name)) };
  },
};

export const describeTrailsOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    call.authorize({ action: 'cloudtrail:DescribeTrails', resource: '*' });
    const shadows = booleanOf(input, 'includeShadowTrails') ?? true;
    const names = listOf(input, 'trailNameList').map(String);
    const found = visibleTrails(call).filter(
      (trail) =>
        (trail.homeRegion === call.region || (shadows && trail.multiRegion)) &&
        (names.length === 0 || names.includes(trail.name) || names.includes(trail.arn)),
    );
    return { trailList: found.map(descriptionOf) };
  },
};

export const listTrailsOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call) => {
    call.authorize({ action: 'cloudtrail:ListTrails', resource: '*' });
    return {
      Trails: visibleTrails(call).map(({ arn, name, homeRegion }) => ({
        TrailARN: arn,
        Name: name,
        HomeRegion: homeRegion,
      })),
    };
  },
};

export const startLoggingOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = ownTrail(call, input, 'StartLogging');
    if (trail.logging) return {};
    trail.logging = true;
    trail.loggingStartedAt = call.time.now();
    // What happened while it was off is not made up for.
    trail.deliveredTo = call.world.cloudtrail.records.length;
    return {};
  },
};

export const stopLoggingOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = ownTrail(call, input, 'StopLogging');
    trail.logging = false;
    trail.loggingStoppedAt = call.time.now();
    return {};
  },
};

export const getTrailStatusOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const name = textOf(input, 'Name') ?? '';
    call.authorize({ action: 'cloudtrail:GetTrailStatus', resource: arnOf(call, name) });
    const trail = getTrail(call, name);
    const moment = (at: number | undefined, member: string): Record<string, unknown> =>
      at === undefined ? {} : { [member]: new Date(at) };
    const spelled = (at: number | undefined): string =>
      at === undefined ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`;
    return {
      IsLogging: trail.logging,
      ...(trail.deliveryError === undefined ? {} : { LatestDeliveryError: trail.deliveryError }),
      ...moment(trail.deliveredAt, 'LatestDeliveryTime'),
      ...moment(trail.loggingStartedAt, 'StartLoggingTime'),
      ...moment(trail.loggingStoppedAt, 'StopLoggingTime'),
      ...moment(trail.digestDeliveredAt, 'LatestDigestDeliveryTime'),
      LatestDeliveryAttemptTime: spelled(trail.deliveredAt),
      LatestDeliveryAttemptSucceeded: spelled(trail.deliveredAt),
      LatestNotificationAttemptTime: '',
      LatestNotificationAttemptSucceeded: '',
      TimeLoggingStarted: spelled(trail.loggingStartedAt),
      TimeLoggingStopped: spelled(trail.loggingStoppedAt),
    };
  },
};

/** The trail that a change names, once the caller may make it. */
function ownTrail(call: Call, input: Input, action: string): Trail {
  const name = textOf(input, 'Name') ?? '';
  call.authorize({ action: `cloudtrail:${action}`, resource: arnOf(call, name) });
  return getOwnTrail(call, name);
}

function checkOrganization(call: Call, organization: boolean): void {
  const { organizations } = call.world;
  const delegated = organizations.delegatedAdministrators.get('cloudtrail.amazonaws.com');
  if (organization && call.account !== organizations.managementAccount && delegated?.has(call.account) !== true) {
    throw new AwsError(
      'NotOrganizationMasterAccountException',
      `The AWS account ${call.account} is not the management account of an organization.`,
    );
  }
}

/** Members that CreateTrail, UpdateTrail and the descriptions have in common. */
function settingsOf(trail: Trail): Record<string, unknown> {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    ...(trail.prefix === undefined ? {} : { S3KeyPrefix: trail.prefix }),
    IncludeGlobalServiceEvents: trail.includeGlobalServiceEvents,
    IsMultiRegionTrail: trail.multiRegion,
    TrailARN: trail.arn,
    LogFileValidationEnabled: trail.logFileValidation,
    ...(trail.kmsKeyArn === undefined ? {} : { KmsKeyId: trail.kmsKeyArn }),
    IsOrganizationTrail: trail.organization,
  };
}

function descriptionOf(trail: Trail): NonNullable<Output> {
  return {
    ...settingsOf(trail),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: trail.eventSelectors.length + trail.advancedEventSelectors.length > 0,
    HasInsightSelectors: false,
  };
}
