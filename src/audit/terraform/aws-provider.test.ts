import { describe, expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { awsProviders } from './aws-provider.ts';

function providersOf(path: string, files: Readonly<Record<string, string>>) {
  const repository = new Repository(Object.entries(files).map(([each, text]) => new SourceFile(each, text)));
  return awsProviders(repository.file(path) as SourceFile, repository);
}

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
