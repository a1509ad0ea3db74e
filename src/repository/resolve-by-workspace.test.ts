// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform, in code under test
import { describe, expect, it } from 'vitest';
import { Repository } from './repository.ts';
import { resolveByWorkspace, resolveText, unknownPart } from './resolve-by-workspace.ts';
import { SourceFile } from './source-file.ts';
import { terraformModule } from './terraform-module.ts';

/** The local `it` of a module in a workspace. */
function resolveIt(code: string, workspace: string | undefined, files: Readonly<Record<string, string>> = {}) {
  const all = { 'main.tf': code, ...files };
  const repository = new Repository(Object.entries(all).map(([path, text]) => new SourceFile(path, text)));
  const module = terraformModule(repository, '');
  const it = module?.locals.get('it');
  if (module === undefined || it === undefined) throw new TypeError('the code has no local `it`');
  return {
    text: resolveText(it, module, workspace)?.text,
    place: resolveText(it, module, workspace)?.place,
    value: resolveByWorkspace(it, module, workspace),
    partial: resolveText(it, module, workspace, { partial: true })?.text,
  };
}

const accounts = `accounts = {
    dev       = "222233334444"
    live      = "333344445555"
    "live-eu" = "333344445555"
  }`;

describe('what an expression comes to in workspace live', () => {
  it.each([
    ['a literal', 'it = "x"', 'x'],
    ['the workspace itself', 'it = terraform.workspace', 'live'],
    ['a template', 'it = "a-${terraform.workspace}-b"', 'a-live-b'],
    ['a map indexed by it', `${accounts}\n  it = local.accounts[terraform.workspace]`, '333344445555'],
    [
      'a map indexed by a local that is it',
      `${accounts}\n  ws = terraform.workspace\n  it = local.accounts[local.ws]`,
      '333344445555',
    ],
    ['lookup', `${accounts}\n  it = lookup(local.accounts, terraform.workspace)`, '333344445555'],
    ['lookup of what is not there', 'it = lookup({ dev = "a" }, terraform.workspace, "fallback")', 'fallback'],
    ['a nested map', 'all = { live = { id = "1" } }\n  it = local.all[terraform.workspace].id', '1'],
    ['a map written in place', 'it = { live = "a" }[terraform.workspace]', 'a'],
    ['a condition', 'it = terraform.workspace == "dev" ? "a" : "b"', 'b'],
    ['a condition on a list', 'it = contains(["live", "live-eu"], terraform.workspace) ? "a" : "b"', 'a'],
    ['a condition on a prefix', 'it = startswith(terraform.workspace, "live") && true ? "a" : "b"', 'a'],
    ['try that fails', 'm = { dev = "a" }\n  it = try(local.m[terraform.workspace], "b")', 'b'],
    ['try that succeeds', 'm = { live = "a" }\n  it = try(local.m[terraform.workspace], "b")', 'a'],
    ['format', 'it = format("arn:aws:iam::%s:role/%s", "1", terraform.workspace)', 'arn:aws:iam::1:role/live'],
    ['split and element', 'it = element(split("-", "live-eu"), 1)', 'eu'],
    ['join', 'it = join("-", ["a", terraform.workspace])', 'a-live'],
    ['merge, the last one wins', 'it = merge({ live = "a" }, { live = "b" })[terraform.workspace]', 'b'],
    ['a for over a map', 'it = { for k, v in { live = "a" } : k => "${v}!" }[terraform.workspace]', 'a!'],
    ['a for over a list', 'it = join(",", [for x in ["a", "b"] : upper(x) if x != "a"])', 'B'],
    ['a number as a string', 'it = "${3}"', '3'],
    ['a trimmed suffix', 'it = trimsuffix("live-eu", "-eu")', 'live'],
  ])('%s', (_, body, expected) => {
    expect(resolveIt(`locals {\n  ${body}\n}\n`, 'live').text).toBe(expected);
  });
});

describe('what stays unknown', () => {
  it.each([
    ['an attribute of a resource', 'it = aws_vpc.main.id'],
    ['data', 'it = data.aws_caller_identity.current.account_id'],
    ['a variable without a value', 'it = var.nobody'],
    ['a circle', 'a = local.it\n  it = local.a'],
    ['a template with an unknown part', 'it = "x-${var.nobody}"'],
    ['a key the map lacks', 'it = { dev = "a" }[terraform.workspace]'],
    [
      'lookup in a map that holds the key with an unknown value',
      'it = lookup({ live = var.nobody }, terraform.workspace, "b")',
    ],
    ['try of what AWS decides', 'it = try(data.x.y.z, "b")'],
    ['a condition nobody knows', 'it = var.nobody ? "a" : "b"'],
    ['a function of the file system', 'it = file("x")'],
    ['a regular expression', 'it = replace("a", "/a/", "b")'],
  ])('%s', (_, body) => {
    expect(resolveIt(`locals {\n  ${body}\n}\n`, 'live').text).toBeUndefined();
  });

  it('does not hide what is known beside it, when a partial result will do', () => {
    const code = 'locals {\n  it = "arn:aws:iam::222233334444:role/${var.nobody}"\n}\n';
    expect(resolveIt(code, 'dev').partial).toBe(`arn:aws:iam::222233334444:role/${unknownPart}`);
  });

  it('does not hide other entries of its map', () => {
    const code = 'locals {\n  m = { a = data.x.y.z, b = "1" }\n  it = local.m.b\n}\n';
    expect(resolveIt(code, 'dev').text).toBe('1');
  });

  it('is the workspace, where none is given', () => {
    expect(resolveIt('locals {\n  it = terraform.workspace\n}\n', undefined).text).toBeUndefined();
  });
});

describe('variables', () => {
  const code = 'variable "id" {\n  default = "0"\n}\nlocals {\n  it = var.id\n}\n';

  it('have their default', () => {
    expect(resolveIt(code, 'dev').text).toBe('0');
  });

  it('take the last automatic file, and the one named after the workspace before that', () => {
    const files = {
      'terraform.tfvars': 'id = "1"\n',
      'z.auto.tfvars': 'id = "2"\n',
      'env/dev.tfvars': 'id = "3"\n',
    };
    expect(resolveIt(code, 'live', files).text).toBe('2');
    expect(resolveIt(code, 'dev', files).text).toBe('3');
  });
});

it('a value remembers where its deciding literal stands', () => {
  const code = `locals {\n  ${accounts}\n  it = "arn:aws:iam::\${local.accounts[terraform.workspace]}:role/x"\n}\n`;
  expect(resolveIt(code, 'live').place).toEqual({ path: 'main.tf', line: 4, column: 17 });
});
