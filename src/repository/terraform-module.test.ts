import { describe, expect, it } from 'vitest';
import { staticString } from '../formats/hcl/index.ts';
import { Repository } from './repository.ts';
import { SourceFile } from './source-file.ts';
import {
  attributeOf,
  blocksOf,
  isOverrideFile,
  rootModules,
  terraformModule,
  terraformModules,
} from './terraform-module.ts';

function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
}

function moduleOf(files: Readonly<Record<string, string>>) {
  const module = terraformModule(repositoryOf(files), '');
  if (module === undefined) throw new TypeError('no Terraform in the root');
  return module;
}

describe('terraformModule', () => {
  it('collects the blocks of every file of a folder, JSON included', () => {
    const module = moduleOf({
      'main.tf': 'locals { a = 1 }\nvariable "b" {}\n',
      'more.tf.json': '{"provider": {"aws": {"region": "eu-west-1"}}}',
      'sub/main.tf': 'locals { elsewhere = 1 }\n',
      'a.tftest.hcl': 'variables { no = 1 }\n',
    });
    expect([...module.locals.keys()]).toEqual(['a']);
    expect([...module.variables.keys()]).toEqual(['b']);
    expect(module.providers.map(({ name }) => name)).toEqual(['aws']);
  });

  it('knows a provider by its alias', () => {
    const { providers } = moduleOf({ 'main.tf': 'provider "aws" {}\nprovider "aws" {\n  alias = "live"\n}\n' });
    expect(providers.map(({ alias }) => alias)).toEqual([undefined, 'live']);
  });

  describe('override files', () => {
    const module = moduleOf({
      'main.tf': `terraform {
  required_version = ">= 1.9"
  backend "s3" {
    bucket  = "base"
    encrypt = true
  }
}
locals { name = "base" }
provider "aws" {
  region  = "eu-west-1"
  profile = "base"
  assume_role { role_arn = "base" }
}
`,
      'a_override.tf': `terraform {
  required_version = ">= 1.11"
  backend "s3" { bucket = "override" }
}
locals { name = "override" }
provider "aws" {
  profile = "override"
  assume_role { role_arn = "override" }
}
`,
    });
    const provider = module.providers[0];
    const text = (name: string) => {
      const attribute = provider && attributeOf(provider, name);
      return attribute && staticString(attribute.node.expression);
    };

    it('replace arguments one by one and keep the others', () => {
      expect(module.providers).toHaveLength(1);
      expect([text('region'), text('profile')]).toEqual(['eu-west-1', 'override']);
    });

    it('replace nested blocks of a type whole', () => {
      expect(provider && blocksOf(provider, 'assume_role').map(({ file }) => file.path)).toEqual(['a_override.tf']);
    });

    it('replace a backend whole, so that none of its arguments survive', () => {
      expect(module.backend && attributeOf(module.backend, 'encrypt')).toBeUndefined();
      expect(module.backend?.file.path).toBe('a_override.tf');
    });

    it('replace locals and version constraints', () => {
      expect(module.locals.get('name')?.file.path).toBe('a_override.tf');
      expect(module.requiredVersions.map(({ file }) => file.path)).toEqual(['a_override.tf']);
    });
  });

  it('has no backend when an override moves the state to HCP', () => {
    const module = moduleOf({
      'main.tf': 'terraform {\n  backend "s3" {}\n}\n',
      'override.tf': 'terraform {\n  cloud {}\n}\n',
    });
    expect(module.backend).toBeUndefined();
    expect(module.cloud?.file.path).toBe('override.tf');
  });

  it('resolves the folders of local module calls, and of no others', () => {
    const repository = repositoryOf({
      'stacks/a/main.tf':
        'module "in" { source = "../../modules/x" }\nmodule "out" { source = "../../../y" }\nmodule "far" { source = "s3::https://b/z.zip" }\n',
    });
    const calls = terraformModule(repository, 'stacks/a')?.calls.map(({ name, directory }) => [name, directory]);
    expect(calls).toEqual([
      ['in', 'modules/x'],
      ['out', undefined],
      ['far', undefined],
    ]);
  });

  it('gives variable files to the nearest module upwards, automatic ones in the order Terraform reads them', () => {
    const repository = repositoryOf({
      'stack/main.tf': 'variable "a" {}\n',
      'stack/b.auto.tfvars': 'a = 3\n',
      'stack/a.auto.tfvars': 'a = 2\n',
      'stack/terraform.tfvars': 'a = 1\n',
      'stack/env/dev.tfvars': 'a = 4\n',
      'stack/env/live/terraform.tfvars': 'a = 5\n',
      'elsewhere/x.tfvars': 'a = 6\n',
    });
    const files = terraformModule(repository, 'stack')?.variableFiles;
    expect(files?.map(({ file, automatic, workspaces }) => [file.path, automatic, workspaces])).toEqual([
      ['stack/terraform.tfvars', true, []],
      ['stack/a.auto.tfvars', true, []],
      ['stack/b.auto.tfvars', true, []],
      ['stack/env/dev.tfvars', false, ['dev', 'env']],
      ['stack/env/live/terraform.tfvars', false, ['terraform', 'live']],
    ]);
  });

  it('reads on past a block that is broken', () => {
    const module = moduleOf({ 'main.tf': 'locals {\n  a = = 1\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n' });
    expect(module.providers).toHaveLength(1);
  });
});

describe('rootModules', () => {
  it('are those with a backend, a lock file or a configured provider that nobody here calls', () => {
    const repository = repositoryOf({
      'backend/main.tf': 'terraform {\n  backend "s3" {}\n}\n',
      'provider/main.tf': 'provider "aws" { region = "eu-west-1" }\nmodule "m" { source = "../called" }\n',
      'called/main.tf': 'provider "aws" { region = "eu-west-1" }\n',
      'locked/main.tf': 'resource "null_resource" "a" {}\n',
      'locked/.terraform.lock.hcl': '',
      'library/main.tf': 'provider "aws" {\n  alias = "other"\n}\nvariable "a" {}\n',
    });
    expect(rootModules(repository).map(({ directory }) => directory)).toEqual(['backend', 'locked', 'provider']);
    expect(terraformModules(repository)).toHaveLength(5);
  });
});

it.each([
  ['override.tf', true],
  ['a/override.tf.json', true],
  ['live_override.tf', true],
  ['override.tofu', true],
  ['overrides.tf', false],
  ['my-override.tf', false],
])('%s is an override file: %j', (path, expected) => {
  expect(isOverrideFile(path)).toBe(expected);
});
