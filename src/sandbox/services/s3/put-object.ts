/** Writing an object, sent whole or copied from another. */
import { createHash } from 'node:crypto';
import type { Call, Operation } from '../../core/service.ts';
import { authorizeObject, type ContextEntries, writeContext } from './access.ts';
import { refusePublicAcl } from './buckets.ts';
import { checksumHeader, checksumOf, isChecksumAlgorithm, verifyChecksums } from './checksums.ts';
import { checkReadConditions, checkWriteConditions } from './conditional.ts';
import { decryptForRead, encryptionForWrite, encryptionHeaders } from './encryption.ts';
import { invalidArgument, invalidRequest, noSuchBucket, notImplemented } from './errors.ts';
import { withBucket } from './operation.ts';
import type { Bucket, BucketEncryption, ObjectVersion } from './state.ts';
import { tagsFromHeader } from './tagging.ts';
import { newVersionId, requireVersion, versionHeaders } from './versions.ts';
import { emptyAnswer, xmlAnswer } from './xml.ts';

/** Headers that are kept with an object and given back with it. */
const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
];

const maximumKeyBytes = 1024;

export const putObject: Operation = withBucket({ readOnly: false, category: 'data' }, ({ call, bucket, key }) => {
  const { headers, body } = call.request;
  authorizeWrite(call, bucket, key, writeContext(call));
  refusePublicAcl(bucket, headers);
  const checksum = verifyChecksums(headers, body);
  const described = describeObject(headers);
  checkWriteConditions(headers, key, bucket.objects.latest(key));
  const encryption = encryptionForWrite(call, bucket, key);
  const version: ObjectVersion = {
    ...described,
    versionId: newVersionId(call, bucket),
    createdAt: call.time.now(),
    deleteMarker: false,
    body,
    etag: etagOf(call, encryption, body),
    checksum,
    encryption,
  };
  bucket.objects.add(key, version);
  return emptyAnswer(200, writeAnswerHeaders(bucket, version));
});

export function writeAnswerHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const { checksum } = version;
  return {
    etag: version.etag,
    ...encryptionHeaders(version.encryption),
    ...versionHeaders(bucket, version),
    ...(checksum === undefined
      ? {}
      : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }),
  };
}

/** Permission to write, with tags and ACL where the request brings some. Throws AwsError. */
export function authorizeWrite(call: Call, bucket: Bucket, key: string, context: ContextEntries): void {
  const { headers } = call.request;
  if (Buffer.byteLength(key) > maximumKeyBytes) {
    throw invalidKey();
  }
  authorizeObject(call, bucket, key, 's3:PutObject', context);
  if (headers['x-amz-tagging'] !== undefined) authorizeObject(call, bucket, key, 's3:PutObjectTagging', context);
  if (headers['x-amz-acl'] !== undefined && headers['x-amz-acl'] !== 'bucket-owner-full-control') {
    authorizeObject(call, bucket, key, 's3:PutObjectAcl', context);
  }
  // "You must have s3:GetObject to use If-Match": otherwise it would tell what an object holds.
  if (headers['if-match'] !== undefined) authorizeObject(call, bucket, key, 's3:GetObject');
}

function invalidKey(): Error {
  return invalidArgument('Your key is too long');
}

/** Content type, metadata and the like from the headers. Throws AwsError. */
export function describeObject(
  headers: Readonly<Record<string, string>>,
): Pick<ObjectVersion, 'contentType' | 'metadata' | 'headers' | 'tags'> {
  if (headers['x-amz-object-lock-mode'] !== undefined || headers['x-amz-object-lock-legal-hold'] !== undefined) {
    throw notImplemented('object lock on single objects');
  }
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]): [string, string] => [name.slice('x-amz-meta-'.length), value]);
  const size = metadata.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > 2048) throw invalidArgument('Your metadata headers exceed the maximum allowed metadata size');
  return {
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    metadata: Object.fromEntries(metadata),
    headers: Object.fromEntries(
      keptHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name] as string]])),
    ),
    tags: tagsFromHeader(headers['x-amz-tagging']),
  };
}

/** MD5 where S3 keeps the keys; under KMS it is not, and clients must not take it for one. */
function etagOf(call: Call, encryption: BucketEncryption, body: Uint8Array): string {
  return encryption.algorithm === 'AES256'
    ? `"${createHash('md5').update(body).digest('hex')}"`
    : `"${call.world.ids.hex(32)}"`;
}

export const copyObject: Operation = withBucket({ readOnly: false, category: 'data' }, ({ call, bucket, key }) => {
  const { headers } = call.request;
  const source = readCopySource(headers['x-amz-copy-source'] ?? '');
  const sourceBucket = call.world.s3.buckets.get(source.bucket);
  if (sourceBucket === undefined) throw noSuchBucket(source.bucket);
  authorizeObject(
    call,
    sourceBucket,
    source.key,
    source.versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
    [['s3:versionid', source.versionId]],
  );
  authorizeWrite(call, bucket, key, writeContext(call));
  refusePublicAcl(bucket, headers);
  const original = requireVersion(call, sourceBucket, source.key, source.versionId);
  checkReadConditions(headers, original, 'x-amz-copy-source-');
  checkWriteConditions(headers, key, bucket.objects.latest(key));
  const replace = headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  const changes = replace || headers['x-amz-server-side-encryption'] !== undefined || source.versionId !== undefined;
  if (sourceBucket === bucket && source.key === key && !changes) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  decryptForRead(call, sourceBucket, source.key, original);
  const encryption = encryptionForWrite(call, bucket, key);
  const described = describeObject(headers);
  const asked = headers['x-amz-checksum-algorithm']?.toUpperCase() ?? original.checksum?.algorithm;
  const version: ObjectVersion = {
    contentType: replace ? described.contentType : original.contentType,
    metadata: replace ? described.metadata : original.metadata,
    headers: replace ? described.headers : original.headers,
    tags: headers['x-amz-tagging-directive']?.toUpperCase() === 'REPLACE' ? described.tags : original.tags,
    versionId: newVersionId(call, bucket),
    createdAt: call.time.now(),
    deleteMarker: false,
    body: original.body,
    etag: etagOf(call, encryption, original.body),
    checksum:
      asked !== undefined && isChecksumAlgorithm(asked)
        ? { algorithm: asked, value: checksumOf(asked, original.body), type: 'FULL_OBJECT' }
        : undefined,
    encryption,
  };
  bucket.objects.add(key, version);
  return xmlAnswer(
    'CopyObjectResult',
    [
      ['LastModified', new Date(version.createdAt)],
      ['ETag', version.etag],
      ...(version.checksum === undefined
        ? []
        : ([[`Checksum${version.checksum.algorithm}`, version.checksum.value]] as const)),
    ],
    {
      ...encryptionHeaders(encryption),
      ...versionHeaders(bucket, version),
      ...(sourceBucket.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': original.versionId }),
    },
  );
});

/** `bucket/key?versionId=…`, percent-encoded. */
function readCopySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const match = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^?]*))?$/s.exec(header);
  if (match === null) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    );
  }
  try {
    const versionId = match[3] === undefined ? undefined : decodeURIComponent(match[3]);
    return { bucket: decodeURIComponent(match[1] as string), key: decodeURIComponent(match[2] as string), versionId };
  } catch {
    throw invalidArgument('Invalid copy source encoding.', 'x-amz-copy-source', header);
  }
}
