/** Which workspaces of a stack others read: `terraform_remote_state` names bucket, key and workspace. */
import { findAttribute, type HclExpression } from '../../formats/hcl/index.ts';
import {
  attributeOf,
  blocksOf,
  type Placed,
  type Repository,
  type ResourceBlock,
  resolveByWorkspace,
  resolveText,
  rootModules,
  type StaticValue,
  staticText,
  type TerraformModule,
  terraformModules,
  workspaceNames,
} from '../../repository/index.ts';

export interface StateReading {
  /** Folder of the stack that is read. */
  readonly directory: string;
  readonly workspace: string;
}

export function stateReadings(repository: Repository): readonly StateReading[] {
  const byKey = new Map(rootModules(repository).map((module) => [stateKeyOf(module), module.directory]));
  return terraformModules(repository).flatMap((module) =>
    module.resources
      .filter(({ mode, type }) => mode === 'data' && type === 'terraform_remote_state')
      .flatMap((reader) => readingsOf(reader, module, byKey)),
  );
}

function readingsOf(
  reader: ResourceBlock,
  module: TerraformModule,
  byKey: ReadonlyMap<string | undefined, string>,
): StateReading[] {
  const selected = attributeOf(reader, 'workspace');
  if (selected === undefined) return [];
  const workspace = { file: selected.file, node: selected.node.expression };
  const names = workspaceNames(module).map(({ name }) => name);
  return (names.length > 0 ? names : ['default']).flatMap((own) => {
    const read = resolveText(workspace, module, own)?.text;
    const bucket = configValue(reader, 'bucket', module, own);
    const key = configValue(reader, 'key', module, own);
    const directory = bucket === undefined || key === undefined ? undefined : byKey.get(`${bucket}/${key}`);
    return read === undefined || directory === undefined ? [] : [{ directory, workspace: read }];
  });
}

function configValue(
  reader: ResourceBlock,
  name: string,
  module: TerraformModule,
  workspace: string,
): string | undefined {
  const attribute = attributeOf(reader, 'config');
  if (attribute !== undefined) {
    const config = resolveByWorkspace({ file: attribute.file, node: attribute.node.expression }, module, workspace);
    return config?.kind === 'map' ? staticText(config.entries.get(name)) : undefined;
  }
  // `config { }`, as Terraform 0.11 had it.
  const [block] = blocksOf(reader, 'config');
  const inBlock = block && findAttribute(block.node.body, name);
  const expression: Placed<HclExpression> | undefined = inBlock && { file: block.file, node: inBlock.expression };
  const value: StaticValue | undefined = expression && resolveByWorkspace(expression, module, workspace);
  return staticText(value);
}

function stateKeyOf(module: TerraformModule): string | undefined {
  const { backend } = module;
  const text = (name: string) => {
    const attribute = backend && attributeOf(backend, name);
    return attribute && resolveText({ file: attribute.file, node: attribute.node.expression }, module, undefined)?.text;
  };
  return backend?.type === 's3' ? `${text('bucket')}/${text('key')}` : undefined;
}
