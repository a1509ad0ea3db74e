/** Which operation a message asks for: by level (service, bucket, object), method, and the subresource in the query. */
import type { WireRequest } from '../../core/service.ts';
import { bucketSettings } from './settings.ts';

export interface S3Input {
  readonly [member: string]: unknown;
  readonly Bucket: string;
  /** `''` for operations on the bucket. */
  readonly Key: string;
}

export function route(request: WireRequest): { readonly operation: string; readonly input: S3Input } | undefined {
  const slash = request.path.indexOf('/', 1);
  const Bucket = slash === -1 ? request.path.slice(1) : request.path.slice(1, slash);
  const Key = slash === -1 ? '' : request.path.slice(slash + 1);
  const operation =
    Bucket === '' ? serviceOperation(request) : Key === '' ? bucketOperation(request) : objectOperation(request);
  return operation === undefined ? undefined : { operation, input: { Bucket, Key } };
}

function serviceOperation({ method }: WireRequest): string | undefined {
  return method === 'GET' ? 'ListBuckets' : undefined;
}

/** Subresources of a bucket that are not kept as they were sent. */
const bucketTable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  versioning: { GET: 'GetBucketVersioning', PUT: 'PutBucketVersioning' },
  policy: { GET: 'GetBucketPolicy', PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' },
  policyStatus: { GET: 'GetBucketPolicyStatus' },
  publicAccessBlock: { GET: 'GetPublicAccessBlock', PUT: 'PutPublicAccessBlock', DELETE: 'DeletePublicAccessBlock' },
  encryption: { GET: 'GetBucketEncryption', PUT: 'PutBucketEncryption', DELETE: 'DeleteBucketEncryption' },
  tagging: { GET: 'GetBucketTagging', PUT: 'PutBucketTagging', DELETE: 'DeleteBucketTagging' },
  acl: { GET: 'GetBucketAcl', PUT: 'PutBucketAcl' },
  location: { GET: 'GetBucketLocation' },
  versions: { GET: 'ListObjectVersions' },
  uploads: { GET: 'ListMultipartUploads' },
  delete: { POST: 'DeleteObjects' },
  ...Object.fromEntries(bucketSettings.map(({ query, operations }) => [query, operations])),
};

/** Subresources that S3 has and the sandbox does not: they must not be taken for a list or for a new bucket. */
const missingSubresources = [
  'analytics',
  'intelligent-tiering',
  'inventory',
  'metrics',
  'metadataTable',
  'metadataConfiguration',
  'session',
  'torrent',
  'restore',
  'select',
  'renameObject',
];

function bucketOperation({ method, query }: WireRequest): string | undefined {
  if (missingSubresources.some((name) => query.has(name))) return undefined;
  for (const name in bucketTable) if (query.has(name)) return bucketTable[name]?.[method];
  switch (method) {
    case 'PUT':
      return 'CreateBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'HEAD':
      return 'HeadBucket';
    case 'GET':
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    default:
      return undefined;
  }
}

const objectTable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tagging: { GET: 'GetObjectTagging', PUT: 'PutObjectTagging', DELETE: 'DeleteObjectTagging' },
  acl: { GET: 'GetObjectAcl', PUT: 'PutObjectAcl' },
  retention: { GET: 'GetObjectRetention' },
  'legal-hold': { GET: 'GetObjectLegalHold' },
  attributes: { GET: 'GetObjectAttributes' },
  uploads: { POST: 'CreateMultipartUpload' },
  uploadId: {
    PUT: 'UploadPart',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
    GET: 'ListParts',
  },
};

function objectOperation({ method, query, headers }: WireRequest): string | undefined {
  if (missingSubresources.some((name) => query.has(name))) return undefined;
  for (const name in objectTable) {
    if (!query.has(name)) continue;
    const operation = objectTable[name]?.[method];
    return operation === 'UploadPart' && headers['x-amz-copy-source'] !== undefined ? undefined : operation;
  }
  switch (method) {
    case 'GET':
      return 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'DELETE':
      return 'DeleteObject';
    case 'PUT':
      return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
    default:
      return undefined;
  }
}
