/** Buckets and their objects, every version of them. */
import type { Tag, TrustText } from '../iam/state.ts';

export interface S3State {
  /** By name: bucket names are global. */
  readonly buckets: Map<string, Bucket>;
}

export interface Bucket {
  readonly name: string;
  /** Owner. */
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  versioning: 'Enabled' | 'Suspended' | undefined;
  policy: TrustText | undefined;
  publicAccessBlock: PublicAccessBlock | undefined;
  /** Default encryption. */
  encryption: BucketEncryption;
  tags: readonly Tag[];
  /** Object ownership, lifecycle, logging, …: kept as they were sent, by the name of the subresource. */
  readonly subresources: Map<string, string>;
  readonly objects: ObjectStore;
  /** Multipart uploads that are neither completed nor aborted, by upload id. */
  readonly uploads: Map<string, MultipartUpload>;
}

/**
 * Keys in UTF-8 order, versions of a key newest first. Nothing but `get` and the iterators, which are as long as what
 * they give, gets slower with 100,000 keys or 100,000 versions of one key.
 */
export interface ObjectStore {
  /** All versions of the key. */
  get(key: string): readonly ObjectVersion[];
  /** The newest, which may be a delete marker. */
  latest(key: string): ObjectVersion | undefined;
  find(key: string, versionId: string): ObjectVersion | undefined;
  /** Every key, those that are deleted and have older versions too. */
  keys(): IterableIterator<string>;
  /** Keys in order from the first that does not stand before `from`; `live` leaves out those whose newest version is a delete marker. */
  keysFrom(from: KeyPosition, which: 'all' | 'live'): IterableIterator<string>;
  /** Newest first, from the one after `afterVersionId`. */
  versionsFrom(key: string, afterVersionId?: string): IterableIterator<ObjectVersion>;
  /** Becomes the newest. A version of the same id is replaced. */
  add(key: string, version: ObjectVersion): void;
  remove(key: string, versionId: string): void;
  readonly isEmpty: boolean;
}

/** A place in the order of keys: before or after a key, or after all keys with a prefix. */
export type KeyPosition = { readonly at: string } | { readonly after: string } | { readonly afterPrefix: string };

export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly startedAt: number;
  /** What CreateMultipartUpload said about the object to be. */
  readonly object: Pick<ObjectVersion, 'contentType' | 'metadata' | 'headers' | 'encryption' | 'tags'>;
  readonly checksumAlgorithm: string | undefined;
  /** By number. */
  readonly parts: Map<number, UploadPart>;
}

export interface UploadPart {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly checksum: ObjectVersion['checksum'];
  readonly createdAt: number;
}

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  readonly kmsKeyArn: string | undefined;
  readonly bucketKey: boolean;
}

export interface ObjectVersion {
  /** `null` where versioning is off. */
  readonly versionId: string;
  readonly createdAt: number;
  readonly deleteMarker: boolean;
  readonly body: Uint8Array;
  /** With quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Other headers that are given back: cache-control, content-encoding, … */
  readonly headers: Readonly<Record<string, string>>;
  /** `SHA256`, `CRC32`, …, and its value in base64. */
  readonly checksum:
    | { readonly algorithm: string; readonly value: string; readonly type: 'FULL_OBJECT' | 'COMPOSITE' }
    | undefined;
  readonly encryption: BucketEncryption;
  tags: readonly Tag[];
}
