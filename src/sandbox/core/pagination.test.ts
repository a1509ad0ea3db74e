import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paginate } from './pagination.ts';

const invalid = (): Error => new Error('invalid token');

test('the pages of a list are the list, none empty and none too long', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (items, size) => {
      const seen: number[] = [];
      let token: string | undefined;
      do {
        const page = paginate(items, size, token, invalid);
        if (page.items.length === 0 || page.items.length > size) return false;
        seen.push(...page.items);
        token = page.nextToken;
      } while (token !== undefined);
      return JSON.stringify(seen) === JSON.stringify(items);
    }),
  );
});

test('a token that is none of ours, or beyond the end, is refused', () => {
  for (const token of ['', 'x', Buffer.from('page:-1').toString('base64'), Buffer.from('page:4').toString('base64')]) {
    expect(() => paginate([1, 2, 3], 1, token, invalid)).toThrow('invalid token');
  }
});
