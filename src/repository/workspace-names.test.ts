import { describe, expect, it } from 'vitest';
import { Repository } from './repository.ts';
import { SourceFile } from './source-file.ts';
import { terraformModule } from './terraform-module.ts';
import { workspaceNames } from './workspace-names.ts';

function namesOf(files: Readonly<Record<string, string>>): string[] {
  const repository = new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
  const module = terraformModule(repository, '');
  if (module === undefined) throw new TypeError('no Terraform in the root');
  return workspaceNames(module).map(({ name, from, place }) => `${name} (${from}, ${place.path}:${place.line})`);
}

describe('workspaceNames', () => {
  it('are the keys of maps looked up by the workspace', () => {
    const code = `locals {
  regions = {
    dev     = "eu-west-1"
    live-eu = "eu-central-1"
  }
}
provider "aws" {
  region = local.regions[terraform.workspace]
}
`;
    expect(namesOf({ 'main.tf': code })).toEqual(['dev (lookup, main.tf:3)', 'live-eu (lookup, main.tf:4)']);
  });

  it('are found through lookup(), variables and a local that stands for the workspace', () => {
    const code = `variable "ids" {
  default = { dev = "1" }
}
locals { environment = "\${terraform.workspace}" }
provider "aws" { region = lookup(var.ids, local.environment, "x") }
`;
    expect(namesOf({ 'main.tf': code })).toEqual(['dev (lookup, main.tf:2)']);
  });

  it('are names it is compared with, after those that are certain', () => {
    const code =
      'locals {\n  a = terraform.workspace == "old"\n  b = contains(["x"], terraform.workspace)\n  c = { dev = 1 }[terraform.workspace]\n}\n';
    expect(namesOf({ 'main.tf': code })).toEqual([
      'dev (lookup, main.tf:4)',
      'old (comparison, main.tf:2)',
      'x (comparison, main.tf:3)',
    ]);
  });

  it('are names of variable files that set variables of the module', () => {
    const files = {
      'main.tf': 'variable "a" {}\n',
      'env/dev.tfvars': 'a = 1\n',
      'env/live/terraform.tfvars': 'a = 1\n',
      'env/other.tfvars': 'b = 1\n',
      'terraform.tfvars': 'a = 1\n',
    };
    expect(namesOf(files)).toEqual([
      'dev (variable-file, env/dev.tfvars:1)',
      'live (variable-file, env/live/terraform.tfvars:1)',
    ]);
  });

  it('are none in a module that never asks', () => {
    expect(namesOf({ 'main.tf': 'locals {\n  m = { dev = 1 }\n  a = local.m["dev"]\n}\n' })).toEqual([]);
  });
});
