/** Tags of buckets and objects. */
import { AwsError } from '../../core/aws-error.ts';
import type { Operation } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import { authorizeObject } from './access.ts';
import { onBucket, withBucket } from './operation.ts';
import type { Bucket, ObjectVersion } from './state.ts';
import { requireVersion } from './versions.ts';
import { emptyAnswer, parseXml, type XmlElement, type XmlNode, xmlAnswer } from './xml.ts';

/** Throws AwsError InvalidTag. */
export function tagsFromXml(set: XmlNode | undefined): readonly Tag[] {
  return checkTags(
    (set?.all('Tag') ?? []).map((tag) => ({ key: tag.text('Key') ?? '', value: tag.text('Value') ?? '' })),
  );
}

/** `a=1&b=2`, as the header `x-amz-tagging` has them. */
export function tagsFromHeader(header: string | undefined): readonly Tag[] {
  return checkTags(
    [...new URLSearchParams(header ?? '')].map(([key, value]) => ({ key, value })),
    10,
  );
}

function checkTags(tags: readonly Tag[], limit: number = 50): readonly Tag[] {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidTag', message, 400);
  };
  if (tags.length > limit) {
    throw new AwsError('BadRequest', `Object tags cannot be greater than ${limit}`, 400);
  }
  if (new Set(tags.map(({ key }) => key)).size !== tags.length) {
    refuse('Cannot provide multiple Tags with the same key');
  }
  for (const { key, value } of tags) {
    if (key.length === 0 || key.length > 128) refuse('The TagKey you have provided is invalid');
    if (value.length > 256) refuse('The TagValue you have provided is invalid');
    if (key.toLowerCase().startsWith('aws:')) refuse('System tags cannot be added/updated by requester');
  }
  return tags;
}

function tagSet(tags: readonly Tag[]): readonly XmlElement[] {
  return [
    [
      'TagSet',
      tags.map(({ key, value }) => [
        'Tag',
        [
          ['Key', key],
          ['Value', value],
        ],
      ]),
    ],
  ];
}

export const getBucketTagging: Operation = onBucket({ action: 's3:GetBucketTagging', readOnly: true }, ({ bucket }) => {
  if (bucket.tags.length === 0) {
    throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, { members: { BucketName: bucket.name } });
  }
  return xmlAnswer('Tagging', tagSet(bucket.tags));
});

export const putBucketTagging: Operation = onBucket(
  { action: 's3:PutBucketTagging', readOnly: false },
  ({ bucket, call, note }) => {
    const document = parseXml(call.request.body, 'Tagging');
    note({ Tagging: document.toJson() });
    bucket.tags = tagsFromXml(document.first('TagSet'));
    return emptyAnswer(204);
  },
);

export const deleteBucketTagging: Operation = onBucket(
  { action: 's3:PutBucketTagging', readOnly: false },
  ({ bucket }) => {
    bucket.tags = [];
    return emptyAnswer(204);
  },
);

const objectTagging = (
  verb: 'Get' | 'Put' | 'Delete',
  handle: (version: ObjectVersion, body: Uint8Array, bucket: Bucket) => ReturnType<typeof emptyAnswer>,
): Operation =>
  withBucket({ readOnly: verb === 'Get', category: 'data' }, ({ call, bucket, key }) => {
    const versionId = call.request.query.get('versionId') ?? undefined;
    authorizeObject(call, bucket, key, `s3:${verb}Object${versionId === undefined ? '' : 'Version'}Tagging`);
    const version = requireVersion(call, bucket, key, versionId);
    const response = handle(version, call.request.body, bucket);
    if (bucket.versioning === undefined) return response;
    return { ...response, headers: { ...response.headers, 'x-amz-version-id': version.versionId } };
  });

export const getObjectTagging: Operation = objectTagging('Get', (version) =>
  xmlAnswer('Tagging', tagSet(version.tags)),
);

export const putObjectTagging: Operation = objectTagging('Put', (version, body) => {
  version.tags = tagsFromXml(parseXml(body, 'Tagging').first('TagSet'));
  return emptyAnswer();
});

export const deleteObjectTagging: Operation = objectTagging('Delete', (version) => {
  version.tags = [];
  return emptyAnswer(204);
});
