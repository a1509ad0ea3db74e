/**
 * What an operation adds to the CloudTrail record of its call. The frame fills in all else from the call itself.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export interface EventNotes {
  /** Default: the input with its first letters in lower case and secrets taken out. */
  requestParameters?: Readonly<Record<string, unknown>> | null;
  /** Default: `null` for reads, the output without secrets for writes. */
  responseElements?: Readonly<Record<string, unknown>> | null;
  additionalEventData?: Readonly<Record<string, unknown>>;
  serviceEventDetails?: Readonly<Record<string, unknown>>;
  resources?: readonly { readonly ARN: string; readonly accountId?: string; readonly type?: string }[];
  /** Replaces the identity that the frame derives from the caller: a web identity, a person of Identity Center. */
  userIdentity?: Readonly<Record<string, unknown>>;
  /** `AwsApiCall` unless set. */
  eventType?: 'AwsApiCall' | 'AwsServiceEvent';
  /** Differs from the operation's name where AWS records another (`Authenticate`, `GetRoleCredentials`). */
  eventName?: string;
  /** Accounts that get the record; default: the caller's and that of the resource. */
  recipientAccounts?: readonly string[];
  /** The failure is one that AWS does not record (a JWKS that cannot be fetched). */
  unrecorded?: boolean;
}
