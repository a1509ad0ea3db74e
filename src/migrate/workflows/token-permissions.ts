/**
 * `permissions` of a job that asks for an OIDC token: at the narrowest level and without dropping what the job had. A
 * job's map replaces the workflow's and what it does not list is none, so a new map has to list everything.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
import {
  asText,
  effectivePermission,
  findCalledWorkflow,
  findInput,
  findLocalAction,
  type GithubJob,
  type GithubPermissions,
  type GithubStep,
  type GithubWorkflow,
  usesOidc,
  type YamlEntry,
} from '../../audit/index.ts';
import { insertEntry, nodeAt, setScalar, type YamlNode, type YamlObject } from '../../formats/yaml/index.ts';
import type { Repository } from '../../repository/index.ts';
import { mayUseAws, textsOf } from './job-commands.ts';
import type { Blocker, Work } from './work.ts';

/** What gives the job its token: the edits, or why they can't be known. Both empty when it has it. */
export interface Grant {
  readonly works: readonly Work[];
  readonly blockers: readonly Blocker[];
}

const nothing: Grant = { works: [], blockers: [] };

/** Jobs that ask for a token themselves, or call a workflow that does. */
export function needsIdToken(repository: Repository, job: GithubJob, depth = 0): boolean {
  if (job.uses === undefined) return usesOidc(repository, job);
  const called = findCalledWorkflow(repository, job);
  return depth < 5 && called !== undefined && called.jobs.some((each) => needsIdToken(repository, each, depth + 1));
}

/**
 * `workflow` and `job` as they are; a job of a workflow that only others call and that says nothing gets what its
 * callers grant.
 */
export function grantIdToken(repository: Repository, workflow: GithubWorkflow, job: GithubJob): Grant {
  const own = job.permissions;
  const path = ['jobs', job.id];
  const work = (run: Work['run']): Grant => ({
    works: [{ rule: 'G5', file: workflow.file, at: job.entry.range.start, order: 0, run }],
    blockers: [],
  });
  if (effectivePermission(workflow, job, 'id-token') === 'write') return nothing;
  const given = own ?? workflow.permissions;
  if (given === undefined && workflow.call !== undefined && workflow.triggers.length === 1) return nothing;
  if (given?.form === 'read-all') return readAll(workflow, job, given);
  if (own !== undefined) {
    const listed = own.scopes.find(({ name }) => name === 'id-token');
    return work((editor) =>
      editor.step((file) => {
        const map = nodeAt(file.documents[0], [...path, 'permissions']) as YamlNode;
        if (listed === undefined) return insertEntry(file, map, 'id-token', 'write', 'last');
        return setScalar(file, nodeAt(map, ['id-token']) as YamlNode, 'write');
      }),
    );
  }
  const scopes = given === undefined ? scopesOf(repository, workflow, job) : copyOf(given, job);
  if ('unknown' in scopes) return unknownScopes(workflow, job, scopes.unknown);
  const value: YamlObject = {
    ...Object.fromEntries([...scopes].filter(([name]) => name !== 'id-token')),
    'id-token': 'write',
  };
  return work((editor) =>
    editor.step((file) => {
      const map = nodeAt(file.documents[0], path) as YamlNode;
      const keys = job.body.entries.map(({ name }) => name);
      const after = ['environment', 'runs-on', 'uses', 'if', 'needs', 'name'].find((name) => keys.includes(name));
      const place = after === undefined ? ('first' as const) : { after };
      return insertEntry(file, map, 'permissions', value, place);
    }),
  );
}

/** The workflow's own map; a job of `permissions: {}` that checks out code may read it. */
function copyOf(permissions: GithubPermissions, job: GithubJob): Map<string, string> {
  const scopes = new Map(permissions.scopes.map(({ name, value }) => [name, asText(value)?.text ?? 'none']));
  if (scopes.size === 0 && job.steps.some(({ uses }) => uses?.action === 'actions/checkout'))
    scopes.set('contents', 'read');
  return scopes;
}

function readAll(workflow: GithubWorkflow, job: GithubJob, permissions: GithubPermissions): Grant {
  return blocked(
    workflow,
    permissions.range.start,
    `permissions: read-all can't be kept beside id-token: write, and which of its scopes job ${job.id} uses is not in the file.`,
    `Give job ${job.id} a map with what it reads and \`id-token: write\`; then run again.`,
  );
}

function unknownScopes(workflow: GithubWorkflow, job: GithubJob, what: string): Grant {
  return blocked(
    workflow,
    job.entry.range.start,
    `Job ${job.id} has the default permissions of the repository, which no file tells, and ${what} may need more of them than can be known.`,
    `Add \`permissions:\` with all it needs and \`id-token: write\` to job ${job.id}; then run again.`,
  );
}

function blocked(workflow: GithubWorkflow, at: number, reason: string, todo: string): Grant {
  return { works: [], blockers: [{ rule: 'G5', file: workflow.file, at, reason, todo }] };
}

type Scopes = Map<string, string> | { readonly unknown: string };

/** What the steps of a job need of its token, from a table of known actions. */
function scopesOf(repository: Repository, workflow: GithubWorkflow, job: GithubJob): Scopes {
  if (job.uses !== undefined) return calledScopes(repository, job);
  const programs = job.steps.some((step) => step.run !== undefined && mayUseAws(repository, step));
  if (programs && mentionsToken(textsIn([...workflow.env, ...job.env])))
    return { unknown: 'a program that finds the token in its environment' };
  return stepScopes(repository, job.steps, job.workingDirectory?.text ?? workflow.workingDirectory?.text);
}

function calledScopes(repository: Repository, job: GithubJob): Scopes {
  const called = findCalledWorkflow(repository, job);
  if (called === undefined) return { unknown: 'the workflow it calls' };
  const all = new Map<string, string>();
  for (const each of called.jobs) {
    const given = each.permissions ?? called.permissions;
    if (given !== undefined && given.form !== 'map') return { unknown: `job ${each.id} of ${called.file.path}` };
    const scopes = given === undefined ? scopesOf(repository, called, each) : copyOf(given, each);
    if ('unknown' in scopes) return scopes;
    merge(all, scopes);
  }
  return all;
}

function stepScopes(repository: Repository, steps: readonly GithubStep[], folder: string | undefined): Scopes {
  const all = new Map<string, string>();
  for (const step of steps) {
    const scopes = scopesOfStep(repository, step, folder);
    if ('unknown' in scopes) return scopes;
    merge(all, scopes);
  }
  return all;
}

function scopesOfStep(repository: Repository, step: GithubStep, folder: string | undefined): Scopes {
  const label = step.name === undefined ? `step ${step.index + 1}` : `step "${step.name.text}"`;
  if (step.uses !== undefined) {
    const local = findLocalAction(repository, step.uses);
    if (local !== undefined) return stepScopes(repository, local.steps, folder);
    const known = knownActions.find(([pattern]) => pattern.test(step.uses?.action ?? ''));
    if (known === undefined) return { unknown: `${label} (${step.uses.action})` };
    const scopes = new Map(Object.entries(known[1]));
    if (findInput(step.inputs, 'ref') === undefined && mentionsToken(inputTexts(step)) && scopes.size === 0)
      return { unknown: `${label}, which is given the token,` };
    return scopes;
  }
  const texts = step.run === undefined ? [] : textsOf(repository, step.run.text, step.workingDirectory?.text ?? folder);
  const scopes = new Map<string, string>();
  for (const { text, path } of [...texts, { text: inputTexts(step), path: undefined }]) {
    if (mentionsToken(text) || /(^|[\s;&|(])gh\s+(?!--version)\w/m.test(text)) {
      return { unknown: path === undefined ? label : `${label}, by ${path},` };
    }
    if (/\bgit\s+(-\S+\s+)*push\b/.test(text)) scopes.set('contents', 'write');
  }
  return scopes;
}

function inputTexts(step: GithubStep): string {
  return textsIn([...step.inputs, ...step.env]);
}

function textsIn(entries: readonly YamlEntry[]): string {
  return entries.map(({ value }) => asText(value)?.text ?? '').join('\n');
}

function mentionsToken(text: string): boolean {
  return /GITHUB_TOKEN|github\.token|GH_TOKEN/.test(text);
}

function merge(into: Map<string, string>, scopes: ReadonlyMap<string, string>): void {
  for (const [scope, access] of scopes) {
    if (into.get(scope) !== 'write') into.set(scope, access);
  }
}

/** Actions whose use of the token is documented; all others are unknown. */
const knownActions: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/^actions\/checkout$/, { contents: 'read' }],
  [/^actions\/(setup-\w+|cache(\/\w+)?|upload-artifact|download-artifact)$/, {}],
  [
    /^(hashicorp|opentofu|terraform-linters|gruntwork-io|azure|docker|autero1|pnpm|oven-sh|ruby|astral-sh)\/(action-)?setup-?[\w-]*$/,
    {},
  ],
  [/^aws-actions\//, {}],
  [/^docker\/(build-push-action|metadata-action|login-action)$/, {}],
  [/^(dorny\/paths-filter|tj-actions\/changed-files)$/, { contents: 'read', 'pull-requests': 'read' }],
  [/^marocchino\/sticky-pull-request-comment$/, { 'pull-requests': 'write' }],
  [/^dflook\/(terraform|tofu)-(plan|apply)$/, { contents: 'read', 'pull-requests': 'write' }],
  [/^dflook\/(terraform|tofu)-(fmt|fmt-check|validate|version|output|check|test|remote-state)$/, { contents: 'read' }],
  [/^peter-evans\/(create-or-update-comment|find-comment)$/, { issues: 'write', 'pull-requests': 'write' }],
  [/^(slackapi\/slack-github-action|rtcamp\/action-slack-notify)$/, {}],
  [/^(webfactory\/ssh-agent|asdf-vm\/actions|clowdhaus\/terraform-min-max)/, {}],
  [/^(bridgecrewio\/checkov-action|aquasecurity\/(trivy|tfsec)-action)$/, {}],
];
