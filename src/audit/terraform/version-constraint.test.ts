import { expect, test } from 'vitest';
import { admitsOnlyBelow, admitsOnlyFrom } from './version-constraint.ts';

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
])('%j admits only versions below 1.6: %j', (constraint, expected) => {
  expect(admitsOnlyBelow(constraint, [1, 6])).toBe(expected);
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
  expect(admitsOnlyFrom(constraint, [1, 10])).toBe(expected);
});
