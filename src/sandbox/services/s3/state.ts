/** Buckets and their objects, every version of them. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { Tag } from '../iam/state.ts';

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
  policy: { readonly text: string; readonly parsed: NamedPolicy } | undefined;
  publicAccessBlock: PublicAccessBlock | undefined;
  /** Default encryption. */
  encryption: BucketEncryption;
  tags: readonly Tag[];
  /** Object ownership, lifecycle, logging, …: kept as they were sent, by the name of the subresource. */
  readonly subresources: Map<string, string>;
  readonly objects: ObjectStore;
}

/** Keys in UTF-8 order, versions of a key newest first; it must stay fast with 100,000 versions of one key. */
export interface ObjectStore {
  get(key: string): readonly ObjectVersion[];
  keys(): IterableIterator<string>;
  add(key: string, version: ObjectVersion): void;
  remove(key: string, versionId: string): void;
  readonly isEmpty: boolean;
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
  readonly checksum: { readonly algorithm: string; readonly value: string } | undefined;
  readonly encryption: BucketEncryption;
  tags: readonly Tag[];
}
