/** Finding the version a request means, and telling a missing object from a forbidden one. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/service.ts';
import { authorizeBucket } from './access.ts';
import { noSuchKey, noSuchVersion } from './errors.ts';
import type { Bucket, ObjectVersion } from './state.ts';

/**
 * Who may not list the bucket is not told that a key is missing: 403 instead of 404
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html). Throws AwsError NoSuchKey, NoSuchVersion, AccessDenied, or
 * MethodNotAllowed for a delete marker named by its version id.
 */
export function requireVersion(call: Call, bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId !== undefined) {
    const version = bucket.objects.find(key, versionId);
    if (version === undefined) {
      authorizeBucket(call, bucket, 's3:ListBucket');
      throw isVersionId(versionId)
        ? noSuchVersion(key, versionId)
        : new AwsError('InvalidArgument', 'Invalid version id specified', 400, {
            members: { ArgumentName: 'versionId', ArgumentValue: versionId },
          });
    }
    if (version.deleteMarker) {
      throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
        members: { Method: call.request.method, ResourceType: 'DeleteMarker' },
        headers: {
          allow: 'DELETE',
          'x-amz-delete-marker': 'true',
          'x-amz-version-id': versionId,
          'last-modified': new Date(version.createdAt).toUTCString(),
        },
      });
    }
    return version;
  }
  const latest = bucket.objects.latest(key);
  if (latest !== undefined && !latest.deleteMarker) return latest;
  authorizeBucket(call, bucket, 's3:ListBucket');
  throw noSuchKey(
    key,
    latest === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.versionId },
  );
}

function isVersionId(text: string): boolean {
  return text === 'null' || /^[A-Za-z0-9._+/=-]{32,}$/.test(text);
}

/** Answers name the version only where the bucket has, or had, versions. */
export function versionHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId };
}

/** The id that a write into the bucket gets. */
export function newVersionId(call: Call, bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? call.world.ids.alphanumeric(32) : 'null';
}
