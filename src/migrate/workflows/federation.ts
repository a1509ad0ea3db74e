/**
 * How every static key of the workflows and actions of a repository becomes a role that GitHub's token opens: all edits,
 * grouped into units, each edit under the rule (G1–G4, G6, G7) that describes it.
 */
import {
  asText,
  callersOf,
  findCalledWorkflow,
  findGithubCredentials,
  findInput,
  findLocalAction,
  type GithubAction,
  type GithubCredential,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  readGithubAction,
} from '../../audit/index.ts';
import type { Intent } from '../../intent/index.ts';
import type { Repository } from '../../repository/index.ts';
import { mayUseAws } from './job-commands.ts';
import { keyHint, ruleOf } from './key-place.ts';
import { accountNamed, chooseRole, type KeyHint, type RoleChoice } from './role-choice.ts';
import { type StepList, stepEdits } from './step-edits.ts';
import { grantIdToken } from './token-permissions.ts';
import { type Unit, UnitBuilder } from './unit.ts';
import type { Blocker } from './work.ts';
import { addEntry, dropEntry, inOrder, pathOfEntry } from './yaml-steps.ts';

/** Planned once for a repository as it is. */
export function planFederation(repository: Repository, intent: Intent): readonly Unit[] {
  const known = plans.get(repository);
  if (known?.intent === intent) return known.units;
  const units = new Federation(repository, intent).plan();
  plans.set(repository, { intent, units });
  return units;
}

const plans = new WeakMap<Repository, { readonly intent: Intent; readonly units: readonly Unit[] }>();

class Federation {
  readonly #repository: Repository;
  readonly #intent: Intent;
  readonly #builder = new UnitBuilder();

  constructor(repository: Repository, intent: Intent) {
    this.#repository = repository;
    this.#intent = intent;
  }

  plan(): readonly Unit[] {
    for (const file of this.#repository.files) {
      const action = readGithubAction(file);
      if (action !== undefined) this.#action(action);
    }
    for (const workflow of githubWorkflows(this.#repository)) this.#workflow(workflow);
    return this.#builder.units();
  }

  #workflow(workflow: GithubWorkflow): void {
    const places = findGithubCredentials(workflow, this.#repository);
    const shared = places.filter(({ form, job }) => job === undefined && form === 'environment');
    const declared = places.filter(({ form }) => form === 'reusable-declaration');
    if (declared.length > 0) this.#declaration(workflow, declared);
    for (const job of workflow.jobs) {
      const own = places.filter((place) => place.job === job);
      if (job.uses !== undefined) this.#call(workflow, job, own);
      else if (own.length > 0 || (shared.length > 0 && job.steps.some((step) => mayUseAws(this.#repository, step)))) {
        this.#job(workflow, job, own, shared);
      } else if (shared.length > 0) this.#builder.link(partOf(workflow), partOf(workflow, job));
    }
    if (shared.length > 0) this.#environmentOfAll(workflow, shared);
  }

  #job(
    workflow: GithubWorkflow,
    job: GithubJob,
    own: readonly GithubCredential[],
    shared: readonly GithubCredential[],
  ): void {
    const name = partOf(workflow, job);
    const part = this.#builder.part(name);
    const first = (own[0] ?? shared[0]) as GithubCredential;
    const rule = ruleOf(first);
    const blocked = (reason: string, todo: string): void => {
      part.blockers.push({ rule, file: workflow.file, at: startOf(first), reason, todo });
    };
    if (shared.length > 0) this.#builder.link(partOf(workflow), name);
    if (workflow.call !== undefined) this.#builder.link(callOf(workflow), name);
    if (workflow.triggers.some(({ event }) => event === 'pull_request_target')) {
      blocked(
        `The workflow runs on pull_request_target, so job ${job.id} would give its role to code of strangers.`,
        'Move what needs AWS to a workflow on pull_request or push; then run again.',
      );
    }
    const roles = this.#rolesOf(workflow, job, own, shared);
    if (typeof roles === 'string') {
      blocked(
        `Which role job ${job.id} needs is not known: ${roles}.`,
        'Split the job by account, or run it in a matrix with a GitHub environment for each; then run again.',
      );
      return;
    }
    part.roles.push(...roles.choices);
    const list: StepList = {
      repository: this.#repository,
      source: workflow,
      job,
      steps: job.steps,
      path: ['jobs', job.id, 'steps'],
      roleFor: roles.roleFor,
      rule: undefined,
    };
    const edits = stepEdits(list, own, shared);
    part.works.push(...edits.works);
    part.notes.push(...edits.notes);
    part.blockers.push(...edits.blockers);
    if (edits.staying.length > 0) this.#builder.part(`${name}#staying`).blockers.push(...edits.staying);
    if (edits.works.length + edits.blockers.length > 0 || own.some(({ form }) => form === 'action-call')) {
      this.#grant(name, workflow, job, rule);
    }
    for (const place of own) if (place.form === 'action-call') this.#actionCall(name, place, roles.roleFor(place));
  }

  /** One role for the job; one for each key when several steps configure different ones. */
  #rolesOf(
    workflow: GithubWorkflow,
    job: GithubJob,
    own: readonly GithubCredential[],
    shared: readonly GithubCredential[],
  ): { readonly roleFor: StepList['roleFor']; readonly choices: readonly RoleChoice[] } | string {
    const places = [...own, ...shared];
    if (places.every(hasRolePassedIn)) return { roleFor: () => '', choices: [] };
    const stems = new Set(places.map((place) => keyHint([place]).stem));
    if (stems.size <= 1) {
      const role = this.#roleOf(workflow, job, keyHint(places));
      if (typeof role === 'string') return role;
      return { roleFor: () => role.expression, choices: role.choice === undefined ? [] : [role.choice] };
    }
    const expressions = new Map<GithubCredential, string>();
    const choices: RoleChoice[] = [];
    for (const place of places) {
      const hint = keyHint([place]);
      const named = accountNamed(this.#intent, hint.stem) !== undefined;
      const takesRole = place.form === 'configure-action' || place.form === 'action-call';
      if (!takesRole || !named) return `it uses several keys (${[...stems].map((stem) => stem || 'AWS').join(', ')})`;
      const role = this.#roleOf(workflow, job, { ...hint, isDecisive: true });
      if (typeof role === 'string') return role;
      expressions.set(place, role.expression);
      if (role.choice !== undefined) choices.push(role.choice);
    }
    const [first = ''] = expressions.values();
    return { roleFor: (place) => (place && expressions.get(place)) ?? first, choices };
  }

  /** The role a job takes by itself, else by an input that its callers fill; a text says why none is known. */
  #roleOf(
    workflow: GithubWorkflow,
    job: GithubJob,
    hint: KeyHint,
  ): { readonly expression: string; readonly choice: RoleChoice | undefined } | string {
    const choice = chooseRole(this.#repository, this.#intent, workflow, job, hint);
    if (!('undecided' in choice)) return { expression: choice.expression, choice };
    if (workflow.call === undefined || workflow.triggers.length > 1) return choice.undecided;
    this.#roleInput(workflow);
    return { expression: `\${{ inputs.${roleInput} }}`, choice: undefined };
  }

  /** `role-arn` of a called workflow, and what each caller puts there. */
  #roleInput(workflow: GithubWorkflow): void {
    const part = this.#builder.part(callOf(workflow));
    const { file, call } = workflow;
    if (part.works.some(({ at }) => at === call?.range.start)) return;
    const path = ['on', 'workflow_call', 'inputs'];
    part.works.push({
      rule: 'G6',
      file,
      at: call?.range.start ?? 0,
      order: 0,
      run: (editor) => addEntry(editor, path, roleInput, { type: 'string', required: true }, 'last'),
    });
    for (const caller of callersOf(this.#repository, workflow)) {
      const name = partOf(caller.workflow, caller.job);
      this.#builder.link(callOf(workflow), name);
      const choice = chooseRole(this.#repository, this.#intent, caller.workflow, callingJob(caller.job, workflow));
      const at = caller.job.entry.range.start;
      if ('undecided' in choice) {
        this.#builder.part(name).blockers.push({
          rule: 'G6',
          file: caller.workflow.file,
          at,
          reason: `Which role job ${caller.job.id} should pass to ${file.path} is not known: ${choice.undecided}.`,
          todo: `Give ${file.path} an \`environment:\`, or call it once for each account; then run again.`,
        });
        continue;
      }
      this.#builder.part(name).roles.push(choice);
      this.#builder.part(name).works.push({
        rule: 'G6',
        file: caller.workflow.file,
        at,
        order: 0,
        run: (editor) => addEntry(editor, ['jobs', caller.job.id, 'with'], roleInput, choice.expression, 'last'),
      });
    }
  }

  /** `on.workflow_call.secrets`: the keys leave it, and every caller stops handing them over. */
  #declaration(workflow: GithubWorkflow, declared: readonly GithubCredential[]): void {
    const part = this.#builder.part(callOf(workflow));
    const { file } = workflow;
    for (const entry of declared.flatMap(({ entries }) => entries)) {
      const path = pathOfEntry(file, entry);
      part.works.push({
        rule: 'G6',
        file,
        at: entry.range.start,
        order: 0,
        run: (editor) => dropBelowCall(editor, path),
      });
    }
    const callers = callersOf(this.#repository, workflow);
    part.notes.push({
      rule: 'G6',
      file,
      at: startOf(declared[0] as GithubCredential),
      text:
        callers.length === 0
          ? 'No workflow of this repository calls this one. Those that do, elsewhere, must stop passing the key in the same change, and grant `id-token: write`.'
          : 'Callers in other repositories, if there are any, must stop passing the key in the same change, and grant `id-token: write`.',
    });
  }

  /** A job that calls a workflow: what it hands over, and the token it has to grant. */
  #call(workflow: GithubWorkflow, job: GithubJob, own: readonly GithubCredential[]): void {
    const name = partOf(workflow, job);
    const part = this.#builder.part(name);
    const called = findCalledWorkflow(this.#repository, job);
    const handed = own.filter(({ form }) => form === 'reusable-call');
    const [first] = handed;
    if (called === undefined) {
      if (first === undefined) return;
      part.blockers.push({
        rule: 'G6',
        file: workflow.file,
        at: startOf(first),
        reason: `${job.uses?.text.text ?? 'The workflow'} is not in this repository, so it can't be told to take a role.`,
        todo: 'Let that workflow take a role (an input `role-arn`, or an environment with variables), release it, then pass the role here and drop the secrets.',
      });
      return;
    }
    for (const entry of handed.flatMap(({ entries }) => entries)) {
      const path = pathOfEntry(workflow.file, entry);
      part.works.push({
        rule: 'G6',
        file: workflow.file,
        at: entry.range.start,
        order: 0,
        run: (editor) => dropEntry(editor, path),
      });
    }
    const moves = findGithubCredentials(called, this.#repository).length > 0;
    if (handed.length === 0 && !moves) return;
    this.#builder.link(callOf(called), name);
    this.#grant(name, workflow, job, 'G6');
  }

  #grant(name: string, workflow: GithubWorkflow, job: GithubJob, rule: string): void {
    const grant = grantIdToken(this.#repository, workflow, job);
    const part = this.#builder.part(name);
    part.works.push(...grant.works);
    part.blockers.push(...grant.blockers.map((blocker): Blocker => ({ ...blocker, rule })));
  }

  #environmentOfAll(workflow: GithubWorkflow, shared: readonly GithubCredential[]): void {
    const part = this.#builder.part(partOf(workflow));
    for (const entry of shared.flatMap(({ entries }) => entries)) {
      const path = pathOfEntry(workflow.file, entry);
      part.works.push({
        rule: 'G2',
        file: workflow.file,
        at: entry.range.start,
        order: 0,
        run: (editor) => dropEntry(editor, path),
      });
    }
  }

  /** A composite action: its key inputs become one for the role. */
  #action(action: GithubAction): void {
    const places = findGithubCredentials(action, this.#repository);
    const declared = places.filter(({ form }) => form === 'action-input').flatMap(({ entries }) => entries);
    const inside = places.filter(({ form }) => form !== 'action-input');
    if (places.length === 0) return;
    const name = partOfAction(action);
    const part = this.#builder.part(name);
    const at = startOf(places[0] as GithubCredential);
    if (action.steps.length === 0) {
      part.blockers.push({
        rule: 'G7',
        file: action.file,
        at,
        reason: 'The action is a program of its own, not a list of steps, and takes the key as an input.',
        todo: 'Let it read the session from the environment and drop the inputs.',
      });
      return;
    }
    const input = roleInputOf(action);
    const edits = stepEdits(
      {
        repository: this.#repository,
        source: action,
        job: undefined,
        steps: action.steps,
        path: ['runs', 'steps'],
        roleFor: () => `\${{ inputs.${input} }}`,
        rule: 'G7',
      },
      inside,
      [],
    );
    part.works.push(...edits.works);
    if (edits.staying.length > 0) this.#builder.part(`${name}#staying`).blockers.push(...edits.staying);
    part.notes.push(...edits.notes);
    part.blockers.push(...edits.blockers);
    part.works.push({
      rule: 'G7',
      file: action.file,
      at,
      order: 0,
      run: (editor) =>
        inOrder(
          () =>
            action.inputs.some((entry) => entry.name === input)
              ? undefined
              : addEntry(
                  editor,
                  ['inputs'],
                  input,
                  { description: 'ARN of the role to assume', required: true },
                  placeOf(declared[0]?.name),
                ),
          ...declared.map((entry) => () => dropEntry(editor, pathOfEntry(action.file, entry))),
        ),
    });
  }

  /** A step that hands keys to an action of the repository. */
  #actionCall(name: string, place: GithubCredential, role: string): void {
    const { step, source } = place;
    const action = step?.uses === undefined ? undefined : findLocalAction(this.#repository, step.uses);
    if (step === undefined || action === undefined || source.kind !== 'workflow') return;
    this.#builder.link(partOfAction(action), name);
    const input = roleInputOf(action);
    const path = ['jobs', place.job?.id ?? '', 'steps', step.index, 'with'];
    this.#builder.part(name).works.push({
      rule: 'G7',
      file: source.file,
      at: startOf(place),
      order: 0,
      run: (editor) =>
        inOrder(
          () =>
            asText(step.inputs.find((entry) => entry.name === input)?.value) === undefined
              ? addEntry(editor, path, input, role, placeOf(place.entries[0]?.name))
              : undefined,
          ...place.entries.map((entry) => () => dropEntry(editor, pathOfEntry(source.file, entry))),
        ),
    });
  }
}

/** The step names its role by an expression already, so nothing is left to choose. */
function hasRolePassedIn({ form, step }: GithubCredential): boolean {
  const role = step === undefined ? undefined : findInput(step.inputs, 'role-to-assume');
  return form === 'configure-action' && (asText(role?.value)?.text.includes('${{') ?? false);
}

const roleInput = 'role-arn';

function roleInputOf(action: GithubAction): string {
  return (
    action.inputs.find(({ name }) => /^(aws[-_])?(role([-_](to[-_]assume|arn|name))?|iam[-_]role)$/i.test(name))
      ?.name ?? 'role-to-assume'
  );
}

function placeOf(neighbour: string | undefined): 'last' | { readonly before: string } {
  return neighbour === undefined ? 'last' : { before: neighbour };
}

/** The calling job with what it makes run: the steps of the workflow it calls, by its own matrix and inputs. */
function callingJob(caller: GithubJob, called: GithubWorkflow): GithubJob {
  return { ...caller, steps: called.jobs.flatMap(({ steps }) => steps) };
}

/** Secrets and inputs go; the trigger itself stays. */
function dropBelowCall(
  editor: Parameters<typeof dropEntry>[0],
  path: Parameters<typeof dropEntry>[1],
): ReturnType<typeof dropEntry> {
  const call = editor.file;
  const secrets = path.slice(0, -1);
  const refusal = dropEntry(editor, path, ['secrets', 'inputs']);
  if (refusal !== undefined || editor.file === call) return refusal;
  return dropIfEmpty(editor, secrets);
}

function dropIfEmpty(
  editor: Parameters<typeof dropEntry>[0],
  path: Parameters<typeof dropEntry>[1],
): ReturnType<typeof dropEntry> {
  let map = editor.file.documents[0]?.root;
  for (const key of path) map = map?.kind === 'map' ? map.entries.find(({ name }) => name === key)?.value : undefined;
  return map?.kind === 'map' && map.entries.length === 0 ? dropEntry(editor, path, ['workflow_call']) : undefined;
}

function startOf(place: GithubCredential): number {
  return Math.min(...place.parts.map(({ at }) => at));
}

function partOf(workflow: GithubWorkflow, job?: GithubJob): string {
  return `${workflow.file.path}#${job?.id ?? ''}`;
}

function callOf(workflow: GithubWorkflow): string {
  return `${workflow.file.path}#(call)`;
}

function partOfAction(action: GithubAction): string {
  return `${action.file.path}#(action)`;
}
