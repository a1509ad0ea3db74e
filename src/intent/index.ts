export type { Account, GitHub, Intent, Partition, Stack, StateBackend } from './intent.ts';
export { type IntentProblem, renderIntentProblem } from './intent-problem.ts';
export { findIntent, intentFileName, loadIntent } from './load-intent.ts';
export { parseIntent } from './parse-intent.ts';
export { renderIntentSchema } from './schema.ts';
