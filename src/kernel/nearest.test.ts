import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const words = ['audit', 'completion', 'explain', 'init', 'migrate', 'status'];

describe('the nearest word', () => {
  it.each([
    ['adit', 'audit'],
    ['AUDIT', 'audit'],
    ['migrat', 'migrate'],
    ['mgirate', 'migrate'],
    ['statsu', 'status'],
    ['explian', 'explain'],
    ['completoin', 'completion'],
  ])('to %s is %s', (typed, meant) => expect(nearest(typed, words)).toBe(meant));

  it.each(['deploy', 'x', '', 'terraform'])('to %j is none', (typed) => expect(nearest(typed, words)).toBeUndefined());

  it('is the first of those that are equally near', () => {
    expect(nearest('P9', ['P1', 'P2'])).toBe('P1');
    expect(nearest('anything', [])).toBeUndefined();
  });
});
