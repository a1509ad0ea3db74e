/**
 * Which job of the workflows takes which role, in the words of keyless.yaml: what `init` drafts, and what the roles of the
 * migrated workflows will be asked for.
 */
import {
  findGithubCredentials,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  usesOidc,
} from '../../audit/index.ts';
import {
  type GitHubJob,
  type GitHubTrigger,
  githubTriggers,
  type Intent,
  type PipelinePhase,
} from '../../intent/index.ts';
import type { Repository } from '../../repository/index.ts';
import { mayUseAws, textsOf } from './job-commands.ts';
import { keyHint } from './key-place.ts';
import { chooseRole, environmentsOf, phasesOf, type RoleTrust } from './role-choice.ts';
import { eventsOf, subjectsOf } from './token-subject.ts';

/** In the order of the files. A job whose account or subject nothing tells is left out. */
export function pipelineJobsOf(repository: Repository, intent: Intent): readonly GitHubJob[] {
  const workflows = githubWorkflows(repository);
  const branch = defaultBranch(workflows.flatMap((workflow) => subjectsOf(repository, intent, workflow, {})));
  return workflows.flatMap((workflow) =>
    workflow.jobs
      .filter((job) => job.uses === undefined && takesRole(repository, workflow, job))
      .flatMap((job) => entriesOf({ repository, intent, workflow, job }, branch)),
  );
}

interface Case {
  readonly repository: Repository;
  readonly intent: Intent;
  readonly workflow: GithubWorkflow;
  readonly job: GithubJob;
}

function takesRole(repository: Repository, workflow: GithubWorkflow, job: GithubJob): boolean {
  if (usesOidc(repository, job)) return true;
  const places = findGithubCredentials(workflow, repository);
  if (places.some((place) => place.job === job)) return true;
  const shared = places.some((place) => place.job === undefined && place.form === 'environment');
  return shared && job.steps.some((step) => mayUseAws(repository, step));
}

function entriesOf(at: Case, branch: string | undefined): GitHubJob[] {
  const { repository, intent, workflow, job } = at;
  const places = findGithubCredentials(workflow, repository).filter((place) => place.job === job);
  const choice = chooseRole(repository, intent, workflow, job, keyHint(places));
  if ('undecided' in choice) return [];
  const trusts = phasesOf(at) === undefined ? publishing(at, choice.trusts) : choice.trusts;
  const phases = (['plan', 'apply', 'publish'] as const).filter((phase) =>
    trusts.some((trust) => isOf(at, trust, phase)),
  );
  const events = eventsOf(repository, workflow);
  const triggers = githubTriggers.filter((trigger) => events.has(trigger));
  const common = { workflow: workflow.file.path.split('/').at(-1) ?? '', job: job.id };
  if (job.environment !== undefined) return inEnvironments(at, common, phases, triggers);
  return phases.flatMap((phase): GitHubJob[] => {
    const ofPhase = trusts.filter((trust) => isOf(at, trust, phase));
    const accounts = [...new Set(ofPhase.flatMap(({ account }) => account ?? []))];
    const subjects = ofPhase.flatMap((trust) => trust.subjects);
    const refs = refsOf(subjects, branch);
    // Anyone who can push opens a pull request, so it plans and does nothing else.
    const onPullRequest = phase === 'plan' && subjects.some((subject) => subject.endsWith(':pull_request'));
    if (accounts.length === 0 || (!onPullRequest && refs.branches.length + refs.tags.length === 0)) return [];
    return [
      {
        ...common,
        phases: [phase],
        environments: [],
        accounts,
        triggers: triggers.filter((trigger) => trigger !== 'pull_request' || onPullRequest),
        ...refs,
      },
    ];
  });
}

function inEnvironments(
  at: Case,
  common: Pick<GitHubJob, 'workflow' | 'job'>,
  phases: readonly PipelinePhase[],
  triggers: readonly GitHubTrigger[],
): GitHubJob[] {
  const { github } = at.intent;
  const known = new Set([...(github?.environments.keys() ?? []), ...(github?.unassigned ?? [])]);
  const environments = environmentsOf(at).filter((name) => known.has(name));
  if (environments.length === 0 || phases.length === 0) return [];
  const subjects = subjectsOf(at.repository, at.intent, at.workflow, {});
  const { branches } = refsOf(subjects, undefined);
  // Bound to branches where nothing else ever starts it.
  const bound = branches.length > 0 && branches.length === subjects.length;
  return [{ ...common, phases, environments, accounts: [], triggers, branches: bound ? branches : [], tags: [] }];
}

function isOf({ intent }: Case, { role }: RoleTrust, phase: PipelinePhase): boolean {
  return role === intent.pipelineRoles[phase];
}

/** A job without Terraform whose scripts upload into a bucket that modules come from. */
function publishing(at: Case, trusts: readonly RoleTrust[]): readonly RoleTrust[] {
  const { repository, intent, workflow, job } = at;
  const folder = job.workingDirectory?.text ?? workflow.workingDirectory?.text;
  const scripts = job.steps.flatMap(({ run, workingDirectory }) =>
    run === undefined ? [] : textsOf(repository, run.text, workingDirectory?.text ?? folder).map(({ text }) => text),
  );
  const uploads = scripts.filter((text) => /\bs3\s+(cp|mv|sync)\b|\bs3api\s+put-object\b/.test(text)).join('\n');
  return intent.moduleBuckets
    .filter(({ bucket }) => uploads.includes(bucket))
    .flatMap(({ account }) => trusts.map((trust) => ({ ...trust, role: intent.pipelineRoles.publish, account })));
}

/** Branches and tags of subjects; what stands for the default branch is that, where it is known. */
function refsOf(
  subjects: readonly string[],
  branch: string | undefined,
): { readonly branches: readonly string[]; readonly tags: readonly string[] } {
  const refs = (kind: string) =>
    subjects.flatMap((subject) => new RegExp(`:ref:refs/${kind}/(.+)$`).exec(subject)?.[1] ?? []);
  const branches = refs('heads').flatMap((name) => (name === '<default branch>' ? (branch ?? []) : name));
  return {
    branches: [...new Set(branches.filter((name) => !/[<*?[]/.test(name)))],
    tags: [...new Set(refs('tags').filter((name) => !/[<[]/.test(name)))],
  };
}

/** `main` or `master`, whichever the workflows name. */
function defaultBranch(subjects: readonly string[]): string | undefined {
  return ['main', 'master'].find((name) => subjects.some((subject) => subject.endsWith(`:ref:refs/heads/${name}`)));
}
