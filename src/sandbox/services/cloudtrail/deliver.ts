/**
 * Brings the records of each trail into its bucket, as CloudTrail itself: one gzipped file for each account and region.
 * Layout: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { AwsError } from '../../core/aws-error.ts';
import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import { type DeliveredFile, writeDigest } from './digest.ts';
import { datePath, minuteStamp, secondsOf } from './event-time.ts';
import { append } from './record.ts';
import { trailTakes } from './selects.ts';
import type { CloudTrailRecord, Trail } from './state.ts';
import { folderOf, put } from './trail-bucket.ts';

export interface Delivery {
  readonly trail: string;
  /** Keys of the log files, in the bucket of the trail. */
  readonly files: readonly string[];
  readonly digests: readonly string[];
  /** Code with which S3 refused; the records stay for the next delivery. */
  readonly error: string | undefined;
}

/** Delivers what every logging trail has taken since its last delivery. AWS does so about every five minutes. */
export async function deliverTrails(world: World, time: SandboxTime): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const trail of world.cloudtrail.trails.values()) {
    if (trail.logging) deliveries.push(await deliverTrail(world, time, trail));
  }
  return deliveries;
}

async function deliverTrail(world: World, time: SandboxTime, trail: Trail): Promise<Delivery> {
  const end = world.cloudtrail.records.length;
  const taken = world.cloudtrail.records.slice(trail.deliveredTo, end).filter((record) => trailTakes(trail, record));
  const nothing: Delivery = { trail: trail.arn, files: [], digests: [], error: undefined };
  // Its own deliveries alone are no reason for another: they would never end.
  if (taken.every(isDelivery)) return nothing;
  const at = time.now();
  const digests: string[] = [];
  const files: DeliveredFile[] = [];
  try {
    for (const batch of batchesOf(taken)) {
      const file = writeLogFile(world, trail, batch, at);
      files.push(file);
    }
    trail.deliveredTo = end;
    trail.deliveredAt = at;
    delete trail.deliveryError;
    if (trail.logFileValidation) {
      for (const file of files) {
        const key = await writeDigest(world, trail, file, at);
        if (key !== undefined) digests.push(key);
      }
    }
    for (const { key, bytes } of files) recordDelivery(world, trail, key, bytes, at);
    return { ...nothing, files: files.map(({ key }) => key), digests };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    trail.deliveryError = error.code;
    return { ...nothing, error: error.code };
  }
}

interface Batch {
  readonly account: string;
  readonly region: string;
  readonly records: CloudTrailRecord[];
}

function batchesOf(records: readonly CloudTrailRecord[]): readonly Batch[] {
  const batches = new Map<string, Batch>();
  for (const record of records) {
    const { recipientAccountId: account, awsRegion: region } = record;
    const name = `${account}|${region}`;
    const batch = batches.get(name) ?? { account, region, records: [] };
    batch.records.push(record);
    batches.set(name, batch);
  }
  return [...batches.values()];
}

function writeLogFile(world: World, trail: Trail, { account, region, records }: Batch, at: number): DeliveredFile {
  const name = `${account}_CloudTrail_${region}_${minuteStamp(at)}_${mixedCase(world)}.json.gz`;
  const key = `${folderOf(world, trail, account)}/CloudTrail/${region}/${datePath(at)}/${name}`;
  const text = JSON.stringify({ Records: records });
  const body = gzipSync(text);
  put(world, trail, key, body, at);
  const times = records.map(({ eventTime }) => eventTime).sort();
  return {
    key,
    account,
    region,
    bytes: body.length,
    hash: createHash('sha256').update(text).digest('hex'),
    oldest: times[0] as string,
    newest: times.at(-1) as string,
  };
}

const service = 'cloudtrail.amazonaws.com';

/** The write into the bucket is a data event itself, made by a service of AWS. */
function recordDelivery(world: World, trail: Trail, key: string, bytes: number, at: number): void {
  const owner = world.s3.buckets.get(trail.bucket)?.account ?? trail.account;
  const bucketArn = `arn:${world.partition}:s3:::${trail.bucket}`;
  append(world.cloudtrail, {
    eventVersion: '1.11',
    userIdentity: { type: 'AWSService', invokedBy: service },
    eventTime: secondsOf(at),
    eventSource: 's3.amazonaws.com',
    eventName: 'PutObject',
    awsRegion: world.s3.buckets.get(trail.bucket)?.region ?? trail.homeRegion,
    sourceIPAddress: service,
    userAgent: service,
    requestParameters: {
      bucketName: trail.bucket,
      Host: `${trail.bucket}.s3.${trail.homeRegion}.amazonaws.com`,
      key,
      'x-amz-acl': 'bucket-owner-full-control',
    },
    responseElements: null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: bytes,
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredOut: 0,
    },
    requestID: world.ids.hex(16).toUpperCase(),
    eventID: world.ids.uuid(),
    readOnly: false,
    resources: [
      { type: 'AWS::S3::Object', ARN: `${bucketArn}/${key}` },
      { accountId: owner, type: 'AWS::S3::Bucket', ARN: bucketArn },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: owner,
    sharedEventID: world.ids.uuid(),
    eventCategory: 'Data',
  });
}

function isDelivery(record: CloudTrailRecord): boolean {
  return record.userIdentity.invokedBy === service && record.eventName === 'PutObject';
}

/** 16 letters and digits that keep two files of one minute apart. */
function mixedCase(world: World): string {
  return world.ids
    .secret(64)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 16);
}
