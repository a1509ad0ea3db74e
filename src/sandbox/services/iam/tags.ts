/** Tags of IAM's entities (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html). */
import type { Input } from '../../core/service.ts';
import { invalidInput, limitExceeded } from './operation.ts';
import { requiredText, structureList, textList } from './query-input.ts';
import type { Tag } from './state.ts';

const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const shown = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
const maximum = 50;

/** `Tags` of a call. */
export function readTags(input: Input): readonly Tag[] {
  const tags = structureList(input, 'Tags').map((tag) => ({
    key: requiredText(tag, 'Key', { minimum: 1, maximum: 128, pattern: characters, shown }),
    value: requiredText(tag, 'Value', { maximum: 256, pattern: characters, shown }),
  }));
  const seen = new Set<string>();
  for (const { key } of tags) {
    if (seen.has(key.toLowerCase())) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(key.toLowerCase());
    if (/^aws:/i.test(key)) throw invalidInput("Tag keys must not start with the reserved prefix 'aws:'.");
  }
  checkCount(tags);
  return tags;
}

export function readTagKeys(input: Input): readonly string[] {
  return textList(input, 'TagKeys');
}

/** A key that differs in case only is the same key, and takes the new spelling. */
export function withTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const names = new Set(added.map(({ key }) => key.toLowerCase()));
  const all = [...tags.filter(({ key }) => !names.has(key.toLowerCase())), ...added];
  checkCount(all);
  return all;
}

export function withoutTags(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const names = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter(({ key }) => !names.has(key.toLowerCase()));
}

export function renderTags(tags: readonly Tag[]): readonly Readonly<Record<string, string>>[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

function checkCount(tags: readonly Tag[]): void {
  if (tags.length > maximum) throw limitExceeded('The number of tags has reached the maximum limit.');
}
