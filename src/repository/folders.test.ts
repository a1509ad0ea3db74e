import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { foldersUpwards, relativeFolder } from './folders.ts';

test.each([
  ['', ['']],
  ['a', ['a', '']],
  ['a/b/c', ['a/b/c', 'a/b', 'a', '']],
])('from %j upwards are %j', (directory, expected) => {
  expect(foldersUpwards(directory)).toEqual(expected);
});

describe('the folder of a relative path', () => {
  test.each([
    ['stacks/a', '../../modules/m', 'modules/m'],
    ['', './m', 'm'],
    ['a', './', 'a'],
    ['a', '../..', undefined],
    ['a', 'acme/m/aws', undefined],
    ['a', 'git::https://example.com/m.git', undefined],
  ])('from %j, %j is %j', (from, path, expected) => {
    expect(relativeFolder(from, path)).toBe(expected);
  });

  it('never has a step up left in it', () => {
    const segment = fc.constantFrom('..', '.', 'a', 'b', '');
    fc.assert(
      fc.property(fc.array(segment), fc.array(fc.constantFrom('x', 'y')), (steps, from) => {
        const found = relativeFolder(from.join('/'), `./${steps.join('/')}`);
        expect(found?.split('/') ?? []).not.toContain('..');
      }),
    );
  });
});
