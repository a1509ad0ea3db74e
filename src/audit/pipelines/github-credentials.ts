/**
 * Every place of a GitHub workflow or action where a long-lived AWS key enters, sorted by the form that decides how it is
 * taken out again (G1–G7). A workflow that names `secrets.AWS_ACCESS_KEY_ID` holds no secret and still lives on one.
 */
import { oncePer } from '../../kernel/once-per.ts';
import type { Repository } from '../../repository/index.ts';
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import { type SlotPart, weighSlot } from '../credential-slot.ts';
import type { CredentialValue } from '../credential-value.ts';
import { findReferences, readGithubCredential } from './github-expression.ts';
import {
  environmentOf,
  findInput,
  findLocalAction,
  type GithubAction,
  type GithubJob,
  type GithubStep,
  type GithubWorkflow,
  githubWorkflows,
} from './github-workflow.ts';
import { findShellCredentials } from './shell-credentials.ts';
import { asText, offsetInFile, type YamlEntry, type YamlText } from './yaml-reading.ts';

export type GithubCredentialForm =
  /** `aws-actions/configure-aws-credentials` with key inputs. */
  | 'configure-action'
  /** `env:` of a workflow, job, step, container or service. */
  | 'environment'
  /** In a `run:` script. */
  | 'shell'
  /** An input of any other action. */
  | 'third-party'
  /** `on.workflow_call.secrets`, or its inputs. */
  | 'reusable-declaration'
  /** `secrets:` or `with:` of a job that calls a workflow. */
  | 'reusable-call'
  /** `inputs:` of an action in this repository. */
  | 'action-input'
  /** `with:` of a step that uses an action of this repository. */
  | 'action-call';

export interface GithubCredential {
  readonly form: GithubCredentialForm;
  readonly source: GithubWorkflow | GithubAction;
  /** `undefined` at the level of the workflow. */
  readonly job: GithubJob | undefined;
  /** `undefined` at the level of a job or workflow. */
  readonly step: GithubStep | undefined;
  readonly parts: readonly SlotPart[];
  /** Entries of the YAML file that hold the parts; empty for scripts. */
  readonly entries: readonly YamlEntry[];
  /** Where it stands, for a reader: `job plan, step "Configure AWS"`. */
  readonly subject: string;
  /** Unique in the repository. */
  readonly slot: string;
}

/** The places of one file, in order. Only those that hold a static credential. Found once per file and repository. */
export function findGithubCredentials(
  source: GithubWorkflow | GithubAction,
  repository: Repository,
): readonly GithubCredential[] {
  return credentialsOf(repository)(source);
}

const credentialsOf = oncePer((repository: Repository) =>
  oncePer((source: GithubWorkflow | GithubAction) => searchCredentials(source, repository)),
);

function searchCredentials(source: GithubWorkflow | GithubAction, repository: Repository): GithubCredential[] {
  const places = source.kind === 'action' ? actionPlaces(source, repository) : workflowPlaces(source, repository);
  return places
    .filter((place) => weighSlot(place.parts) === 'static')
    .map((place, index) => ({ ...place, slot: `${source.file.path}#${place.form}/${place.subject}/${index}` }));
}

export function isConfigureCredentials(step: GithubStep): boolean {
  return step.uses?.action === 'aws-actions/configure-aws-credentials';
}

/** `job plan, step "Configure AWS"`. */
export function subjectOf(job: GithubJob | undefined, step?: GithubStep): string {
  const place = job === undefined ? [] : [`job ${job.id}`];
  return step === undefined ? (place[0] ?? 'every job') : [...place, `step ${labelOf(step)}`].join(', ');
}

/** What a step with `role-to-assume` is: whether the action will ask for an OIDC token, and what keeps it from that. */
export interface GithubRoleStep {
  readonly step: GithubStep;
  readonly role: YamlText;
  /** Key inputs that make the action take the key instead. */
  readonly keys: readonly YamlEntry[];
  /** It starts from the credentials of the step before, or from a token file: no OIDC token of its own. */
  readonly chained: boolean;
}

/** Steps that assume a role by `aws-actions/configure-aws-credentials`. */
export function findRoleSteps(steps: readonly GithubStep[]): GithubRoleStep[] {
  return steps.flatMap((step) => {
    const role = asText(findInput(step.inputs, 'role-to-assume')?.value);
    if (!isConfigureCredentials(step) || role === undefined) return [];
    const keys = step.inputs.filter((entry) => isKeyInput(entry) && asText(entry.value)?.text !== '');
    const chaining = asText(findInput(step.inputs, 'role-chaining')?.value)?.text === 'true';
    const tokenFile = findInput(step.inputs, 'web-identity-token-file') !== undefined;
    const noToken = asText(findInput(step.inputs, 'force-skip-oidc')?.value)?.text === 'true';
    return [{ step, role, keys, chained: chaining || tokenFile || noToken }];
  });
}

/** True when the job, or an action of the repository that it uses, asks GitHub for an OIDC token for AWS. */
export function usesOidc(repository: Repository, job: GithubJob): boolean {
  return job.steps.some((step) => {
    if (step.run !== undefined) return asksForToken.test(step.run.text);
    const local = step.uses === undefined ? undefined : findLocalAction(repository, step.uses);
    return findRoleSteps([step, ...(local?.steps ?? [])]).some(isOidcStep);
  });
}

export function isOidcStep(step: GithubRoleStep): boolean {
  return step.keys.length === 0 && !step.chained;
}

type Place = Omit<GithubCredential, 'slot'>;

function workflowPlaces(workflow: GithubWorkflow, repository: Repository): Place[] {
  const places: Place[] = environmentPlaces(workflow, undefined, undefined, workflow.env, 'every job');
  if (workflow.call !== undefined) places.push(...declarationPlaces(workflow));
  for (const job of workflow.jobs) {
    const subject = subjectOf(job);
    places.push(...environmentPlaces(workflow, job, undefined, job.env, subject));
    for (const container of job.containers) {
      const label = container.name === 'container' ? 'container' : `service ${container.name}`;
      places.push(...environmentPlaces(workflow, job, undefined, container.env, `${subject}, ${label}`));
      places.push(
        ...environmentPlaces(workflow, job, undefined, container.credentials, `${subject}, ${label} credentials`),
      );
    }
    places.push(...callPlaces(workflow, job));
    for (const step of job.steps) places.push(...stepPlaces(workflow, job, step, repository));
  }
  return places;
}

function actionPlaces(action: GithubAction, repository: Repository): Place[] {
  const used = /(^|\/)\.github\//.test(action.file.path) || isUsedHere(action, repository);
  if (!used) return [];
  const parts = action.inputs.flatMap((entry): { part: SlotPart; entry: YamlEntry }[] => {
    const part = credentialPartInAwsContext(entry.name);
    const at = entry.nameRange.start;
    const value: CredentialValue = { kind: 'stored', store: 'input', name: entry.name };
    return part === undefined ? [] : [{ part: { part, name: entry.name, at, value }, entry }];
  });
  // Actions that also take a session token serve sessions; only the pair alone can't be anything but a static key.
  const onlyKeys = parts.length > 0 && parts.every(({ part }) => part.part !== 'token');
  const declared: Place[] = onlyKeys
    ? [
        {
          form: 'action-input',
          source: action,
          job: undefined,
          step: undefined,
          parts: parts.map(({ part }) => part),
          entries: parts.map(({ entry }) => entry),
          subject: 'inputs of the action',
        },
      ]
    : [];
  return [...declared, ...action.steps.flatMap((step) => stepPlaces(action, undefined, step, repository))];
}

function isUsedHere(action: GithubAction, repository: Repository): boolean {
  return githubWorkflows(repository).some((workflow) =>
    workflow.jobs.some((job) =>
      job.steps.some((step) => step.uses !== undefined && findLocalAction(repository, step.uses) === action),
    ),
  );
}

function stepPlaces(
  source: GithubWorkflow | GithubAction,
  job: GithubJob | undefined,
  step: GithubStep,
  repository: Repository,
): Place[] {
  const subject = subjectOf(job, step);
  const places = environmentPlaces(source, job, step, step.env, subject);
  if (step.uses !== undefined) {
    const form = isConfigureCredentials(step)
      ? 'configure-action'
      : findLocalAction(repository, step.uses) === undefined
        ? 'third-party'
        : 'action-call';
    const environment = environmentOf(source.kind === 'workflow' ? source : undefined, job, step);
    const found = entryParts(step.inputs, true, environment);
    if (found.length > 0) places.push(placeOf(form, source, job, step, subject, found));
  }
  if (step.run !== undefined) places.push(...shellPlaces(source, job, step, step.run, subject));
  return places;
}

function environmentPlaces(
  source: GithubWorkflow | GithubAction,
  job: GithubJob | undefined,
  step: GithubStep | undefined,
  entries: readonly YamlEntry[],
  subject: string,
): Place[] {
  return byScope(entryParts(entries, false, [])).map((found) =>
    placeOf('environment', source, job, step, subject, found),
  );
}

function declarationPlaces(workflow: GithubWorkflow): Place[] {
  const declared = [...(workflow.call?.secrets ?? []), ...(workflow.call?.inputs ?? [])];
  const found = declared.flatMap((entry): FoundEntry[] => {
    const part = awsCredentialPart(entry.name);
    const value: CredentialValue = { kind: 'stored', store: 'github', name: entry.name };
    return part === undefined ? [] : [{ entry, part: { part, name: entry.name, at: entry.nameRange.start, value } }];
  });
  return byScope(found).map((each) =>
    placeOf('reusable-declaration', workflow, undefined, undefined, 'secrets of the reusable workflow', each),
  );
}

function callPlaces(workflow: GithubWorkflow, job: GithubJob): Place[] {
  if (job.uses === undefined) return [];
  const entries = [...(job.secrets?.entries ?? []), ...job.inputs];
  return byScope(entryParts(entries, false, [])).map((found) =>
    placeOf('reusable-call', workflow, job, undefined, subjectOf(job), found),
  );
}

function shellPlaces(
  source: GithubWorkflow | GithubAction,
  job: GithubJob | undefined,
  step: GithubStep,
  run: YamlText,
  subject: string,
): Place[] {
  if (!/aws|access_?key|secret_?key/i.test(run.text)) return [];
  const environment = environmentOf(source.kind === 'workflow' ? source : undefined, job, step);
  const credentials = findShellCredentials(run.text);
  const found = credentials.map((credential) => {
    const { name, part, form, scope } = credential;
    const value = throughEnvironment(credential.value, environment);
    return {
      group: `${form}/${scope}`,
      part: { part, name, at: offsetInFile(source.file, run, credential.index), value },
    };
  });
  // A secret written into the script in a way that no known form explains.
  for (const reference of findReferences(run.text)) {
    const part = reference.context === 'secrets' ? awsCredentialPart(reference.name) : undefined;
    if (part === undefined || credentials.some(({ value }) => value.kind === 'stored' && value.name === reference.name))
      continue;
    const value: CredentialValue = { kind: 'stored', store: 'github', name: reference.name };
    const at = offsetInFile(source.file, run, reference.index);
    found.push({ group: credentialStem(reference.name), part: { part, name: reference.name, at, value } });
  }
  return [...Map.groupBy(found, ({ group }) => group).values()].map((group) => ({
    form: 'shell' as const,
    source,
    job,
    step,
    parts: group.map(({ part }) => part),
    entries: [],
    subject,
  }));
}

/** `$KEY` in a script is the `env` entry of that name, when there is one. */
function throughEnvironment(value: CredentialValue, environment: readonly YamlEntry[]): CredentialValue {
  if (value.kind !== 'name') return value;
  const text = asText(environment.find((entry) => entry.name === value.name.replace(/^env\./, ''))?.value)?.text;
  return text === undefined ? value : readGithubCredential(text);
}

interface FoundEntry {
  readonly entry: YamlEntry;
  readonly part: SlotPart;
}

/** Entries whose name, or whose secret's name, says that they hold a part of an AWS credential. */
function entryParts(entries: readonly YamlEntry[], inputs: boolean, environment: readonly YamlEntry[]): FoundEntry[] {
  const found = entries.flatMap((entry): FoundEntry[] => {
    const text = asText(entry.value)?.text;
    if (text === undefined) return [];
    const read = throughEnvironment(readGithubCredential(text), environment);
    const byName = /^TF_VAR_/.test(entry.name) ? credentialPartInAwsContext(entry.name) : awsCredentialPart(entry.name);
    const byValue = read.kind === 'stored' ? awsCredentialPart(read.name) : undefined;
    const part = byName ?? byValue;
    return part === undefined
      ? []
      : [{ entry, part: { part, name: entry.name, at: entry.nameRange.start, value: read } }];
  });
  if (!inputs || found.length === 0) return found;
  // `access-key` beside `aws_secret`: an action's inputs are one credential, whatever the other half is called.
  const rest = entries.flatMap((entry): FoundEntry[] => {
    const part = credentialPartInAwsContext(entry.name);
    const text = asText(entry.value)?.text;
    if (part === undefined || text === undefined || found.some((each) => each.entry === entry)) return [];
    return [{ entry, part: { part, name: entry.name, at: entry.nameRange.start, value: readGithubCredential(text) } }];
  });
  return [...found, ...rest].sort((a, b) => a.part.at - b.part.at);
}

/** One group a credential: `DEV_AWS_*` and `PROD_AWS_*` side by side are two. */
function byScope(found: readonly FoundEntry[]): FoundEntry[][] {
  return [...Map.groupBy(found, ({ part }) => credentialStem(part.name)).values()];
}

function placeOf(
  form: GithubCredentialForm,
  source: GithubWorkflow | GithubAction,
  job: GithubJob | undefined,
  step: GithubStep | undefined,
  subject: string,
  found: readonly FoundEntry[],
): Place {
  const parts = found.map(({ part }) => part);
  return { form, source, job, step, parts, entries: found.map(({ entry }) => entry), subject };
}

function isKeyInput(entry: YamlEntry): boolean {
  return /^aws-(access-key-id|secret-access-key|session-token)$/i.test(entry.name);
}

function labelOf(step: GithubStep): string {
  if (step.name !== undefined) return `"${step.name.text}"`;
  return step.id ?? step.uses?.action ?? `${step.index + 1}`;
}

const asksForToken = /ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)|assume-role-with-web-identity/;
