import { describe, expect, it, test } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { moduleCode } from './module-code.ts';
import { possibleStrings, possibleTexts } from './possible-strings.ts';

/** What `local.it` of the root module can be. */
function valuesOfIt(files: Readonly<Record<string, string>>, directory = ''): readonly string[] {
  const module = moduleOf(files, directory);
  const value = module.locals.get('it')?.[0];
  if (value === undefined) throw new RangeError('no local.it');
  return possibleStrings(value.node, module, value.file.text).map(({ text }) => text);
}

function moduleOf(files: Readonly<Record<string, string>>, directory = '') {
  return moduleCode(new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text))), directory);
}

const accounts = 'locals {\n  accounts = { dev = "222233334444", live = { id = "333344445555" } }\n}\n';

test.each([
  ['a literal', '"a"', ['a']],
  ['a number', '222233334444', ['222233334444']],
  ['a local', 'local.accounts.dev', ['222233334444']],
  ['a member by index', 'local.accounts["live"].id', ['333344445555']],
  ['a whole map by workspace', '{ a = "1", b = "2" }[terraform.workspace]', ['1', '2']],
  ['a lookup with its default', 'lookup({ a = "1", b = "2" }, terraform.workspace, "3")', ['1', '2', '3']],
  ['a lookup of one key', 'lookup({ a = "1", b = "2" }, "b")', ['2']],
  ['both branches', 'var.ci ? "a" : "b"', ['a', 'b']],
  ['coalesce', 'coalesce("a", local.accounts.dev)', ['a', '222233334444']],
  ['merge', 'merge({ k = "a" }, { k = "b" })["k"]', ['a', 'b']],
  ['a template', `"arn:aws:iam::\${local.accounts.dev}:role/d"`, ['arn:aws:iam::222233334444:role/d']],
  ['format', 'format("arn:%s:iam::%s:role/d", "aws-cn", local.accounts.dev)', ['arn:aws-cn:iam::222233334444:role/d']],
  ['one element', 'element(["a", "b"], 0)', ['a', 'b']],
  ['a fixed element', '["a", "b"][1]', ['b']],
  ['what nobody knows, as written', 'data.aws_caller_identity.me.arn', [`\${data.aws_caller_identity.me.arn}`]],
  [
    'unknown parts, as written',
    `"arn:\${data.aws_partition.me.partition}:iam"`,
    [`arn:\${data.aws_partition.me.partition}:iam`],
  ],
])('finds %s', (_, expression, expected) => {
  expect(valuesOfIt({ 'main.tf': `${accounts}locals {\n  it = ${expression}\n}\n` })).toEqual(expected);
});

describe('variables', () => {
  const role = { 'main.tf': 'variable "role" {\n  default = "a"\n}\nlocals {\n  it = var.role\n}\n' };

  it('have their default and every value that tfvars give them, in the folder and below it', () => {
    expect(
      valuesOfIt({
        ...role,
        'live.tfvars': 'role = "b"\n',
        'env/dev.tfvars.json': '{"role": "c"}',
        'other.txt': 'role = "d"\n',
      }),
    ).toEqual(['a', 'b', 'c']);
  });

  it('have what the modules that call this one hand in, read with the names of the caller', () => {
    const files = {
      'main.tf': 'locals {\n  r = "outer"\n}\nmodule "m" {\n  source = "./m"\n  role   = local.r\n}\n',
      'm/main.tf': 'variable "role" {}\nlocals {\n  r  = "inner"\n  it = var.role\n}\n',
    };
    expect(valuesOfIt(files, 'm')).toEqual(['outer']);
  });
});

it('puts what it knows for certain first', () => {
  const module = moduleOf({ 'main.tf': 'locals {\n  it = coalesce(data.x.y.z, "a")\n}\n' });
  const value = module.locals.get('it')?.[0];
  expect(value && possibleStrings(value.node, module, value.file.text)).toEqual([
    { text: 'a', complete: true },
    { text: `\${data.x.y.z}`, complete: false },
  ]);
});

it('shows an expression without the marks of a template', () => {
  const module = moduleOf({ 'main.tf': 'locals {\n  it = aws_iam_user.deployment.arn\n}\n' });
  const value = module.locals.get('it')?.[0];
  expect(value && possibleTexts(value.node, module, value.file.text)).toEqual(['aws_iam_user.deployment.arn']);
});

it('comes to an end on names that lead back to themselves', () => {
  expect(valuesOfIt({ 'main.tf': `locals {\n  a = local.it\n  it = "x\${local.a}"\n}\n` })).not.toEqual([]);
});

it('stops at a bounded number of combinations', () => {
  const map = `{ ${Array.from({ length: 20 }, (_, index) => `k${index} = "${index}"`).join(', ')} }`;
  const found = valuesOfIt({
    'main.tf': `locals {\n  m  = ${map}\n  it = "\${local.m[var.a]}-\${local.m[var.b]}-\${local.m[var.c]}"\n}\n`,
  });
  expect(found).toHaveLength(64);
});
