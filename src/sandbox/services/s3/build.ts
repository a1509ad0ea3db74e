/** Buckets and objects put into a world without a call: for worlds made from an intent, and for services that deliver files. */
import { createHash } from 'node:crypto';
import { evaluate } from '../../../aws/policy/evaluate.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { Tag } from '../iam/state.ts';
import { parseBucketPolicy } from './bucket-policy-text.ts';
import { MemoryObjectStore } from './object-store.ts';
import type { Bucket, BucketEncryption, ObjectVersion, PublicAccessBlock } from './state.ts';

export interface NewBucket {
  readonly name: string;
  /** Owner. */
  readonly account: string;
  /** That of the world when left out. */
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly versioning?: 'Enabled' | 'Suspended';
  /** JSON text. */
  readonly policy?: string;
  /** SSE-S3 when left out, as AWS does. */
  readonly encryption?: BucketEncryption;
  /** All four on when left out, as AWS does since April 2023. */
  readonly publicAccessBlock?: PublicAccessBlock;
  readonly tags?: readonly Tag[];
}

export const blockEverythingPublic: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

export const ownershipEnforced: string =
  '<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>';

/** A bucket as AWS makes it today: no public access, no ACLs, SSE-S3. Throws AwsError when the name is taken or the policy malformed. */
export function createBucket(world: World, bucket: NewBucket): Bucket {
  if (world.s3.buckets.has(bucket.name)) {
    throw new AwsError('BucketAlreadyExists', `A bucket named ${bucket.name} exists already.`, 409);
  }
  const created: Bucket = {
    name: bucket.name,
    account: bucket.account,
    region: bucket.region ?? world.region,
    createdAt: bucket.createdAt,
    versioning: bucket.versioning,
    policy: bucket.policy === undefined ? undefined : parseBucketPolicy(world.partition, bucket.name, bucket.policy),
    publicAccessBlock: bucket.publicAccessBlock ?? blockEverythingPublic,
    encryption: bucket.encryption ?? { algorithm: 'AES256', kmsKeyArn: undefined, bucketKey: false },
    tags: bucket.tags ?? [],
    subresources: new Map([['ownershipControls', ownershipEnforced]]),
    objects: new MemoryObjectStore(),
    uploads: new Map(),
  };
  world.s3.buckets.set(bucket.name, created);
  return created;
}

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array | string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Puts an object without asking any policy: what was there before the story begins. Throws AwsError NoSuchBucket. */
export function seedObject(world: World, object: NewObject): ObjectVersion {
  const bucket = world.s3.buckets.get(object.bucket);
  if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const body = typeof object.body === 'string' ? Buffer.from(object.body) : object.body;
  const version: ObjectVersion = {
    versionId: bucket.versioning === 'Enabled' ? world.ids.alphanumeric(32) : 'null',
    createdAt: object.createdAt,
    deleteMarker: false,
    body,
    etag:
      bucket.encryption.algorithm === 'AES256'
        ? `"${createHash('md5').update(body).digest('hex')}"`
        : `"${world.ids.hex(32)}"`,
    contentType: object.contentType ?? 'binary/octet-stream',
    metadata: object.metadata ?? {},
    headers: {},
    checksum: undefined,
    encryption: bucket.encryption,
    tags: [],
  };
  bucket.objects.add(object.key, version);
  return version;
}

/**
 * A service of AWS writes into a bucket, as CloudTrail does with its log files: the bucket policy must allow
 * `s3:PutObject` to the service (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html).
 * Throws AwsError NoSuchBucket or AccessDenied.
 *
 * @param by the service principal, and the resource it acts for (`aws:SourceArn`) in its account (`aws:SourceAccount`)
 */
export function putObjectAsService(
  world: World,
  by: { readonly service: string; readonly sourceArn: string; readonly sourceAccount: string },
  object: NewObject,
): ObjectVersion {
  const bucket = world.s3.buckets.get(object.bucket);
  if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const decision = evaluate(
    {
      principal: { type: 'service', name: by.service },
      action: 's3:PutObject',
      resource: `arn:${world.partition}:s3:::${object.bucket}/${object.key}`,
      resourceAccount: bucket.account,
      context: new Map([
        ['aws:sourcearn', [by.sourceArn]],
        ['aws:sourceaccount', [by.sourceAccount]],
        ['aws:principalisawsservice', ['true']],
        ['aws:principalservicename', [by.service]],
        ['aws:securetransport', ['true']],
        ['s3:x-amz-acl', ['bucket-owner-full-control']],
      ]),
    },
    { identity: [], ...(bucket.policy === undefined ? {} : { resource: bucket.policy.parsed }) },
  );
  if (!decision.allowed) throw new AwsError('AccessDenied', 'Access Denied', 403);
  return seedObject(world, object);
}
