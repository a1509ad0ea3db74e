export { type AuditOptions, auditRepository, type RunAuditOptions, redactionFor, runAudit } from './audit.ts';
export { detectors } from './catalogue.ts';
export { awsCredentialPart, credentialPartInAwsContext } from './credential-names.ts';
export { weighSlot } from './credential-slot.ts';
export type {
  AnyDetector,
  CredentialDetector,
  Detector,
  DetectorStory,
  Sample,
  SuppressionDetector,
} from './detector.ts';
export {
  type AuthenticationGraph,
  authenticationGraph,
  type GraphColumn,
  type GraphEdge,
  type GraphNode,
  graphColumns,
} from './graph.ts';
export type {
  AuthenticationClass,
  Coverage,
  Credential,
  CredentialPlace,
  Finding,
  Inventory,
  Method,
  MethodKind,
  Summary,
  SuppressedFinding,
  UsedBy,
} from './inventory.ts';
export { methodKinds } from './inventory.ts';
export { isTemplate } from './pipelines/environment-file.ts';
export {
  asList,
  asTable,
  asText,
  callersOf,
  canRequestIdToken,
  effectivePermission,
  entriesOf,
  expandTemplate,
  findCalledWorkflow,
  findEntry,
  findGithubCredentials,
  findInput,
  findLocalAction,
  findPart,
  findReferences,
  findRoleSteps,
  findShellCredentials,
  findTerraformRuns,
  findText,
  findYamlCredentials,
  type GithubAction,
  type GithubCredential,
  type GithubJob,
  type GithubPermissions,
  type GithubStep,
  type GithubUses,
  type GithubWorkflow,
  githubWorkflows,
  isConfigureCredentials,
  isOidcStep,
  joinPath,
  type MatrixCombination,
  matrixCombinations,
  offsetInFile,
  parseScript,
  readCommands,
  readGithubAction,
  readGithubWorkflow,
  readYaml,
  readYamlTable,
  type ScriptCommand,
  type ShellCredential,
  subjectOf,
  terraformRunsOf,
  usesOidc,
  type YamlCredential,
  type YamlEntry,
  type YamlPart,
  type YamlText,
} from './pipelines/index.ts';
export { findJenkinsKeys } from './pipelines/jenkinsfile.ts';
export { type PipelineKind, pipelineKindOf } from './pipelines/pipeline-kind.ts';
export { isShellSetup, scriptDialect } from './pipelines/script-file.ts';
export { redactText } from './redact.ts';
export { suppressionFile } from './suppressions.ts';
export { isS3Source, type ModuleSource, moduleSources } from './terraform/module-source.ts';
export { possibleAccounts } from './terraform/possible-accounts.ts';
