/** `1 stack`, `3 stacks`: nouns whose plural is an `s`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
