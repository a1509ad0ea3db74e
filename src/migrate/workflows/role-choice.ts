/**
 * Which role a job takes: plan or apply by what it runs, the account by its environment, its matrix or its inputs. ARNs
 * stand in variables, so that no account id is in a workflow and an environment's protection decides who gets its role.
 */
import {
  asList,
  asText,
  callersOf,
  entriesOf,
  expandTemplate,
  findPart,
  type GithubJob,
  type GithubWorkflow,
  matrixCombinations,
  terraformRunsOf,
} from '../../audit/index.ts';
import { type Intent, type Phase, pipelineRoleArn } from '../../intent/index.ts';
import type { Repository } from '../../repository/index.ts';
import { jobTerraformUse } from './job-commands.ts';
import { subjectsOf } from './token-subject.ts';

export interface RoleVariable {
  readonly name: string;
  /** `undefined`: a variable of the repository. */
  readonly environment: string | undefined;
  /** The ARN, or a text that says which ARN belongs there. By key for a variable that holds a JSON object. */
  readonly value: string | ReadonlyMap<string, string>;
  /** What is missing to fill it in. */
  readonly missing: string | undefined;
}

/** Which tokens a role has to trust. */
export interface RoleTrust {
  readonly role: string;
  readonly account: string | undefined;
  readonly subjects: readonly string[];
}

export interface RoleChoice {
  /** The value of `role-to-assume`. */
  readonly expression: string;
  readonly variables: readonly RoleVariable[];
  readonly trusts: readonly RoleTrust[];
}

/** Nothing in the job itself tells the account; its callers may. */
export interface RoleUndecided {
  readonly undecided: string;
}

/** What the key's own names tell: `DEV_AWS_ACCESS_KEY_ID`, `secrets[format('{0}_KEY', matrix.account)]`. */
export interface KeyHint {
  /** `dev` of `DEV_AWS_ACCESS_KEY_ID`. */
  readonly stem: string;
  /** `matrix.account` and the like. */
  readonly selectors: readonly string[];
  /** The job uses several keys, so the name alone tells them apart. */
  readonly isDecisive?: boolean;
}

export const noHint: KeyHint = { stem: '', selectors: [] };

interface Case {
  readonly repository: Repository;
  readonly intent: Intent;
  readonly workflow: GithubWorkflow;
  readonly job: GithubJob;
}

export function chooseRole(
  repository: Repository,
  intent: Intent,
  workflow: GithubWorkflow,
  job: GithubJob,
  hint: KeyHint = noHint,
): RoleChoice | RoleUndecided {
  const at: Case = { repository, intent, workflow, job };
  const phases = phasesOf(at);
  if (phases === undefined) return ownRole(at);
  const named = accountNamed(intent, hint.stem);
  if (named !== undefined && (job.environment === undefined || hint.isDecisive === true))
    return oneAccount(at, phases, named);
  if (job.environment !== undefined) return byEnvironment(at, phases);
  const selector = selectorOf(at, hint);
  if (selector !== undefined) return bySelector(at, phases, selector);
  const accounts = accountsRun(at);
  const [account] = accounts;
  if (accounts.size > 1) {
    return {
      undecided: `job ${job.id} works in the accounts ${[...accounts].join(' and ')}, and a session is in one`,
    };
  }
  if (account !== undefined) return oneAccount(at, phases, account);
  if (workflow.call !== undefined) return { undecided: 'the callers know the account' };
  const [only, ...others] = [...intent.accounts.keys()];
  if (only !== undefined && others.length === 0 && (hint.stem === '' || !hasSeveralKeys(repository)))
    return oneAccount(at, phases, only);
  return oneAccount(at, phases, undefined, hint.stem);
}

/** Keys with different names may be of different accounts, also when keyless.yaml knows only one so far. */
function hasSeveralKeys(repository: Repository): boolean {
  const names = repository.files
    .filter(({ path }) => path.startsWith('.github/'))
    .flatMap(({ text }) =>
      [...text.matchAll(/\bsecrets\.(\w*ACCESS_KEY_ID\w*)/gi)].map(([, name = '']) => name.toUpperCase()),
    );
  return new Set(names).size > 1;
}

/** Plan, apply, or one of them by a condition that the workflow tells. */
export type PhaseChoice =
  | { readonly kind: 'one'; readonly phase: Phase }
  /** An expression that is true when the run changes something; anything else gets the plan role. */
  | { readonly kind: 'when'; readonly applies: string };

/** `undefined` for a job that runs no Terraform. */
export function phasesOf({ repository, workflow, job }: Omit<Case, 'intent'>): PhaseChoice | undefined {
  const { use, changing } = jobTerraformUse(repository, workflow, job);
  if (use === undefined) return undefined;
  if (use === 'reads') return { kind: 'one', phase: 'plan' };
  if (typeof use === 'object') {
    return {
      kind: 'when',
      applies: `(startsWith(${use.input}, 'apply') || startsWith(${use.input}, 'destroy'))`,
    };
  }
  const events = workflow.triggers.map(({ event }) => event);
  const neverInPullRequests = changing.every(({ condition }) => isOutsidePullRequests(condition?.text ?? ''));
  if (events.includes('pull_request') && events.length > 1 && neverInPullRequests)
    return { kind: 'when', applies: "github.event_name != 'pull_request'" };
  return { kind: 'one', phase: 'apply' };
}

/** A condition under which a pull request never gets to the step. */
export function isOutsidePullRequests(condition: string): boolean {
  return (
    /event_name\s*==\s*['"](push|workflow_dispatch|schedule|release)['"]|event_name\s*!=\s*['"]pull_request['"]/.test(
      condition,
    ) || /github\.ref(_name)?\s*==\s*['"](refs\/heads\/)?[\w./-]+['"]/.test(condition)
  );
}

function byEnvironment(at: Case, phases: PhaseChoice): RoleChoice {
  const { intent } = at;
  const environments = environmentsOf(at);
  const uses = phasesIn(phases);
  return {
    expression: expressionOf(phases, (phase) => `vars.${variableName(phase)}`),
    variables: environments.flatMap((environment) =>
      uses.map((phase): RoleVariable => {
        const account = intent.github?.environments.get(environment)?.account;
        const arn = account === undefined ? undefined : pipelineRoleArn(intent, account, phase);
        return {
          name: variableName(phase),
          environment,
          value: arn ?? placeholder(intent, phase, account ?? `environment ${environment}`),
          missing: arn === undefined ? `the account of environment ${environment}` : undefined,
        };
      }),
    ),
    trusts: environments.flatMap((environment) =>
      uses.map((phase) => ({
        role: intent.pipelineRoles[phase],
        account: intent.github?.environments.get(environment)?.account,
        subjects: subjectsOf(at.repository, intent, at.workflow, { environment }),
      })),
    ),
  };
}

function bySelector(at: Case, phases: PhaseChoice, selector: Selector): RoleChoice {
  const { intent } = at;
  const accounts = new Set(selector.values.values());
  const [account] = accounts;
  if (accounts.size === 1 && account !== undefined) return oneAccount(at, phases, account);
  const uses = phasesIn(phases);
  const subjects = subjectsOf(at.repository, intent, at.workflow, {});
  const list = expressionOf(phases, (phase) => `vars.${variableName(phase)}S`).replace(/^\$\{\{ (.*) \}\}$/, '$1');
  return {
    expression: `\${{ fromJSON(${list})[${selector.expression}] }}`,
    variables: uses.map((phase): RoleVariable => {
      const values = new Map(
        [...selector.values].map(([key, name]) => {
          const arn = name === undefined ? undefined : pipelineRoleArn(intent, name, phase);
          return [key, arn ?? placeholder(intent, phase, name ?? key)];
        }),
      );
      const unknown = [...selector.values].filter(
        ([, name]) => name === undefined || pipelineRoleArn(intent, name, phase) === undefined,
      );
      return {
        name: `${variableName(phase)}S`,
        environment: undefined,
        value: values,
        missing: unknown.length === 0 ? undefined : `the account of ${unknown.map(([key]) => key).join(' and ')}`,
      };
    }),
    trusts: [...accounts].flatMap((name) =>
      uses.map((phase) => ({ role: intent.pipelineRoles[phase], account: name, subjects })),
    ),
  };
}

/** @param stem where no account is known: jobs whose keys have different names may be in different accounts */
function oneAccount(at: Case, phases: PhaseChoice, account: string | undefined, stem = ''): RoleChoice {
  const { intent } = at;
  const distinction = account ?? stem;
  const suffix =
    distinction === '' || (account !== undefined && intent.accounts.size === 1) ? '' : `_${constantCase(distinction)}`;
  const uses = phasesIn(phases);
  const subjects = subjectsOf(
    at.repository,
    intent,
    at.workflow,
    at.job.environment === undefined ? {} : { environment: at.job.environment.text },
  );
  return {
    expression: expressionOf(phases, (phase) => `vars.${variableName(phase)}${suffix}`),
    variables: uses.map((phase): RoleVariable => {
      const arn = account === undefined ? undefined : pipelineRoleArn(intent, account, phase);
      return {
        name: variableName(phase) + suffix,
        environment: undefined,
        value: arn ?? placeholder(intent, phase, account ?? `the account of job ${at.job.id}`),
        missing: arn === undefined ? (account ?? `the account of job ${at.job.id}`) : undefined,
      };
    }),
    trusts: uses.map((phase) => ({ role: intent.pipelineRoles[phase], account, subjects })),
  };
}

/** A job without Terraform: the pipeline's roles would be too much or too little for it. */
function ownRole(at: Case): RoleChoice {
  const { repository, intent, workflow, job } = at;
  const stem = constantCase((workflow.file.path.split('/').at(-1) ?? '').replace(/\.ya?ml$/, ''));
  const alone = workflow.jobs.length === 1;
  const name = `${variablePrefix(stem)}${stem}${alone ? '' : `_${constantCase(job.id)}`}_ROLE_ARN`;
  const environments = job.environment === undefined ? [undefined] : environmentsOf(at);
  const value = `<ARN of a role that may do what job ${job.id} does, and nothing else>`;
  return {
    expression: `\${{ vars.${name} }}`,
    variables: environments.map((environment) => ({ name, environment, value, missing: `a role for job ${job.id}` })),
    trusts: environments.map((environment) => ({
      role: `the role of job ${job.id}`,
      account: undefined,
      subjects: subjectsOf(repository, intent, workflow, environment === undefined ? {} : { environment }),
    })),
  };
}

/** Names may not start with a digit or `GITHUB_`. */
function variablePrefix(name: string): string {
  return /^(\d|GITHUB_)/.test(name) ? 'AWS_' : '';
}

interface Selector {
  readonly expression: string;
  /** Value → account; `undefined` for a value nobody has an account for. */
  readonly values: ReadonlyMap<string, string | undefined>;
}

/** The expression that tells the account of a run: of the matrix, of an input, of what selects the workspace. */
function selectorOf(at: Case, hint: KeyHint): Selector | undefined {
  const { job, workflow } = at;
  const script = job.steps.map(({ run }) => run?.text ?? '').join('\n');
  const workspace = [...job.env, ...workflow.env, ...job.steps.flatMap(({ env }) => env)].find(
    ({ name }) => name === 'TF_WORKSPACE',
  );
  const selecting = [
    asText(workspace?.value)?.text ?? '',
    ...[...script.matchAll(/workspace\s+(?:select|new)\s+[^\n]*/g)].map(([text]) => text),
  ].flatMap((text) => simpleReferences(text));
  const axes = (job.matrix?.entries ?? []).map(({ name }) => name).filter((name) => !/^(include|exclude)$/.test(name));
  const included = asList(findPart(job.matrix, 'include')).flatMap((part) => entriesOf(part).map(({ name }) => name));
  const inputs = new Set([
    ...(workflow.call?.inputs ?? []).map(({ name }) => name),
    ...dispatchInputs(workflow).map(({ name }) => name),
  ]);
  const ranked = [...new Set([...axes, ...included])]
    .filter((name) => selectorName.test(name))
    .map((name) => `matrix.${name}`);
  const fromInputs = [...inputs].filter((name) => selectorName.test(name)).map((name) => `inputs.${name}`);
  const rest = [...new Set([...axes, ...included])].map((name) => `matrix.${name}`);
  for (const expression of new Set([...hint.selectors, ...selecting, ...ranked, ...fromInputs, ...rest])) {
    const texts = valuesOf(at, expression);
    if (texts === undefined) {
      if (rest.includes(expression) && !ranked.includes(expression)) continue;
      return { expression, values: knownNames(at.intent) };
    }
    const values = new Map(texts.map((text) => [text, accountNamed(at.intent, text)]));
    const known = [...values.values()].filter((account) => account !== undefined);
    if (
      known.length > 0 &&
      (known.length === values.size || ranked.includes(expression) || selecting.includes(expression))
    )
      return { expression, values };
  }
  return undefined;
}

const selectorName = /^(tf_?)?(workspace|environment|env|account|stage|target|aws[_-]account)(_?name)?$/i;

/** `matrix.x` and `inputs.x` where nothing else stands in the expression. */
function simpleReferences(text: string): string[] {
  return [...text.matchAll(/\$\{\{\s*(?:github\.event\.)?((?:matrix|inputs)\.[\w-]+)\s*\}\}/g)].map(
    (match) => match[1] as string,
  );
}

/** What `matrix.x` or `inputs.x` can be; `undefined` where the files don't tell. */
function valuesOf(at: Case, expression: string): readonly string[] | undefined {
  const [context, name = ''] = expression.split('.');
  if (context === 'matrix') {
    const values = matrixCombinations(at.job).map((combination) => combination[name]);
    const known = [...new Set(values.filter((value) => value !== undefined))];
    return known.length === 0 || known.some((value) => value.includes('${{')) ? undefined : known;
  }
  return inputValues(at.repository, at.workflow, name);
}

/** Options of a choice, and what callers in the repository pass. */
function inputValues(repository: Repository, workflow: GithubWorkflow, name: string): readonly string[] | undefined {
  const options = asList(findPart(dispatchInputs(workflow).find((entry) => entry.name === name)?.value, 'options'));
  const values = options.flatMap((part) => asText(part)?.text ?? []);
  const passed = callersOf(repository, workflow).flatMap(
    ({ workflow: caller, job }): readonly (string | undefined)[] => {
      const text = asText(job.inputs.find((entry) => entry.name === name)?.value)?.text;
      if (text === undefined) return [];
      const input = /^\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}$/.exec(text)?.[1];
      if (input !== undefined) return inputValues(repository, caller, input) ?? [undefined];
      return expandTemplate(text, caller, job, undefined);
    },
  );
  const all = [...values, ...passed];
  return all.length === 0 || all.includes(undefined) ? undefined : [...new Set(all as string[])];
}

function dispatchInputs(workflow: GithubWorkflow): ReturnType<typeof entriesOf> {
  const trigger = workflow.triggers.find(({ event }) => event === 'workflow_dispatch');
  return entriesOf(findPart(trigger?.settings, 'inputs'));
}

/** Environments a job can run in. Where the file does not tell them: all that keyless.yaml knows. */
export function environmentsOf({ repository, intent, workflow, job }: Case): readonly string[] {
  const text = job.environment?.text ?? '';
  const input = /^\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}$/.exec(text)?.[1];
  const found =
    input === undefined
      ? expandTemplate(text, workflow, job, undefined)
      : (inputValues(repository, workflow, input) ?? [undefined]);
  const known = found.filter((value): value is string => value !== undefined && !value.includes('${{'));
  return known.length === found.length && known.length > 0
    ? [...new Set(known)]
    : [...new Set([...known, ...(intent.github?.environments.keys() ?? [])])];
}

/** Accounts of the stacks a job runs Terraform in. */
function accountsRun({ intent, workflow, job }: Case): ReadonlySet<string> {
  const accounts = new Set<string>();
  const script = job.steps.map(({ run }) => run?.text ?? '').join('\n');
  const selected = /workspace\s+select\s+(?:-or-create(?:=true)?\s+)?["']?([\w.-]+)/.exec(script)?.[1];
  for (const { directory } of terraformRunsOf(workflow, job)) {
    const stack = intent.stacks.find(
      ({ path }) => directory !== undefined && path === (directory === '' ? '.' : directory),
    );
    if (stack === undefined) continue;
    const chosen = stack.workspaces.get(selected ?? 'default');
    for (const account of chosen === undefined ? stack.workspaces.values() : [chosen]) accounts.add(account);
  }
  return accounts;
}

/** The account that goes by a name: of a GitHub environment, an account or a workspace. */
export function accountNamed(intent: Intent, name: string): string | undefined {
  if (name === '') return undefined;
  const environment = intent.github?.environments.get(name)?.account;
  if (environment !== undefined) return environment;
  if (intent.accounts.has(name)) return name;
  const accounts = new Set(intent.stacks.flatMap(({ workspaces }) => workspaces.get(name) ?? []));
  if (accounts.size === 1) return [...accounts][0];
  return [...intent.accounts.keys()].find((account) => account.toLowerCase() === name.toLowerCase());
}

function knownNames(intent: Intent): ReadonlyMap<string, string | undefined> {
  const names = new Set([
    ...(intent.github?.environments.keys() ?? []),
    ...intent.stacks.flatMap(({ workspaces }) => [...workspaces.keys()]),
  ]);
  names.delete('default');
  return new Map([...names].map((name) => [name, accountNamed(intent, name)]));
}

function phasesIn(phases: PhaseChoice): readonly Phase[] {
  return phases.kind === 'one' ? [phases.phase] : ['plan', 'apply'];
}

function expressionOf(phases: PhaseChoice, reference: (phase: Phase) => string): string {
  if (phases.kind === 'one') return `\${{ ${reference(phases.phase)} }}`;
  return `\${{ ${phases.applies} && ${reference('apply')} || ${reference('plan')} }}`;
}

function variableName(phase: Phase): string {
  return `TERRAFORM_${phase.toUpperCase()}_ROLE_ARN`;
}

function placeholder(intent: Intent, phase: Phase, what: string): string {
  return `<ARN of ${intent.pipelineRoles[phase]} in ${what}>`;
}

export function constantCase(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}
