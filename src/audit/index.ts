export { type AuditOptions, auditRepository, type RunAuditOptions, redactionFor, runAudit } from './audit.ts';
export { detectors } from './catalogue.ts';
export { awsCredentialPart, credentialPartInAwsContext } from './credential-names.ts';
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
export {
  asText,
  findTerraformRuns,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  type MatrixCombination,
  matrixCombinations,
} from './pipelines/index.ts';
export { suppressionFile } from './suppressions.ts';
