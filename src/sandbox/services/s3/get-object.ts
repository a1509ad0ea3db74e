/** Reading an object: whole, in part, only its headers, or what is known of it. */
import type { Call, Operation, WireResponse } from '../../core/service.ts';
import { authorizeObject } from './access.ts';
import { checksumHeaders } from './checksums.ts';
import { checkReadConditions, readRange } from './conditional.ts';
import { decryptForRead, encryptionHeaders } from './encryption.ts';
import { invalidArgument } from './errors.ts';
import { type BucketCall, withBucket } from './operation.ts';
import type { Bucket, ObjectVersion } from './state.ts';
import { requireVersion, versionHeaders } from './versions.ts';
import { emptyAnswer, xmlAnswer } from './xml.ts';

/** The version that the request names, after the policies allowed to read it. */
function findReadable({ call, bucket, key }: BucketCall): ObjectVersion {
  const versionId = call.request.query.get('versionId') ?? undefined;
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  authorizeObject(call, bucket, key, action, [['s3:versionid', versionId]]);
  return requireVersion(call, bucket, key, versionId);
}

export const getObject: Operation = withBucket({ readOnly: true, category: 'data' }, (bucketCall) => {
  const { call, bucket, key } = bucketCall;
  const version = findReadable(bucketCall);
  const headers = objectHeaders(call, bucket, version);
  if (checkReadConditions(call.request.headers, version) === 'not-modified')
    return emptyAnswer(304, notModified(headers));
  const range = readRange(call.request.headers.range, version.body.length);
  decryptForRead(call, bucket, key, version);
  if (range === undefined) return { status: 200, headers, body: version.body };
  const { start, end } = range;
  // A checksum is of the whole object: beside a part it would be wrong.
  const partial = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')));
  return {
    status: 206,
    headers: {
      ...partial,
      'content-range': `bytes ${start}-${end - 1}/${version.body.length}`,
      'content-length': String(end - start),
    },
    body: version.body.subarray(start, end),
  };
});

/** No key is asked for: the headers are not encrypted. */
export const headObject: Operation = withBucket({ readOnly: true, category: 'data' }, (bucketCall) => {
  const { call, bucket } = bucketCall;
  const version = findReadable(bucketCall);
  const headers = objectHeaders(call, bucket, version);
  if (checkReadConditions(call.request.headers, version) === 'not-modified')
    return emptyAnswer(304, notModified(headers));
  const range = readRange(call.request.headers.range, version.body.length);
  if (range === undefined) return emptyAnswer(200, headers);
  return emptyAnswer(206, {
    ...headers,
    'content-range': `bytes ${range.start}-${range.end - 1}/${version.body.length}`,
    'content-length': String(range.end - range.start),
  });
});

function notModified(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => ['etag', 'last-modified', 'x-amz-version-id'].includes(name)),
  );
}

/** What the client wants to be told instead of what is kept, by query parameter. */
const overrides: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
};

function objectHeaders(call: Call, bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const { headers, query } = call.request;
  const answer: Record<string, string> = {
    'last-modified': new Date(version.createdAt).toUTCString(),
    etag: version.etag,
    'accept-ranges': 'bytes',
    'content-type': version.contentType,
    'content-length': String(version.body.length),
    ...version.headers,
    ...encryptionHeaders(version.encryption),
    ...versionHeaders(bucket, version),
  };
  for (const [name, value] of Object.entries(version.metadata)) answer[`x-amz-meta-${name}`] = value;
  if (version.tags.length > 0) answer['x-amz-tagging-count'] = String(version.tags.length);
  if (headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED') Object.assign(answer, checksumHeaders(version));
  if (call.caller.kind !== 'anonymous') {
    for (const [parameter, header] of Object.entries(overrides)) {
      const value = query.get(parameter);
      // A line break would let the query add headers of its own.
      if (value !== null && !/[\r\n\0]/.test(value)) answer[header] = value;
    }
  }
  return answer;
}

export const getObjectAttributes: Operation = withBucket(
  { readOnly: true, category: 'data' },
  (bucketCall): WireResponse => {
    const { call, bucket } = bucketCall;
    const asked = (call.request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
    if (asked.every((name) => name === '')) {
      throw invalidArgument(
        'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
      );
    }
    const version = findReadable(bucketCall);
    const { checksum, etag, body } = version;
    return xmlAnswer(
      'GetObjectAttributesResponse',
      [
        ['ETag', asked.includes('ETag') ? etag.replaceAll('"', '') : undefined],
        [
          'Checksum',
          asked.includes('Checksum') && checksum !== undefined
            ? [
                [`Checksum${checksum.algorithm}`, checksum.value],
                ['ChecksumType', checksum.type],
              ]
            : undefined,
        ],
        ['StorageClass', asked.includes('StorageClass') ? 'STANDARD' : undefined],
        ['ObjectSize', asked.includes('ObjectSize') ? body.length : undefined],
      ],
      { 'last-modified': new Date(version.createdAt).toUTCString(), ...versionHeaders(bucket, version) },
    );
  },
);
