/** The embedded AWS. Only rehearse, drills and the sandbox command import it: everyone else gets another endpoint URL. */
export { AwsError } from './core/aws-error.ts';
export type { Fault, FaultEffect, FaultTarget } from './core/fault.ts';
export type { World } from './core/world.ts';
