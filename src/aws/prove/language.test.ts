import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Language } from './language.ts';
import { noVariables, wildcardLanguage } from './pattern-language.ts';
import { Undecidable } from './undecidable.ts';

/** The definition of a pattern, written down as a naive matcher. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1));
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 7 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });
const like = (text: string): Language => wildcardLanguage(text, noVariables);

describe('Language', () => {
  it('holds what a pattern matches, and so do its combinations', () => {
    fc.assert(
      fc.property(pattern, pattern, word, (first, second, text) => {
        const [a, b] = [matches(first, text), matches(second, text)];
        expect(like(first).includes(text)).toBe(a);
        expect(like(first).and(like(second)).includes(text)).toBe(a && b);
        expect(like(first).or(like(second)).includes(text)).toBe(a || b);
        expect(like(first).minus(like(second)).includes(text)).toBe(a && !b);
      }),
    );
  });

  it('is empty exactly when there is no shortest word, which is a member', () => {
    fc.assert(
      fc.property(pattern, pattern, (first, second) => {
        const left = like(first).minus(like(second));
        const shortest = left.shortest();
        expect(shortest === undefined).toBe(left.isEmpty);
        if (shortest !== undefined) expect(matches(first, shortest) && !matches(second, shortest)).toBe(true);
      }),
    );
  });

  it('knows when one pattern covers another', () => {
    expect(like('repo:acme/*').isSubsetOf(like('repo:acme*'))).toBe(true);
    expect(like('repo:acme*').isSubsetOf(like('repo:acme/*'))).toBe(false);
    expect(like('repo:acme*').minus(like('repo:acme/*')).shortest()).toBe('repo:acme');
    expect(like('a**b').equals(like('a*b'))).toBe(true);
  });

  it('takes a composed text apart into its free pieces', () => {
    const name = Language.sequence([
      { ranges: [[0x61, 0x7a]], star: false },
      { ranges: [[0x61, 0x7a]], star: true },
    ]);
    const alternatives = like('repo:acme*/infra:*').decompose(['repo:', name, '/', name, ':pull_request']);
    const holds = (owner: string, repository: string): boolean =>
      alternatives.some(([a, b]) => a?.includes(owner) && b?.includes(repository));
    expect(holds('acme', 'infra')).toBe(true);
    expect(holds('acmeevil', 'infra')).toBe(true);
    expect(holds('acme', 'infrared')).toBe(false);
    expect(holds('other', 'infra')).toBe(false);
  });

  it('takes apart without losing or adding a text', () => {
    const free = like('*');
    fc.assert(
      fc.property(pattern, word, word, (text, first, second) => {
        const alternatives = like(text).decompose([free, '/', free]);
        const held = alternatives.some(([a, b]) => a?.includes(first) && b?.includes(second));
        expect(held).toBe(matches(text, `${first}/${second}`));
      }),
    );
  });
});

describe('patterns with too many combinations', () => {
  /** Texts with `letter` at the `behind`th place from their end. */
  const withAt = (letter: string, behind: number): Language => like(`*${letter}${'?'.repeat(behind)}`);

  it('are refused where they stand and where two meet, before they take the memory', () => {
    const [one, other] = [withAt('a', 10), withAt('b', 10)];
    expect([one.includes(`a${'x'.repeat(10)}`), one.includes(`a${'x'.repeat(11)}`)]).toEqual([true, false]);
    expect(() => withAt('a', 40)).toThrow(Undecidable);
    expect(() => one.and(other)).toThrow(Undecidable);
  });
});
