/** Tags of permission sets and of the instance. */
import { AwsError } from '../../core/aws-error.ts';
import type { ModelInput } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import type { PermissionSet } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, invalid, notFound } from './admin-call.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/userguide/tagging.html */
const tagsPerResource = 50;

export function readTags(input: ModelInput): readonly Tag[] {
  const pattern = /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u;
  const tags = input.structs('Tags', 0, 75).map((tag) => ({
    key: tag.string('Key', { min: 1, max: 128, pattern }),
    value: tag.string('Value', { max: 256, pattern }),
  }));
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw invalid('A tag key is given twice.');
  if (tags.some(({ key }) => key.toLowerCase().startsWith('aws:'))) {
    throw invalid('Tag keys that begin with aws: are reserved.');
  }
  return tags;
}

/** The holder of the tags that `ResourceArn` names. */
function tagged(admin: AdminCall): { tags: readonly Tag[] } {
  const { identityCenter } = admin.world;
  const arn = admin.input.string('ResourceArn', { min: 10, max: 2048 });
  if (admin.input.has('InstanceArn')) admin.instance();
  const holder: PermissionSet | typeof identityCenter | undefined =
    arn === identityCenter.instanceArn ? identityCenter : identityCenter.permissionSets.get(arn);
  admin.authorize(arn, holder === identityCenter ? undefined : (holder as PermissionSet | undefined));
  if (holder === undefined) throw notFound(`Resource with ARN ${arn} was not found.`);
  return holder;
}

function tagResource(admin: AdminCall): Output {
  const holder = tagged(admin);
  const added = readTags(admin.input);
  const merged = new Map(holder.tags.map((tag) => [tag.key, tag]));
  for (const tag of added) merged.set(tag.key, tag);
  if (merged.size > tagsPerResource) {
    throw new AwsError('ServiceQuotaExceededException', `A resource can have ${tagsPerResource} tags.`, 400);
  }
  holder.tags = [...merged.values()];
  return {};
}

function untagResource(admin: AdminCall): Output {
  const holder = tagged(admin);
  const keys = admin.input.strings('TagKeys', 1, 75, { min: 1, max: 128 });
  holder.tags = holder.tags.filter(({ key }) => !keys.includes(key));
  return {};
}

function listTagsForResource(admin: AdminCall): Output {
  const { tags } = tagged(admin);
  const page = admin.input.page(tags.map(({ key, value }) => ({ Key: key, Value: value })));
  return { Tags: page.items, NextToken: page.nextToken };
}

export const tagOperations: readonly AdminEntry[] = [
  adminOperation('TagResource', 'write', tagResource),
  adminOperation('UntagResource', 'write', untagResource),
  adminOperation('ListTagsForResource', 'read', listTagsForResource),
];
