/**
 * Session tags: handed over with the call or in the identity token, and handed on through a chain of roles.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
import { AwsError } from '../../core/aws-error.ts';
import type { RoleSession } from '../../core/caller.ts';
import type { Input } from '../../core/service.ts';
import { requiredText, structureList, textList } from '../iam/query-input.ts';

export interface SessionTags {
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveKeys: readonly string[];
}

/** `Tags` and `TransitiveTagKeys` of a call. */
export function readSessionTags(input: Input): SessionTags {
  const pairs = structureList(input, 'Tags').map((tag): [string, string] => [
    requiredText(tag, 'Key'),
    requiredText(tag, 'Value'),
  ]);
  return checkSessionTags(pairs, textList(input, 'TransitiveTagKeys'));
}

/** The claim `https://aws.amazon.com/tags` of an identity token: `{principal_tags: {key: [value]}, transitive_tag_keys}`. */
export function tagsOfClaim(claim: unknown): SessionTags {
  if (claim === undefined) return { tags: new Map(), transitiveKeys: [] };
  const bad = (): AwsError =>
    new AwsError('InvalidIdentityToken', 'The claim https://aws.amazon.com/tags is not of the form that STS reads.');
  if (typeof claim !== 'object' || claim === null) throw bad();
  const { principal_tags: tags, transitive_tag_keys: keys = [] } = claim as Input;
  if (typeof tags !== 'object' || tags === null || !Array.isArray(keys)) throw bad();
  const pairs = Object.entries(tags).map(([key, values]): [string, string] => {
    const value: unknown = Array.isArray(values) && values.length === 1 ? values[0] : values;
    if (typeof value !== 'string') throw bad();
    return [key, value];
  });
  if (keys.some((key) => typeof key !== 'string')) throw bad();
  return checkSessionTags(pairs, keys as string[]);
}

function checkSessionTags(pairs: readonly (readonly [string, string])[], keys: readonly string[]): SessionTags {
  if (pairs.length > 50) throw parameter(`The number of session tags is ${pairs.length}, at most 50 are allowed.`);
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key)) throw parameter(`The tag key '${key}' is not valid.`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) throw parameter(`The value of tag '${key}' is not valid.`);
    if (/^aws:/i.test(key)) throw parameter("Tag keys must not start with the reserved prefix 'aws:'.");
    if (seen.has(key.toLowerCase())) {
      throw parameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(key.toLowerCase());
  }
  for (const key of keys) {
    if (!seen.has(key.toLowerCase())) {
      throw parameter('The specified transitive tag key must be included in the requested tags.');
    }
  }
  return { tags: new Map(pairs), transitiveKeys: keys };
}

/** What a new session gets: the tags of the call and those that the calling session passes on. */
export function inheritTags(own: SessionTags, calling: RoleSession | undefined): SessionTags {
  const inherited = new Map<string, string>();
  for (const key of calling?.transitiveTagKeys ?? []) {
    const value = [...(calling?.tags ?? [])].find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
    if (value !== undefined) inherited.set(key, value);
  }
  for (const key of own.tags.keys()) {
    if ([...inherited.keys()].some((name) => name.toLowerCase() === key.toLowerCase())) {
      throw parameter(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      );
    }
  }
  return {
    tags: new Map([...inherited, ...own.tags]),
    transitiveKeys: [...new Set([...inherited.keys(), ...own.transitiveKeys])],
  };
}

/** `aws:RequestTag/…`, `aws:TagKeys`, `sts:TransitiveTagKeys`. */
export function tagContext({ tags, transitiveKeys }: SessionTags): Map<string, readonly string[]> {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of tags) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
  if (tags.size > 0) context.set('aws:tagkeys', [...tags.keys()]);
  if (transitiveKeys.length > 0) context.set('sts:transitivetagkeys', transitiveKeys);
  return context;
}

function parameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
