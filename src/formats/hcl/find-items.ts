/** Looks up attributes and blocks by name. */
import type { HclAttribute, HclBlock, HclBody } from './syntax.ts';

/** The attribute of that name directly in `body`; the first one where a broken file sets it twice. */
export function findAttribute(body: HclBody, name: string): HclAttribute | undefined {
  return body.items.find((item): item is HclAttribute => item.kind === 'attribute' && item.name === name);
}

/** Blocks of a type directly in `body` whose first labels are those given: `findBlocks(body, 'provider', 'aws')`. */
export function findBlocks(body: HclBody, type: string, ...labels: readonly string[]): HclBlock[] {
  return body.items.filter(
    (item): item is HclBlock =>
      item.kind === 'block' &&
      item.type === type &&
      labels.every((label, index) => item.labels[index]?.value === label),
  );
}
