import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNumbers, compareNumbers, normalizeNumber } from './number.ts';

const integer = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe('numbers', () => {
  it.each([
    ['1.0', '1'],
    ['-0', '0'],
    ['00.50', '0.5'],
    ['1e3', '1000'],
    ['-12.5E-3', '-0.0125'],
    ['1e-130', `0.${'0'.repeat(129)}1`],
  ])('%s is kept as %s', (text, kept) => expect(normalizeNumber(text)).toBe(kept));

  it.each(['', 'x', '1e', '--1', '1e126', '1e-131', '1'.repeat(39), 'NaN', '.'])('refuses %j', (text) => {
    expect(() => normalizeNumber(text)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });

  it('compare and add like the integers they are', () => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(compareNumbers(`${a}`, `${b}`)).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(addNumbers(`${a}`, `${b}`)).toBe(`${a + b}`);
        expect(addNumbers(`${a}e-5`, `${b}e-5`, -1n)).toBe(normalizeNumber(`${a - b}e-5`));
      }),
      { numRuns: 100 },
    );
  });
});
