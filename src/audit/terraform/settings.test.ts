import { expect, test } from 'vitest';
import { SourceFile } from '../../repository/index.ts';
import { configurationBlocks } from './configuration-block.ts';
import { plainString } from './expression.ts';

/** The `role_arn` of every `assume_role` group of the one provider in a file. */
function roles(path: string, text: string): readonly (string | undefined)[] {
  const [block] = configurationBlocks(new SourceFile(path, text));
  return (block?.settings.nested('assume_role') ?? []).map((group) => {
    const arn = group.get('role_arn')?.value;
    return arn === undefined ? undefined : plainString(arn);
  });
}

test.each([
  ['a block', 'main.tf', 'provider "aws" {\n  assume_role {\n    role_arn = "a"\n  }\n}\n', ['a']],
  ['a one-line block', 'main.tf', 'provider "aws" {\n  assume_role { role_arn = "a" }\n}\n', ['a']],
  [
    'a chain of blocks',
    'main.tf',
    'provider "aws" {\n  assume_role { role_arn = "a" }\n  assume_role { role_arn = "b" }\n}\n',
    ['a', 'b'],
  ],
  ['an object', 'main.tf', 'provider "awscc" {\n  assume_role = { role_arn = "a" }\n}\n', ['a']],
  [
    'a list of objects',
    'main.tf',
    'provider "x" {\n  assume_role = [{ role_arn = "a" }, { "role_arn" : "b" }]\n}\n',
    ['a', 'b'],
  ],
  [
    'both branches',
    'main.tf',
    'provider "x" {\n  assume_role = var.ci ? { role_arn = "a" } : { role_arn = "b" }\n}\n',
    ['a', 'b'],
  ],
  [
    'a dynamic block',
    'main.tf',
    'provider "aws" {\n  dynamic "assume_role" {\n    for_each = [1]\n    content {\n      role_arn = "a"\n    }\n  }\n}\n',
    ['a'],
  ],
  ['a JSON object', 'main.tf.json', '{"provider": {"aws": {"assume_role": {"role_arn": "a"}}}}', ['a']],
  [
    'a JSON list',
    'main.tf.json',
    '{"provider": {"aws": [{"assume_role": [{"role_arn": "a"}, {"role_arn": "b"}]}]}}',
    ['a', 'b'],
  ],
  ['null', 'main.tf', 'provider "aws" {\n  assume_role = null\n}\n', []],
])('reads %s', (_, path, text, expected) => {
  expect(roles(path, text)).toEqual(expected);
});

test('an argument that is null is absent, as it is for Terraform', () => {
  const [block] = configurationBlocks(new SourceFile('main.tf', 'provider "aws" {\n  profile = null\n}\n'));
  expect(block?.settings.get('profile')).toBeUndefined();
  expect(block?.settings.has('profile')).toBe(false);
});

test('reads the provider that Terragrunt generates, at the offsets it has in the file', () => {
  const text = `locals {\n  a = "\${get_env("X")}"\n}\ngenerate "provider" {\n  contents = <<-EOF\n    provider "aws" {\n      profile = "$\${var.profile}"\n    }\n  EOF\n}\n`;
  const block = configurationBlocks(new SourceFile('terragrunt.hcl', text)).find(({ generated }) => generated);
  expect(block?.labels).toEqual(['aws']);
  expect(text.slice(block?.start, (block?.start ?? 0) + 14)).toBe('provider "aws"');
  expect(block?.settings.get('profile')?.value).toMatchObject({ parts: [{ kind: 'interpolation' }] });
});
