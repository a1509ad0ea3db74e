/** Trails, and every record that any service made. */
import type { webcrypto } from 'node:crypto';
import type { Tag } from '../iam/state.ts';

export interface CloudTrailState {
  /** By ARN. */
  readonly trails: Map<string, Trail>;
  /** Signs the digest files. Without it trails deliver log files only. One key serves all regions; AWS has one a region. */
  signingKey?: DigestKey;
  /** Answer LookupEvents with ThrottlingException beyond two calls a second of an account, as AWS does. Default off. */
  lookupLimit?: boolean;
  /** All records, oldest first: the base of LookupEvents, of log files and of what a rehearsal traces. */
  readonly records: CloudTrailRecord[];
}

export interface Trail {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly homeRegion: string;
  bucket: string;
  prefix: string | undefined;
  kmsKeyArn: string | undefined;
  multiRegion: boolean;
  organization: boolean;
  logFileValidation: boolean;
  includeGlobalServiceEvents: boolean;
  logging: boolean;
  /** As PutEventSelectors took them. */
  eventSelectors: readonly Readonly<Record<string, unknown>>[];
  advancedEventSelectors: readonly Readonly<Record<string, unknown>>[];
  /** Index into `records` of the first that has not been delivered. */
  deliveredTo: number;
  tags?: readonly Tag[];
  /** Epoch milliseconds, as the others. */
  loggingStartedAt?: number;
  loggingStoppedAt?: number;
  deliveredAt?: number;
  digestDeliveredAt?: number;
  /** Code of S3 for the last delivery that it refused. */
  deliveryError?: string;
  /** The newest digest file of each chain, by `account|region`. */
  readonly digests?: Map<string, DigestLink>;
}

export interface DigestKey {
  readonly pair: () => Promise<webcrypto.CryptoKeyPair>;
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** What the next digest file says of the one before it. */
export interface DigestLink {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
  readonly endsAt: number;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface CloudTrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  /** ISO 8601, seconds. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly serviceEventDetails?: Readonly<Record<string, unknown>>;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly Readonly<Record<string, unknown>>[];
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent';
  readonly managementEvent: boolean;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly eventCategory: 'Management' | 'Data';
  readonly tlsDetails?: Readonly<Record<string, unknown>>;
}
