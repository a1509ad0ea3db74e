export type { MigrationRule, Refusal, Remark, Step, StepId } from './rule.ts';
