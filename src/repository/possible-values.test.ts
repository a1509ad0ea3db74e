import { describe, expect, it } from 'vitest';
import { modulesFedBy, possibleValues } from './possible-values.ts';
import { Repository } from './repository.ts';
import { SourceFile } from './source-file.ts';

function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
}

/** `path: text @ folder of its names`. */
function valuesOf(files: Readonly<Record<string, string>>, directory: string, variable: string): readonly string[] {
  const values = possibleValues(repositoryOf(files), directory).variables.get(variable) ?? [];
  return values.map((value) => {
    const { file, node, directory: names } = value;
    return `${file.path}: ${file.text.slice(node.start, node.end)} @ ${names}`;
  });
}

describe('the values of a variable', () => {
  it('are its default, those of override files, every tfvars line and what callers hand in', () => {
    const files = {
      'main.tf': 'module "db" {\n  source = "./db"\n  role   = local.r\n}\n',
      'override.tf': 'module "db" {\n  role = local.other\n}\n',
      'db/main.tf': 'variable "role" {\n  default = "a"\n}\n',
      'db/override.tf': 'variable "role" {\n  default = "b"\n}\n',
      'db/env/live.tfvars': 'role = "c"\n',
      'db/env/dev.tfvars.json': '{"role": "d"}',
    };
    expect(valuesOf(files, 'db', 'role')).toEqual([
      'db/main.tf: "a" @ db',
      'db/override.tf: "b" @ db',
      'db/env/live.tfvars: "c" @ db/env',
      'db/env/dev.tfvars.json: "d" @ db/env',
      'main.tf: local.r @ ',
      'override.tf: local.other @ ',
    ]);
  });

  it('are none, and the variable is there, when nothing gives it one', () => {
    const { variables } = possibleValues(repositoryOf({ 'main.tf': 'variable "x" {}\n' }), '');
    expect([...variables]).toEqual([['x', []]]);
  });
});

describe('the modules that a tfvars line feeds', () => {
  const fedBy = (path: string, files: Readonly<Record<string, string>>) => {
    const repository = repositoryOf({ ...files, [path]: 'x = "1"\n' });
    return modulesFedBy(repository, repository.file(path) as SourceFile, 'x').map(({ directory }) => directory);
  };

  it('are the nearest one upwards that declares it', () => {
    const files = { 'main.tf': 'variable "x" {}\n', 'a/main.tf': 'variable "x" {}\n', 'a/env/other.tf': '' };
    expect(fedBy('a/env/dev.tfvars', files)).toEqual(['a']);
  });

  it('are all that declare it where none stands above', () => {
    const files = { 'a/main.tf': 'variable "x" {}\n', 'b/main.tf': 'variable "x" {}\n', 'c/main.tf': '' };
    expect(fedBy('vars/dev.tfvars', files)).toEqual(['a', 'b']);
  });
});
