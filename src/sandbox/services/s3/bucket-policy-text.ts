/** A bucket policy from its text, with the refusals of PutBucketPolicy. */

import type { Partition } from '../../../aws/partition.ts';
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Bucket } from './state.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
const maximumBytes = 20 * 1024;

/** Throws AwsError MalformedPolicy or PolicyTooLarge. */
export function parseBucketPolicy(partition: Partition, bucket: string, text: string): NonNullable<Bucket['policy']> {
  if (Buffer.byteLength(text) > maximumBytes) {
    throw new AwsError('PolicyTooLarge', 'Policy exceeds the maximum allowed document size.', 400);
  }
  const result = parsePolicy(text, 'bucket');
  if (!result.ok) {
    throw new AwsError('MalformedPolicy', result.problems[0]?.message ?? 'Policy has invalid syntax', 400);
  }
  const arn = `arn:${partition}:s3:::${bucket}`;
  for (const statement of result.policy.statements) {
    for (const resource of statement.resources?.values ?? []) {
      if (!mayNameBucket(resource, arn)) {
        throw new AwsError('MalformedPolicy', 'Policy has invalid resource', 400);
      }
    }
  }
  return { text, parsed: { name: `bucket policy of ${bucket}`, policy: result.policy } };
}

/**
 * Whether the pattern can match the bucket or something in it: S3 refuses a policy that names another bucket. A pattern is
 * compared up to its first wildcard or variable.
 */
function mayNameBucket(resource: string, arn: string): boolean {
  const wild = resource.search(/[*?$]/);
  if (wild === -1) return resource === arn || resource.startsWith(`${arn}/`);
  const fixed = resource.slice(0, wild);
  return `${arn}/`.startsWith(fixed) || fixed.startsWith(`${arn}/`);
}
