/**
 * Who comes with a token: every job run of the edited workflows, whoever else keyless.yaml lets in, every workspace of HCP
 * Terraform, and outsiders as close to them as one can get. And what keyless.yaml says of each, read from its grants and not from a policy. Pure.
 */
import { roleArn } from '../aws/arn.ts';
import { webIdentityAudienceOf } from '../aws/partition.ts';
import { type Intent, type PipelineGrant, pathAndName, pipelineGrants } from '../intent/index.ts';
import { type GithubJob, githubClaims, type HcpRun, hcpClaims } from '../sandbox/index.ts';
import type { PipelineJob, PipelinePhase } from './pipeline-jobs.ts';
import type { MatrixRole } from './rehearsal.ts';

export interface Role extends MatrixRole {
  readonly phase: PipelinePhase;
}

type Claims = Readonly<Record<string, unknown>>;

/** Somebody with a token, or who asks for one. */
export interface Bearer {
  readonly job: string;
  readonly trigger: string;
  readonly environment: string | undefined;
  readonly outsider: boolean;
  readonly issuer: PipelineGrant['issuer'];
  /** What the token says. */
  readonly claims: Claims;
  /** How the token is come by. */
  readonly source: GithubSource | { readonly kind: 'hcp-terraform'; readonly run: HcpRun };
  /** The job's workflow, or the workspace, asks for the role. */
  readonly asks: (role: Role) => boolean;
}

export interface GithubSource {
  readonly kind: 'github';
  readonly job: GithubJob;
  readonly audience: string;
}

export function pipelineBearers(
  intent: Intent,
  jobs: readonly PipelineJob[],
  roles: readonly Role[],
): readonly Bearer[] {
  const repository = intent.github?.repository;
  return [
    ...(repository === undefined ? [] : jobs.map((job) => jobBearer(job, repository, intent))),
    ...(repository === undefined ? [] : grantBearers(jobs, repository, intent)),
    ...workspaceBearers(intent),
    ...(repository === undefined ? [] : githubOutsiders(jobs, repository, intent, roles)),
    ...workspaceOutsiders(intent),
  ];
}

/** Plan and apply in every account, and whatever else keyless.yaml grants, by account. */
export function rolesOf(intent: Intent): readonly Role[] {
  const grants = pipelineGrants(intent);
  const phases: readonly PipelinePhase[] = ['plan', 'apply', 'publish'];
  return [...intent.accounts.values()].flatMap(({ name: account, id }) =>
    phases.flatMap((phase) => {
      const granted = grants.some((grant) => grant.account === account && grant.phase === phase);
      if (id === undefined || (phase === 'publish' && !granted)) return [];
      const { path, name } = pathAndName(intent.pipelineRoles[phase]);
      return [{ account, phase, role: name, arn: roleArn(intent.partition, id, name, path) }];
    }),
  );
}

function jobBearer(job: PipelineJob, repository: string, intent: Intent): Bearer {
  const github = githubJobOf(job, repository, intent);
  return {
    ...githubBearer(`${job.workflow} › ${job.job}`, triggerOf(job), github, intent),
    asks: ({ account, phase }) => job.asks.includes(phase) && accountsOf(job, intent).includes(account),
  };
}

function githubBearer(
  job: string,
  trigger: string,
  github: GithubJob,
  intent: Intent,
  audience: string = webIdentityAudienceOf(intent.partition),
): Bearer {
  return {
    job,
    trigger,
    environment: github.environment,
    outsider: false,
    issuer: 'github',
    claims: { ...githubClaims(github), aud: audience },
    source: { kind: 'github', job: github, audience },
    asks: () => false,
  };
}

/** For each grant that no job of the workflows comes with: a token as keyless.yaml means it, so that every role it gives is taken. */
function grantBearers(jobs: readonly PipelineJob[], repository: string, intent: Intent): readonly Bearer[] {
  const claims = jobs.filter(({ mayAsk }) => mayAsk).map((job) => githubClaims(githubJobOf(job, repository, intent)));
  const unused = pipelineGrants(intent).filter(
    (grant) => grant.issuer === 'github' && !claims.some((each) => isGranted(grant, each)),
  );
  const bearers = unused.flatMap((grant) => {
    const github = jobOfGrant(grant, repository, intent);
    const trigger = triggerOf(github);
    return isGranted(grant, githubClaims(github))
      ? [githubBearer(`keyless.yaml: ${grant.name}`, trigger, github, intent)]
      : [];
  });
  const seen = new Map(bearers.map((bearer) => [`${bearer.job}\0${bearer.claims.sub}\0${bearer.claims.ref}`, bearer]));
  return [...seen.values()];
}

function jobOfGrant(
  { name, subject, refs, environment }: PipelineGrant,
  repository: string,
  intent: Intent,
): GithubJob {
  const workflow = /^(.+\.ya?ml): /.exec(name)?.[1];
  const common = {
    repository: identityOf(repository, intent),
    ...(workflow === undefined ? {} : { workflowFile: `.github/workflows/${workflow}` }),
  };
  if (subject.endsWith(':pull_request')) {
    return { ...common, event: 'pull_request', ref: 'refs/pull/1/merge', headRef: 'feature', baseRef: 'main' };
  }
  const ref = /:ref:(refs\/.*)$/.exec(subject)?.[1]?.replaceAll('%3A', ':') ?? refs?.[0] ?? 'refs/heads/main';
  return {
    ...common,
    event: 'push',
    // A pattern becomes one name that it matches.
    ref: ref.replaceAll(/[*?]/g, '1'),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** One for each phase of a run, whether the workspace may run it or not. */
function workspaceBearers(intent: Intent): readonly Bearer[] {
  return [...(intent.hcpTerraform?.workspaces ?? [])].flatMap(([workspace, { account, phases }]) =>
    (['plan', 'apply'] as const).map((phase) => ({
      ...hcpBearer(`workspace ${workspace}`, hcpRun(intent, workspace, phase)),
      asks: (role: Role) => role.account === account && role.phase === phase && phases.includes(phase),
    })),
  );
}

function workspaceOutsiders(intent: Intent): readonly Bearer[] {
  const [workspace] = intent.hcpTerraform?.workspaces.keys() ?? [];
  if (workspace === undefined) return [];
  const run = hcpRun(intent, workspace, 'apply');
  const stranger = (job: string, more: Partial<HcpRun>): Bearer => ({
    ...hcpBearer(job, { ...run, ...more }),
    outsider: true,
  });
  return [
    stranger('a workspace that keyless.yaml does not name', { workspace: `${workspace}-2` }),
    stranger('an organisation whose name begins alike', { organization: `${run.organization}-evil` }),
  ];
}

function hcpRun(intent: Intent, workspace: string, phase: HcpRun['phase']): HcpRun {
  const { organization = '', project } = intent.hcpTerraform ?? {};
  return { organization, workspace, phase, ...(project === undefined ? {} : { project }) };
}

function hcpBearer(job: string, run: HcpRun): Bearer {
  return {
    job,
    trigger: `${run.phase} in HCP Terraform`,
    environment: undefined,
    outsider: false,
    issuer: 'hcp-terraform',
    claims: hcpClaims(run),
    source: { kind: 'hcp-terraform', run },
    asks: () => false,
  };
}

/** Where the role that a job asks for is: by its environment, else by the workspaces of its matrix. */
function accountsOf(job: PipelineJob, intent: Intent): readonly string[] {
  if (job.environment !== undefined) {
    const account = intent.github?.environments.get(job.environment)?.account;
    return account === undefined ? [] : [account];
  }
  const ofWorkspaces = job.workspaces.flatMap((workspace) =>
    intent.stacks.flatMap(({ workspaces }) => workspaces.get(workspace) ?? []),
  );
  const ofJob = pipelineGrants(intent).flatMap(({ name, account, phase }) =>
    name === `${job.workflow}: ${job.job}` && job.asks.includes(phase) ? [account] : [],
  );
  return ofWorkspaces.length > 0 ? ofWorkspaces : ofJob;
}

function triggerOf({ event, ref }: Pick<GithubJob, 'event' | 'ref'>): string {
  if (event === 'pull_request') return 'pull request';
  const branch = ref.replace(/^refs\/(heads|tags)\//, '');
  if (event === 'push') return `push ${ref.startsWith('refs/tags/') ? 'tag ' : ''}${branch}`;
  return event === 'workflow_dispatch' ? 'started by hand' : event.replaceAll('_', ' ');
}

/** With its numbers, where keyless.yaml has them. */
function identityOf(repository: string, intent: Intent): GithubJob['repository'] {
  const numbers = intent.github?.immutableSubject;
  return {
    fullName: repository,
    ...(numbers && { id: numbers.repositoryId, ownerId: numbers.ownerId, immutableSubject: true }),
  };
}

export function githubJobOf(job: PipelineJob, repository: string, intent: Intent): GithubJob {
  const { workflow, event, ref, environment, mayAsk, called } = job;
  return {
    repository: identityOf(repository, intent),
    event,
    ref,
    workflowFile: `.github/workflows/${workflow}`,
    idTokenPermission: mayAsk,
    ...(environment === undefined ? {} : { environment }),
    ...(called === undefined ? {} : { jobWorkflowRef: `${repository}/.github/workflows/${called.workflow}@${ref}` }),
    ...(event === 'pull_request' ? { headRef: 'feature', baseRef: 'main' } : {}),
  };
}

/** Whom no role of keyless.yaml is meant for, each as close to the real thing as it can get. */
function githubOutsiders(
  jobs: readonly PipelineJob[],
  repository: string,
  intent: Intent,
  roles: readonly Role[],
): readonly Bearer[] {
  const [owner = '', name = ''] = repository.split('/');
  const environment = [...(intent.github?.environments.keys() ?? [])].at(-1);
  const inEnvironment = environment === undefined ? {} : { environment };
  const push = (fullName: string, more: Partial<GithubJob> = {}): GithubJob => ({
    repository: { fullName },
    event: 'push',
    ref: 'refs/heads/main',
    ...more,
  });
  const own = (more: Partial<GithubJob>): GithubJob =>
    push(repository, { repository: identityOf(repository, intent), ...more });
  const stranger = (job: string, trigger: string, github: GithubJob, audience?: string): Bearer => ({
    ...githubBearer(job, trigger, github, intent, audience),
    outsider: true,
  });
  const forks = jobs
    .filter(({ event }) => event === 'pull_request')
    .map((job) => {
      const github = { ...githubJobOf(job, repository, intent), fromFork: true, actor: 'mallory' };
      return stranger(`${job.workflow} › ${job.job}`, forkTrigger, github);
    });
  const fork = `mallory/${name}`;
  const strangers = [
    stranger("a workflow of the fork's own", 'pull request', push(fork, { event: 'pull_request' })),
    stranger("a workflow of the fork's own", 'push main', push(fork, inEnvironment)),
    stranger('another repository of the owner', 'push main', push(`${owner}/${name}-2`, inEnvironment)),
    stranger('an owner whose name begins alike', 'push main', push(`${owner}-evil/${name}`, inEnvironment)),
    stranger('a new workflow on a branch', 'push feature', own({ ref: 'refs/heads/feature' })),
    stranger(
      'a job of the environment on a branch',
      'push feature',
      own({ ...inEnvironment, ref: 'refs/heads/feature' }),
    ),
    stranger('a job without environment', 'push main', own({})),
    stranger('an environment that keyless.yaml does not name', 'push main', own({ environment: 'somewhere-else' })),
    stranger('a token for another audience', 'push main', own(inEnvironment), `https://github.com/${owner}`),
  ];
  if (intent.github?.immutableSubject !== undefined) {
    const taken = { fullName: repository, id: '1', ownerId: '1', immutableSubject: true };
    strangers.push(
      stranger('the same name in other hands', 'push main', own({ ...inEnvironment, repository: taken })),
      stranger('the same name without its numbers', 'push main', push(repository, inEnvironment)),
    );
  }
  // What keyless.yaml lets in is no outsider, whatever it looks like.
  const audience = webIdentityAudienceOf(intent.partition);
  return [
    ...forks,
    ...strangers.filter(
      ({ claims }) => claims.aud !== audience || !roles.some((role) => isIntended(intent, claims, role)),
    ),
  ];
}

export const forkTrigger = 'pull request from a fork';

/** What keyless.yaml says of a token with these claims, read from its grants and not from a policy. */
export function isIntended(
  intent: Intent,
  claims: Readonly<Record<string, unknown>>,
  role: { readonly account: string; readonly phase: PipelinePhase },
  issuer: PipelineGrant['issuer'] = 'github',
): boolean {
  return pipelineGrants(intent).some(
    (grant) =>
      grant.issuer === issuer &&
      grant.account === role.account &&
      grant.phase === role.phase &&
      isGranted(grant, claims),
  );
}

function isGranted(grant: PipelineGrant, claims: Claims): boolean {
  return (
    isSubject(grant, String(claims.sub)) &&
    (grant.refs === undefined || grant.refs.some((ref) => matches(ref, String(claims.ref))))
  );
}

/** Names of HCP Terraform are text; a subject of GitHub may hold the pattern of a tag. */
function isSubject({ issuer, subject }: PipelineGrant, sub: string): boolean {
  return issuer === 'github' ? matches(subject, sub) : subject === sub;
}

/** `*` and `?` as in a tag of keyless.yaml. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
