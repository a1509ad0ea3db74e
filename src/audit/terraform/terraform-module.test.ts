import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { awsProviders } from './aws-provider.ts';
import { isOverrideFile, localModuleDirectory } from './terraform-module.ts';

function providersOf(path: string, files: Readonly<Record<string, string>>) {
  const repository = new Repository(Object.entries(files).map(([each, text]) => new SourceFile(each, text)));
  return awsProviders(repository.file(path) as SourceFile, repository);
}

test.each([
  ['override.tf', true],
  ['a/override.tf.json', true],
  ['live_override.tf', true],
  ['override.tofu', true],
  ['overrides.tf', false],
  ['my-override.tf', false],
])('%s is an override file: %j', (path, expected) => {
  expect(isOverrideFile(path)).toBe(expected);
});

describe('a provider with an override file', () => {
  const files = {
    'main.tf': 'provider "aws" {\n  access_key = "a"\n}\nprovider "aws" {\n  alias = "b"\n}\n',
    'override.tf': 'provider "aws" {\n  secret_key = "s"\n}\nprovider "aws" {\n  alias   = "b"\n  profile = "p"\n}\n',
  };

  it('has the arguments of both in force', () => {
    const [plain, aliased] = providersOf('main.tf', files);
    expect(plain?.effective.keys.map(({ part }) => part)).toEqual(['keyId', 'secret']);
    expect(plain?.own.keys.map(({ part }) => part)).toEqual(['keyId']);
    expect(aliased?.effective.profile?.name).toBe('profile');
  });

  it('is one place for a credential, wherever its halves stand', () => {
    expect(providersOf('override.tf', files)[0]?.slot).toBe(providersOf('main.tf', files)[0]?.slot);
    expect(providersOf('main.tf', files)[0]?.slot).not.toBe(providersOf('main.tf', files)[1]?.slot);
  });
});

describe('the folder of a module source', () => {
  test.each([
    ['stacks/a', '../../modules/m', 'modules/m'],
    ['', './m', 'm'],
    ['a', './', 'a'],
    ['a', '../..', undefined],
    ['a', 'acme/m/aws', undefined],
    ['a', 'git::https://example.com/m.git', undefined],
  ])('from %j, %j is %j', (directory, source, expected) => {
    expect(localModuleDirectory(directory, source)).toBe(expected);
  });

  it('never has a step up left in it', () => {
    const segment = fc.constantFrom('..', '.', 'a', 'b', '');
    fc.assert(
      fc.property(fc.array(segment), fc.array(fc.constantFrom('x', 'y')), (steps, folder) => {
        const found = localModuleDirectory(folder.join('/'), `./${steps.join('/')}`);
        expect(found?.split('/') ?? []).not.toContain('..');
      }),
    );
  });
});
