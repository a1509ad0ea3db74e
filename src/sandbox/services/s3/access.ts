/** What the policies are asked about buckets and objects. */
import type { ConditionContext } from '../../../aws/policy/request.ts';
import type { AuthorizationCheck, Call } from '../../core/service.ts';
import { accessDenied } from './errors.ts';
import { isPublicPolicy } from './public-policy.ts';
import type { Bucket } from './state.ts';

export type ContextEntries = readonly (readonly [key: string, value: string | readonly string[] | undefined])[];

/** Throws AwsError AccessDenied. */
export function authorizeBucket(call: Call, bucket: Bucket, action: string, context: ContextEntries = []): void {
  authorize(call, bucket, check(call, bucket, '', action, context));
}

/** Throws AwsError AccessDenied. */
export function authorizeObject(
  call: Call,
  bucket: Bucket,
  key: string,
  action: string,
  context: ContextEntries = [],
): void {
  authorize(call, bucket, check(call, bucket, key, action, context));
}

export function mayUseBucket(call: Call, bucket: Bucket, action: string): boolean {
  return !isShutOut(call, bucket) && call.isAllowed(check(call, bucket, '', action, []));
}

function authorize(call: Call, bucket: Bucket, asked: AuthorizationCheck): void {
  call.authorize(asked);
  if (isShutOut(call, bucket)) throw accessDenied();
}

/** RestrictPublicBuckets: a bucket whose policy is public serves only its own account and AWS services. */
function isShutOut(call: Call, bucket: Bucket): boolean {
  if (bucket.publicAccessBlock?.restrictPublicBuckets !== true || bucket.policy === undefined) return false;
  const { caller } = call;
  if (caller.kind === 'service' || (caller.kind !== 'anonymous' && caller.account === bucket.account)) return false;
  return isPublicPolicy(bucket.policy.parsed.policy);
}

function check(call: Call, bucket: Bucket, key: string, action: string, context: ContextEntries): AuthorizationCheck {
  const arn = `arn:${call.world.partition}:s3:::${bucket.name}`;
  return {
    action,
    resource: key === '' ? arn : `${arn}/${key}`,
    resourceAccount: bucket.account,
    ...(bucket.policy === undefined ? {} : { resourcePolicy: bucket.policy.parsed }),
    context: contextOf(call, bucket.account, context),
  };
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys */
export function contextOf(call: Call, resourceAccount: string | undefined, own: ContextEntries): ConditionContext {
  const { headers, query, secure } = call.request;
  const presigned = query.has('X-Amz-Signature');
  const entries: ContextEntries = [
    ['s3:signatureversion', call.caller.kind === 'anonymous' ? undefined : 'AWS4-HMAC-SHA256'],
    ['s3:authtype', presigned ? 'REST-QUERY-STRING' : 'REST-HEADER'],
    ['s3:x-amz-content-sha256', headers['x-amz-content-sha256']],
    ['s3:resourceaccount', resourceAccount],
    ['s3:tlsversion', secure ? '1.3' : undefined],
    ...own,
  ];
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of entries) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return context;
}

/** What a write says of the object to be. */
export function writeContext(call: Call): ContextEntries {
  const { headers } = call.request;
  const tags = new URLSearchParams(headers['x-amz-tagging'] ?? '');
  return [
    ...writeHeaders.map((name) => [`s3:${name}`, headers[name]] as const),
    ['s3:if-none-match', headers['if-none-match']],
    ['s3:if-match', headers['if-match']],
    ...[...tags].map(([name, value]) => [`s3:RequestObjectTag/${name}`, value] as const),
    ['s3:RequestObjectTagKeys', headers['x-amz-tagging'] === undefined ? undefined : [...new Set(tags.keys())]],
  ];
}

const writeHeaders = [
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];
