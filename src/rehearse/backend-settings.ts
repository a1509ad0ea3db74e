/** Where a stack keeps its state and how it reaches it, as its S3 backend says: block, nested role, and configuration file. */
import { findAttribute } from '../formats/hcl/index.ts';
import {
  attributeOf,
  blocksOf,
  flatRoleArguments,
  type Placed,
  type Repository,
  type ResourceBlock,
  resolveByWorkspace,
  resolveText,
  type SourceFile,
  type StaticValue,
  staticText,
  type TerraformModule,
} from '../repository/index.ts';

export interface BackendSettings {
  readonly bucket: string;
  readonly key: string;
  /** Folder of the workspaces besides `default`. */
  readonly workspacePrefix: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Role that the backend assumes for itself. */
  readonly roleArn: string | undefined;
  /** The role stands in arguments that Terraform 1.10 no longer has. */
  readonly flatRole: boolean;
  readonly lockTable: string | undefined;
  readonly lockFile: boolean;
  readonly encrypt: boolean;
  readonly kmsKeyId: string | undefined;
  /** `-backend-config` files that complete the block, relative to the stack's folder. */
  readonly files: readonly string[];
}

/**
 * `undefined` where the state is not in S3, or the code does not tell bucket and key.
 *
 * @param workspaces all of the stack: a file that is named after one of them is not that of another
 */
export function backendSettings(
  repository: Repository,
  module: TerraformModule,
  workspace: string,
  workspaces: readonly string[],
): BackendSettings | undefined {
  const { backend } = module;
  if (backend?.type !== 's3') return undefined;
  const inBlock = (name: string) => {
    const attribute = attributeOf(backend, name);
    return attribute === undefined
      ? undefined
      : resolveText({ file: attribute.file, node: attribute.node.expression }, module, workspace)?.text;
  };
  const file =
    inBlock('bucket') === undefined || inBlock('key') === undefined
      ? partial(repository, module, workspace, workspaces)
      : undefined;
  const text = (name: string) => (file && textIn(file, module, name)) ?? inBlock(name);
  const nested = blocksOf(backend, 'assume_role')[0];
  const nestedRole = nested && findAttribute(nested.node.body, 'role_arn');
  const [bucket, key] = [text('bucket'), text('key')];
  if (bucket === undefined || key === undefined) return undefined;
  return {
    bucket,
    key,
    workspacePrefix: text('workspace_key_prefix') ?? defaultPrefix,
    region: text('region'),
    profile: text('profile'),
    roleArn:
      text('role_arn') ??
      (nested &&
        nestedRole &&
        resolveText({ file: nested.file, node: nestedRole.expression }, module, workspace)?.text) ??
      assumedByAttribute(backend, module, workspace),
    flatRole: [...flatRoleArguments.keys()].some((name) => text(name) !== undefined),
    lockTable: text('dynamodb_table'),
    lockFile: text('use_lockfile') === 'true',
    encrypt: text('encrypt') === 'true',
    kmsKeyId: text('kms_key_id'),
    files: file === undefined ? [] : [file.path.slice(module.directory === '' ? 0 : module.directory.length + 1)],
  };
}

/** A state that a stack reads with `terraform_remote_state`. */
export interface StateRead {
  /** Of the data source. */
  readonly name: string;
  /** `undefined` where the code does not tell. */
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly workspacePrefix: string;
  readonly workspace: string;
  readonly region: string | undefined;
  /** Role that it is read through. */
  readonly roleArn: string | undefined;
  readonly flatRole: boolean;
}

const defaultPrefix = 'env:';

export function statesRead(module: TerraformModule, workspace: string): readonly StateRead[] {
  return module.resources.flatMap((resource) => {
    if (resource.mode !== 'data' || resource.type !== 'terraform_remote_state') return [];
    const config = argumentOf(resource, 'config', module, workspace);
    const entries = config?.kind === 'map' ? config.entries : undefined;
    return {
      name: resource.name,
      bucket: staticText(entries?.get('bucket')),
      key: staticText(entries?.get('key')),
      workspacePrefix: staticText(entries?.get('workspace_key_prefix')) ?? defaultPrefix,
      workspace: staticText(argumentOf(resource, 'workspace', module, workspace)) ?? 'default',
      region: staticText(entries?.get('region')),
      roleArn: staticText(entries?.get('role_arn')) ?? roleIn(entries?.get('assume_role')),
      flatRole: [...flatRoleArguments.keys()].some((name) => entries?.has(name) === true),
    };
  });
}

/** Path of the state object of a workspace. */
export function stateObjectKey(
  { key, workspacePrefix }: Pick<BackendSettings, 'key' | 'workspacePrefix'>,
  workspace: string,
): string {
  return workspace === 'default' ? key : `${workspacePrefix}/${workspace}/${key}`;
}

function roleIn(value: StaticValue | undefined): string | undefined {
  return value?.kind === 'map' ? staticText(value.entries.get('role_arn')) : undefined;
}

function argumentOf(
  resource: ResourceBlock,
  name: string,
  module: TerraformModule,
  workspace: string,
): StaticValue | undefined {
  const attribute = attributeOf(resource, name);
  if (attribute === undefined) return undefined;
  return resolveByWorkspace({ file: attribute.file, node: attribute.node.expression }, module, workspace);
}

/** `assume_role = { role_arn = … }`, as Terraform takes it since 1.6. */
function assumedByAttribute(
  backend: NonNullable<TerraformModule['backend']>,
  module: TerraformModule,
  workspace: string,
): string | undefined {
  const attribute = attributeOf(backend, 'assume_role');
  if (attribute === undefined) return undefined;
  return roleIn(resolveByWorkspace({ file: attribute.file, node: attribute.node.expression }, module, workspace));
}

/** The only configuration file beside the stack, or the one that is named after the workspace. */
function partial(
  repository: Repository,
  module: TerraformModule,
  workspace: string,
  workspaces: readonly string[],
): SourceFile | undefined {
  const files = repository.inDirectory(module.directory).filter(({ format }) => format === 'backend-config');
  // live.s3.tfbackend, backend-live.hcl
  const stem = ({ path }: SourceFile) =>
    path
      .slice(path.lastIndexOf('/') + 1)
      .replace(/^backend[-_.]/, '')
      .replace(/\..*$/, '');
  const own = files.find((file) => stem(file) === workspace);
  const [only, second] = files;
  if (own !== undefined || only === undefined || second !== undefined) return own;
  return workspaces.includes(stem(only)) ? undefined : only;
}

function textIn(file: SourceFile, module: TerraformModule, name: string): string | undefined {
  const attribute = findAttribute(file.hcl().body, name);
  if (attribute === undefined) return undefined;
  const placed: Placed<typeof attribute.expression> = { file, node: attribute.expression };
  return resolveText(placed, module, undefined)?.text;
}
