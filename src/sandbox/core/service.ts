/**
 * What a service is: a name, a wire protocol, and operations. Routing, signatures, authorisation, faults, CloudTrail and
 * rendering are done around an operation, the same for all; an operation reads its input, asks `authorize`, changes the
 * world and returns the output of AWS's model.
 */
import type { ConditionContext, NamedPolicy, PolicySet } from '../../aws/policy/request.ts';
import type { Caller } from './caller.ts';
import type { EventNotes } from './event-notes.ts';
import type { SandboxTime } from './time.ts';
import type { World } from './world.ts';

/**
 * How input and output travel. `query`: form in, XML out. `json-1.0`/`json-1.1`: `X-Amz-Target`. `rest-json`: path and
 * JSON. `rest-xml` (S3) reads and writes the HTTP message itself.
 * https://smithy.io/2.0/aws/protocols/index.html
 */
export type Protocol = 'query' | 'json-1.0' | 'json-1.1' | 'rest-json' | 'rest-xml';

export type ServiceId =
  | 'sts'
  | 'iam'
  | 's3'
  | 'dynamodb'
  | 'kms'
  | 'sso-oidc'
  | 'sso-portal'
  | 'sso-admin'
  | 'identitystore'
  | 'organizations'
  | 'cloudtrail';

/**
 * The HTTP message, after routing; for protocols that carry meaning in it. An S3 request to a virtual host
 * (`bucket.s3.eu-west-1.amazonaws.com/key`) arrives in path style (`s3.eu-west-1.amazonaws.com/bucket/key`), and an
 * `aws-chunked` body without its frames, trailing checksums among the headers.
 */
export interface WireRequest {
  readonly method: string;
  readonly secure: boolean;
  readonly host: string;
  /** Percent-decoded. */
  readonly path: string;
  /** Percent-encoding untouched, with query. */
  readonly target: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Address of the client; loopback when left out. */
  readonly sourceIp?: string;
}

/** An HTTP answer that an operation of `rest-xml` or `rest-json` builds itself. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export interface Service {
  readonly id: ServiceId;
  /** As CloudTrail names it: `sts.amazonaws.com`. */
  readonly eventSource: string;
  readonly protocol: Protocol;
  /** `SWBExternalService` for sso-admin: what stands before the dot of `X-Amz-Target`. */
  readonly targetPrefix?: string;
  /** XML namespace of `query` and `rest-xml` answers, and `Version` of the former. */
  readonly xmlNamespace?: string;
  /** Service names that clients sign with; `sso` for sso-admin. */
  readonly signingNames: readonly string[];
  /** First labels of its AWS host names: `sts` of `sts.eu-west-1.amazonaws.com`, `portal.sso`. */
  readonly hostPrefixes: readonly string[];
  readonly accessDenied: { readonly code: string; readonly status: number };
  /** By name. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** For `rest-*`: which operation a message asks for, and its input. `undefined` when it is none of them. */
  readonly route?: (request: WireRequest) => { readonly operation: string; readonly input: unknown } | undefined;
  /** For `rest-*`: how a refusal is rendered. */
  readonly renderError?: (error: ErrorView, request: WireRequest) => WireResponse;
}

export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
}

export interface Operation {
  /** CloudTrail's `readOnly`. */
  readonly readOnly: boolean;
  /** `data` events are recorded only where a trail selects them, and LookupEvents never shows them. */
  readonly category: 'management' | 'data';
  /** `sigv4` unless said otherwise; `optional`: a request without a signature is anonymous (S3); `none`: no AWS signature is looked at. */
  readonly auth?: 'sigv4' | 'optional' | 'none';
  /**
   * Returns the members of AWS's output shape: arrays and objects; `Date` for timestamps (rendered as the protocol does),
   * `Uint8Array` for blobs. `undefined` for an empty answer. An operation of `rest-*` returns a WireResponse.
   * Throws AwsError.
   */
  handle(call: Call, input: Input): Promise<Output> | Output;
}

/** What came over the wire, as JSON would hold it: query parameters are nested (`Tags.member.1.Key` → `{Tags: [{Key}]}`). */
export type Input = Readonly<Record<string, unknown>>;
export type Output = Readonly<Record<string, unknown>> | WireResponse | undefined;

/** One call on its way through the sandbox. */
export interface Call {
  readonly service: Service;
  readonly operation: string;
  readonly request: WireRequest;
  readonly requestId: string;
  readonly caller: Caller;
  /** Account of the caller, or of the resource for unsigned calls. */
  readonly account: string;
  readonly region: string;
  readonly world: World;
  readonly time: SandboxTime;
  /** What CloudTrail will say about it, beyond what the frame knows. */
  readonly event: EventNotes;
  /** Evaluates all policies that have a say; throws AwsError with AWS's wording when they do not allow. */
  authorize(check: AuthorizationCheck): void;
  /** The same without throwing, for operations that answer differently by permission (S3's 403 or 404). */
  isAllowed(check: AuthorizationCheck): boolean;
}

export interface AuthorizationCheck {
  /** `iam:CreateRole`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** Account that owns the resource; the caller's when left out. */
  readonly resourceAccount?: string;
  /** Policy of the resource. */
  readonly resourcePolicy?: NamedPolicy;
  readonly resourcePolicyMode?: PolicySet['resourcePolicy'];
  /** Keys of the service (`s3:x-amz-server-side-encryption`), beside the global ones that the frame fills in. */
  readonly context?: ConditionContext;
}
