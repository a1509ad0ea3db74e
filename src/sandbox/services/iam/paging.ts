/** `MaxItems` and `Marker` in, `IsTruncated` and `Marker` out: the pages of all IAM lists. */
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';
import { optionalInteger, optionalText } from './query-input.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly more: Readonly<Record<string, unknown>>;
}

/** The page of `items` that the call asks for, in the order of their keys; a marker stays good when others come and go. */
export function page<Item>(input: Input, items: Iterable<Item>, keyOf: (item: Item) => string): Page<Item> {
  const maximum = optionalInteger(input, 'MaxItems', 1, 1000) ?? 100;
  const marker = optionalText(input, 'Marker', { minimum: 1 });
  const after = marker === undefined ? undefined : readMarker(marker);
  const sorted = [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shown = sorted.slice(0, maximum);
  const last = shown.at(-1);
  const truncated = sorted.length > shown.length && last !== undefined;
  return {
    items: shown.map(({ item }) => item),
    more: { IsTruncated: truncated, ...(truncated ? { Marker: writeMarker(last.key) } : {}) },
  };
}

function writeMarker(key: string): string {
  return Buffer.from(`after:${key}`).toString('base64');
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString();
  if (!text.startsWith('after:')) throw new AwsError('ValidationError', 'Invalid Marker.');
  return text.slice('after:'.length);
}
