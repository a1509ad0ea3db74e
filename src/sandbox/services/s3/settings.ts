/**
 * Settings of a bucket that change nothing in the sandbox: kept as they were sent, and given back. What is not set answers as
 * S3 does, because the AWS provider reads all of them.
 */

import { AwsError } from '../../core/aws-error.ts';
import type { Operation } from '../../core/service.ts';
import { onBucket } from './operation.ts';
import { emptyAnswer, parseXml, xmlDeclaration, xmlNamespace } from './xml.ts';

interface BucketSetting {
  /** Name of the subresource in the query. */
  readonly query: string;
  /** Root element of its document. */
  readonly root: string;
  /** Operation by HTTP method. */
  readonly operations: Readonly<Record<string, string>>;
  /** IAM's name without `s3:Get` and `s3:Put`. */
  readonly action: string;
  /** Where deleting has an action of its own. */
  readonly deleteAction?: string;
  /** CloudTrail's name without `Get`, `Put` and `Delete`. */
  readonly event: string;
  /** What is answered when it is not set: a refusal, or the content of an empty document. */
  readonly missing: { readonly code: string; readonly message: string } | { readonly content: string };
  /** A header that belongs to it. */
  readonly header?: { readonly name: string; readonly initial: string };
}

export const bucketSettings: readonly BucketSetting[] = [
  {
    query: 'lifecycle',
    root: 'LifecycleConfiguration',
    operations: {
      GET: 'GetBucketLifecycleConfiguration',
      PUT: 'PutBucketLifecycleConfiguration',
      DELETE: 'DeleteBucketLifecycle',
    },
    action: 'LifecycleConfiguration',
    event: 'BucketLifecycle',
    missing: { code: 'NoSuchLifecycleConfiguration', message: 'The lifecycle configuration does not exist' },
    header: { name: 'x-amz-transition-default-minimum-object-size', initial: 'all_storage_classes_128K' },
  },
  {
    query: 'ownershipControls',
    root: 'OwnershipControls',
    operations: {
      GET: 'GetBucketOwnershipControls',
      PUT: 'PutBucketOwnershipControls',
      DELETE: 'DeleteBucketOwnershipControls',
    },
    action: 'BucketOwnershipControls',
    event: 'BucketOwnershipControls',
    missing: { code: 'OwnershipControlsNotFoundError', message: 'The bucket ownership controls were not found' },
  },
  {
    query: 'cors',
    root: 'CORSConfiguration',
    operations: { GET: 'GetBucketCors', PUT: 'PutBucketCors', DELETE: 'DeleteBucketCors' },
    action: 'BucketCORS',
    event: 'BucketCors',
    missing: { code: 'NoSuchCORSConfiguration', message: 'The CORS configuration does not exist' },
  },
  {
    query: 'website',
    root: 'WebsiteConfiguration',
    operations: { GET: 'GetBucketWebsite', PUT: 'PutBucketWebsite', DELETE: 'DeleteBucketWebsite' },
    action: 'BucketWebsite',
    deleteAction: 's3:DeleteBucketWebsite',
    event: 'BucketWebsite',
    missing: {
      code: 'NoSuchWebsiteConfiguration',
      message: 'The specified bucket does not have a website configuration',
    },
  },
  {
    query: 'replication',
    root: 'ReplicationConfiguration',
    operations: { GET: 'GetBucketReplication', PUT: 'PutBucketReplication', DELETE: 'DeleteBucketReplication' },
    action: 'ReplicationConfiguration',
    event: 'BucketReplication',
    missing: {
      code: 'ReplicationConfigurationNotFoundError',
      message: 'The replication configuration was not found',
    },
  },
  {
    query: 'object-lock',
    root: 'ObjectLockConfiguration',
    operations: { GET: 'GetObjectLockConfiguration', PUT: 'PutObjectLockConfiguration' },
    action: 'BucketObjectLockConfiguration',
    event: 'BucketObjectLockConfiguration',
    missing: {
      code: 'ObjectLockConfigurationNotFoundError',
      message: 'Object Lock configuration does not exist for this bucket',
    },
  },
  {
    query: 'logging',
    root: 'BucketLoggingStatus',
    operations: { GET: 'GetBucketLogging', PUT: 'PutBucketLogging' },
    action: 'BucketLogging',
    event: 'BucketLogging',
    missing: { content: '' },
  },
  {
    query: 'accelerate',
    root: 'AccelerateConfiguration',
    operations: { GET: 'GetBucketAccelerateConfiguration', PUT: 'PutBucketAccelerateConfiguration' },
    action: 'AccelerateConfiguration',
    event: 'AccelerateConfiguration',
    missing: { content: '' },
  },
  {
    query: 'requestPayment',
    root: 'RequestPaymentConfiguration',
    operations: { GET: 'GetBucketRequestPayment', PUT: 'PutBucketRequestPayment' },
    action: 'BucketRequestPayment',
    event: 'BucketRequestPayment',
    missing: { content: '<Payer>BucketOwner</Payer>' },
  },
  {
    query: 'notification',
    root: 'NotificationConfiguration',
    operations: { GET: 'GetBucketNotificationConfiguration', PUT: 'PutBucketNotificationConfiguration' },
    action: 'BucketNotification',
    event: 'BucketNotification',
    missing: { content: '' },
  },
];

export function settingOperations(): readonly (readonly [string, Operation])[] {
  return bucketSettings.flatMap((setting) =>
    Object.entries(setting.operations).map(([method, name]) => [name, settingOperation(setting, method)] as const),
  );
}

function settingOperation(setting: BucketSetting, method: string): Operation {
  const { query, root, missing, header } = setting;
  const headerKey = `${query} header`;
  if (method === 'GET') {
    return onBucket(
      { action: `s3:Get${setting.action}`, readOnly: true, eventName: `Get${setting.event}` },
      ({ bucket }) => {
        const kept = bucket.subresources.get(query);
        if (kept === undefined && 'code' in missing) {
          throw new AwsError(missing.code, missing.message, 404, { members: { BucketName: bucket.name } });
        }
        const content = 'content' in missing ? missing.content : '';
        return {
          status: 200,
          headers: {
            'content-type': 'application/xml',
            ...(header === undefined ? {} : { [header.name]: bucket.subresources.get(headerKey) ?? header.initial }),
          },
          body: kept ?? `${xmlDeclaration}<${root} xmlns="${xmlNamespace}">${content}</${root}>`,
        };
      },
    );
  }
  if (method === 'PUT') {
    return onBucket(
      { action: `s3:Put${setting.action}`, readOnly: false, eventName: `Put${setting.event}` },
      ({ bucket, call, note }) => {
        note({ [root]: parseXml(call.request.body, root).toJson() });
        bucket.subresources.set(query, new TextDecoder().decode(call.request.body));
        if (header === undefined) return emptyAnswer();
        const value = call.request.headers[header.name] ?? header.initial;
        bucket.subresources.set(headerKey, value);
        return emptyAnswer(200, { [header.name]: value });
      },
    );
  }
  return onBucket(
    {
      action: setting.deleteAction ?? `s3:Put${setting.action}`,
      readOnly: false,
      eventName: `Delete${setting.event}`,
    },
    ({ bucket }) => {
      bucket.subresources.delete(query);
      bucket.subresources.delete(headerKey);
      return emptyAnswer(204);
    },
  );
}
