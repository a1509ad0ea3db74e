/** The bucket policy and what keeps it from being public. */
import { AwsError } from '../../core/aws-error.ts';
import type { Operation } from '../../core/service.ts';
import { bindPrincipals, principalExists, renderBound } from '../iam/trust-principals.ts';
import { authorizeBucket } from './access.ts';
import { parseBucketPolicy } from './bucket-policy-text.ts';
import { type BucketCall, onBucket, withBucket } from './operation.ts';
import { isPublicPolicy } from './public-policy.ts';
import { emptyAnswer, parseXml, xmlAnswer } from './xml.ts';

/**
 * The root user of the bucket's account can always read, replace and delete the policy, whatever it denies
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html).
 */
function authorizePolicy({ call, bucket }: BucketCall, action: string): void {
  if (call.caller.kind === 'root' && call.caller.account === bucket.account) return;
  authorizeBucket(call, bucket, action);
  if (call.account !== bucket.account) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  }
}

export const getBucketPolicy: Operation = withBucket({ readOnly: true }, (bucketCall) => {
  authorizePolicy(bucketCall, 's3:GetBucketPolicy');
  const { bucket, call } = bucketCall;
  if (bucket.policy === undefined) {
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
      members: { BucketName: bucket.name },
    });
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: renderBound(call.world, bucket.policy) };
});

export const putBucketPolicy: Operation = withBucket({ readOnly: false }, (bucketCall) => {
  authorizePolicy(bucketCall, 's3:PutBucketPolicy');
  const { call, bucket, note } = bucketCall;
  const parse = (text: string) => parseBucketPolicy(call.world.partition, bucket.name, text);
  const policy = parse(new TextDecoder().decode(call.request.body));
  note({ bucketPolicy: JSON.parse(policy.text) });
  for (const { principal } of policy.parsed.policy.statements) {
    const unknown = principal?.aws.find((value) => !principalExists(call.world, value));
    if (unknown === undefined) continue;
    throw new AwsError('MalformedPolicy', 'Invalid principal in policy', 400, {
      members: { Detail: `"AWS" : "${unknown}"` },
    });
  }
  if (bucket.publicAccessBlock?.blockPublicPolicy === true && isPublicPolicy(policy.parsed.policy)) {
    const who = 'arn' in call.caller ? call.caller.arn : 'anonymous';
    throw new AwsError(
      'AccessDenied',
      `User: ${who} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:${call.world.partition}:s3:::${bucket.name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      403,
    );
  }
  bucket.policy = bindPrincipals(call.world, policy, parse);
  return emptyAnswer(204);
});

export const deleteBucketPolicy: Operation = withBucket({ readOnly: false }, (bucketCall) => {
  authorizePolicy(bucketCall, 's3:DeleteBucketPolicy');
  bucketCall.bucket.policy = undefined;
  return emptyAnswer(204);
});

export const getBucketPolicyStatus: Operation = onBucket(
  { action: 's3:GetBucketPolicyStatus', readOnly: true },
  ({ bucket }) => {
    if (bucket.policy === undefined) {
      throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
        members: { BucketName: bucket.name },
      });
    }
    return xmlAnswer('PolicyStatus', [['IsPublic', isPublicPolicy(bucket.policy.parsed.policy)]]);
  },
);

const switches = [
  ['BlockPublicAcls', 'blockPublicAcls'],
  ['IgnorePublicAcls', 'ignorePublicAcls'],
  ['BlockPublicPolicy', 'blockPublicPolicy'],
  ['RestrictPublicBuckets', 'restrictPublicBuckets'],
] as const;

export const getPublicAccessBlock: Operation = onBucket(
  { action: 's3:GetBucketPublicAccessBlock', readOnly: true, eventName: 'GetBucketPublicAccessBlock' },
  ({ bucket: { name, publicAccessBlock } }) => {
    if (publicAccessBlock === undefined) {
      throw new AwsError(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        404,
        { members: { BucketName: name } },
      );
    }
    return xmlAnswer(
      'PublicAccessBlockConfiguration',
      switches.map(([element, member]) => [element, publicAccessBlock[member]]),
    );
  },
);

export const putPublicAccessBlock: Operation = onBucket(
  { action: 's3:PutBucketPublicAccessBlock', readOnly: false, eventName: 'PutBucketPublicAccessBlock' },
  ({ bucket, call, note }) => {
    const document = parseXml(call.request.body, 'PublicAccessBlockConfiguration');
    note({ PublicAccessBlockConfiguration: document.toJson() });
    const isOn = (name: string): boolean => document.text(name)?.toLowerCase() === 'true';
    bucket.publicAccessBlock = {
      blockPublicAcls: isOn('BlockPublicAcls'),
      ignorePublicAcls: isOn('IgnorePublicAcls'),
      blockPublicPolicy: isOn('BlockPublicPolicy'),
      restrictPublicBuckets: isOn('RestrictPublicBuckets'),
    };
    return emptyAnswer();
  },
);

export const deletePublicAccessBlock: Operation = onBucket(
  { action: 's3:PutBucketPublicAccessBlock', readOnly: false, eventName: 'DeleteBucketPublicAccessBlock' },
  ({ bucket }) => {
    bucket.publicAccessBlock = undefined;
    return emptyAnswer(204);
  },
);
