/**
 * The policy of the bucket that CloudTrail writes its log files to, for a trail of the organisation.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html#org-trail-bucket-policy
 */
import { formatArn } from '../../aws/arn.ts';
import type { Partition } from '../../aws/partition.ts';
import { document, type PolicyDocument, type ServiceStatement } from './document.ts';

export interface TrailBucket {
  readonly partition: Partition;
  readonly bucket: string;
  readonly trailArn: string;
  /** Account ids: the management account, and those whose calls are recorded. */
  readonly managementAccount: string;
  readonly organizationId: string;
}

export function buildTrailBucketPolicy(trail: TrailBucket): PolicyDocument<ServiceStatement> {
  const { partition, managementAccount, organizationId } = trail;
  const bucket = formatArn({ partition, service: 's3', region: '', account: '', resource: trail.bucket });
  const byTheTrail = { 'aws:SourceArn': trail.trailArn };
  const cloudTrail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } } as const;
  return document<ServiceStatement>([
    {
      Sid: 'CheckBucket',
      ...cloudTrail,
      Action: 's3:GetBucketAcl',
      Resource: bucket,
      Condition: { StringEquals: byTheTrail },
    },
    {
      Sid: 'WriteLogs',
      ...cloudTrail,
      Action: 's3:PutObject',
      Resource: [`${bucket}/AWSLogs/${managementAccount}/*`, `${bucket}/AWSLogs/${organizationId}/*`],
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...byTheTrail } },
    },
    {
      Sid: 'DenyPlainHttp',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucket, `${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}
