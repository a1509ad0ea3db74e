/**
 * A GitHub Actions workflow or action as the runner reads it, every part with its range: jobs, steps, permissions, env at
 * each level, secrets, calls of reusable workflows. Audit reads it and migration edits by its ranges.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
import { oncePer } from '../../kernel/once-per.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import {
  asList,
  asTable,
  asText,
  entriesOf,
  findEntry,
  findPart,
  type Range,
  readYamlTable,
  type YamlEntry,
  type YamlPart,
  type YamlTable,
  type YamlText,
} from './yaml-reading.ts';

export interface GithubWorkflow {
  readonly kind: 'workflow';
  readonly file: SourceFile;
  readonly body: YamlTable;
  readonly name: YamlText | undefined;
  readonly triggers: readonly GithubTrigger[];
  readonly permissions: GithubPermissions | undefined;
  readonly env: readonly YamlEntry[];
  /** `defaults.run.working-directory` of the workflow. */
  readonly workingDirectory: YamlText | undefined;
  readonly jobs: readonly GithubJob[];
  /** What `on.workflow_call` declares, for a workflow that others call. */
  readonly call: GithubCall | undefined;
}

export interface GithubTrigger {
  /** `push`, `pull_request`, `workflow_call` … */
  readonly event: string;
  readonly range: Range;
  readonly settings: YamlPart | undefined;
}

export interface GithubCall {
  readonly range: Range;
  readonly inputs: readonly YamlEntry[];
  readonly secrets: readonly YamlEntry[];
  /** The entry `secrets:` itself. */
  readonly secretsEntry: YamlEntry | undefined;
}

export interface GithubPermissions {
  readonly entry: YamlEntry;
  readonly range: Range;
  readonly form: 'map' | 'read-all' | 'write-all';
  /** In form `map`: scope → access. */
  readonly scopes: readonly YamlEntry[];
}

export interface GithubJob {
  readonly id: string;
  readonly entry: YamlEntry;
  readonly body: YamlTable;
  readonly name: YamlText | undefined;
  readonly condition: YamlText | undefined;
  readonly permissions: GithubPermissions | undefined;
  /** Name of the deployment environment, which changes the subject of the OIDC token. */
  readonly environment: YamlText | undefined;
  readonly env: readonly YamlEntry[];
  readonly workingDirectory: YamlText | undefined;
  readonly matrix: YamlTable | undefined;
  readonly steps: readonly GithubStep[];
  /** The job is one call of a reusable workflow. */
  readonly uses: GithubUses | undefined;
  readonly inputs: readonly YamlEntry[];
  /** `secrets: inherit` or the secrets handed on. */
  readonly secrets: GithubHandedSecrets | undefined;
  /** `container:` and each of `services:`. */
  readonly containers: readonly GithubContainer[];
}

export interface GithubHandedSecrets {
  readonly entry: YamlEntry;
  readonly inherit: boolean;
  readonly entries: readonly YamlEntry[];
}

export interface GithubContainer {
  readonly name: string;
  readonly range: Range;
  readonly image: string | undefined;
  readonly env: readonly YamlEntry[];
  readonly credentials: readonly YamlEntry[];
}

export interface GithubStep {
  /** Position in the job, from 0. */
  readonly index: number;
  readonly body: YamlTable;
  readonly id: string | undefined;
  readonly name: YamlText | undefined;
  readonly condition: YamlText | undefined;
  readonly uses: GithubUses | undefined;
  readonly inputs: readonly YamlEntry[];
  readonly env: readonly YamlEntry[];
  readonly run: YamlText | undefined;
  readonly shell: string | undefined;
  readonly workingDirectory: YamlText | undefined;
}

export interface GithubUses {
  readonly text: YamlText;
  /** `owner/name`, with the path inside the repository; `./.github/actions/x` for a local one; `docker://…`. Lower case. */
  readonly action: string;
  /** `v4`, a branch or a commit; `undefined` for a local action. */
  readonly ref: string | undefined;
  readonly local: boolean;
}

/** An `action.yml`. Only composite actions have steps of their own. */
export interface GithubAction {
  readonly kind: 'action';
  readonly file: SourceFile;
  readonly body: YamlTable;
  readonly inputs: readonly YamlEntry[];
  readonly steps: readonly GithubStep[];
}

/** True for files GitHub reads as workflows: directly in `.github/workflows`, of any folder (monorepos keep templates). */
export function isGithubWorkflowPath(path: string): boolean {
  return /(^|\/)\.(github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/.test(path);
}

/** The workflow in a file, or `undefined` when the file is none. Read once per file. */
export function readGithubWorkflow(file: SourceFile): GithubWorkflow | undefined {
  if (file.format !== 'yaml' || !isGithubWorkflowPath(file.path)) return undefined;
  return buildWorkflow(file);
}

/** The action in an `action.yml`, or `undefined` when the file is none. */
export function readGithubAction(file: SourceFile): GithubAction | undefined {
  if (!/(^|\/)action\.ya?ml$/.test(file.path)) return undefined;
  return buildAction(file);
}

/** All workflows of a repository, in order of path. */
export const githubWorkflows: (repository: Repository) => readonly GithubWorkflow[] = oncePer((repository) =>
  repository.files.flatMap((file) => readGithubWorkflow(file) ?? []),
);

/** The local action (`./path`) a step uses, when it is in the repository. */
export function findLocalAction(repository: Repository, uses: GithubUses): GithubAction | undefined {
  if (!uses.local) return undefined;
  const folder = uses.text.text.replace(/^\.\//, '').replace(/\/$/, '');
  const prefix = folder === '' || folder === '.' ? '' : `${folder}/`;
  const file = repository.file(`${prefix}action.yml`) ?? repository.file(`${prefix}action.yaml`);
  return file === undefined ? undefined : readGithubAction(file);
}

/** The workflow a job calls, when it is in the repository. */
export function findCalledWorkflow(repository: Repository, job: GithubJob): GithubWorkflow | undefined {
  if (job.uses?.local !== true) return undefined;
  const file = repository.file(job.uses.text.text.replace(/^\.\//, ''));
  return file === undefined ? undefined : readGithubWorkflow(file);
}

/** Jobs of the repository that call a workflow, each with the workflow it stands in. */
export function callersOf(
  repository: Repository,
  called: GithubWorkflow,
): { workflow: GithubWorkflow; job: GithubJob }[] {
  return githubWorkflows(repository).flatMap((workflow) =>
    workflow.jobs
      .filter((job) => job.uses !== undefined && findCalledWorkflow(repository, job) === called)
      .map((job) => ({ workflow, job })),
  );
}

/**
 * The access a job's token has to a scope. A job's `permissions` replace the workflow's, they are not merged; a scope that
 * a map does not list is `none`; without any map it is the repository's or organisation's default, unknowable from files.
 * For `id-token` the default is always `none`: GitHub never grants it unasked.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/control-permissions
 */
export function effectivePermission(
  workflow: GithubWorkflow,
  job: GithubJob,
  scope: string,
): 'write' | 'read' | 'none' | 'default' {
  const permissions = job.permissions ?? workflow.permissions;
  if (permissions === undefined) return scope === 'id-token' ? 'none' : 'default';
  if (permissions.form === 'write-all') return 'write';
  if (permissions.form === 'read-all') return scope === 'id-token' ? 'none' : 'read';
  const access = asText(permissions.scopes.find((entry) => entry.name === scope)?.value)?.text;
  return access === 'write' || access === 'read' ? access : 'none';
}

/**
 * Whether a job can ask for an OIDC token. A reusable workflow gets at most what its callers grant; with no caller in the
 * repository the answer is `unknown`.
 */
export function canRequestIdToken(
  repository: Repository,
  workflow: GithubWorkflow,
  job: GithubJob,
): 'yes' | 'no' | 'unknown' {
  const asked = (job.permissions ?? workflow.permissions) !== undefined;
  if (asked && effectivePermission(workflow, job, 'id-token') !== 'write') return 'no';
  if (workflow.call === undefined) return asked ? 'yes' : 'no';
  const callers = callersOf(repository, workflow);
  const others = workflow.triggers.some((trigger) => trigger.event !== 'workflow_call');
  if (others && !asked) return 'no';
  if (callers.length === 0) return 'unknown';
  return callers.every((caller) => effectivePermission(caller.workflow, caller.job, 'id-token') === 'write')
    ? 'yes'
    : 'no';
}

/** An input or environment entry by name, whatever its case: GitHub ignores the case of inputs. */
export function findInput(entries: readonly YamlEntry[], name: string): YamlEntry | undefined {
  return entries.findLast((entry) => entry.name.toLowerCase() === name.toLowerCase());
}

/** Environment that a step sees, innermost first: step, job, workflow. */
export function environmentOf(
  workflow: GithubWorkflow | undefined,
  job: GithubJob | undefined,
  step: GithubStep,
): YamlEntry[] {
  return [...step.env, ...(job?.env ?? []), ...(workflow?.env ?? [])];
}

const buildWorkflow = oncePer((file: SourceFile): GithubWorkflow | undefined => {
  const body = readYamlTable(file);
  if (body === undefined) return undefined;
  return {
    kind: 'workflow',
    file,
    body,
    name: asText(findPart(body, 'name')),
    triggers: readTriggers(body),
    permissions: readPermissions(body),
    env: entriesOf(findPart(body, 'env')),
    workingDirectory: asText(findPart(body, 'defaults', 'run', 'working-directory')),
    jobs: entriesOf(findPart(body, 'jobs')).flatMap((entry) => readJob(entry) ?? []),
    call: readCall(body),
  };
});

const buildAction = oncePer((file: SourceFile): GithubAction | undefined => {
  const body = readYamlTable(file);
  if (body === undefined || findEntry(body, 'runs') === undefined) return undefined;
  return {
    kind: 'action',
    file,
    body,
    inputs: entriesOf(findPart(body, 'inputs')),
    steps: readSteps(findPart(body, 'runs', 'steps')),
  };
});

function readTriggers(body: YamlTable): GithubTrigger[] {
  // YAML 1.1 readers turn the key `on` into true, so both spellings are about.
  const on = (findEntry(body, 'on') ?? findEntry(body, 'true'))?.value;
  const table = asTable(on);
  if (table !== undefined) {
    return table.entries.map((entry) => ({ event: entry.name, range: entry.range, settings: entry.value }));
  }
  return asList(on).flatMap((part) =>
    part.kind === 'text' ? [{ event: part.text, range: part.range, settings: undefined }] : [],
  );
}

function readCall(body: YamlTable): GithubCall | undefined {
  const trigger = readTriggers(body).find((candidate) => candidate.event === 'workflow_call');
  if (trigger === undefined) return undefined;
  return {
    range: trigger.range,
    inputs: entriesOf(findPart(trigger.settings, 'inputs')),
    secrets: entriesOf(findPart(trigger.settings, 'secrets')),
    secretsEntry: findEntry(trigger.settings, 'secrets'),
  };
}

function readPermissions(body: YamlTable): GithubPermissions | undefined {
  const entry = findEntry(body, 'permissions');
  if (entry === undefined) return undefined;
  const text = asText(entry.value)?.text;
  const form = text === 'write-all' || text === 'read-all' ? text : 'map';
  return { entry, range: entry.range, form, scopes: entriesOf(entry.value) };
}

function readJob(entry: YamlEntry): GithubJob | undefined {
  const body = asTable(entry.value);
  if (body === undefined) return undefined;
  const environment = findPart(body, 'environment');
  const secrets = findEntry(body, 'secrets');
  const container = findPart(body, 'container');
  return {
    id: entry.name,
    entry,
    body,
    name: asText(findPart(body, 'name')),
    condition: asText(findPart(body, 'if')),
    permissions: readPermissions(body),
    environment: asText(environment) ?? asText(findPart(environment, 'name')),
    env: entriesOf(findPart(body, 'env')),
    workingDirectory: asText(findPart(body, 'defaults', 'run', 'working-directory')),
    matrix: asTable(findPart(body, 'strategy', 'matrix')),
    steps: readSteps(findPart(body, 'steps')),
    uses: readUses(findPart(body, 'uses')),
    inputs: entriesOf(findPart(body, 'with')),
    secrets:
      secrets === undefined
        ? undefined
        : { entry: secrets, inherit: asText(secrets.value)?.text === 'inherit', entries: entriesOf(secrets.value) },
    containers: [
      ...(container === undefined ? [] : [readContainer('container', container)]),
      ...entriesOf(findPart(body, 'services')).flatMap((service) =>
        service.value === undefined ? [] : [readContainer(service.name, service.value)],
      ),
    ],
  };
}

function readContainer(name: string, part: YamlPart): GithubContainer {
  return {
    name,
    range: part.range,
    image: asText(part)?.text ?? asText(findPart(part, 'image'))?.text,
    env: entriesOf(findPart(part, 'env')),
    credentials: entriesOf(findPart(part, 'credentials')),
  };
}

function readSteps(part: YamlPart | undefined): GithubStep[] {
  return asList(part).flatMap((item, index) => {
    const body = asTable(item);
    if (body === undefined) return [];
    return {
      index,
      body,
      id: asText(findPart(body, 'id'))?.text,
      name: asText(findPart(body, 'name')),
      condition: asText(findPart(body, 'if')),
      uses: readUses(findPart(body, 'uses')),
      inputs: entriesOf(findPart(body, 'with')),
      env: entriesOf(findPart(body, 'env')),
      run: asText(findPart(body, 'run')),
      shell: asText(findPart(body, 'shell'))?.text,
      workingDirectory: asText(findPart(body, 'working-directory')),
    };
  });
}

function readUses(part: YamlPart | undefined): GithubUses | undefined {
  const text = asText(part);
  if (text === undefined) return undefined;
  const local = text.text.startsWith('./');
  const at = local ? -1 : text.text.lastIndexOf('@');
  return {
    text,
    action: (at === -1 ? text.text : text.text.slice(0, at)).toLowerCase(),
    ref: at === -1 ? undefined : text.text.slice(at + 1),
    local,
  };
}
