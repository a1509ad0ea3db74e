/** Encryption at rest: what a write asks for, what the bucket adds, and what KMS says to it. Bodies themselves are kept as they are. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation } from '../../core/service.ts';
import { useKeyForService } from '../kms/use-for-service.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { onBucket } from './operation.ts';
import type { Bucket, BucketEncryption, ObjectVersion } from './state.ts';
import { emptyAnswer, malformedXml, parseXml, xmlAnswer } from './xml.ts';

const prefix = 'x-amz-server-side-encryption';

/** What the new object will be encrypted with, after KMS allowed it. Throws AwsError InvalidArgument, AccessDenied, `KMS.*`. */
export function encryptionForWrite(call: Call, bucket: Bucket, key: string): BucketEncryption {
  const asked = askedEncryption(call);
  const wanted = asked ?? bucket.encryption;
  const { event } = call;
  const kind = wanted.algorithm === 'AES256' ? 'SSE_S3' : 'SSE_KMS';
  event.additionalEventData = {
    ...event.additionalEventData,
    SSEApplied: asked === undefined ? `Default_${kind}` : kind,
  };
  if (wanted.algorithm === 'AES256') return wanted;
  const bucketKey = asked?.bucketKey === true || bucket.encryption.bucketKey;
  const kmsKey = useKeyForService(call, {
    keyId: wanted.kmsKeyArn ?? 'alias/aws/s3',
    action: 'kms:GenerateDataKey',
    encryptionContext: contextFor(call, bucket, key, bucketKey),
  });
  return { algorithm: 'aws:kms', kmsKeyArn: kmsKey.arn, bucketKey };
}

/** Throws AwsError when the caller may not decrypt the object, or its key cannot be used. */
export function decryptForRead(call: Call, bucket: Bucket, key: string, version: ObjectVersion): void {
  const { algorithm, kmsKeyArn, bucketKey } = version.encryption;
  if (algorithm !== 'aws:kms' || kmsKeyArn === undefined) return;
  if (call.caller.kind === 'anonymous') {
    throw invalidArgument(
      'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
    );
  }
  const { event } = call;
  event.additionalEventData = { ...event.additionalEventData, SSEApplied: 'SSE_KMS' };
  useKeyForService(call, {
    keyId: kmsKeyArn,
    action: 'kms:Decrypt',
    encryptionContext: contextFor(call, bucket, key, bucketKey),
  });
}

/** With a bucket key KMS sees the bucket, without it each object. */
function contextFor(call: Call, bucket: Bucket, key: string, bucketKey: boolean): Readonly<Record<string, string>> {
  const arn = `arn:${call.world.partition}:s3:::${bucket.name}`;
  return { 'aws:s3:arn': bucketKey ? arn : `${arn}/${key}` };
}

function askedEncryption(call: Call): BucketEncryption | undefined {
  const { headers } = call.request;
  if (Object.keys(headers).some((name) => name.startsWith(`${prefix}-customer-`))) throw notImplemented('SSE-C');
  const algorithm = headers[prefix];
  const keyId = headers[`${prefix}-aws-kms-key-id`];
  if (algorithm === undefined) {
    if (keyId === undefined) return undefined;
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      prefix,
      '',
    );
  }
  if (algorithm === 'AES256') {
    if (keyId === undefined) return { algorithm, kmsKeyArn: undefined, bucketKey: false };
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      prefix,
      algorithm,
    );
  }
  if (algorithm === 'aws:kms:dsse') throw notImplemented('aws:kms:dsse');
  if (algorithm !== 'aws:kms') {
    throw new AwsError(
      'InvalidEncryptionAlgorithmError',
      'The encryption request you specified is not valid. The valid value is AES256.',
      400,
    );
  }
  const bucketKey = headers[`${prefix}-bucket-key-enabled`] === 'true';
  return { algorithm, kmsKeyArn: keyId === '' ? undefined : keyId, bucketKey };
}

/** Headers that tell how an object is encrypted. */
export function encryptionHeaders({ algorithm, kmsKeyArn, bucketKey }: BucketEncryption): Record<string, string> {
  return {
    [prefix]: algorithm,
    ...(kmsKeyArn === undefined ? {} : { [`${prefix}-aws-kms-key-id`]: kmsKeyArn }),
    ...(bucketKey && algorithm === 'aws:kms' ? { [`${prefix}-bucket-key-enabled`]: 'true' } : {}),
  };
}

const sseS3: BucketEncryption = { algorithm: 'AES256', kmsKeyArn: undefined, bucketKey: false };

export const getBucketEncryption: Operation = onBucket(
  { action: 's3:GetEncryptionConfiguration', readOnly: true },
  ({ bucket: { encryption } }) =>
    xmlAnswer('ServerSideEncryptionConfiguration', [
      [
        'Rule',
        [
          [
            'ApplyServerSideEncryptionByDefault',
            [
              ['SSEAlgorithm', encryption.algorithm],
              ['KMSMasterKeyID', encryption.kmsKeyArn],
            ],
          ],
          ['BucketKeyEnabled', encryption.bucketKey],
        ],
      ],
    ]),
);

export const putBucketEncryption: Operation = onBucket(
  { action: 's3:PutEncryptionConfiguration', readOnly: false },
  ({ bucket, call, note }) => {
    const document = parseXml(call.request.body, 'ServerSideEncryptionConfiguration');
    note({ ServerSideEncryptionConfiguration: document.toJson() });
    const rules = document.all('Rule');
    const rule = rules[0];
    const byDefault = rule?.first('ApplyServerSideEncryptionByDefault');
    if (rules.length !== 1 || rule === undefined || byDefault === undefined) throw malformedXml();
    const algorithm = byDefault.text('SSEAlgorithm');
    if (algorithm === 'aws:kms:dsse') throw notImplemented('aws:kms:dsse');
    if (algorithm !== 'AES256' && algorithm !== 'aws:kms') throw malformedXml();
    const kmsKeyArn = byDefault.text('KMSMasterKeyID');
    if (algorithm === 'AES256' && kmsKeyArn !== undefined) {
      throw invalidArgument(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      );
    }
    bucket.encryption = { algorithm, kmsKeyArn, bucketKey: rule.text('BucketKeyEnabled') === 'true' };
    return emptyAnswer();
  },
);

/** Back to SSE-S3, which every bucket has since January 2023. */
export const deleteBucketEncryption: Operation = onBucket(
  { action: 's3:PutEncryptionConfiguration', readOnly: false },
  ({ bucket }) => {
    bucket.encryption = sseS3;
    return emptyAnswer(204);
  },
);
