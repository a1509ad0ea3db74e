/**
 * Everything that the repository gives a module's names, whichever of it is in force: defaults, tfvars of every
 * environment, the arguments of modules that call this one, locals. For questions that must not miss a value;
 * `resolveByWorkspace` answers what holds in one workspace.
 */
import { findAttribute, type HclAttribute, type HclExpression } from '../formats/hcl/index.ts';
import { oncePer } from '../kernel/once-per.ts';
import { foldersUpwards } from './folders.ts';
import type { Repository } from './repository.ts';
import type { SourceFile } from './source-file.ts';
import {
  attributesOf,
  type ModuleBlock,
  type ModuleCall,
  type Placed,
  type TerraformModule,
  terraformModule,
  terraformModules,
} from './terraform-module.ts';

export interface PossibleValue extends Placed<HclExpression> {
  /** The folder of the module whose names the value may use. */
  readonly directory: string;
}

export interface PossibleValues {
  /** Every declared variable, those without a value included. */
  readonly variables: ReadonlyMap<string, readonly PossibleValue[]>;
  readonly locals: ReadonlyMap<string, readonly PossibleValue[]>;
}

/** Empty for a folder without Terraform code. */
export function possibleValues(repository: Repository, directory: string): PossibleValues {
  return valuesOf(repository).get(directory) ?? nothing;
}

const nothing: PossibleValues = { variables: new Map(), locals: new Map() };

/**
 * The modules that a tfvars file's variable feeds: the one in its folder or in the nearest folder above that declares it.
 * Where there is none (`vars/dev.tfvars` beside `terraform/`), every module that declares the variable.
 */
export function modulesFedBy(
  repository: Repository,
  { directory }: SourceFile,
  variable: string,
): readonly TerraformModule[] {
  const nearest = nearestDeclaring(repository, directory, variable);
  return nearest === undefined
    ? terraformModules(repository).filter(({ variables }) => variables.has(variable))
    : [nearest];
}

/** The arguments of a call of a module, those that override files add included. */
export function argumentsOfCall(call: ModuleCall): readonly Placed<HclAttribute>[] {
  return [call, ...call.overrides].flatMap(({ file, node }) =>
    node.body.items.flatMap((item) => (item.kind === 'attribute' ? [{ file, node: item }] : [])),
  );
}

const valuesOf = oncePer((repository: Repository): ReadonlyMap<string, PossibleValues> => {
  const modules = terraformModules(repository);
  const values = new Map(
    modules.map(({ directory, variables, locals }) => [
      directory,
      {
        variables: new Map([...variables].map(([name, block]) => [name, defaultsOf(block, directory)])),
        locals: new Map([...locals].map(([name, local]) => [name, [{ ...local, directory }]])),
      },
    ]),
  );
  for (const file of repository.files) {
    if (file.format !== 'tfvars' && file.format !== 'tfvars-json') continue;
    for (const [name, value] of attributesOf(file, file.terraformBody())) {
      const module = nearestDeclaring(repository, file.directory, name);
      if (module === undefined) continue;
      values
        .get(module.directory)
        ?.variables.get(name)
        ?.push({ ...value, directory: file.directory });
    }
  }
  for (const { directory, calls } of modules) {
    for (const call of calls) {
      if (call.directory === undefined) continue;
      const { variables } = values.get(call.directory) ?? nothing;
      for (const { file, node } of argumentsOfCall(call)) {
        (variables.get(node.name) as PossibleValue[] | undefined)?.push({ file, node: node.expression, directory });
      }
    }
  }
  return values;
});

function defaultsOf(block: ModuleBlock, directory: string): PossibleValue[] {
  return [block, ...block.overrides].flatMap(({ file, node }) => {
    const value = findAttribute(node.body, 'default')?.expression;
    return value === undefined ? [] : [{ file, node: value, directory }];
  });
}

function nearestDeclaring(repository: Repository, from: string, variable: string): TerraformModule | undefined {
  return foldersUpwards(from)
    .map((directory) => terraformModule(repository, directory))
    .find((module) => module?.variables.has(variable));
}
