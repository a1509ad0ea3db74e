/** ListObjects, its second version, and ListObjectVersions. */
import type { Call, Operation } from '../../core/service.ts';
import { authorizeBucket } from './access.ts';
import { canonicalId } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { commonPrefixOf, decodePosition, encodePosition, listKeys, startOf } from './listing.ts';
import { withBucket } from './operation.ts';
import type { Bucket, KeyPosition, ObjectVersion } from './state.ts';
import { type XmlElement, xmlAnswer } from './xml.ts';

interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  /** Percent-encodes keys when the client asked for it: XML cannot hold every character. */
  readonly name: (key: string) => string;
  readonly encodingType: string | undefined;
}

/** Reads the query and asks the policies, which may look at prefix, delimiter and max-keys. Throws AwsError. */
function listQuery(call: Call, bucket: Bucket, action: string): ListQuery {
  const { query } = call.request;
  authorizeBucket(call, bucket, action, [
    ['s3:prefix', query.get('prefix') ?? undefined],
    ['s3:delimiter', query.get('delimiter') ?? undefined],
    ['s3:max-keys', query.get('max-keys') ?? undefined],
  ]);
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  }
  const maxKeys = query.get('max-keys');
  if (maxKeys !== null && maxKeys !== '' && !/^\d{1,10}$/.test(maxKeys)) {
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', maxKeys);
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: maxKeys === null || maxKeys === '' ? 1000 : Math.min(Number(maxKeys), 1000),
    name: encodingType === 'url' ? encodeKey : (key) => key,
    encodingType,
  };
}

/** As S3: everything but letters, digits, `-_.*` and `/` is percent-encoded. */
function encodeKey(key: string): string {
  return encodeURIComponent(key.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export const listObjectsV2: Operation = withBucket(
  { readOnly: true, category: 'data', eventName: 'ListObjects' },
  ({ call, bucket }) => {
    const list = listQuery(call, bucket, 's3:ListBucket');
    const { query } = call.request;
    const token = query.get('continuation-token');
    const startAfter = query.get('start-after');
    const position = token === null ? undefined : decodePosition(token);
    if (token !== null && position === undefined) {
      throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
    }
    const from: KeyPosition = position ?? (startAfter === null ? { at: '' } : { after: startAfter });
    const page = list.limit === 0 ? { entries: [], next: undefined } : listKeys(bucket.objects, { ...list, from });
    const withOwner = query.get('fetch-owner') === 'true';
    return xmlAnswer('ListBucketResult', [
      ['Name', bucket.name],
      ['Prefix', list.name(list.prefix)],
      ['StartAfter', startAfter === null ? undefined : list.name(startAfter)],
      ['ContinuationToken', token ?? undefined],
      ['NextContinuationToken', page.next === undefined ? undefined : encodePosition(page.next)],
      ['KeyCount', page.entries.length],
      ['MaxKeys', list.limit],
      ['Delimiter', list.delimiter === '' ? undefined : list.name(list.delimiter)],
      ['EncodingType', list.encodingType],
      ['IsTruncated', page.next !== undefined],
      ...entryElements(bucket, list, page.entries, withOwner),
    ]);
  },
);

export const listObjects: Operation = withBucket({ readOnly: true, category: 'data' }, ({ call, bucket }) => {
  const list = listQuery(call, bucket, 's3:ListBucket');
  const marker = call.request.query.get('marker') ?? '';
  // A marker that is a common prefix stands for all it rolled up.
  const rolledUp = marker !== '' && commonPrefixOf(marker, list.prefix, list.delimiter) === marker;
  const from: KeyPosition = marker === '' ? { at: '' } : rolledUp ? { afterPrefix: marker } : { after: marker };
  const page = list.limit === 0 ? { entries: [], next: undefined } : listKeys(bucket.objects, { ...list, from });
  const last = page.entries.at(-1);
  const nextMarker = last === undefined ? undefined : 'key' in last ? last.key : last.commonPrefix;
  return xmlAnswer('ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', list.name(list.prefix)],
    ['Marker', list.name(marker)],
    [
      'NextMarker',
      page.next === undefined || list.delimiter === '' || nextMarker === undefined ? undefined : list.name(nextMarker),
    ],
    ['MaxKeys', list.limit],
    ['Delimiter', list.delimiter === '' ? undefined : list.name(list.delimiter)],
    ['EncodingType', list.encodingType],
    ['IsTruncated', page.next !== undefined],
    ...entryElements(bucket, list, page.entries, true),
  ]);
});

function entryElements(
  bucket: Bucket,
  list: ListQuery,
  entries: readonly ({ readonly key: string } | { readonly commonPrefix: string })[],
  withOwner: boolean,
): readonly XmlElement[] {
  const contents: XmlElement[] = [];
  const prefixes: XmlElement[] = [];
  const owner = withOwner ? [ownerOf(bucket)] : undefined;
  for (const entry of entries) {
    if ('commonPrefix' in entry) {
      prefixes.push(['CommonPrefixes', [['Prefix', list.name(entry.commonPrefix)]]]);
      continue;
    }
    const version = bucket.objects.latest(entry.key) as ObjectVersion;
    contents.push([
      'Contents',
      [
        ['Key', list.name(entry.key)],
        ['LastModified', new Date(version.createdAt)],
        ['ETag', version.etag],
        ['ChecksumAlgorithm', version.checksum?.algorithm],
        ['ChecksumType', version.checksum?.type],
        ['Size', version.body.length],
        ['Owner', owner],
        ['StorageClass', 'STANDARD'],
      ],
    ]);
  }
  return [...contents, ...prefixes];
}

export const listObjectVersions: Operation = withBucket({ readOnly: true, category: 'data' }, ({ call, bucket }) => {
  const list = listQuery(call, bucket, 's3:ListBucketVersions');
  const { query } = call.request;
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  if (versionMarker !== '' && keyMarker === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionMarker,
    );
  }
  const page = versionsPage(bucket, list, keyMarker, versionMarker);
  const owner = ownerOf(bucket);
  return xmlAnswer('ListVersionsResult', [
    ['Name', bucket.name],
    ['Prefix', list.name(list.prefix)],
    ['KeyMarker', list.name(keyMarker)],
    ['VersionIdMarker', versionMarker],
    ['NextKeyMarker', page.next === undefined ? undefined : list.name(page.next.key)],
    ['NextVersionIdMarker', page.next?.versionId],
    ['MaxKeys', list.limit],
    ['Delimiter', list.delimiter === '' ? undefined : list.name(list.delimiter)],
    ['EncodingType', list.encodingType],
    ['IsTruncated', page.next !== undefined],
    ...page.versions.map(({ key, version, isLatest }) => versionElement(owner, list.name(key), version, isLatest)),
    ...page.prefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', list.name(prefix)]]]),
  ]);
});

interface VersionsPage {
  readonly versions: readonly { readonly key: string; readonly version: ObjectVersion; readonly isLatest: boolean }[];
  readonly prefixes: readonly string[];
  /** The last entry, after which the next page begins. */
  readonly next: { readonly key: string; readonly versionId: string | undefined } | undefined;
}

function versionsPage(bucket: Bucket, list: ListQuery, keyMarker: string, versionMarker: string): VersionsPage {
  const { objects } = bucket;
  const { prefix, delimiter, limit } = list;
  const versions: { key: string; version: ObjectVersion; isLatest: boolean }[] = [];
  const prefixes: string[] = [];
  let next: VersionsPage['next'];
  const done = (): VersionsPage => ({ versions, prefixes, next: undefined });
  if (limit === 0) return done();
  const rolledUp = keyMarker !== '' && commonPrefixOf(keyMarker, prefix, delimiter) === keyMarker;
  let from: KeyPosition = rolledUp
    ? { afterPrefix: keyMarker }
    : versionMarker !== ''
      ? { at: keyMarker }
      : keyMarker === ''
        ? { at: '' }
        : { after: keyMarker };
  from = startOf({ prefix, from });
  for (;;) {
    let common: string | undefined;
    for (const key of objects.keysFrom(from, 'all')) {
      if (!key.startsWith(prefix)) return done();
      common = commonPrefixOf(key, prefix, delimiter);
      if (common !== undefined) {
        if (versions.length + prefixes.length >= limit) return { versions, prefixes, next };
        break;
      }
      const latest = objects.latest(key);
      const after = key === keyMarker && versionMarker !== '' ? versionMarker : undefined;
      for (const version of objects.versionsFrom(key, after)) {
        if (versions.length + prefixes.length >= limit) return { versions, prefixes, next };
        versions.push({ key, version, isLatest: version === latest });
        next = { key, versionId: version.versionId };
      }
    }
    if (common === undefined) return done();
    prefixes.push(common);
    next = { key: common, versionId: undefined };
    from = { afterPrefix: common };
  }
}

function ownerOf(bucket: Bucket): XmlElement {
  return ['ID', canonicalId(bucket.account)];
}

function versionElement(ownerId: XmlElement, key: string, version: ObjectVersion, isLatest: boolean): XmlElement {
  const owner: XmlElement = ['Owner', [ownerId]];
  const common: readonly XmlElement[] = [
    ['Key', key],
    ['VersionId', version.versionId],
    ['IsLatest', isLatest],
    ['LastModified', new Date(version.createdAt)],
  ];
  if (version.deleteMarker) return ['DeleteMarker', [...common, owner]];
  return [
    'Version',
    [...common, ['ETag', version.etag], ['Size', version.body.length], ['StorageClass', 'STANDARD'], owner],
  ];
}
