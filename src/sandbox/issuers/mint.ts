/** Tokens as the pipelines get them. */
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import { type Claims, type GithubJob, githubClaims } from './github-job.ts';
import { type HcpRun, hcpClaims } from './hcp-run.ts';
import { githubIssuerUrl, hcpIssuerUrl, signToken } from './issuer.ts';

export interface GithubTokenRequest {
  readonly job: GithubJob;
  /** URL of the repository's owner unless given; what asks for AWS gives `sts.amazonaws.com`. */
  readonly audience?: string;
  /** Win over all that the job makes. */
  readonly claims?: Claims;
}

/** What GitHub would answer such a job; whether it may ask is for `allowsIdToken` to say. It lives five minutes. */
export async function mintGithubToken(world: World, time: SandboxTime, request: GithubTokenRequest): Promise<string> {
  const { job } = request;
  const aud = request.audience ?? `https://github.com/${job.repository.fullName.split('/')[0]}`;
  const claims = { ...githubClaims(job), aud, ...request.claims };
  return await signToken(world, time, githubIssuerUrl, claims, { lifetimeSeconds: 300, notBeforeSeconds: 600 });
}

/** A job of a pull request from a fork never gets `id-token: write`, whatever its workflow says. */
export function allowsIdToken(job: GithubJob): boolean {
  if (job.idTokenPermission === false) return false;
  return !(job.fromFork === true && job.event === 'pull_request');
}

export interface HcpTokenRequest {
  readonly run: HcpRun;
  /** `aws.workload.identity` unless given. */
  readonly audience?: string;
  /** How long the phase may take; two hours to plan and a day to apply unless given. */
  readonly phaseTimeoutSeconds?: number;
  /** Win over all that the run makes. */
  readonly claims?: Claims;
}

/** What HCP Terraform puts into a run. It lives as long as the phase may take. */
export async function mintHcpToken(world: World, time: SandboxTime, request: HcpTokenRequest): Promise<string> {
  const { run } = request;
  const claims = { ...hcpClaims(run), aud: request.audience ?? 'aws.workload.identity', ...request.claims };
  const lifetimeSeconds = request.phaseTimeoutSeconds ?? (run.phase === 'plan' ? 7200 : 86_400);
  return await signToken(world, time, hcpIssuerUrl, claims, { lifetimeSeconds, notBeforeSeconds: 5 });
}
