/** Objects sent in parts (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html). */
import { createHash } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation } from '../../core/service.ts';
import { authorizeBucket, authorizeObject, writeContext } from './access.ts';
import { canonicalId, refusePublicAcl } from './buckets.ts';
import {
  type ChecksumAlgorithm,
  checksumHeader,
  checksumOf,
  isChecksumAlgorithm,
  verifyChecksums,
} from './checksums.ts';
import { checkWriteConditions } from './conditional.ts';
import { encryptionForWrite, encryptionHeaders } from './encryption.ts';
import { invalidArgument } from './errors.ts';
import { type BucketCall, withBucket } from './operation.ts';
import { authorizeWrite, describeObject } from './put-object.ts';
import type { Bucket, MultipartUpload, ObjectVersion, UploadPart } from './state.ts';
import { newVersionId, versionHeaders } from './versions.ts';
import { emptyAnswer, malformedXml, parseXml, type XmlElement, type XmlNode, xmlAnswer } from './xml.ts';

const smallestPart = 5 * 1024 * 1024;

export const createMultipartUpload: Operation = withBucket(
  { readOnly: false, category: 'data' },
  ({ call, bucket, key }) => {
    const { headers } = call.request;
    authorizeWrite(call, bucket, key, writeContext(call));
    refusePublicAcl(bucket, headers);
    const encryption = encryptionForWrite(call, bucket, key);
    const id = call.world.ids.alphanumeric(64);
    const checksumAlgorithm = headers['x-amz-checksum-algorithm']?.toUpperCase();
    if (checksumAlgorithm !== undefined && !isChecksumAlgorithm(checksumAlgorithm)) {
      throw invalidArgument('Checksum algorithm provided is unsupported.');
    }
    bucket.uploads.set(id, {
      id,
      key,
      startedAt: call.time.now(),
      object: { ...describeObject(headers), encryption },
      checksumAlgorithm,
      parts: new Map(),
    });
    return xmlAnswer(
      'InitiateMultipartUploadResult',
      [
        ['Bucket', bucket.name],
        ['Key', key],
        ['UploadId', id],
      ],
      {
        ...encryptionHeaders(encryption),
        ...(checksumAlgorithm === undefined ? {} : { 'x-amz-checksum-algorithm': checksumAlgorithm }),
      },
    );
  },
);

function requireUpload({ call, bucket, key }: BucketCall): MultipartUpload {
  const id = call.request.query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  if (upload !== undefined && upload.key === key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { members: { UploadId: id } },
  );
}

export const uploadPart: Operation = withBucket({ readOnly: false, category: 'data' }, (bucketCall) => {
  const { call, bucket, key } = bucketCall;
  authorizeObject(call, bucket, key, 's3:PutObject');
  const upload = requireUpload(bucketCall);
  const number = Number(call.request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber');
  }
  const { body, headers } = call.request;
  const checksum = verifyChecksums(headers, body);
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  upload.parts.set(number, { body, etag, checksum, createdAt: call.time.now() });
  return emptyAnswer(200, {
    etag,
    ...encryptionHeaders(upload.object.encryption),
    ...(checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value }),
  });
});

export const completeMultipartUpload: Operation = withBucket({ readOnly: false, category: 'data' }, (bucketCall) => {
  const { call, bucket, key } = bucketCall;
  authorizeObject(call, bucket, key, 's3:PutObject', writeContext(call));
  const upload = requireUpload(bucketCall);
  const parts = chosenParts(upload, parseXml(call.request.body, 'CompleteMultipartUpload').all('Part'));
  checkWriteConditions(call.request.headers, key, bucket.objects.latest(key));
  const version = assemble(call, bucket, upload, parts);
  bucket.objects.add(key, version);
  bucket.uploads.delete(upload.id);
  const { checksum } = version;
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    [
      ['Location', `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(key)}`],
      ['Bucket', bucket.name],
      ['Key', key],
      ['ETag', version.etag],
      ...(checksum === undefined ? [] : ([[`Checksum${checksum.algorithm}`, checksum.value]] as const)),
      ...(checksum === undefined ? [] : ([['ChecksumType', checksum.type]] as const)),
    ],
    { ...encryptionHeaders(version.encryption), ...versionHeaders(bucket, version) },
  );
});

function chosenParts(upload: MultipartUpload, listed: readonly XmlNode[]): readonly UploadPart[] {
  if (listed.length === 0) throw malformedXml();
  const numbers = listed.map((node) => Number(node.text('PartNumber')));
  for (const [index, number] of numbers.entries()) {
    if (!(number > (numbers[index - 1] ?? 0))) {
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        400,
      );
    }
  }
  return listed.map((node, index) => {
    const number = numbers[index] as number;
    const part = upload.parts.get(number);
    const etag = node.text('ETag')?.trim() ?? '';
    if (part === undefined || etag.replaceAll('"', '') !== part.etag.replaceAll('"', '')) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { members: { UploadId: upload.id, PartNumber: number, ETag: etag } },
      );
    }
    if (part.body.length < smallestPart && index < listed.length - 1) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        members: { ProposedSize: part.body.length, MinSizeAllowed: smallestPart, PartNumber: number, ETag: etag },
      });
    }
    return part;
  });
}

function assemble(call: Call, bucket: Bucket, upload: MultipartUpload, parts: readonly UploadPart[]): ObjectVersion {
  const body = Buffer.concat(parts.map((part) => part.body));
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  return {
    ...upload.object,
    versionId: newVersionId(call, bucket),
    createdAt: call.time.now(),
    deleteMarker: false,
    body,
    etag: `"${createHash('md5').update(digests).digest('hex')}-${parts.length}"`,
    checksum: checksumOfParts(upload.checksumAlgorithm, body, parts),
  };
}

/** CRCs are of the whole object; digests are a digest of the parts' digests (`COMPOSITE`). */
function checksumOfParts(
  algorithm: string | undefined,
  body: Uint8Array,
  parts: readonly UploadPart[],
): ObjectVersion['checksum'] {
  if (algorithm === undefined || !isChecksumAlgorithm(algorithm)) return undefined;
  if (algorithm === 'CRC64NVME') return { algorithm, value: checksumOf(algorithm, body), type: 'FULL_OBJECT' };
  const own = (part: UploadPart): Buffer =>
    Buffer.from(checksumOf(algorithm as ChecksumAlgorithm, part.body), 'base64');
  const value = `${checksumOf(algorithm, Buffer.concat(parts.map(own)))}-${parts.length}`;
  return { algorithm, value, type: 'COMPOSITE' };
}

export const abortMultipartUpload: Operation = withBucket({ readOnly: false, category: 'data' }, (bucketCall) => {
  const { call, bucket, key } = bucketCall;
  authorizeObject(call, bucket, key, 's3:AbortMultipartUpload');
  bucket.uploads.delete(requireUpload(bucketCall).id);
  return emptyAnswer(204);
});

export const listParts: Operation = withBucket({ readOnly: true, category: 'data' }, (bucketCall) => {
  const { call, bucket, key } = bucketCall;
  authorizeObject(call, bucket, key, 's3:ListMultipartUploadParts');
  const upload = requireUpload(bucketCall);
  const marker = Number(call.request.query.get('part-number-marker') ?? 0) || 0;
  const limit = Math.min(Math.max(1, Number(call.request.query.get('max-parts') ?? 1000) || 1000), 1000);
  const parts = [...upload.parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
  const page = parts.slice(0, limit);
  return xmlAnswer('ListPartsResult', [
    ['Bucket', bucket.name],
    ['Key', key],
    ['UploadId', upload.id],
    ['PartNumberMarker', marker],
    ['NextPartNumberMarker', page.at(-1)?.[0] ?? 0],
    ['MaxParts', limit],
    ['IsTruncated', page.length < parts.length],
    ['StorageClass', 'STANDARD'],
    ['Owner', [['ID', canonicalId(bucket.account)]]],
    ...page.map(
      ([number, part]): XmlElement => [
        'Part',
        [
          ['PartNumber', number],
          ['LastModified', new Date(part.createdAt)],
          ['ETag', part.etag],
          ['Size', part.body.length],
        ],
      ],
    ),
  ]);
});

export const listMultipartUploads: Operation = withBucket({ readOnly: true, category: 'data' }, ({ call, bucket }) => {
  authorizeBucket(call, bucket, 's3:ListBucketMultipartUploads');
  const prefix = call.request.query.get('prefix') ?? '';
  const uploads = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => (a.key === b.key ? a.startedAt - b.startedAt : a.key < b.key ? -1 : 1));
  return xmlAnswer('ListMultipartUploadsResult', [
    ['Bucket', bucket.name],
    ['KeyMarker', ''],
    ['UploadIdMarker', ''],
    ['Prefix', prefix],
    ['MaxUploads', 1000],
    ['IsTruncated', false],
    ...uploads.map(
      (upload): XmlElement => [
        'Upload',
        [
          ['Key', upload.key],
          ['UploadId', upload.id],
          ['Owner', [['ID', canonicalId(bucket.account)]]],
          ['StorageClass', 'STANDARD'],
          ['Initiated', new Date(upload.startedAt)],
        ],
      ],
    ),
  ]);
});
