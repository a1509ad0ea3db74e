/** Deleting: a marker where versions are kept, for good where a version is named. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation } from '../../core/service.ts';
import { authorizeObject } from './access.ts';
import { verifyChecksums } from './checksums.ts';
import { namesEtag } from './conditional.ts';
import { preconditionFailed } from './errors.ts';
import { withBucket } from './operation.ts';
import type { Bucket, ObjectVersion } from './state.ts';
import { newVersionId } from './versions.ts';
import { emptyAnswer, malformedXml, parseXml, type XmlElement, xmlAnswer } from './xml.ts';

interface Deletion {
  /** Of the version that is gone, or of the marker that was made. */
  readonly versionId: string | undefined;
  readonly deleteMarker: boolean;
}

function deleteOne(call: Call, bucket: Bucket, key: string, versionId: string | undefined): Deletion {
  authorizeObject(call, bucket, key, versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', [
    ['s3:versionid', versionId],
  ]);
  const { objects } = bucket;
  if (versionId !== undefined) {
    const version = objects.find(key, versionId);
    objects.remove(key, versionId);
    return { versionId, deleteMarker: version?.deleteMarker === true };
  }
  if (bucket.versioning === undefined) {
    objects.remove(key, 'null');
    return { versionId: undefined, deleteMarker: false };
  }
  const marker: ObjectVersion = {
    versionId: newVersionId(call, bucket),
    createdAt: call.time.now(),
    deleteMarker: true,
    body: new Uint8Array(),
    etag: '',
    contentType: '',
    metadata: {},
    headers: {},
    checksum: undefined,
    encryption: { algorithm: 'AES256', kmsKeyArn: undefined, bucketKey: false },
    tags: [],
  };
  objects.add(key, marker);
  return { versionId: marker.versionId, deleteMarker: true };
}

export const deleteObject: Operation = withBucket({ readOnly: false, category: 'data' }, ({ call, bucket, key }) => {
  const versionId = call.request.query.get('versionId') ?? undefined;
  const ifMatch = call.request.headers['if-match'];
  if (ifMatch !== undefined) {
    authorizeObject(call, bucket, key, 's3:DeleteObject');
    const current = bucket.objects.latest(key);
    if (current === undefined || current.deleteMarker || !namesEtag(ifMatch, current.etag)) {
      throw preconditionFailed('If-Match');
    }
  }
  const deletion = deleteOne(call, bucket, key, versionId);
  return emptyAnswer(204, {
    ...(deletion.versionId === undefined ? {} : { 'x-amz-version-id': deletion.versionId }),
    ...(deletion.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  });
});

const mostObjects = 1000;

/** Each object is judged by itself; what is refused is listed beside what is done. */
export const deleteObjects: Operation = withBucket({ readOnly: false, category: 'data' }, ({ call, bucket }) => {
  verifyChecksums(call.request.headers, call.request.body);
  const document = parseXml(call.request.body, 'Delete');
  const objects = document.all('Object');
  if (objects.length === 0 || objects.length > mostObjects) throw malformedXml();
  const quiet = document.text('Quiet')?.trim() === 'true';
  const results: XmlElement[] = [];
  for (const object of objects) {
    const key = object.text('Key');
    if (key === undefined || key === '') throw malformedXml();
    const versionId = object.text('VersionId');
    try {
      const deletion = deleteOne(call, bucket, key, versionId);
      if (!quiet) results.push(deleted(key, versionId, deletion));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      results.push([
        'Error',
        [
          ['Key', key],
          ['VersionId', versionId],
          ['Code', error.code],
          ['Message', error.message],
        ],
      ]);
    }
  }
  return xmlAnswer('DeleteResult', results);
});

function deleted(key: string, versionId: string | undefined, deletion: Deletion): XmlElement {
  return [
    'Deleted',
    [
      ['Key', key],
      ['VersionId', versionId],
      ['DeleteMarker', deletion.deleteMarker ? true : undefined],
      ['DeleteMarkerVersionId', deletion.deleteMarker ? deletion.versionId : undefined],
    ],
  ];
}
