/** Trails, and every record that any service made. */

export interface CloudTrailState {
  /** By ARN. */
  readonly trails: Map<string, Trail>;
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
