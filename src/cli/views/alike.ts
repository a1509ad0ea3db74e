/** Findings of a rehearsal that differ in their subject only, told as one. */

export interface Alike<Item> {
  /** The first of them, in order. */
  readonly item: Item;
  /** `a, b, c and 55 more`; one that comes twice is `a (2 times)`. */
  readonly what: string;
}

const mostNamed = 3;

/** @param sameness what two of them have in common */
export function alike<Item extends { readonly what: string }>(
  items: readonly Item[],
  sameness: (item: Item) => readonly unknown[],
): readonly Alike<Item>[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(sameness(item)));
  return [...groups.values()].map((group) => ({
    item: group[0] as Item,
    what: namesOf(group.map(({ what }) => what)),
  }));
}

function namesOf(subjects: readonly string[]): string {
  const times = Map.groupBy(subjects, (subject) => subject);
  const names = [...times].map(([subject, { length }]) => (length === 1 ? subject : `${subject} (${length} times)`));
  // One more takes no more room than saying so.
  if (names.length <= mostNamed + 1) return names.join(', ');
  return `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`;
}
