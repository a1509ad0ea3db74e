/** The bucket of a trail: where its files go, whether CloudTrail may write there, and writing as CloudTrail. */
import { evaluate } from '../../../aws/policy/evaluate.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import { putObjectAsService } from '../s3/build.ts';
import type { Trail } from './state.ts';

const service = 'cloudtrail.amazonaws.com';

/** `AWSLogs/<account>`, with the prefix of the trail and for a trail of the organisation its id. */
export function folderOf(world: World, trail: Pick<Trail, 'prefix' | 'organization'>, account: string): string {
  const organization = trail.organization ? `${world.organizations.id}/` : '';
  return `${trail.prefix === undefined ? '' : `${trail.prefix}/`}AWSLogs/${organization}${account}`;
}

/** Writes into the trail's bucket as CloudTrail. Throws AwsError when the bucket is gone or its policy does not allow it. */
export function put(
  world: World,
  trail: Trail,
  key: string,
  body: Uint8Array,
  at: number,
  metadata: Readonly<Record<string, string>> = {},
): void {
  putObjectAsService(
    world,
    { service, sourceArn: trail.arn, sourceAccount: trail.account },
    { bucket: trail.bucket, key, body, createdAt: at, contentType: 'application/json', metadata },
  );
}

/**
 * What CreateTrail and UpdateTrail check before they accept a bucket: it exists, and its policy lets CloudTrail read the
 * ACL and write log files. Throws AwsError.
 */
export function checkBucket(
  world: World,
  trail: Pick<Trail, 'arn' | 'account' | 'bucket' | 'prefix' | 'organization'>,
): void {
  const bucket = world.s3.buckets.get(trail.bucket);
  if (bucket === undefined) {
    throw new AwsError('S3BucketDoesNotExistException', `S3 bucket ${trail.bucket} does not exist!`);
  }
  const bucketArn = `arn:${world.partition}:s3:::${trail.bucket}`;
  const needed = [
    ['s3:GetBucketAcl', bucketArn],
    ['s3:PutObject', `${bucketArn}/${folderOf(world, trail, trail.account)}/CloudTrail/`],
  ] as const;
  for (const [action, resource] of needed) {
    const decision = evaluate(
      {
        principal: { type: 'service', name: service },
        action,
        resource,
        resourceAccount: bucket.account,
        context: new Map([
          ['aws:sourcearn', [trail.arn]],
          ['aws:sourceaccount', [trail.account]],
          ['aws:principalisawsservice', ['true']],
          ['aws:principalservicename', [service]],
          ['aws:securetransport', ['true']],
          ['s3:x-amz-acl', ['bucket-owner-full-control']],
        ]),
      },
      { identity: [], ...(bucket.policy === undefined ? {} : { resource: bucket.policy.parsed }) },
    );
    if (!decision.allowed) {
      throw new AwsError(
        'InsufficientS3BucketPolicyException',
        `Incorrect S3 bucket policy is detected for bucket: ${trail.bucket}`,
      );
    }
  }
}
