/** The embedded AWS. Only rehearse, drills and the sandbox command import it: everyone else gets another endpoint URL. */
export { AwsError } from './core/aws-error.ts';
export type { IssuedKey } from './core/caller.ts';
export type { Fault, FaultEffect, FaultTarget } from './core/fault.ts';
export type { Answer, HttpMessage } from './core/http-message.ts';
export type { World } from './core/world.ts';
export type { RefusedHost } from './server/refused-hosts.ts';
export { type RunningSandbox, type SandboxStart, startSandbox } from './server/start-sandbox.ts';
