import { expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { valueDefinitions } from './value-definitions.ts';

/** Names with where their value comes from, of one file. */
function definitions(path: string, files: Readonly<Record<string, string>>): readonly string[] {
  const repository = new Repository(Object.entries(files).map(([each, text]) => new SourceFile(each, text)));
  const file = repository.file(path);
  return file === undefined
    ? []
    : valueDefinitions(file, repository).map(
        ({ name, source }) => `${name} ← ${source.kind === 'name' ? source.name : source.value.reveal()}`,
      );
}

it('follows defaults and locals, whatever they are called', () => {
  const text = `variable "a" {\n  default = "1"\n}\nlocals {\n  b = var.a\n  c = "\${local.b}"\n  d = file("x")\n}\n`;
  expect(definitions('s/main.tf', { 's/main.tf': text })).toEqual([
    'tf:s#var.a ← 1',
    'tf:s#local.b ← tf:s#var.a',
    'tf:s#local.c ← tf:s#local.b',
  ]);
});

it('names the members of objects by their path', () => {
  const text = 'locals {\n  aws = { keys = { id = "1", secret = var.s } }\n}\n';
  expect(definitions('main.tf', { 'main.tf': text })).toEqual([
    'tf:#local.aws.keys.id ← 1',
    'tf:#local.aws.keys.secret ← tf:#var.s',
  ]);
});

it('takes every key of a map that is looked up by workspace', () => {
  const text = 'locals {\n  keys = { dev = "1", live = "2" }\n  it   = local.keys[terraform.workspace]\n}\n';
  expect(definitions('main.tf', { 'main.tf': text })).toContain('tf:#local.it ← tf:#local.keys.dev');
  expect(definitions('main.tf', { 'main.tf': text })).toContain('tf:#local.it ← tf:#local.keys.live');
});

it('gives a tfvars line to the module that declares the variable, in its folder, above it, or elsewhere', () => {
  const files = {
    'a/main.tf': 'variable "k" {}\n',
    'a/env/live.tfvars': 'k = "1"\n',
    'vars/dev.tfvars': 'k = "2"\n',
    'vars/none.tfvars': 'nobody = "3"\n',
  };
  expect(definitions('a/env/live.tfvars', files)).toEqual(['tf:a#var.k ← 1']);
  expect(definitions('vars/dev.tfvars', files)).toEqual(['tf:a#var.k ← 2']);
  expect(definitions('vars/none.tfvars', files)).toEqual(['tf:vars#var.nobody ← 3']);
});

it('carries arguments into modules of the tree, and not into others', () => {
  const files = {
    'live/main.tf':
      'module "m" {\n  source = "../modules/m"\n  key    = var.k\n}\nmodule "r" {\n  source = "acme/r/aws"\n  key    = var.k\n}\n',
    'modules/m/main.tf': 'variable "key" {}\n',
  };
  expect(definitions('live/main.tf', files)).toContain('tf:modules/m#var.key ← tf:live#var.k');
  expect(definitions('live/main.tf', files).filter((each) => each.includes('acme'))).toEqual([]);
});

it('gives the variables of tests to the module they test', () => {
  const files = { 'm/main.tf': 'variable "k" {}\n', 'm/tests/a.tftest.hcl': 'variables {\n  k = "1"\n}\n' };
  expect(definitions('m/tests/a.tftest.hcl', files)).toEqual(['tf:m#var.k ← 1']);
});
