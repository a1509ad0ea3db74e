/** What every operation of S3 does before its own work: find the bucket, note the event, ask the policies. */
import type { Call, Operation, WireResponse } from '../../core/service.ts';
import { authorizeBucket } from './access.ts';
import { accessDenied, noSuchBucket, permanentRedirect } from './errors.ts';
import type { S3Input } from './route.ts';
import type { Bucket } from './state.ts';

export interface BucketCall {
  readonly call: Call;
  readonly bucket: Bucket;
  /** `''` on the bucket itself. */
  readonly key: string;
  /** Adds to the event's request parameters. */
  note(parameters: Readonly<Record<string, unknown>>): void;
}

interface OperationOptions {
  readonly readOnly: boolean;
  readonly category?: 'management' | 'data';
  /** CloudTrail's name, where it differs from the API's. */
  readonly eventName?: string;
}

/** An operation on a bucket that needs one action on the bucket. */
export function onBucket(
  options: OperationOptions & { readonly action: string },
  handle: (call: BucketCall) => WireResponse,
): Operation {
  return withBucket(options, (bucketCall) => {
    authorizeBucket(bucketCall.call, bucketCall.bucket, options.action);
    return handle(bucketCall);
  });
}

/** An operation on a bucket or an object in it that asks the policies itself. */
export function withBucket(options: OperationOptions, handle: (call: BucketCall) => WireResponse): Operation {
  const category = options.category ?? 'management';
  return {
    readOnly: options.readOnly,
    category,
    auth: 'optional',
    handle: (call, input) => {
      const { Bucket: name, Key: key } = input as S3Input;
      const bucket = call.world.s3.buckets.get(name);
      noteRequest(call, name, key, bucket);
      if (options.eventName !== undefined) call.event.eventName = options.eventName;
      if (bucket === undefined) throw noSuchBucket(name);
      if (bucket.region !== call.region) {
        throw permanentRedirect(name, bucket.region, `${name}.s3.${bucket.region}.amazonaws.com`);
      }
      const expectedOwner = call.request.headers['x-amz-expected-bucket-owner'];
      if (expectedOwner !== undefined && expectedOwner !== bucket.account) throw accessDenied();
      const note = (parameters: Readonly<Record<string, unknown>>): void => {
        call.event.requestParameters = { ...call.event.requestParameters, ...parameters };
      };
      const response = handle({ call, bucket, key, note });
      noteResponse(call, category, response);
      return response;
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html */
export function noteRequest(call: Call, bucketName: string, key: string, bucket: Bucket | undefined): void {
  const { request, world, event } = call;
  const arn = `arn:${world.partition}:s3:::${bucketName}`;
  const parameters: Record<string, unknown> = { bucketName, Host: request.headers.host ?? request.host };
  if (key !== '') parameters.key = key;
  // A presigned request carries its signature in the query: that is no parameter.
  for (const [name, value] of request.query) if (!/^x-amz-|^x-id$/i.test(name)) parameters[name] = value;
  for (const name of notedHeaders) if (request.headers[name] !== undefined) parameters[name] = request.headers[name];
  event.requestParameters = parameters;
  event.responseElements = null;
  event.resources = [
    ...(key === '' ? [] : [{ type: 'AWS::S3::Object', ARN: `${arn}/${key}` }]),
    { type: 'AWS::S3::Bucket', ARN: arn, ...(bucket === undefined ? {} : { accountId: bucket.account }) },
  ];
  event.additionalEventData = {
    SignatureVersion: 'SigV4',
    ...(request.secure ? { CipherSuite: 'TLS_AES_128_GCM_SHA256' } : {}),
    AuthenticationMethod: request.query.has('X-Amz-Signature') ? 'QueryString' : 'AuthHeader',
    bytesTransferredIn: request.body.length,
    bytesTransferredOut: 0,
  };
}

const notedHeaders = [
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-bucket-object-lock-enabled',
  'x-amz-object-ownership',
  'if-none-match',
  'if-match',
];

function noteResponse(call: Call, category: 'management' | 'data', response: WireResponse): void {
  const { event } = call;
  event.additionalEventData = {
    ...event.additionalEventData,
    bytesTransferredOut: call.request.method === 'HEAD' ? 0 : Buffer.byteLength(response.body),
  };
  if (category === 'management') return;
  const told = Object.entries(response.headers).filter(([name]) =>
    /^x-amz-(server-side|version-id|delete-m)/.test(name),
  );
  if (told.length > 0 && call.request.method !== 'GET' && call.request.method !== 'HEAD') {
    event.responseElements = Object.fromEntries(told);
  }
}
