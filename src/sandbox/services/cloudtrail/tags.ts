/** Tags of trails. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import { getTrail } from './find-trail.ts';
import { listOf, structuresOf, textOf } from './input.ts';
import type { Trail } from './state.ts';

/** The tags of a TagsList. */
export function tagsFrom(list: unknown): readonly Tag[] {
  return structuresOf({ TagsList: list }, 'TagsList').map((tag) => ({
    key: textOf(tag, 'Key') ?? '',
    value: textOf(tag, 'Value') ?? '',
  }));
}

export const addTagsOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = tagged(call, input, 'AddTags');
    const added = tagsFrom(input.TagsList);
    const kept = (trail.tags ?? []).filter(({ key }) => !added.some((tag) => tag.key === key));
    if (kept.length + added.length > 50) {
      throw new AwsError('TagsLimitExceededException', 'The number of tags on a trail cannot exceed 50.');
    }
    trail.tags = [...kept, ...added];
    return {};
  },
};

export const removeTagsOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const trail = tagged(call, input, 'RemoveTags');
    const removed = tagsFrom(input.TagsList).map(({ key }) => key);
    trail.tags = (trail.tags ?? []).filter(({ key }) => !removed.includes(key));
    return {};
  },
};

export const listTagsOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => ({
    ResourceTagList: listOf(input, 'ResourceIdList').map((id) => ({
      ResourceId: id,
      TagsList: (tagged(call, { ResourceId: id }, 'ListTags').tags ?? []).map(({ key, value }) => ({
        Key: key,
        Value: value,
      })),
    })),
  }),
};

function tagged(call: Call, input: Input, action: string): Trail {
  const id = textOf(input, 'ResourceId') ?? '';
  call.authorize({ action: `cloudtrail:${action}`, resource: id });
  if (!id.startsWith('arn:')) throw new AwsError('CloudTrailARNInvalidException', `Invalid ARN: ${id}`);
  return getTrail(call, id);
}
