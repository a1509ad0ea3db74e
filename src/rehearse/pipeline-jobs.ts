/**
 * Every run of a job that the workflows of a repository can start, as far as the issuer's token tells runs apart: by event,
 * ref and environment. Matrix values, choices of a manual start and the callers of reusable workflows are followed. Pure.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
import {
  asList,
  asText,
  canRequestIdToken,
  entriesOf,
  findCalledWorkflow,
  findInput,
  findPart,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  isConfigureCredentials,
  matrixCombinations,
} from '../audit/index.ts';
import type { Intent } from '../intent/index.ts';
import type { Repository } from '../repository/index.ts';

/** `publish` uploads Terraform modules. */
export type PipelinePhase = 'plan' | 'apply' | 'publish';

export interface PipelineJob {
  /** File in .github/workflows that the event starts. */
  readonly workflow: string;
  /** Id of the job in it. */
  readonly job: string;
  /** The reusable workflow and the job in it that hold the steps. */
  readonly called: { readonly workflow: string; readonly job: string } | undefined;
  readonly event: string;
  readonly ref: string;
  readonly environment: string | undefined;
  /** What the job's `role-to-assume` asks for; empty where it takes no role. */
  readonly asks: readonly PipelinePhase[];
  /** Workspaces that choose the account where no environment does. */
  readonly workspaces: readonly string[];
  /** GitHub lets the job ask for a token. */
  readonly mayAsk: boolean;
  /** Its condition keeps pull requests from forks out. */
  readonly guardsForks: boolean;
}

type Inputs = ReadonlyMap<string, readonly string[]>;

/** One entry for each workflow, job, event, ref and environment, in the order of the files. */
export function pipelineJobs(repository: Repository, intent: Intent): readonly PipelineJob[] {
  const workflows = githubWorkflows(repository);
  const branch = defaultBranch(workflows);
  const found = workflows.flatMap((workflow) =>
    workflow.triggers
      .filter(({ event }) => event !== 'workflow_call')
      .flatMap((trigger) =>
        refsOf(trigger.event, trigger.settings, branch).flatMap((ref) =>
          workflow.jobs.flatMap((job) =>
            runsOf(repository, intent, workflow, job, dispatchInputs(workflow, trigger.event)).map((run) => ({
              ...run,
              workflow: fileName(workflow),
              job: job.id,
              event: trigger.event,
              ref,
            })),
          ),
        ),
      ),
  );
  const merged = new Map<string, PipelineJob>();
  for (const job of found) {
    const key = [job.workflow, job.job, job.called?.job, job.event, job.ref, job.environment].join('\0');
    const known = merged.get(key);
    merged.set(key, {
      ...job,
      workspaces: [...new Set([...(known?.workspaces ?? []), ...job.workspaces])],
    });
  }
  return [...merged.values()];
}

type Run = Pick<PipelineJob, 'called' | 'environment' | 'asks' | 'workspaces' | 'mayAsk' | 'guardsForks'>;

function runsOf(
  repository: Repository,
  intent: Intent,
  workflow: GithubWorkflow,
  job: GithubJob,
  inputs: Inputs,
): readonly Run[] {
  const called = findCalledWorkflow(repository, job);
  if (called !== undefined) {
    const passed = new Map(
      (called.call?.inputs ?? []).map((input) => {
        const given = asText(findInput(job.inputs, input.name)?.value)?.text;
        const fallback = asText(findPart(input.value, 'default'))?.text;
        const values = given === undefined ? (fallback === undefined ? [] : [fallback]) : textsOf(given, job, inputs);
        return [input.name, values ?? []] as const;
      }),
    );
    return called.jobs.flatMap((inner) =>
      runsOf(repository, intent, called, inner, passed).map((run) => ({
        ...run,
        called: { workflow: fileName(called), job: inner.id },
        asks: narrowed(run.asks, inner, passed),
        guardsForks: run.guardsForks || guardsForks(job),
      })),
    );
  }
  const environments =
    job.environment === undefined
      ? [undefined]
      : (textsOf(job.environment.text, job, inputs) ?? [...(intent.github?.environments.keys() ?? [])]);
  return [...new Set(environments)].map((environment) => ({
    called: undefined,
    environment,
    asks: narrowed(asksOf(job), job, inputs),
    workspaces: workspacesOf(intent, job),
    mayAsk: canRequestIdToken(repository, workflow, job) !== 'no',
    guardsForks: guardsForks(job),
  }));
}

/** `vars.TERRAFORM_PLAN_ROLE_ARN` asks for plan; an expression over both, for both. */
function asksOf(job: GithubJob): readonly PipelinePhase[] {
  const roles = job.steps
    .filter(isConfigureCredentials)
    .flatMap((step) => asText(findInput(step.inputs, 'role-to-assume')?.value)?.text ?? []);
  const phases: readonly PipelinePhase[] = ['plan', 'apply', 'publish'];
  return phases.filter((phase) =>
    roles.some((role) => new RegExp(`(^|[^A-Za-z])${phase}([^A-Za-z]|$)`, 'i').test(role.replace(/'[^']*'/g, ''))),
  );
}

/** A role that hangs on the command passed in: only the phases of the commands that are passed. */
function narrowed(asks: readonly PipelinePhase[], job: GithubJob, inputs: Inputs): readonly PipelinePhase[] {
  if (asks.length < 2) return asks;
  const input = job.steps
    .flatMap((step) => asText(findInput(step.inputs, 'role-to-assume')?.value)?.text ?? [])
    .flatMap((role) => /startsWith\(\s*inputs\.([\w-]+)\s*,/.exec(role)?.[1] ?? [])[0];
  const commands = input === undefined ? [] : (inputs.get(input) ?? []);
  if (commands.length === 0) return asks;
  const applies = commands.some((command) => /^(apply|destroy)/.test(command));
  const plans = commands.some((command) => !/^(apply|destroy)/.test(command));
  return asks.filter((phase) => (phase === 'apply' ? applies : plans));
}

/** Values of the matrix that are workspaces of keyless.yaml. */
function workspacesOf(intent: Intent, job: GithubJob): readonly string[] {
  const known = new Set(intent.stacks.flatMap(({ workspaces }) => [...workspaces.keys()]));
  const values = matrixCombinations(job).flatMap((combination) => Object.values(combination));
  return [...new Set(values.filter((value) => known.has(value)))];
}

function guardsForks(job: GithubJob): boolean {
  const condition = job.condition?.text ?? '';
  return /head\.repo\.full_name\s*==\s*github\.repository|head\.repo\.fork\s*(==\s*false|!=\s*true)|!\s*github\.event\.pull_request\.head\.repo\.fork/.test(
    condition,
  );
}

/** Every text that a template can become; `undefined` where the files do not tell. */
function textsOf(template: string, job: GithubJob, inputs: Inputs): readonly string[] | undefined {
  let texts = matrixCombinations(job).map((combination) =>
    template.replace(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g, (written, name: string) => combination[name] ?? written),
  );
  for (const [name, values] of inputs) {
    const pattern = new RegExp(`\\$\\{\\{\\s*(?:github\\.event\\.)?inputs\\.${name}\\s*\\}\\}`, 'g');
    texts = texts.flatMap((text) =>
      pattern.test(text) ? values.map((value) => text.replace(pattern, () => value)) : [text],
    );
  }
  return texts.length === 0 || texts.some((text) => text.includes('${{')) ? undefined : [...new Set(texts)];
}

function dispatchInputs(workflow: GithubWorkflow, event: string): Inputs {
  if (event !== 'workflow_dispatch') return new Map();
  const trigger = workflow.triggers.find((candidate) => candidate.event === event);
  return new Map(
    entriesOf(findPart(trigger?.settings, 'inputs')).map(({ name, value }) => {
      const options = asList(findPart(value, 'options')).flatMap((part) => asText(part)?.text ?? []);
      const fallback = asText(findPart(value, 'default'))?.text;
      return [name, options.length > 0 || fallback === undefined ? options : [fallback]];
    }),
  );
}

type Settings = GithubWorkflow['triggers'][number]['settings'];

/** A ref for each branch and tag that the trigger names; patterns become one name that they match. */
function refsOf(event: string, settings: Settings, branch: string): readonly string[] {
  const listed = (name: string) =>
    asList(findPart(settings, name))
      .flatMap((part) => asText(part)?.text ?? [])
      .filter((text) => !text.startsWith('!'))
      .map((text) => text.replace(/\*+/g, '1').replace(/[?+]/g, ''));
  if (event === 'pull_request') return ['refs/pull/1/merge'];
  if (event !== 'push') return [`refs/heads/${branch}`];
  const branches = listed('branches');
  const tags = listed('tags');
  const refs = [...branches.map((name) => `refs/heads/${name}`), ...tags.map((name) => `refs/tags/${name}`)];
  return refs.length > 0 ? refs : [`refs/heads/${branch}`, 'refs/heads/feature'];
}

/** The first branch that a workflow names for pushes, in plain letters. */
export function defaultBranch(workflows: readonly GithubWorkflow[]): string {
  const named = workflows
    .flatMap(({ triggers }) => triggers)
    .filter(({ event }) => event === 'push')
    .flatMap(({ settings }) => asList(findPart(settings, 'branches')).flatMap((part) => asText(part)?.text ?? []))
    .find((name) => /^[\w./-]+$/.test(name));
  return named ?? 'main';
}

function fileName(workflow: GithubWorkflow): string {
  return workflow.file.path.slice(workflow.file.path.lastIndexOf('/') + 1);
}
