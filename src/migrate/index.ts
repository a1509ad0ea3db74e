export { migrationRules } from './catalogue.ts';
export { gateOf } from './gate-of.ts';
export { type ChangeSet, type FileChange, type MigrationPlan, planMigration } from './plan.ts';
export type { MigrationOptions, MigrationRule, Refusal, Remark } from './rule.ts';
export { type GateCondition, type Step, type StepId, stepOf, steps } from './steps.ts';
export { openUndoStore, type RunRecord, UndoStore, undoLastRun } from './undo.ts';
export { pipelineJobsOf } from './workflows/pipeline-jobs.ts';
export { type Writable, writableChangeSets } from './writable.ts';
export { type WrittenRun, writeChangeSets } from './write.ts';
