/**
 * Signs one HTTP request with AWS Signature Version 4, in its headers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '../kernel/secret.ts';
import type { Headers } from '../ports/index.ts';

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Only temporary keys have one. */
  readonly sessionToken?: Secret | undefined;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Absolute. The path and the query are signed as they stand here, so they must be what goes over the wire. */
  readonly url: string;
  readonly headers?: Headers;
  readonly body?: Uint8Array | string;
}

export interface SigningScope {
  readonly region: string;
  /** Signing name: `s3`, `sts`, `sso`. */
  readonly service: string;
  readonly at: Date;
}

/** The request's headers with `host`, `x-amz-date`, the token and `authorization` in them. */
export function signRequest(request: UnsignedRequest, key: SigningKey, scope: SigningScope): Headers {
  const url = new URL(request.url);
  const timestamp = scope.at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const payloadHash = sha256(request.body ?? '');
  const headers: Record<string, string> = {
    ...lowerCaseNames(request.headers ?? {}),
    host: url.host,
    'x-amz-date': timestamp,
    ...(key.sessionToken === undefined ? {} : { 'x-amz-security-token': key.sessionToken.reveal() }),
    ...(scope.service === 's3' ? { 'x-amz-content-sha256': payloadHash } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonicalRequest = [
    request.method,
    canonicalPath(url.pathname, scope.service),
    canonicalQuery(url.search),
    ...names.map((name) => `${name}:${(headers[name] as string).trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n');
  const credentialScope = `${timestamp.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', timestamp, credentialScope, sha256(canonicalRequest)].join('\n');
  const signingKey = [timestamp.slice(0, 8), scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${key.secretAccessKey.reveal()}`,
  );
  const signature = createHmac('sha256', signingKey).update(toSign).digest('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${credentialScope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** Percent-encodes a path segment or a query part as AWS wants it: everything but `A-Za-z0-9-._~`. */
export function encodeForAws(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** S3 signs the path as it is sent; every other service signs its segments encoded once more, with `.` and `..` resolved. */
function canonicalPath(path: string, service: string): string {
  if (service === 's3') return path;
  return path
    .replace(/\/{2,}/g, '/')
    .split('/')
    .map(encodeForAws)
    .join('/');
}

function canonicalQuery(search: string): string {
  if (search.length < 2) return '';
  return search
    .slice(1)
    .split('&')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .sort(byCodeUnit)
    .join('&');
}

/** By name, then by value: `=` would sort after the digits of a longer name. */
function byCodeUnit(a: string, b: string): number {
  const [x, y] = [a.replace('=', '\0'), b.replace('=', '\0')];
  return x < y ? -1 : x > y ? 1 : 0;
}

function lowerCaseNames(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
