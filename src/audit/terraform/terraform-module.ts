/**
 * A Terraform module as the folder it is: the blocks of all its files, what its variables and locals can be, and the
 * settings of a provider or backend after the override files have had their say.
 */
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import { blocksOfType, type ConfigurationBlock, configurationBlocks, topLevelSettings } from './configuration-block.ts';
import { plainString } from './expression.ts';
import type { Setting, Settings } from './settings.ts';

/** A value somebody wrote down, the file it stands in, and the folder of the module whose names it may use. */
export interface PlacedExpression {
  readonly file: SourceFile;
  readonly directory: string;
  readonly expression: HclExpression;
}

export interface TerraformModule {
  readonly directory: string;
  readonly repository: Repository;
  readonly blocks: readonly ConfigurationBlock[];
  /** Declared variables and every value found for them: defaults, tfvars, arguments of the modules that call this one. */
  readonly variables: ReadonlyMap<string, readonly PlacedExpression[]>;
  readonly locals: ReadonlyMap<string, readonly PlacedExpression[]>;
}

const remembered = new WeakMap<Repository, Map<string, TerraformModule>>();

/** The module in a folder; one without blocks where the folder holds no Terraform code. */
export function terraformModule(repository: Repository, directory: string): TerraformModule {
  return modulesOf(repository).get(directory) ?? emptyModule(repository, directory);
}

/** The modules of a repository, in order of folder. */
export function terraformModules(repository: Repository): readonly TerraformModule[] {
  return [...modulesOf(repository).values()];
}

export interface ModuleArgument {
  readonly file: SourceFile;
  readonly argument: Setting;
  /** Folder of the module that is called. */
  readonly called: string;
}

/** The arguments that a module's calls hand to modules of the same tree. */
export function moduleArguments(caller: TerraformModule): readonly ModuleArgument[] {
  return caller.blocks
    .filter((block) => block.type === 'module' && !block.generated)
    .flatMap((block) => {
      const source = block.settings.get('source')?.value;
      const text = source === undefined ? undefined : plainString(source);
      const called = text === undefined ? undefined : localModuleDirectory(caller.directory, text);
      if (called === undefined) return [];
      return block.settings.all().map((argument) => ({ file: block.file, argument, called }));
    });
}

/** Terraform merges these into blocks of the same type and labels. */
export function isOverrideFile(path: string): boolean {
  return /(^|\/|_)override\.(tf|tofu)(\.json)?$/.test(path);
}

/** The folder of a module source such as `../modules/db`; `undefined` for one that is downloaded or leaves the tree. */
export function localModuleDirectory(directory: string, source: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(source)) return undefined;
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of source.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/**
 * The modules that a tfvars file's variable feeds: the one in its folder or in the nearest folder above that declares it.
 * Where there is none (`vars/dev.tfvars` beside `terraform/`), every module that declares the variable.
 */
export function modulesFedBy(repository: Repository, tfvars: SourceFile, variable: string): readonly TerraformModule[] {
  const modules = terraformModules(repository);
  const nearest = nearestDeclaring(new Map(modules.map((each) => [each.directory, each])), tfvars.directory, variable);
  return nearest === undefined ? modules.filter((module) => module.variables.has(variable)) : [nearest];
}

export function isTfvars(file: SourceFile): boolean {
  return file.format === 'tfvars' || file.format === 'tfvars-json';
}

/** The settings that together make one provider: the block itself and what override files add to it. */
export function effectiveProvider(module: TerraformModule, block: ConfigurationBlock): readonly Settings[] {
  if (block.generated || isOverrideFile(block.file.path)) return [block.settings];
  const alias = aliasOf(block);
  const overrides = module.blocks.filter(
    (other) =>
      isOverrideFile(other.file.path) &&
      other.type === 'provider' &&
      other.labels[0] === block.labels[0] &&
      aliasOf(other) === alias,
  );
  return [block.settings, ...overrides.map((override) => override.settings)];
}

/** The block that an override file's block is merged into; the block itself elsewhere. */
export function overriddenProvider(module: TerraformModule, block: ConfigurationBlock): ConfigurationBlock {
  if (!isOverrideFile(block.file.path)) return block;
  const base = module.blocks.find(
    (other) =>
      !isOverrideFile(other.file.path) &&
      !other.generated &&
      other.type === 'provider' &&
      other.labels[0] === block.labels[0] &&
      aliasOf(other) === aliasOf(block),
  );
  return base ?? block;
}

export function aliasOf(block: ConfigurationBlock): string | undefined {
  const alias = block.settings.get('alias')?.value;
  return alias === undefined ? undefined : plainString(alias);
}

/** The `required_version` constraints of a module, as written. */
export function requiredVersions(module: TerraformModule): readonly string[] {
  return module.blocks
    .filter((block) => block.type === 'terraform')
    .flatMap((block) => {
      const constraint = block.settings.get('required_version')?.value;
      return constraint === undefined ? [] : [plainString(constraint) ?? ''];
    });
}

function modulesOf(repository: Repository): Map<string, TerraformModule> {
  const known = remembered.get(repository);
  if (known !== undefined) return known;
  const modules = readModules(repository);
  remembered.set(repository, modules);
  return modules;
}

function readModules(repository: Repository): Map<string, TerraformModule> {
  const modules = new Map<string, TerraformModule>();
  const byDirectory = Map.groupBy(
    repository.files.filter((file) => file.terraformBody() !== undefined && !isTfvars(file)),
    (file) => file.directory,
  );
  for (const [directory, files] of byDirectory) {
    const code = files.filter((file) => ['terraform', 'terraform-json', 'terragrunt'].includes(file.format));
    modules.set(directory, {
      directory,
      repository,
      blocks: code.flatMap(configurationBlocks),
      variables: valuesByName(code.flatMap(variablesIn)),
      locals: valuesByName(code.flatMap(localsIn)),
    });
  }
  addTfvars(repository, modules);
  for (const module of modules.values()) addArguments(module, modules);
  return modules;
}

/** What a module's calls hand to the modules of the tree. */
function addArguments(caller: TerraformModule, modules: ReadonlyMap<string, TerraformModule>): void {
  for (const { called, argument, file } of moduleArguments(caller)) {
    const values = modules.get(called)?.variables.get(argument.name);
    (values as PlacedExpression[] | undefined)?.push({
      file,
      directory: caller.directory,
      expression: argument.value,
    });
  }
}

function addTfvars(repository: Repository, modules: ReadonlyMap<string, TerraformModule>): void {
  for (const file of repository.files.filter(isTfvars)) {
    for (const setting of topLevelSettings(file)?.all() ?? []) {
      const values = nearestDeclaring(modules, file.directory, setting.name)?.variables.get(setting.name);
      (values as PlacedExpression[] | undefined)?.push({
        file,
        directory: file.directory,
        expression: setting.value,
      });
    }
  }
}

function nearestDeclaring(
  modules: ReadonlyMap<string, TerraformModule>,
  from: string,
  variable: string,
): TerraformModule | undefined {
  for (let directory: string | undefined = from; directory !== undefined; directory = parentOf(directory)) {
    const module = modules.get(directory);
    if (module?.variables.has(variable)) return module;
  }
  return undefined;
}

function variablesIn(file: SourceFile): [string, PlacedExpression | undefined][] {
  return blocksOfType(file, 'variable').map((block) => {
    const expression = block.settings.get('default')?.value;
    return [block.labels[0] ?? '', expression && { file, directory: file.directory, expression }];
  });
}

function localsIn(file: SourceFile): [string, PlacedExpression | undefined][] {
  return blocksOfType(file, 'locals').flatMap((block) =>
    block.settings
      .all()
      .map((setting): [string, PlacedExpression] => [
        setting.name,
        { file, directory: file.directory, expression: setting.value },
      ]),
  );
}

function valuesByName(
  pairs: readonly [string, PlacedExpression | undefined][],
): ReadonlyMap<string, readonly PlacedExpression[]> {
  const values = new Map<string, PlacedExpression[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name) ?? [];
    if (value !== undefined) known.push(value);
    values.set(name, known);
  }
  return values;
}

function parentOf(directory: string): string | undefined {
  if (directory === '') return undefined;
  const slash = directory.lastIndexOf('/');
  return slash === -1 ? '' : directory.slice(0, slash);
}

function emptyModule(repository: Repository, directory: string): TerraformModule {
  return { directory, repository, blocks: [], variables: new Map(), locals: new Map() };
}
