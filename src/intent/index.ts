export type { Account, GitHub, Intent, Partition, Stack, StateBackend } from './intent.ts';
