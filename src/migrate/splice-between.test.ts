import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../formats/edit.ts';
import { spliceBetween } from './splice-between.ts';

describe('spliceBetween', () => {
  it('turns any text into any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (from, to) => {
        expect(applyEdits(from, [spliceBetween(from, to)])).toBe(to);
      }),
    );
  });

  it('touches nothing outside the difference', () => {
    expect(spliceBetween('a = 1\nb = 2\n', 'a = 1\nb = 3\n')).toEqual({ start: 10, end: 11, text: '3' });
  });

  it('does not let a repeated character count twice', () => {
    expect(spliceBetween('aa', 'aaa')).toEqual({ start: 2, end: 2, text: 'a' });
    expect(spliceBetween('aaa', 'aa')).toEqual({ start: 2, end: 3, text: '' });
  });
});
