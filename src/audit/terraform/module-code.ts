/**
 * All the code in the folder of a module as detectors look at it: its blocks, whichever way they are written down, what
 * Terragrunt keeps beside it included, and everything that its names can be. How Terraform puts a module together is
 * read in `repository`.
 */
import { oncePer } from '../../kernel/once-per.ts';
import {
  type PossibleValue,
  type PossibleValues,
  possibleValues,
  type Repository,
  type SourceFile,
  type TerraformModule,
  terraformModule,
} from '../../repository/index.ts';
import { blocksOfType, type ConfigurationBlock, configurationBlocks } from './configuration-block.ts';

export interface ModuleCode extends PossibleValues {
  readonly directory: string;
  readonly repository: Repository;
  readonly blocks: readonly ConfigurationBlock[];
  /** As Terraform reads it; `undefined` where there is no Terraform code. */
  readonly terraform: TerraformModule | undefined;
}

/** The code in a folder; without blocks where the folder holds none. */
export function moduleCode(repository: Repository, directory: string): ModuleCode {
  const known = codeOf(repository);
  const code = known.get(directory) ?? readCode(repository, directory);
  known.set(directory, code);
  return code;
}

const codeOf = oncePer((_: Repository) => new Map<string, ModuleCode>());

export function isTfvars(file: SourceFile): boolean {
  return file.format === 'tfvars' || file.format === 'tfvars-json';
}

function readCode(repository: Repository, directory: string): ModuleCode {
  const files = repository
    .inDirectory(directory)
    .filter((file) => file.directory === directory && codeFormats.has(file.format));
  const terragrunt = files.filter(({ format }) => format === 'terragrunt');
  const { variables, locals } = possibleValues(repository, directory);
  return {
    directory,
    repository,
    terraform: terraformModule(repository, directory),
    blocks: files.flatMap(configurationBlocks),
    variables: withMore(variables, terragrunt.flatMap(generatedDefaults)),
    locals: withMore(locals, terragrunt.flatMap(localsIn)),
  };
}

const codeFormats: ReadonlySet<string> = new Set(['terraform', 'terraform-json', 'terragrunt']);

/** Variables of the files that Terragrunt generates. */
function generatedDefaults(file: SourceFile): NamedValues[] {
  return blocksOfType(file, 'variable').map(({ labels, settings }) => {
    const value = settings.get('default')?.value;
    return [labels[0] ?? '', value === undefined ? [] : [{ file, node: value, directory: file.directory }]];
  });
}

function localsIn(file: SourceFile): NamedValues[] {
  return blocksOfType(file, 'locals').flatMap(({ settings }) =>
    settings.all().map(({ name, value }): NamedValues => [name, [{ file, node: value, directory: file.directory }]]),
  );
}

type NamedValues = readonly [name: string, values: readonly PossibleValue[]];

function withMore(
  values: ReadonlyMap<string, readonly PossibleValue[]>,
  more: readonly NamedValues[],
): ReadonlyMap<string, readonly PossibleValue[]> {
  if (more.length === 0) return values;
  const all = new Map(values);
  for (const [name, added] of more) all.set(name, [...(all.get(name) ?? []), ...added]);
  return all;
}
