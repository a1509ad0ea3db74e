/** The embedded AWS. Only rehearse, drills and the sandbox command import it: everyone else gets another endpoint URL. */
export { AwsError } from './core/aws-error.ts';
export type { IssuedKey } from './core/caller.ts';
export type { Fault, FaultEffect, FaultTarget } from './core/fault.ts';
export type { Answer, HttpMessage } from './core/http-message.ts';
export type { World } from './core/world.ts';
export {
  type GithubJob,
  githubClaims,
  githubIssuerUrl,
  type HcpRun,
  hcpClaims,
  mintGithubToken,
  mintHcpToken,
  rotateKeys,
  startGithubJob,
} from './issuers/index.ts';
export type { Issuer } from './issuers/state.ts';
export type { RefusedHost } from './server/refused-hosts.ts';
export { type Move, type RunningSandbox, type SandboxStart, startSandbox } from './server/start-sandbox.ts';
export { deliverTrails } from './services/cloudtrail/deliver.ts';
export { createOidcProvider, createRole, putTrustPolicy } from './services/iam/build.ts';
export { approveSignIn, denySignIn, pendingSignIns } from './services/identity-center/approve.ts';
export { assign } from './services/identity-center/build.ts';
export { deprovision } from './services/identity-center/provision.ts';
export type { BuiltWorld, WorldPerson, WorldStage } from './world/built-world.ts';
export type { GivenKey } from './world/legacy-side.ts';
export type { Outsiders } from './world/rehearsal-cast.ts';
