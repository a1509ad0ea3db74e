/** S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html); `s3.md` says what it promises. */

import { AwsError } from '../../core/aws-error.ts';
import type { Operation, Service } from '../../core/service.ts';
import { authorizeObject } from './access.ts';
import * as policy from './bucket-policy.ts';
import * as buckets from './buckets.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import * as encryption from './encryption.ts';
import { renderError } from './errors.ts';
import { getObject, getObjectAttributes, headObject } from './get-object.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.ts';
import * as multipart from './multipart.ts';
import { withBucket } from './operation.ts';
import { copyObject, putObject } from './put-object.ts';
import { route } from './route.ts';
import { settingOperations } from './settings.ts';
import * as tagging from './tagging.ts';
import { requireVersion } from './versions.ts';
import { xmlNamespace } from './xml.ts';

/** Object lock on single objects is not modelled: they all answer as objects without. */
const unlocked = (action: string): Operation =>
  withBucket({ readOnly: true, category: 'data' }, ({ call, bucket, key }) => {
    authorizeObject(call, bucket, key, action);
    requireVersion(call, bucket, key, call.request.query.get('versionId') ?? undefined);
    if (!bucket.subresources.has('object-lock')) {
      throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration', 400);
    }
    throw new AwsError(
      'NoSuchObjectLockConfiguration',
      'The specified object does not have a ObjectLock configuration',
      404,
    );
  });

export const s3Service: Service = {
  id: 's3',
  eventSource: 's3.amazonaws.com',
  protocol: 'rest-xml',
  xmlNamespace,
  signingNames: ['s3'],
  hostPrefixes: ['s3'],
  accessDenied: { code: 'AccessDenied', status: 403 },
  route,
  renderError,
  operations: new Map<string, Operation>([
    ['ListBuckets', buckets.listBuckets],
    ['CreateBucket', buckets.createBucket],
    ['DeleteBucket', buckets.deleteBucket],
    ['HeadBucket', buckets.headBucket],
    ['GetBucketLocation', buckets.getBucketLocation],
    ['GetBucketVersioning', buckets.getBucketVersioning],
    ['PutBucketVersioning', buckets.putBucketVersioning],
    ['GetBucketAcl', buckets.getAcl('bucket')],
    ['PutBucketAcl', buckets.putAcl('bucket')],
    ['GetBucketPolicy', policy.getBucketPolicy],
    ['PutBucketPolicy', policy.putBucketPolicy],
    ['DeleteBucketPolicy', policy.deleteBucketPolicy],
    ['GetBucketPolicyStatus', policy.getBucketPolicyStatus],
    ['GetPublicAccessBlock', policy.getPublicAccessBlock],
    ['PutPublicAccessBlock', policy.putPublicAccessBlock],
    ['DeletePublicAccessBlock', policy.deletePublicAccessBlock],
    ['GetBucketEncryption', encryption.getBucketEncryption],
    ['PutBucketEncryption', encryption.putBucketEncryption],
    ['DeleteBucketEncryption', encryption.deleteBucketEncryption],
    ['GetBucketTagging', tagging.getBucketTagging],
    ['PutBucketTagging', tagging.putBucketTagging],
    ['DeleteBucketTagging', tagging.deleteBucketTagging],
    ...settingOperations(),
    ['ListObjects', listObjects],
    ['ListObjectsV2', listObjectsV2],
    ['ListObjectVersions', listObjectVersions],
    ['GetObject', getObject],
    ['HeadObject', headObject],
    ['GetObjectAttributes', getObjectAttributes],
    ['PutObject', putObject],
    ['CopyObject', copyObject],
    ['DeleteObject', deleteObject],
    ['DeleteObjects', deleteObjects],
    ['GetObjectAcl', buckets.getAcl('object')],
    ['PutObjectAcl', buckets.putAcl('object')],
    ['GetObjectTagging', tagging.getObjectTagging],
    ['PutObjectTagging', tagging.putObjectTagging],
    ['DeleteObjectTagging', tagging.deleteObjectTagging],
    ['GetObjectRetention', unlocked('s3:GetObjectRetention')],
    ['GetObjectLegalHold', unlocked('s3:GetObjectLegalHold')],
    ['CreateMultipartUpload', multipart.createMultipartUpload],
    ['UploadPart', multipart.uploadPart],
    ['CompleteMultipartUpload', multipart.completeMultipartUpload],
    ['AbortMultipartUpload', multipart.abortMultipartUpload],
    ['ListParts', multipart.listParts],
    ['ListMultipartUploads', multipart.listMultipartUploads],
  ]),
};
