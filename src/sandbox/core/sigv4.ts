/**
 * Signature Version 4 as the server sees it: read what a request claims, compute what it should have been signed with,
 * take `aws-chunked` bodies apart and check each piece.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../kernel/secret.ts';
import type { HttpMessage } from './http-message.ts';

const algorithm = 'AWS4-HMAC-SHA256';
export const unsignedPayload = 'UNSIGNED-PAYLOAD';
const emptyHash = createHash('sha256').digest('hex');

/** What a request says of its signature. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly scopeDate: string;
  readonly region: string;
  readonly service: string;
  /** The last part of the scope; `aws4_request`. */
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  /** Seconds that a presigned URL is good for. */
  readonly expiresSeconds: number | undefined;
}

export type SignatureReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'claim'; readonly claim: SignatureClaim }
  /** There is an authorisation that cannot be one of Signature Version 4; `problem` names what is missing. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** Signature Version 4A or 2, which the sandbox does not check. */
  | { readonly kind: 'unsupported'; readonly algorithm: string };

/** Finds the signature in the headers or in the query string. */
export function readSignature(message: HttpMessage): SignatureReading {
  const header = message.headers.authorization;
  if (header !== undefined && /^AWS/.test(header)) return readHeader(message, header);
  const question = message.target.indexOf('?');
  if (question !== -1 && /[?&](X-Amz-(Algorithm|Signature|Credential)|AWSAccessKeyId)=/.test(message.target)) {
    return readQuery(new URLSearchParams(message.target.slice(question + 1)));
  }
  return { kind: 'none' };
}

function readHeader(message: HttpMessage, header: string): SignatureReading {
  const [name = '', ...rest] = header.split(/\s+/);
  if (name !== algorithm) {
    return name.startsWith('AWS4-') || name === 'AWS' || name.startsWith('AWS3')
      ? { kind: 'unsupported', algorithm: name }
      : { kind: 'malformed', problem: `Unsupported AWS 'algorithm': '${name}'.` };
  }
  const parts = new Map(
    rest
      .join(' ')
      .split(',')
      .map((part) => {
        const [key = '', ...value] = part.trim().split('=');
        return [key, value.join('=')] as const;
      }),
  );
  for (const key of ['Credential', 'Signature', 'SignedHeaders']) {
    if ((parts.get(key) ?? '') === '') {
      return { kind: 'malformed', problem: `Authorization header requires '${key}' parameter.` };
    }
  }
  const timestamp = message.headers['x-amz-date'] ?? compactDate(message.headers.date);
  if (timestamp === undefined || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    return {
      kind: 'malformed',
      problem: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    };
  }
  return withScope(parts.get('Credential') as string, {
    signedHeaders: (parts.get('SignedHeaders') as string).split(';'),
    signature: parts.get('Signature') as string,
    timestamp,
    sessionToken: message.headers['x-amz-security-token'],
    presigned: false,
    expiresSeconds: undefined,
  });
}

function readQuery(query: URLSearchParams): SignatureReading {
  const name = query.get('X-Amz-Algorithm');
  if (name === null) return { kind: 'unsupported', algorithm: 'AWS' };
  if (name !== algorithm) return { kind: 'unsupported', algorithm: name };
  for (const key of ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']) {
    if ((query.get(key) ?? '') === '')
      return { kind: 'malformed', problem: `AWS query-string parameters must include '${key}'.` };
  }
  const timestamp = query.get('X-Amz-Date') as string;
  const expires = query.get('X-Amz-Expires');
  if (!/^\d{8}T\d{6}Z$/.test(timestamp)) {
    return { kind: 'malformed', problem: "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"" };
  }
  if (expires !== null && !/^\d+$/.test(expires)) {
    return { kind: 'malformed', problem: 'X-Amz-Expires should be a number' };
  }
  return withScope(query.get('X-Amz-Credential') as string, {
    signedHeaders: (query.get('X-Amz-SignedHeaders') as string).split(';'),
    signature: query.get('X-Amz-Signature') as string,
    timestamp,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    presigned: true,
    expiresSeconds: expires === null ? undefined : Number(expires),
  });
}

function withScope(
  credential: string,
  rest: Omit<SignatureClaim, 'accessKeyId' | 'scopeDate' | 'region' | 'service' | 'terminator'>,
): SignatureReading {
  const parts = credential.split('/');
  if (parts.length < 5) {
    return {
      kind: 'malformed',
      problem: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    };
  }
  const [scopeDate = '', region = '', service = '', terminator = ''] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  return { kind: 'claim', claim: { accessKeyId, scopeDate, region, service, terminator, ...rest } };
}

/** `Fri, 09 Sep 2011 23:36:00 GMT` as `20110909T233600Z`. */
function compactDate(date: string | undefined): string | undefined {
  if (date === undefined) return undefined;
  if (/^\d{8}T\d{6}Z$/.test(date)) return date;
  const instant = Date.parse(date);
  return Number.isNaN(instant) ? undefined : compactTimestamp(instant);
}

/** Epoch milliseconds as `YYYYMMDDTHHMMSSZ`. */
export function compactTimestamp(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Epoch milliseconds of `YYYYMMDDTHHMMSSZ`; NaN for none. */
export function instantOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

export interface SignatureComputation {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
}

/** @param service id of the service: S3 encodes its paths once and leaves them as they are, all others encode twice */
export function computeSignature(
  message: HttpMessage,
  claim: SignatureClaim,
  secret: Secret,
  payloadHash: string,
  options: { readonly singleEncoding: boolean },
): SignatureComputation {
  const question = message.target.indexOf('?');
  const path = question === -1 ? message.target : message.target.slice(0, question);
  const query = question === -1 ? '' : message.target.slice(question + 1);
  const canonicalRequest = [
    message.method,
    canonicalPath(path, options.singleEncoding),
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(message.headers[name] ?? '')}`),
    '',
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const stringToSign = [algorithm, claim.timestamp, scopeOf(claim), sha256(canonicalRequest)].join('\n');
  return { canonicalRequest, stringToSign, signature: hmac(signingKey(secret, claim), stringToSign).toString('hex') };
}

/** Compares in constant time. */
export function isSameSignature(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function sha256(data: string | Uint8Array): string {
  return data.length === 0 ? emptyHash : createHash('sha256').update(data).digest('hex');
}

function scopeOf(claim: SignatureClaim): string {
  return `${claim.scopeDate}/${claim.region}/${claim.service}/${claim.terminator}`;
}

const signingKeys = new WeakMap<Secret, Map<string, Buffer>>();

/** Four HMACs, once a key, day, region and service. */
function signingKey(secret: Secret, claim: SignatureClaim): Buffer {
  let keys = signingKeys.get(secret);
  if (keys === undefined) {
    keys = new Map();
    signingKeys.set(secret, keys);
  }
  const scope = scopeOf(claim);
  const known = keys.get(scope);
  if (known !== undefined) return known;
  const key = [claim.scopeDate, claim.region, claim.service, claim.terminator].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${secret.reveal()}`),
  );
  // A client can name any scope; only a few are ever right.
  if (keys.size >= 64) keys.clear();
  keys.set(scope, key);
  return key;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalPath(path: string, singleEncoding: boolean): string {
  if (singleEncoding) return encode(decode(path), '/') || '/';
  return encode(withoutDotSegments(path), '/');
}

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const end = kept.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : '';
  return `/${kept.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Bytes that are no UTF-8: each stands for itself, and is encoded back to itself.
    return text;
  }
}

/** Percent-encodes all but unreserved characters, and `keep`. */
function encode(text: string, keep: string = ''): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keep === '/' ? encoded.replaceAll('%2F', '/') : encoded;
}

export type ChunkedBody =
  | {
      readonly ok: true;
      readonly body: Uint8Array;
      /** Headers that came after the last piece. */
      readonly trailers: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly problem: 'incomplete' | 'signature' };

/**
 * Takes an `aws-chunked` body apart. With `chain` each piece (and the trailer) must carry its signature, which continues
 * that of the one before.
 */
export function readChunkedBody(
  body: Uint8Array,
  chain: { readonly claim: SignatureClaim; readonly secret: Secret } | undefined,
): ChunkedBody {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const pieces: Uint8Array[] = [];
  let position = 0;
  let previous = chain?.claim.signature ?? '';
  const isSigned = (kind: string, hashes: readonly string[], signature: string | undefined): boolean => {
    if (chain === undefined) return true;
    const text = [kind, chain.claim.timestamp, scopeOf(chain.claim), previous, ...hashes].join('\n');
    previous = hmac(signingKey(chain.secret, chain.claim), text).toString('hex');
    return signature !== undefined && isSameSignature(signature, previous);
  };
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd === -1 || lineEnd - position > 200) return { ok: false, problem: 'incomplete' };
    const line = bytes.toString('latin1', position, lineEnd);
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    if (match === null) return { ok: false, problem: 'incomplete' };
    const length = Number.parseInt(match[1] as string, 16);
    position = lineEnd + 2;
    const piece = bytes.subarray(position, position + length);
    if (piece.length < length) return { ok: false, problem: 'incomplete' };
    if (!isSigned(`${algorithm}-PAYLOAD`, [emptyHash, sha256(piece)], match[2]))
      return { ok: false, problem: 'signature' };
    position += length;
    if (length === 0) break;
    pieces.push(piece);
    if (bytes[position] !== 0x0d || bytes[position + 1] !== 0x0a) return { ok: false, problem: 'incomplete' };
    position += 2;
  }
  const trailers = readTrailers(bytes.toString('latin1', position));
  const { 'x-amz-trailer-signature': signature, ...rest } = trailers;
  if (chain !== undefined && Object.keys(rest).length > 0) {
    const text = Object.entries(rest)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('');
    if (!isSigned(`${algorithm}-TRAILER`, [sha256(text)], signature)) return { ok: false, problem: 'signature' };
  }
  return { ok: true, body: pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces), trailers: rest };
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}
