/** Tags of accounts, units, policies and the root. */
import type { Output } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import { arnOf, type OrgCall, type OrgEntry, orgOperation, refusal } from './org-call.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html */
const tagsPerResource = 50;

export function readTags({ input }: OrgCall): readonly Tag[] {
  const tags = input.structs('Tags', 0, 200).map((tag) => ({
    key: tag.string('Key', { min: 1, max: 128 }),
    value: tag.string('Value', { max: 256 }),
  }));
  if (new Set(tags.map(({ key }) => key.toLowerCase())).size < tags.length) {
    throw refusal('InvalidInputException', 'You specified the same tag key more than once.', 'DUPLICATE_TAG_KEY');
  }
  return tags;
}

function tagResource(org: OrgCall): Output {
  const holder = tagged(org, 'write');
  const merged = new Map(holder.get().map((tag) => [tag.key, tag]));
  for (const tag of readTags(org)) merged.set(tag.key, tag);
  if (merged.size > tagsPerResource) {
    throw refusal(
      'ConstraintViolationException',
      `A resource can have ${tagsPerResource} tags.`,
      'MAX_TAG_LIMIT_EXCEEDED',
    );
  }
  holder.set([...merged.values()]);
  return undefined;
}

function untagResource(org: OrgCall): Output {
  const holder = tagged(org, 'write');
  const keys = org.input.strings('TagKeys', 1, 200);
  holder.set(holder.get().filter(({ key }) => !keys.includes(key)));
  return undefined;
}

function listTags(org: OrgCall): Output {
  const tags = tagged(org, 'read').get();
  const page = org.input.page(
    tags.map(({ key, value }) => ({ Key: key, Value: value })),
    50,
  );
  return { Tags: page.items, NextToken: page.nextToken };
}

export const tagOperations: readonly OrgEntry[] = [
  orgOperation('TagResource', 'write', tagResource),
  orgOperation('UntagResource', 'write', untagResource),
  orgOperation('ListTagsForResource', 'read', listTags),
];

interface TagHolder {
  get(): readonly Tag[];
  set(tags: readonly Tag[]): void;
}

function tagged(org: OrgCall, access: 'read' | 'write'): TagHolder {
  const { organization } = org;
  const id = org.input.string('ResourceId');
  org.enter(access, arnOf(org.world, id));
  if (id === organization.rootId) {
    return {
      get: () => organization.rootTags,
      set: (tags) => {
        organization.rootTags = tags;
      },
    };
  }
  const entity = organization.accounts.get(id) ?? organization.units.get(id) ?? organization.policies.get(id);
  if (entity === undefined) {
    throw refusal('TargetNotFoundException', "We can't find a root, OU, account, or policy with the id you specified.");
  }
  return {
    get: () => entity.tags,
    set: (tags) => {
      entity.tags = tags;
    },
  };
}
