/**
 * Which names get which values in Terraform code: variables' defaults, locals, tfvars, `variables` of tests, module
 * arguments. All of them, whatever they are called, so that the linker can follow a key through any name.
 */
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import { Secret } from '../../kernel/secret.ts';
import { argumentsOfCall, modulesFedBy, type Repository, type SourceFile } from '../../repository/index.ts';
import type { Definition, ValueName } from '../detector.ts';
import { localName, variableName } from '../value-names.ts';
import { blocksOfType, topLevelSettings } from './configuration-block.ts';
import { plainString } from './expression.ts';
import { isTfvars, type ModuleCode, moduleCode } from './module-code.ts';
import type { Setting } from './settings.ts';
import { valueSources } from './value-source.ts';

export function valueDefinitions(file: SourceFile, repository: Repository): readonly Definition[] {
  if (isTfvars(file)) return tfvarsDefinitions(file, repository);
  const module = moduleCode(repository, file.directory);
  return [
    ...blocksOfType(file, 'variable').flatMap((block) => {
      const value = block.settings.get('default');
      return value === undefined
        ? []
        : definitionsOf((path) => variableName(file.directory, path), block.labels[0] ?? '', value, module);
    }),
    ...blocksOfType(file, 'locals').flatMap((block) =>
      block.settings
        .all()
        .flatMap((local) => definitionsOf((path) => localName(file.directory, path), local.name, local, module)),
    ),
    ...callArguments(file, module),
    ...testVariables(file, module),
  ];
}

/** What the calls of modules in the tree hand on. */
function callArguments(file: SourceFile, module: ModuleCode): readonly Definition[] {
  return (module.terraform?.calls ?? []).flatMap((call) => {
    const { directory } = call;
    if (directory === undefined) return [];
    return argumentsOfCall(call)
      .filter((argument) => argument.file === file)
      .flatMap(({ node: { name, start, expression: value } }) =>
        definitionsOf((path) => variableName(directory, path), name, { start, value }, module),
      );
  });
}

function tfvarsDefinitions(file: SourceFile, repository: Repository): readonly Definition[] {
  return (topLevelSettings(file)?.all() ?? []).flatMap((setting) => {
    const fed = modulesFedBy(repository, file, setting.name).map((module) => module.directory);
    // Nobody declares it: the name is kept in the file's own folder, where a search by name can still find it.
    return (fed.length === 0 ? [file.directory] : fed).flatMap((directory) =>
      definitionsOf((path) => variableName(directory, path), setting.name, setting, moduleCode(repository, directory)),
    );
  });
}

/** `variables { }` of a test file and of its runs feed the module the tests stand beside. */
function testVariables(file: SourceFile, module: ModuleCode): readonly Definition[] {
  if (file.format !== 'terraform-test') return [];
  const tested = /(^|\/)tests$/.test(file.directory) ? file.directory.replace(/\/?tests$/, '') : file.directory;
  const groups = [
    ...blocksOfType(file, 'variables').map((block) => block.settings),
    ...blocksOfType(file, 'run').flatMap((block) => block.settings.nested('variables')),
  ];
  return groups.flatMap((settings) =>
    settings
      .all()
      .flatMap((setting) => definitionsOf((path) => variableName(tested, path), setting.name, setting, module)),
  );
}

/** A string, a reference, or the members of an object by their path: `aws.access_key`. */
function definitionsOf(
  nameOf: (path: string) => ValueName,
  path: string,
  value: Pick<Setting, 'start' | 'value'>,
  module: ModuleCode,
): readonly Definition[] {
  return leaves(path, value.start, value.value).flatMap(({ path: leaf, at, expression }) => {
    const text = plainString(expression);
    const sources =
      text !== undefined && text !== '' && expression.kind !== 'literal'
        ? [{ kind: 'literal' as const, value: new Secret(text) }]
        : valueSources(expression, module);
    return sources.map((source) => ({ at, name: nameOf(leaf), source }));
  });
}

interface Leaf {
  readonly path: string;
  readonly at: number;
  readonly expression: HclExpression;
}

function leaves(path: string, at: number, expression: HclExpression): readonly Leaf[] {
  if (expression.kind !== 'object') return [{ path, at, expression }];
  return expression.items.flatMap((item) =>
    item.name === undefined ? [] : leaves(`${path}.${item.name}`, item.start, item.value),
  );
}
