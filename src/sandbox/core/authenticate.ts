/**
 * From a signature to a caller. Each refusal has the code and the words of the service's family: query (STS, IAM), JSON,
 * or S3, because clients decide by them whether to retry, to refresh or to give up.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import { AwsError } from './aws-error.ts';
import type { IssuedKey } from './caller.ts';
import type { HttpMessage } from './http-message.ts';
import type { Service } from './service.ts';
import {
  compactTimestamp,
  computeSignature,
  instantOf,
  isSameSignature,
  readChunkedBody,
  type SignatureClaim,
  type SignatureReading,
  sha256,
  unsignedPayload,
} from './sigv4.ts';
import type { SandboxTime } from './time.ts';
import type { World } from './world.ts';

export interface AuthenticationRequest {
  readonly message: HttpMessage;
  readonly reading: SignatureReading;
  readonly service: Service;
  readonly world: World;
  readonly time: SandboxTime;
  /** Region that the host stands for; `undefined` where the endpoint stands for all. */
  readonly region: string | undefined;
}

export interface Authentication {
  /** `undefined` when the message carries no signature. */
  readonly key: IssuedKey | undefined;
  /** The body without the frames of `aws-chunked`. */
  readonly body: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
}

const allowedSkew = 15 * 60_000;

/** Throws AwsError when the signature is not one of a key that works. */
export function authenticate(request: AuthenticationRequest): Authentication {
  const { message, reading, service, world } = request;
  const refusals = refusalsOf(service);
  switch (reading.kind) {
    case 'none':
      if (service.id === 's3' && message.headers.authorization !== undefined) throw unsupportedAuthorization();
      return { key: undefined, ...unsignedBody(request) };
    case 'malformed':
      throw refusals.malformed(reading.problem);
    case 'unsupported':
      throw refusals.unsupported(reading.algorithm);
    case 'claim':
      break;
  }
  const { claim } = reading;
  const key = checkClaim(request, claim, refusals);
  if (service.id === 's3') checkHeadersAreSigned(message, claim);
  const declared = message.headers['x-amz-content-sha256'];
  const payloadHash = payloadHashOf(request, claim, declared);
  const computed = computeSignature(message, claim, key.secretAccessKey, payloadHash, {
    singleEncoding: service.id === 's3',
  });
  if (!isSameSignature(computed.signature, claim.signature)) {
    throw refusals.mismatch(claim, computed.stringToSign, computed.canonicalRequest);
  }
  checkSession(request, key, claim, refusals);
  // Keys of a user cannot outlive it, sessions can.
  if (key.sessionToken !== undefined && isGone(world, key.caller)) throw refusals.unknownKey(claim.accessKeyId);
  return { key, ...payload(request, claim, key, declared, refusals) };
}

/** All that can be said without the secret. */
function checkClaim(request: AuthenticationRequest, claim: SignatureClaim, refusals: Refusals): IssuedKey {
  const { world, time, service, region } = request;
  if (claim.terminator !== 'aws4_request') {
    throw refusals.scope(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${claim.terminator}'.`,
    );
  }
  if (!claim.signedHeaders.includes('host')) {
    throw refusals.malformed("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (claim.scopeDate !== claim.timestamp.slice(0, 8)) {
    throw refusals.scope(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.scopeDate}' != '${claim.timestamp.slice(0, 8)}', from '${claim.timestamp}'.`,
    );
  }
  if (service.id === 's3') checkPresignedTime(claim);
  // A drill moves the world's time, not that of the client's machine.
  checkDate(claim, time.now() - time.offset, refusals);
  const key = world.keys.find(claim.accessKeyId);
  if (key === undefined || key.status === 'Inactive') throw refusals.unknownKey(claim.accessKeyId);
  if (key.sessionToken === undefined ? claim.sessionToken !== undefined : !isSameToken(key, claim)) {
    throw refusals.wrongToken(claim.accessKeyId, claim.sessionToken);
  }
  if (!service.signingNames.includes(claim.service)) {
    throw refusals.wrongService(claim.service, service.signingNames[0] ?? service.id);
  }
  if (region !== undefined && claim.region !== region) throw refusals.wrongRegion(claim.region, region);
  return key;
}

function isSameToken(key: IssuedKey, claim: SignatureClaim): boolean {
  return claim.sessionToken !== undefined && isSameSignature(key.sessionToken?.reveal() ?? '', claim.sessionToken);
}

const longestPresigned = 604_800;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; other services do without. */
function checkPresignedTime({ presigned, expiresSeconds }: SignatureClaim): void {
  if (!presigned || (expiresSeconds !== undefined && expiresSeconds <= longestPresigned)) return;
  const problem =
    expiresSeconds === undefined
      ? 'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.'
      : `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${longestPresigned} seconds`;
  throw new AwsError('AuthorizationQueryParametersError', problem, 400);
}

/** S3 takes no `x-amz-` header that the signature does not cover: whoever has a presigned URL would add what they like. */
function checkHeadersAreSigned({ headers }: HttpMessage, { signedHeaders }: SignatureClaim): void {
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', 403, {
    members: { HeadersNotSigned: unsigned.sort().join(', ') },
  });
}

function unsupportedAuthorization(): AwsError {
  return new AwsError('InvalidArgument', 'Unsupported Authorization Type', 400, {
    members: { ArgumentName: 'Authorization' },
  });
}

/** The user or the role behind a session was deleted, or is another one of the same name. */
function isGone(world: World, caller: IssuedKey['caller']): boolean {
  const account = world.iam.accounts.get(caller.account);
  switch (caller.kind) {
    case 'root':
      return false;
    case 'user':
      return account?.users.get(caller.userName)?.id !== caller.userId;
    case 'role':
      return account?.roles.get(caller.roleName)?.id !== caller.roleId;
  }
}

function checkDate(claim: SignatureClaim, now: number, refusals: Refusals): void {
  const signedAt = instantOf(claim.timestamp);
  if (Number.isNaN(signedAt))
    throw refusals.malformed(`Date must be in ISO-8601 'basic format'. Got '${claim.timestamp}'.`);
  if (claim.presigned && claim.expiresSeconds !== undefined) {
    if (signedAt > now + allowedSkew) throw refusals.early(signedAt, now);
    const end = signedAt + claim.expiresSeconds * 1000;
    if (now > end) throw refusals.presignedOver(claim.expiresSeconds, end, now);
    return;
  }
  if (signedAt < now - allowedSkew) throw refusals.late(signedAt, now);
  if (signedAt > now + allowedSkew) throw refusals.early(signedAt, now);
}

function checkSession(
  { time }: AuthenticationRequest,
  key: IssuedKey,
  claim: SignatureClaim,
  refusals: Refusals,
): void {
  if (key.expiresAt !== undefined && time.now() >= key.expiresAt) throw refusals.expired(claim.sessionToken);
}

function payloadHashOf(
  { message, service }: AuthenticationRequest,
  claim: SignatureClaim,
  declared: string | undefined,
): string {
  if (service.id !== 's3')
    return claim.presigned ? sha256(message.body) : declared === unsignedPayload ? declared : sha256(message.body);
  if (declared !== undefined) return declared;
  if (claim.presigned) {
    return new URLSearchParams(message.target.split('?')[1]).get('X-Amz-Content-Sha256') ?? unsignedPayload;
  }
  throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', 400);
}

type Payload = Pick<Authentication, 'body' | 'trailers'>;

function payload(
  { message, service }: AuthenticationRequest,
  claim: SignatureClaim,
  key: IssuedKey,
  declared: string | undefined,
  refusals: Refusals,
): Payload {
  if (service.id !== 's3' || declared === undefined || declared === unsignedPayload) return plain(message);
  if (declared.startsWith('STREAMING-AWS4-ECDSA-')) throw refusals.unsupported('AWS4-ECDSA-P256-SHA256');
  if (declared.startsWith('STREAMING-')) {
    const signed = declared.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    if (!signed && declared !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw unknownHash(declared);
    return chunked(message, signed ? { claim, secret: key.secretAccessKey } : undefined, refusals);
  }
  if (!/^[0-9a-f]{64}$/.test(declared)) throw unknownHash(declared);
  const actual = sha256(message.body);
  if (actual !== declared) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { members: { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: actual } },
    );
  }
  return plain(message);
}

function plain(message: HttpMessage): Payload {
  return { body: message.body, trailers: {} };
}

function unsignedBody({ message, service }: AuthenticationRequest): Payload {
  const streaming = message.headers['x-amz-content-sha256'] === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  return service.id === 's3' && streaming ? chunked(message, undefined, refusalsOf(service)) : plain(message);
}

function chunked(message: HttpMessage, chain: Parameters<typeof readChunkedBody>[1], refusals: Refusals): Payload {
  const result = readChunkedBody(message.body, chain);
  if (!result.ok) {
    throw result.problem === 'signature'
      ? refusals.mismatch(chain?.claim, undefined, undefined)
      : new AwsError('IncompleteBody', 'The request body terminated unexpectedly', 400);
  }
  const decodedLength = message.headers['x-amz-decoded-content-length'];
  if (decodedLength !== undefined && Number(decodedLength) !== result.body.length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
      400,
    );
  }
  return { body: result.body, trailers: result.trailers };
}

function unknownHash(declared: string): AwsError {
  return new AwsError(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    400,
    { members: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: declared } },
  );
}

/** How one family of services words what is wrong with a signature. */
interface Refusals {
  malformed(problem: string): AwsError;
  unsupported(algorithm: string): AwsError;
  unknownKey(accessKeyId: string): AwsError;
  wrongToken(accessKeyId: string, token: string | undefined): AwsError;
  mismatch(
    claim: SignatureClaim | undefined,
    stringToSign: string | undefined,
    canonicalRequest: string | undefined,
  ): AwsError;
  expired(token: string | undefined): AwsError;
  late(signedAt: number, now: number): AwsError;
  early(signedAt: number, now: number): AwsError;
  presignedOver(seconds: number, end: number, now: number): AwsError;
  scope(problem: string): AwsError;
  wrongService(actual: string, expected: string): AwsError;
  wrongRegion(actual: string, expected: string): AwsError;
  missing(): AwsError;
}

/** The refusal of a call that had to be signed and is not. */
export function missingSignature(service: Service): AwsError {
  return refusalsOf(service).missing();
}

function refusalsOf(service: Service): Refusals {
  if (service.protocol === 'rest-xml') return s3Refusals;
  return service.protocol === 'query' ? queryRefusals : jsonRefusals;
}

const mismatchText =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function sigv4Refusals(
  codes: { readonly [Name in 'unknownKey' | 'mismatch' | 'expired' | 'incomplete' | 'missing']: string },
  status: number,
  incompleteStatus: number,
): Refusals {
  const mismatch = (text: string): AwsError => new AwsError(codes.mismatch, text, status);
  const unknown = (): AwsError =>
    new AwsError(codes.unknownKey, 'The security token included in the request is invalid.', status);
  const stamp = compactTimestamp;
  return {
    malformed: (problem) => new AwsError(codes.incomplete, problem, incompleteStatus),
    unsupported: (algorithm) =>
      new AwsError(
        codes.incomplete,
        `Unsupported AWS 'algorithm': '${algorithm}'. The sandbox checks AWS4-HMAC-SHA256 only.`,
        incompleteStatus,
      ),
    unknownKey: unknown,
    wrongToken: unknown,
    mismatch: () => mismatch(mismatchText),
    expired: () => new AwsError(codes.expired, 'The security token included in the request is expired', status),
    late: (signedAt, now) =>
      mismatch(
        `Signature expired: ${stamp(signedAt)} is now earlier than ${stamp(now - allowedSkew)} (${stamp(now)} - 15 min.)`,
      ),
    early: (signedAt, now) =>
      mismatch(
        `Signature not yet current: ${stamp(signedAt)} is still later than ${stamp(now + allowedSkew)} (${stamp(now)} + 15 min.)`,
      ),
    presignedOver: (_seconds, end, now) =>
      mismatch(`Signature expired: ${stamp(end)} is now earlier than ${stamp(now)}`),
    scope: mismatch,
    wrongService: (_actual, expected) => mismatch(`Credential should be scoped to correct service: '${expected}'. `),
    wrongRegion: (actual) => mismatch(`Credential should be scoped to a valid region, not '${actual}'. `),
    missing: () => new AwsError(codes.missing, 'Request is missing Authentication Token', status),
  };
}

const queryRefusals = sigv4Refusals(
  {
    unknownKey: 'InvalidClientTokenId',
    mismatch: 'SignatureDoesNotMatch',
    expired: 'ExpiredToken',
    incomplete: 'IncompleteSignature',
    missing: 'MissingAuthenticationToken',
  },
  403,
  400,
);

const jsonRefusals = sigv4Refusals(
  {
    unknownKey: 'UnrecognizedClientException',
    mismatch: 'InvalidSignatureException',
    expired: 'ExpiredTokenException',
    incomplete: 'IncompleteSignatureException',
    missing: 'MissingAuthenticationTokenException',
  },
  400,
  400,
);

const iso = (instant: number): string => new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');

function skewed(signedAt: number, now: number): AwsError {
  return new AwsError(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    403,
    {
      members: {
        RequestTime: compactTimestamp(signedAt),
        ServerTime: iso(now),
        MaxAllowedSkewMilliseconds: String(allowedSkew),
      },
    },
  );
}

function headerMalformed(problem: string, members: Readonly<Record<string, unknown>> = {}): AwsError {
  return new AwsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${problem}`, 400, {
    members,
  });
}

const s3Refusals: Refusals = {
  malformed: (problem) => headerMalformed(problem),
  unsupported: (algorithm) =>
    new AwsError(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. (The request says ${algorithm}; the sandbox checks no other.)`,
      400,
    ),
  unknownKey: (accessKeyId) =>
    new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403, {
      members: { AWSAccessKeyId: accessKeyId },
    }),
  wrongToken: (accessKeyId, token) =>
    token === undefined
      ? s3Refusals.unknownKey(accessKeyId)
      : new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400, {
          members: { 'Token-0': token },
        }),
  mismatch: (claim, stringToSign, canonicalRequest) =>
    new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
      {
        members: {
          AWSAccessKeyId: claim?.accessKeyId,
          StringToSign: stringToSign,
          SignatureProvided: claim?.signature,
          CanonicalRequest: canonicalRequest,
        },
      },
    ),
  expired: (token) =>
    new AwsError('ExpiredToken', 'The provided token has expired.', 400, { members: { 'Token-0': token } }),
  late: skewed,
  early: skewed,
  presignedOver: (seconds, end, now) =>
    new AwsError('AccessDenied', 'Request has expired', 403, {
      members: { 'X-Amz-Expires': String(seconds), Expires: iso(end), ServerTime: iso(now) },
    }),
  scope: (problem) => headerMalformed(problem),
  wrongService: (actual) => headerMalformed(`incorrect service "${actual}". This endpoint belongs to "s3".`),
  wrongRegion: (actual, expected) =>
    headerMalformed(`the region '${actual}' is wrong; expecting '${expected}'`, { Region: expected }),
  missing: () => new AwsError('AccessDenied', 'Access Denied', 403),
};
