import { describe, expect, it, test } from 'vitest';
import { admitsOnlyBefore, admitsOnlyFrom, boundsOf, isBefore } from './version-constraint.ts';

describe('boundsOf', () => {
  it.each([
    ['>= 1.6', [1, 6, 0], undefined],
    ['>= 1.3, < 2.0.0', [1, 3, 0], [2, 0, 0]],
    ['~> 1.6', [1, 6, 0], [2, 0, 0]],
    ['~> 1.5.0', [1, 5, 0], [1, 6, 0]],
    ['1.9.8', [1, 9, 8], [1, 9, 9]],
    ['> 1.10.0', [1, 10, 1], undefined],
    ['<= 1.5.7', [0, 0, 0], [1, 5, 8]],
    ['!= 1.10.0', [0, 0, 0], undefined],
    ['', [0, 0, 0], undefined],
  ])('reads %j', (constraint, oldest, below) => {
    expect(boundsOf(constraint)).toEqual({ oldest, below });
  });

  it('compares versions by number, not by text', () => {
    expect(isBefore([1, 9, 8], [1, 10, 1])).toBe(true);
    expect(isBefore([1, 10, 1], [1, 10, 1])).toBe(false);
  });
});

test.each([
  ['~> 1.5.0', true],
  ['~> 1.5', false],
  ['~> 0.14', true],
  ['< 1.6', true],
  ['< 1.6.0', true],
  ['< 1.6.2', false],
  ['>= 1.3, < 1.6', true],
  ['>= 1.3', false],
  ['1.5.7', true],
  ['= 1.6.0', false],
  ['', false],
])('%j admits only versions before 1.6: %j', (constraint, expected) => {
  expect(admitsOnlyBefore(boundsOf(constraint), [1, 6, 0])).toBe(expected);
});

test.each([
  ['>= 1.10', true],
  ['>= 1.11.4, < 2', true],
  ['~> 1.10.0', true],
  ['1.12.1', true],
  ['>= 1.3', false],
  ['< 2', false],
  ['', false],
])('%j admits only versions from 1.10: %j', (constraint, expected) => {
  expect(admitsOnlyFrom(boundsOf(constraint), [1, 10, 0])).toBe(expected);
});
