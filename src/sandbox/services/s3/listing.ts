/** One page of a list of keys: a walk along their order that jumps over what a delimiter rolls up. */
import { compareKeys } from './key-order.ts';
import type { KeyPosition, ObjectStore } from './state.ts';

export interface ListingOptions {
  readonly prefix: string;
  /** `''` for none. */
  readonly delimiter: string;
  readonly from: KeyPosition;
  readonly limit: number;
}

export interface Page<Entry> {
  readonly entries: readonly (Entry | { readonly commonPrefix: string })[];
  /** Where the next page begins; `undefined` when this is the last. */
  readonly next: KeyPosition | undefined;
}

/** Keys of objects that are there. */
export function listKeys(objects: ObjectStore, options: ListingOptions): Page<{ readonly key: string }> {
  const { prefix, delimiter, limit } = options;
  const entries: ({ readonly key: string } | { readonly commonPrefix: string })[] = [];
  let from = startOf(options);
  let next: KeyPosition | undefined;
  for (;;) {
    let rolledUp: string | undefined;
    for (const key of objects.keysFrom(from, 'live')) {
      if (!key.startsWith(prefix)) return { entries, next: undefined };
      if (entries.length >= limit) return { entries, next };
      rolledUp = commonPrefixOf(key, prefix, delimiter);
      if (rolledUp !== undefined) break;
      entries.push({ key });
      next = { after: key };
    }
    if (rolledUp === undefined) return { entries, next: undefined };
    entries.push({ commonPrefix: rolledUp });
    next = { afterPrefix: rolledUp };
    from = next;
  }
}

/** The part of the key up to the first delimiter behind the prefix. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

/** Not before the prefix. */
export function startOf({ prefix, from }: Pick<ListingOptions, 'prefix' | 'from'>): KeyPosition {
  const at = 'at' in from ? from.at : 'after' in from ? from.after : from.afterPrefix;
  return compareKeys(at, prefix) < 0 && !('afterPrefix' in from && prefix.startsWith(at)) ? { at: prefix } : from;
}

/** A position as an opaque token, and back; `undefined` for what is none. */
export function encodePosition(position: KeyPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64');
}

export function decodePosition(token: string): KeyPosition | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    if (typeof value !== 'object' || value === null) return undefined;
    if ('after' in value && typeof value.after === 'string') return { after: value.after };
    if ('afterPrefix' in value && typeof value.afterPrefix === 'string') return { afterPrefix: value.afterPrefix };
    return undefined;
  } catch {
    return undefined;
  }
}
