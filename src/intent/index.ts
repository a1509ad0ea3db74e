export { type AwsConfigChange, planAwsConfigFile, writeAwsConfigFile } from './aws-config.ts';
export {
  awsProfiles,
  githubEnvironmentSubject,
  githubPullRequestSubject,
  lockTableArn,
  type Phase,
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
export type { Account, GitHub, Intent, Partition, Stack, StateBackend } from './intent.ts';
export { type IntentProblem, renderIntentProblem } from './intent-problem.ts';
export { findIntent, intentFileName, loadIntent } from './load-intent.ts';
export { type MissingValue, missingValues } from './missing-values.ts';
export { parseIntent } from './parse-intent.ts';
export { renderIntentSchema } from './schema.ts';
export {
  buildLockTableResourcePolicy,
  buildStateBucketPolicy,
  buildStateKeyPolicy,
  type PolicyDocument,
  type PolicyStatement,
} from './state-policies.ts';
