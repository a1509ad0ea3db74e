/**
 * Every place that says how Terraform's state in S3 is reached: `backend "s3"` blocks, partial configuration files,
 * Terragrunt's `remote_state`, and readers (`terraform_remote_state`). What a backend block leaves out is looked up in
 * its partial files and the other way round.
 */
import { findBlocks, type HclExpression, type HclObject, staticString } from '../../formats/hcl/index.ts';
import type { Intent, StateBackend } from '../../intent/index.ts';
import { oncePer } from '../../kernel/once-per.ts';
import {
  attributeOf,
  blocksOf,
  nameOtherBackend,
  type Placed,
  type Repository,
  type SourceFile,
  type TerraformModule,
  terraformModules,
} from '../../repository/index.ts';
import {
  type ArgumentGroup,
  argumentOf,
  argumentsOf,
  groupOfBlock,
  groupOfFile,
  groupOfObject,
  nestedGroups,
} from './argument-group.ts';

export interface StatePlace {
  readonly kind: 'backend' | 'partial' | 'terragrunt' | 'reader';
  readonly group: ArgumentGroup;
  /** The module that it belongs to; a partial file may serve several, or none that is here. */
  readonly modules: readonly TerraformModule[];
  /** The text of an argument of the whole configuration that this place is a part of, when all agree. */
  readonly textOf: (name: string) => string | undefined;
  /** All groups of the configuration this place is a part of, itself first. */
  readonly together: readonly ArgumentGroup[];
}

/** All places, in order of path and offset; those in `*.tf` files that an override replaces are among them. */
export const statePlaces: (repository: Repository) => readonly StatePlace[] = oncePer((repository) => {
  const modules = terraformModules(repository);
  const partials = repository.files.flatMap((file) => {
    const group = file.format === 'backend-config' ? groupOfFile(file) : undefined;
    return group !== undefined && isS3Configuration(group) ? [group] : [];
  });
  const backends = modules.flatMap((module) => backendGroups(repository, module).map((group) => ({ module, group })));
  const partialsOf = (module: TerraformModule) => partials.filter((group) => serves(group.file, module, modules));

  const places: StatePlace[] = [
    ...backends.map(({ module, group }) =>
      place('backend', group, [module], [group, ...(isPartial(group) ? partialsOf(module) : [])]),
    ),
    ...partials.map((group) => {
      const served = backends.filter(({ module }) => partialsOf(module).includes(group));
      return place(
        'partial',
        group,
        [...new Set(served.map(({ module }) => module))],
        [group, ...served.map((each) => each.group)],
      );
    }),
    ...repository.files.flatMap(terragruntGroups).map((group) => place('terragrunt', group, [], [group])),
    ...modules.flatMap((module) => readerGroups(module).map((group) => place('reader', group, [module], [group]))),
  ];
  return places.sort((a, b) => compare(a.group, b.group));
});

/** Places that write and lock state. */
export function stateWriters(repository: Repository): readonly StatePlace[] {
  return statePlaces(repository).filter(({ kind }) => kind !== 'reader');
}

/** What keyless.yaml says of the bucket a place names. */
export function stateBackendOf(intent: Intent, place: StatePlace): StateBackend | undefined {
  const bucket = place.textOf('bucket');
  return intent.stateBackends.find((backend) => backend.bucket === bucket);
}

/** For messages, in the middle of a sentence. */
export function nameOf({ kind }: StatePlace): string {
  switch (kind) {
    case 'backend':
      return 'the backend';
    case 'partial':
      return 'this backend configuration';
    case 'terragrunt':
      return "Terragrunt's remote_state";
    case 'reader':
      return 'this terraform_remote_state';
  }
}

function place(
  kind: StatePlace['kind'],
  group: ArgumentGroup,
  modules: readonly TerraformModule[],
  together: readonly ArgumentGroup[],
): StatePlace {
  return {
    kind,
    group,
    modules,
    together,
    textOf: (name) => {
      const own = argumentOf(group, name);
      if (own !== undefined) return staticString(own.value);
      const others = together.slice(1).flatMap((each) => {
        const value = argumentOf(each, name)?.value;
        return value === undefined ? [] : [staticString(value)];
      });
      return new Set(others).size === 1 ? others[0] : undefined;
    },
  };
}

/** The block in force and those that an override replaces. */
function backendGroups(repository: Repository, module: TerraformModule): readonly ArgumentGroup[] {
  return repository
    .inDirectory(module.directory)
    .flatMap((file) =>
      file.format !== 'terraform' && file.format !== 'terraform-json'
        ? []
        : findBlocks(file.terraformBody() ?? nothing, 'terraform').flatMap((block) =>
            findBlocks(block.body, 'backend', 's3').map((backend) => groupOfBlock(file, backend)),
          ),
    );
}

const nothing = { kind: 'body', start: 0, end: 0, items: [] } as const;

/** Terraform asks for the rest when one of these is missing. */
function isPartial(group: ArgumentGroup): boolean {
  return ['bucket', 'key', 'region'].some((name) => argumentOf(group, name) === undefined);
}

/** A file in the folder of a module or below is that module's; one elsewhere is everybody's. */
function serves(file: SourceFile, module: TerraformModule, modules: readonly TerraformModule[]): boolean {
  const isIn = (directory: string) =>
    directory === '' || file.directory === directory || file.directory.startsWith(`${directory}/`);
  const owners = modules.filter(({ backend, directory }) => backend !== undefined && isIn(directory));
  return (
    owners.length === 0 ||
    (owners.every(({ directory }) => directory.length <= module.directory.length) && isIn(module.directory))
  );
}

function isS3Configuration(group: ArgumentGroup): boolean {
  const names = argumentsOf(group).map(({ name }) => name);
  return names.some((name) => s3Arguments.has(name)) && !nameOtherBackend(names);
}

/** `key` alone says nothing: azurerm, OSS and COS have one too. */
const s3Arguments: ReadonlySet<string> = new Set([
  'bucket',
  'dynamodb_table',
  'use_lockfile',
  'region',
  'profile',
  'role_arn',
  'assume_role',
  'access_key',
]);

function terragruntGroups(file: SourceFile): readonly ArgumentGroup[] {
  const top = file.format === 'terragrunt' ? groupOfFile(file) : undefined;
  if (top === undefined) return [];
  return nestedGroups(top, 'remote_state').flatMap((remote) => {
    const backend = argumentOf(remote, 'backend');
    if (backend === undefined || staticString(backend.value) !== 's3') return [];
    return nestedGroups(remote, 'config').filter(({ dynamic }) => !dynamic);
  });
}

/** The objects that `config` is made of; also the `config { }` block of Terraform 0.11. */
function readerGroups(module: TerraformModule): readonly ArgumentGroup[] {
  const groups = module.resources.flatMap((resource) => {
    if (resource.mode !== 'data' || resource.type !== 'terraform_remote_state') return [];
    const backend = attributeOf(resource, 'backend');
    if (backend === undefined || staticString(backend.node.expression) !== 's3') return [];
    const config = attributeOf(resource, 'config');
    if (config === undefined) {
      return blocksOf(resource, 'config').map(({ file, node }) => groupOfBlock(file, node));
    }
    return objectsBehind({ file: config.file, node: config.node.expression }, module).map(({ file, node }) =>
      groupOfObject(file, node),
    );
  });
  // Two readers may share one local.
  return [...new Map(groups.map((group) => [`${group.file.path}:${group.start}`, group])).values()];
}

/** The object literals an expression is built from: itself, arguments of `merge`, what a local stands for. */
export function objectsBehind(
  { file, node }: Placed<HclExpression>,
  module: TerraformModule,
  depth: number = 0,
): readonly Placed<HclObject>[] {
  if (depth > 20) return [];
  const inner = (expression: HclExpression) => objectsBehind({ file, node: expression }, module, depth + 1);
  switch (node.kind) {
    case 'object':
      return [{ file, node }];
    case 'parentheses':
      return inner(node.inner);
    case 'conditional':
      return [...inner(node.whenTrue), ...inner(node.whenFalse)];
    case 'call':
      return node.name === 'merge' ? node.arguments.flatMap(inner) : [];
    case 'traversal': {
      const [first, ...others] = node.steps;
      if (node.root !== 'local' || first?.kind !== 'attribute' || others.length > 0) return [];
      const local = module.locals.get(first.name);
      return local === undefined ? [] : objectsBehind(local, module, depth + 1);
    }
    default:
      return [];
  }
}

function compare(a: ArgumentGroup, b: ArgumentGroup): number {
  if (a.file.path !== b.file.path) return a.file.path < b.file.path ? -1 : 1;
  return a.start - b.start;
}
