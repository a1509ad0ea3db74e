/** Conditional requests: RFC 9110 section 13 for reads, S3's narrower rules for writes. */
import { AwsError } from '../../core/aws-error.ts';
import { noSuchKey, notImplemented, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './state.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Throws AwsError 412 PreconditionFailed; gives `not-modified` where the answer is 304.
 *
 * @param prefix `x-amz-copy-source-` for the source of a copy, for which there is no 304
 */
export function checkReadConditions(
  headers: Headers,
  version: ObjectVersion,
  prefix: string = '',
): 'ok' | 'not-modified' {
  const failed = (name: string): never => {
    throw preconditionFailed(prefix + name);
  };
  const ifMatch = headers[`${prefix}if-match`];
  const ifUnmodified = headers[`${prefix}if-unmodified-since`];
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, version.etag)) failed('If-Match');
  } else if (ifUnmodified !== undefined && isLater(version.createdAt, ifUnmodified)) failed('If-Unmodified-Since');
  const ifNoneMatch = headers[`${prefix}if-none-match`];
  const ifModified = headers[`${prefix}if-modified-since`];
  let unchanged = false;
  if (ifNoneMatch !== undefined) unchanged = namesEtag(ifNoneMatch, version.etag);
  else if (ifModified !== undefined) {
    unchanged = !Number.isNaN(Date.parse(ifModified)) && !isLater(version.createdAt, ifModified);
  }
  if (!unchanged) return 'ok';
  if (prefix !== '') failed(ifNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match');
  return 'not-modified';
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html: `If-None-Match` takes only `*`. Throws AwsError 412
 * PreconditionFailed, 404 NoSuchKey for `If-Match` on nothing.
 *
 * @param latest newest version of the key; a delete marker counts as nothing
 */
export function checkWriteConditions(headers: Headers, key: string, latest: ObjectVersion | undefined): void {
  const current = latest?.deleteMarker === false ? latest : undefined;
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw notImplemented('If-None-Match with a value other than *');
    if (current !== undefined) throw preconditionFailed('If-None-Match');
  }
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!namesEtag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

export function namesEtag(list: string, etag: string): boolean {
  const bare = etag.replaceAll('"', '');
  return list.split(',').some((one) => {
    const value = one.trim().replace(/^W\//, '');
    return value === '*' || value.replaceAll('"', '') === bare;
  });
}

/** HTTP dates have whole seconds. */
function isLater(milliseconds: number, httpDate: string): boolean {
  return Math.floor(milliseconds / 1000) > Math.floor(Date.parse(httpDate) / 1000);
}

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** `undefined`: the whole body, for a header that is no single range too. Throws AwsError 416 InvalidRange. */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, first, last] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      members: { RangeRequested: header as string, ActualObjectSize: size },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, end };
}
