/**
 * A job of GitHub Actions, and what its ID token says of it.
 * https://docs.github.com/en/actions/reference/security/oidc
 */

export interface GithubJob {
  readonly repository: GithubRepository;
  /** `push`, `pull_request`, `workflow_dispatch`, `schedule`, … */
  readonly event: string;
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  readonly ref: string;
  /** Name of the deployment environment that the job names. */
  readonly environment?: string;
  /** File of the workflow; `.github/workflows/terraform.yml` unless given. */
  readonly workflowFile?: string;
  /** Name of the workflow; the file unless given. */
  readonly workflow?: string;
  /** Of a reusable workflow that the job runs: `owner/name/.github/workflows/file.yml@ref`. */
  readonly jobWorkflowRef?: string;
  readonly actor?: string;
  readonly actorId?: string;
  /** Branches of a pull request. */
  readonly headRef?: string;
  readonly baseRef?: string;
  /** The pull request comes from a fork. */
  readonly fromFork?: boolean;
  /** `permissions: id-token: write`; true unless given. */
  readonly idTokenPermission?: boolean;
  readonly sha?: string;
  readonly runId?: string;
  readonly runNumber?: number;
  readonly runAttempt?: number;
  readonly runnerEnvironment?: 'github-hosted' | 'self-hosted';
  readonly enterprise?: string;
}

export interface GithubRepository {
  /** `owner/name`. */
  readonly fullName: string;
  /** Number of the repository; made from the name unless given. */
  readonly id?: string;
  readonly ownerId?: string;
  readonly visibility?: 'public' | 'private' | 'internal';
  /** Its subjects carry the ids: `repo:owner@ID/name@ID`, as for all that were made after 15 July 2026. */
  readonly immutableSubject?: boolean;
  /** Customised subject: the names of the claims that make it, in order (`repo`, `context`, `job_workflow_ref`). */
  readonly includeClaimKeys?: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

/** All claims but `iss`, `aud`, `jti` and the times. */
export function githubClaims(job: GithubJob): Claims {
  const { repository } = job;
  const [owner = '', name = ''] = repository.fullName.split('/');
  const file = job.workflowFile ?? '.github/workflows/terraform.yml';
  const workflowRef = `${repository.fullName}/${file}@${job.ref}`;
  const sha = job.sha ?? digits(`${repository.fullName} ${job.ref}`, 40);
  const runId = job.runId ?? '1';
  const claims: Record<string, unknown> = {
    actor: job.actor ?? owner,
    actor_id: job.actorId ?? numberOf(job.actor ?? owner),
    base_ref: job.baseRef ?? '',
    check_run_id: runId,
    event_name: job.event,
    head_ref: job.headRef ?? '',
    job_workflow_ref: job.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: sha,
    ref: job.ref,
    ref_protected: 'false',
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: repository.fullName,
    repository_id: repository.id ?? numberOf(`${owner}/${name}`),
    repository_owner: owner,
    repository_owner_id: repository.ownerId ?? numberOf(owner),
    repository_visibility: repository.visibility ?? 'private',
    run_attempt: String(job.runAttempt ?? 1),
    run_id: runId,
    run_number: String(job.runNumber ?? 1),
    runner_environment: job.runnerEnvironment ?? 'github-hosted',
    sha,
    workflow: job.workflow ?? file,
    workflow_ref: workflowRef,
    workflow_sha: sha,
  };
  if (job.environment !== undefined) claims.environment = job.environment;
  if (job.enterprise !== undefined) {
    claims.enterprise = job.enterprise;
    claims.enterprise_id = numberOf(job.enterprise);
  }
  return { ...claims, sub: subjectOf(job, claims) };
}

/** `repo:owner/name:<context>`, or what the repository's template makes of it. */
function subjectOf(job: GithubJob, claims: Claims): string {
  const { repository } = job;
  const [owner = '', name = ''] = repository.fullName.split('/');
  const repo = repository.immutableSubject
    ? `repo:${owner}@${claims.repository_owner_id}/${name}@${claims.repository_id}`
    : `repo:${repository.fullName}`;
  const keys = repository.includeClaimKeys ?? ['repo', 'context'];
  return keys
    .map((key) => {
      if (key === 'repo') return repo;
      if (key === 'context') return contextOf(job);
      return `${key}:${escapeColons(String(claims[key] ?? ''))}`;
    })
    .join(':');
}

/** An environment hides the pull request, which hides the ref. */
function contextOf(job: GithubJob): string {
  if (job.environment !== undefined) return `environment:${escapeColons(job.environment)}`;
  if (job.event === 'pull_request') return 'pull_request';
  return `ref:${escapeColons(job.ref)}`;
}

function escapeColons(value: string): string {
  return value.replaceAll(':', '%3A');
}

/** A number for what has none: the same name, the same number. */
function numberOf(name: string): string {
  let hash = 0;
  for (const character of name.toLowerCase()) hash = (hash * 31 + (character.codePointAt(0) as number)) % 900_000_000;
  return String(hash + 10_000_000);
}

function digits(seed: string, length: number): string {
  let text = '';
  for (let round = 0; text.length < length; round++) text += Number(numberOf(`${seed} ${round}`)).toString(16);
  return text.slice(0, length);
}
