export { type AwsConfigChange, planAwsConfigFile, writeAwsConfigFile } from './aws-config.ts';
export {
  awsProfiles,
  githubEnvironmentSubject,
  githubPullRequestSubject,
  githubRepositorySubject,
  lockTableArn,
  type Phase,
  pathAndName,
  permissionSetRolePattern,
  phases,
  pipelineRoleArn,
  profileName,
  stateProfileName,
} from './derived.ts';
export {
  askForMissing,
  draftEntries,
  type Fact,
  type IntentDraft,
  inferIntentDraft,
  readSurroundings,
  renderDraft,
  type Surroundings,
} from './draft/index.ts';
export type {
  Account,
  Assignment,
  GitHub,
  GitHubJob,
  GitHubTrigger,
  Group,
  HcpTerraform,
  Intent,
  LegacyWay,
  ModuleBucket,
  Partition,
  PermissionSet,
  Person,
  PipelinePhase,
  Stack,
  StateBackend,
  StateRule,
  TimeWindow,
} from './intent.ts';
export { githubTriggers } from './intent-file.ts';
export { type IntentProblem, renderIntentProblem } from './intent-problem.ts';
export { findIntent, intentFileName, loadIntent } from './load-intent.ts';
export { type MissingValue, missingValues } from './missing-values.ts';
export { parseIntent } from './parse-intent.ts';
export { type PipelineGrant, pipelineGrants } from './pipeline-grants.ts';
export { printPolicy } from './policies/document.ts';
export { buildLegacyRoleTrust, legacyManagedPolicies, legacyUserArn, oldUserAccess } from './policies/legacy-way.ts';
export {
  buildPermissionSet,
  buildPipelinePermissions,
  managedPolicyArn,
  type Permissions,
  pipelineSessionSeconds,
} from './policies/phase-policies.ts';
export { buildPipelineTrust, type OidcProviderNeed, oidcProvidersNeeded } from './policies/pipeline-trust.ts';
export { buildTrailBucketPolicy, type TrailBucket } from './policies/trail-policies.ts';
export { renderIntentSchema } from './schema.ts';
export {
  buildLockTableResourcePolicy,
  buildModuleBucketPolicy,
  buildStateBucketPolicy,
  buildStateKeyDocument,
  buildStateKeyPolicy,
  type MoveStage,
  type PolicyDocument,
  type PolicyStatement,
} from './state-policies.ts';
