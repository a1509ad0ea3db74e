/**
 * Which tokens of pipelines get which role: one grant for each job or workspace, phase, account and subject. Trust
 * policies are built from it and a rehearsal is held to it.
 */
import { githubEnvironmentSubject, githubPullRequestSubject, githubRepositorySubject } from './derived.ts';
import type { GitHub, GitHubJob, Intent, PipelinePhase } from './intent.ts';

export interface PipelineGrant {
  readonly issuer: 'github' | 'hcp-terraform';
  /** `apply.yml: stacks`, `workspace network-live`, or what stands for any job: `environment live`. */
  readonly name: string;
  readonly phase: PipelinePhase;
  /** Account name. */
  readonly account: string;
  /** The `sub` of the token. For a tag `*` and `?` stand for any characters, else the text is what it says. */
  readonly subject: string;
  /** The `ref` the token must have as well (`refs/heads/main`), any of them; `undefined`: whichever. */
  readonly refs: readonly string[] | undefined;
  /** GitHub environment of the job. */
  readonly environment: string | undefined;
}

export const githubIssuer = 'https://token.actions.githubusercontent.com';
export const hcpTerraformIssuer = 'https://app.terraform.io';
export const hcpTerraformAudience = 'aws.workload.identity';

/**
 * In the order of the file. Without `github.jobs`: jobs of an environment may plan and apply in its account, and pull
 * requests may plan in the accounts of all environments. None for GitHub while its repository is not known.
 */
export function pipelineGrants(intent: Intent): readonly PipelineGrant[] {
  const { github, hcpTerraform } = intent;
  const ofGitHub =
    github?.repository === undefined
      ? []
      : (github.jobs?.flatMap((job) => ofJob(intent, github, job)) ?? ofAny(intent, github));
  const ofHcp = [...(hcpTerraform?.workspaces ?? [])].flatMap(([workspace, { account, phases }]) =>
    phases.map(
      (phase): PipelineGrant => ({
        issuer: 'hcp-terraform',
        name: `workspace ${workspace}`,
        phase,
        account,
        subject: `organization:${hcpTerraform?.organization}:project:${hcpTerraform?.project}:workspace:${workspace}:run_phase:${phase}`,
        refs: undefined,
        environment: undefined,
      }),
    ),
  );
  return [...ofGitHub, ...ofHcp];
}

function ofJob(intent: Intent, github: GitHub, job: GitHubJob): PipelineGrant[] {
  const refs = [...job.branches.map((branch) => `refs/heads/${branch}`), ...job.tags.map((tag) => `refs/tags/${tag}`)];
  const common = { issuer: 'github', name: `${job.workflow}: ${job.job}` } as const;
  const inEnvironments = job.environments.flatMap((environment) => {
    const account = github.environments.get(environment)?.account;
    const subject = githubEnvironmentSubject(intent, environment);
    if (account === undefined || subject === undefined) return [];
    return job.phases.map(
      (phase): PipelineGrant => ({
        ...common,
        phase,
        account,
        subject,
        refs: refs.length === 0 ? undefined : refs,
        environment,
      }),
    );
  });
  const pullRequest = job.triggers.includes('pull_request') ? githubPullRequestSubject(intent) : undefined;
  const subjects = [
    ...(pullRequest === undefined ? [] : [pullRequest]),
    ...refs.map((ref) => `${githubRepositorySubject({ github })}:ref:${ref.replaceAll(':', '%3A')}`),
  ];
  const withoutEnvironment = job.accounts.flatMap((account) =>
    job.phases.flatMap((phase) =>
      subjects.map(
        (subject): PipelineGrant => ({
          ...common,
          phase,
          account,
          subject,
          refs: undefined,
          environment: undefined,
        }),
      ),
    ),
  );
  return [...inEnvironments, ...withoutEnvironment];
}

function ofAny(intent: Intent, { environments }: GitHub): PipelineGrant[] {
  const inEnvironments = [...environments].flatMap(([environment, { account }]) =>
    (['plan', 'apply'] as const).map(
      (phase): PipelineGrant => ({
        issuer: 'github',
        name: `environment ${environment}`,
        phase,
        account,
        subject: githubEnvironmentSubject(intent, environment) ?? '',
        refs: undefined,
        environment,
      }),
    ),
  );
  const accounts = new Set([...environments.values()].map(({ account }) => account));
  const inPullRequests = [...accounts].map(
    (account): PipelineGrant => ({
      issuer: 'github',
      name: 'pull requests',
      phase: 'plan',
      account,
      subject: githubPullRequestSubject(intent) ?? '',
      refs: undefined,
      environment: undefined,
    }),
  );
  return [...inEnvironments, ...inPullRequests];
}
