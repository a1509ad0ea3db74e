/**
 * The Terraform module in a folder as Terraform sees it: the blocks of all its files with override files merged in, and
 * where each variable gets its value. The rules of merging are those of terraform `internal/configs/module.go` and
 * `module_merge.go`.
 */
import {
  findAttribute,
  findBlocks,
  type HclAttribute,
  type HclBlock,
  type HclBody,
  type HclExpression,
  staticString,
} from '../formats/hcl/index.ts';
import { oncePer } from '../kernel/once-per.ts';
import { foldersUpwards, relativeFolder } from './folders.ts';
import type { Repository } from './repository.ts';
import type { SourceFile } from './source-file.ts';

/** A node and the file its range points into. */
export interface Placed<Node> {
  readonly file: SourceFile;
  readonly node: Node;
}

/** A block as declared, and the override blocks that are merged into it, in order. */
export interface ModuleBlock extends Placed<HclBlock> {
  readonly overrides: readonly Placed<HclBlock>[];
}

export interface ProviderBlock extends ModuleBlock {
  readonly name: string;
  readonly alias: string | undefined;
}

export interface BackendBlock extends ModuleBlock {
  /** `s3`, `local`, `remote` … */
  readonly type: string;
}

export interface ResourceBlock extends ModuleBlock {
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
}

export interface ModuleCall extends ModuleBlock {
  readonly name: string;
  /** `undefined` where it is missing or no plain string. */
  readonly source: string | undefined;
  /** The folder of a source inside the repository. */
  readonly directory: string | undefined;
}

export interface TerraformModule {
  /** Relative to the root, `''` for the root itself. */
  readonly directory: string;
  readonly providers: readonly ProviderBlock[];
  /** The one in force: an override file replaces the whole block. */
  readonly backend: BackendBlock | undefined;
  /** A `cloud` block is there, so Terraform keeps its state in HCP. */
  readonly cloud: Placed<HclBlock> | undefined;
  /** `required_version` of every `terraform` block in force. */
  readonly requiredVersions: readonly Placed<HclExpression>[];
  /** By local name. */
  readonly requiredProviders: ReadonlyMap<string, Placed<HclExpression>>;
  readonly variables: ReadonlyMap<string, ModuleBlock>;
  readonly locals: ReadonlyMap<string, Placed<HclExpression>>;
  readonly calls: readonly ModuleCall[];
  readonly resources: readonly ResourceBlock[];
  /** `*.tfvars` at or below the folder that belong to it: automatic ones in the order in which Terraform reads them. */
  readonly variableFiles: readonly VariableFile[];
}

export interface VariableFile {
  readonly file: SourceFile;
  /** Terraform reads it by itself; others are named by `-var-file`. */
  readonly automatic: boolean;
  /** Names it goes by when it is chosen: `env/dev.tfvars` is `dev`, `env/dev/terraform.tfvars` too. */
  readonly workspaces: readonly string[];
  readonly values: ReadonlyMap<string, Placed<HclExpression>>;
}

/** Every folder that holds Terraform code, in order of path. */
export function terraformModules(repository: Repository): readonly TerraformModule[] {
  return [...modulesOf(repository).values()];
}

/** The module in a folder; `undefined` where there is no Terraform code. */
export function terraformModule(repository: Repository, directory: string): TerraformModule | undefined {
  return modulesOf(repository).get(directory);
}

/**
 * The modules that Terraform is run in: those with a backend, with a lock file, or with a configured provider of their
 * own, unless another module here calls them.
 */
export function rootModules(repository: Repository): readonly TerraformModule[] {
  const modules = terraformModules(repository);
  const called = new Set(modules.flatMap(({ calls }) => calls.map(({ directory }) => directory)));
  return modules.filter((module) => {
    if (module.backend !== undefined || module.cloud !== undefined) return true;
    if (called.has(module.directory)) return false;
    return (
      module.providers.some(isConfigured) ||
      repository.file(within(module.directory, '.terraform.lock.hcl')) !== undefined ||
      module.variableFiles.length > 0
    );
  });
}

/** The argument of a block that is in force; `undefined` when it has none. */
export function attributeOf(block: ModuleBlock, name: string): Placed<HclAttribute> | undefined {
  for (const { file, node } of [...block.overrides].reverse()) {
    const attribute = findAttribute(node.body, name);
    if (attribute !== undefined) return { file, node: attribute };
  }
  const own = findAttribute(block.node.body, name);
  return own === undefined ? undefined : { file: block.file, node: own };
}

/** The nested blocks of a type that are in force: those of the last override that has any, else the block's own. */
export function blocksOf(block: ModuleBlock, type: string): readonly Placed<HclBlock>[] {
  for (const { file, node } of [block, ...block.overrides].reverse()) {
    const found = findBlocks(node.body, type);
    if (found.length > 0) return found.map((nested) => ({ file, node: nested }));
  }
  return [];
}

/** The attributes directly in a body by name, in source order. */
export function attributesOf(
  file: SourceFile,
  body: HclBody | undefined,
): readonly (readonly [string, Placed<HclExpression>])[] {
  return (body?.items ?? []).flatMap((item) =>
    item.kind === 'attribute' ? [[item.name, { file, node: item.expression }] as const] : [],
  );
}

/** Terraform merges these into what the other files declare. */
export function isOverrideFile(path: string): boolean {
  return /(^|\/|_)override\.(tf|tofu)(\.json)?$/.test(path);
}

const modulesOf = oncePer((repository: Repository): ReadonlyMap<string, TerraformModule> => {
  const byDirectory = Map.groupBy(
    repository.files.filter(({ format }) => format === 'terraform' || format === 'terraform-json'),
    ({ directory }) => directory,
  );
  // They belong to the nearest folder upwards that holds Terraform code.
  const variableFiles = Map.groupBy(
    repository.files.filter(({ format }) => format === 'tfvars' || format === 'tfvars-json'),
    (file) => foldersUpwards(file.directory).find((directory) => byDirectory.has(directory)),
  );
  return new Map(
    [...byDirectory]
      .sort(byPath)
      .map(([directory, files]) => [directory, readModule(directory, files, variableFiles.get(directory) ?? [])]),
  );
});

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function readModule(
  directory: string,
  files: readonly SourceFile[],
  variableFiles: readonly SourceFile[],
): TerraformModule {
  const primary = files.filter(({ path }) => !isOverrideFile(path)).flatMap(topLevelBlocks);
  const overriding = files.filter(({ path }) => isOverrideFile(path)).flatMap(topLevelBlocks);
  const merged = (type: string): readonly ModuleBlock[] => mergedBlocks(type, primary, overriding);
  const label = (block: ModuleBlock, index: number) => block.node.labels[index]?.value ?? '';

  const terraform = [...primary, ...overriding].filter(({ node }) => node.type === 'terraform');
  const overridingTerraform = overriding.filter(({ node }) => node.type === 'terraform');
  return {
    directory,
    providers: merged('provider').map((block) => ({ ...block, name: label(block, 0), alias: aliasOf(block.node) })),
    ...stateOf(terraform, overridingTerraform),
    requiredVersions: requiredVersionsOf(terraform, overridingTerraform),
    requiredProviders: requiredProvidersOf(terraform),
    variables: new Map(merged('variable').map((block) => [label(block, 0), block])),
    locals: new Map(
      [...primary, ...overriding]
        .filter(({ node }) => node.type === 'locals')
        .flatMap(({ file, node }) => attributesOf(file, node.body)),
    ),
    calls: merged('module').map((block) => {
      const attribute = attributeOf(block, 'source');
      const source = attribute === undefined ? undefined : staticString(attribute.node.expression);
      return {
        ...block,
        name: label(block, 0),
        source,
        directory: source === undefined ? undefined : relativeFolder(directory, source),
      };
    }),
    resources: (['resource', 'data'] as const).flatMap((mode) =>
      merged(mode).map((block) => ({ ...block, mode, type: label(block, 0), name: label(block, 1) })),
    ),
    variableFiles: readVariableFiles(directory, variableFiles),
  };
}

function topLevelBlocks(file: SourceFile): Placed<HclBlock>[] {
  const items = file.terraformBody()?.items ?? [];
  return items.flatMap((item) => (item.kind === 'block' ? [{ file, node: item }] : []));
}

function mergedBlocks(
  type: string,
  primary: readonly Placed<HclBlock>[],
  overriding: readonly Placed<HclBlock>[],
): readonly ModuleBlock[] {
  const merged = new Map<string, Placed<HclBlock> & { readonly overrides: Placed<HclBlock>[] }>();
  for (const [index, { file, node }] of primary.entries()) {
    if (node.type !== type) continue;
    // A name that stands twice is an error of the user's: both blocks stay visible.
    const key = merged.has(keyOf(node)) ? `${keyOf(node)}\0${index}` : keyOf(node);
    merged.set(key, { file, node, overrides: [] });
  }
  for (const { file, node } of overriding) {
    if (node.type !== type) continue;
    const base = merged.get(keyOf(node));
    if (base === undefined) merged.set(keyOf(node), { file, node, overrides: [] });
    else base.overrides.push({ file, node });
  }
  return [...merged.values()];
}

function keyOf(block: HclBlock): string {
  return [...block.labels.map(({ value }) => value), block.type === 'provider' ? (aliasOf(block) ?? '') : ''].join(
    '\0',
  );
}

function aliasOf(provider: HclBlock): string | undefined {
  const alias = findAttribute(provider.body, 'alias');
  return alias === undefined ? undefined : staticString(alias.expression);
}

function isConfigured({ node, overrides }: ProviderBlock): boolean {
  return [node, ...overrides.map((override) => override.node)].some(({ body }) =>
    body.items.some((item) => item.kind !== 'attribute' || item.name !== 'alias'),
  );
}

function stateOf(
  terraform: readonly Placed<HclBlock>[],
  overriding: readonly Placed<HclBlock>[],
): Pick<TerraformModule, 'backend' | 'cloud'> {
  const stateBlocks = (blocks: readonly Placed<HclBlock>[]) =>
    blocks.flatMap(({ file, node }) =>
      [...findBlocks(node.body, 'backend'), ...findBlocks(node.body, 'cloud')].map((block) => ({ file, node: block })),
    );
  const inForce = stateBlocks(overriding).at(-1) ?? stateBlocks(terraform)[0];
  if (inForce === undefined) return { backend: undefined, cloud: undefined };
  if (inForce.node.type === 'cloud') return { backend: undefined, cloud: inForce };
  return { backend: { ...inForce, overrides: [], type: inForce.node.labels[0]?.value ?? '' }, cloud: undefined };
}

function requiredVersionsOf(
  terraform: readonly Placed<HclBlock>[],
  overriding: readonly Placed<HclBlock>[],
): readonly Placed<HclExpression>[] {
  const versions = (blocks: readonly Placed<HclBlock>[]) =>
    blocks.flatMap(({ file, node }) => {
      const attribute = findAttribute(node.body, 'required_version');
      return attribute === undefined ? [] : [{ file, node: attribute.expression }];
    });
  const overridden = versions(overriding);
  return overridden.length > 0 ? overridden : versions(terraform);
}

function requiredProvidersOf(terraform: readonly Placed<HclBlock>[]): ReadonlyMap<string, Placed<HclExpression>> {
  return new Map(
    terraform.flatMap(({ file, node }) =>
      findBlocks(node.body, 'required_providers').flatMap(({ body }) => attributesOf(file, body)),
    ),
  );
}

function readVariableFiles(directory: string, files: readonly SourceFile[]): readonly VariableFile[] {
  const read = files.map((file): VariableFile => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const stem = name.replace(/\.tfvars(\.json)?$/, '').replace(/\.auto$/, '');
    const folder = file.directory.slice(file.directory.lastIndexOf('/') + 1);
    const automatic =
      file.directory === directory &&
      (/^terraform\.tfvars(\.json)?$/.test(name) || /\.auto\.tfvars(\.json)?$/.test(name));
    return {
      file,
      automatic,
      workspaces: automatic ? [] : file.directory === directory ? [stem] : [stem, folder],
      values: new Map(attributesOf(file, file.terraformBody())),
    };
  });
  return read.sort((a, b) => loadRank(a) - loadRank(b) || (a.file.path < b.file.path ? -1 : 1));
}

/** https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence */
function loadRank({ file, automatic }: VariableFile): number {
  if (!automatic) return 3;
  if (file.path.endsWith('terraform.tfvars')) return 0;
  return file.path.endsWith('terraform.tfvars.json') ? 1 : 2;
}

function within(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
