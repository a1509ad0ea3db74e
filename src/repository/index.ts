export { type FileFormat, fileFormatOf, fileFormats } from './file-format.ts';
export { foldersUpwards, relativeFolder } from './folders.ts';
export {
  argumentsOfCall,
  modulesFedBy,
  type PossibleValue,
  type PossibleValues,
  possibleValues,
} from './possible-values.ts';
export { type ReadProgress, type ReadTreeOptions, readTree } from './read-tree.ts';
export { Repository, type RepositoryExtras, type Skipped, type SkipReason } from './repository.ts';
export {
  type ResolveOptions,
  resolveByWorkspace,
  resolveText,
  unknownPart,
  variableInput,
} from './resolve-by-workspace.ts';
export {
  flatEndpointArguments,
  flatRoleArguments,
  nameOtherBackend,
  renamedBackendArguments,
} from './s3-backend-arguments.ts';
export { type Encoding, type ParseProblem, SourceFile } from './source-file.ts';
export { type StaticList, type StaticMap, type StaticScalar, type StaticValue, staticText } from './static-value.ts';
export {
  attributeOf,
  type BackendBlock,
  blocksOf,
  isOverrideFile,
  type ModuleBlock,
  type ModuleCall,
  type Placed,
  type ProviderBlock,
  type ResourceBlock,
  rootModules,
  type TerraformModule,
  terraformModule,
  terraformModules,
  type VariableFile,
} from './terraform-module.ts';
export {
  admitsOnlyBefore,
  admitsOnlyFrom,
  boundsOf,
  isBefore,
  type Version,
  type VersionBounds,
} from './version-constraint.ts';
export { type WorkspaceName, workspaceNames, workspaceNamesIn } from './workspace-names.ts';
