/**
 * The edits inside one list of steps, of a job or of an action: keys leave inputs, environments and scripts, and one
 * step takes the role before anything needs it.
 */
import {
  asText,
  findInput,
  findLocalAction,
  findRoleSteps,
  type GithubAction,
  type GithubCredential,
  type GithubJob,
  type GithubStep,
  type GithubWorkflow,
  isConfigureCredentials,
  isOidcStep,
  type YamlEntry,
} from '../../audit/index.ts';
import { editScalarText, type YamlObject, type YamlPath } from '../../formats/yaml/index.ts';
import type { Repository } from '../../repository/index.ts';
import { type KeyRemoval, removeKeysFromScript } from '../scripts/remove-keys.ts';
import { scriptContext } from '../scripts/script-context.ts';
import {
  configureAction,
  isCommit,
  isSupported,
  pinsCommits,
  unreadableBooleans,
  usesValue,
  versionFor,
} from './configure-action.ts';
import { mayUseAws } from './job-commands.ts';
import { ruleOf } from './key-place.ts';
import { findRegion } from './step-region.ts';
import { knownAction } from './third-party-actions.ts';
import type { Note } from './unit.ts';
import type { Blocker, Work } from './work.ts';
import { addEntry, addStep, at, dropEntry, dropStep, inOrder, pathOfEntry, setValue } from './yaml-steps.ts';

export interface StepList {
  readonly repository: Repository;
  readonly source: GithubWorkflow | GithubAction;
  /** `undefined` for the steps of an action. */
  readonly job: GithubJob | undefined;
  readonly steps: readonly GithubStep[];
  /** Where the list stands. */
  readonly path: YamlPath;
  /** The value of `role-to-assume` for a place that holds a key, or for the list as a whole. */
  readonly roleFor: (place: GithubCredential | undefined) => string;
  /** The rule all edits belong to, where it does not depend on the form. */
  readonly rule: string | undefined;
}

export interface StepEdits {
  readonly works: readonly Work[];
  readonly notes: readonly Note[];
  readonly blockers: readonly Blocker[];
  /** What stays without harm to the rest: variables of Terraform that code still takes. */
  readonly staying: readonly Blocker[];
}

/** `own`: the keys of the list's steps and of what surrounds them; `shared`: those that every job of the workflow has. */
export function stepEdits(
  list: StepList,
  own: readonly GithubCredential[],
  shared: readonly GithubCredential[],
): StepEdits {
  return new StepPlan(list, own, shared).edits();
}

class StepPlan {
  readonly #list: StepList;
  readonly #own: readonly GithubCredential[];
  readonly #shared: readonly GithubCredential[];
  readonly #works: Work[] = [];
  readonly #notes: Note[] = [];
  readonly #blockers: Blocker[] = [];
  /** Places that stay: they need no role. */
  readonly #staying = new Map<GithubCredential, Blocker>();
  /** Scripts as they will be, by step. */
  readonly #scripts = new Map<GithubStep, KeyRemoval>();

  constructor(list: StepList, own: readonly GithubCredential[], shared: readonly GithubCredential[]) {
    this.#list = list;
    this.#own = own;
    this.#shared = shared;
  }

  edits(): StepEdits {
    this.#otherServices();
    for (const step of new Set(this.#placesOf('shell').flatMap(({ step }) => step ?? []))) this.#script(step);
    for (const place of this.#placesOf('configure-action')) this.#configure(place);
    for (const place of this.#placesOf('environment')) this.#environment(place);
    for (const place of this.#placesOf('third-party')) this.#thirdParty(place);
    if (this.#list.job === undefined) this.#nestedCalls();
    this.#sessionless();
    this.#roleStep();
    if (this.#works.length > 0) this.#shieldOtherKeys();
    return { works: this.#works, notes: this.#notes, blockers: this.#blockers, staying: [...this.#staying.values()] };
  }

  #placesOf(form: GithubCredential['form']): readonly GithubCredential[] {
    return this.#own.filter((place) => place.form === form);
  }

  #rule(place: GithubCredential): string {
    return this.#list.rule ?? ruleOf(place);
  }

  #work(rule: string, start: number, run: Work['run'], order = 0): Work {
    return { rule, file: this.#list.source.file, at: start, order, run };
  }

  #block(rule: string, start: number, reason: string, todo: string): void {
    this.#blockers.push({ rule, file: this.#list.source.file, at: start, reason, todo });
  }

  #note(rule: string, start: number, text: string, commands?: readonly string[]): void {
    this.#notes.push({ rule, file: this.#list.source.file, at: start, text, ...(commands && { commands }) });
  }

  #pathOf(step: GithubStep): YamlPath {
    return [...this.#list.path, step.index];
  }

  /** configure-aws-credentials with keys: the role takes their place. */
  #configure(place: GithubCredential): void {
    const step = place.step as GithubStep;
    const path = this.#pathOf(step);
    const inputs = step.inputs.filter(({ name }) => keyInput.test(name) || /^role-external-id$/i.test(name));
    const keys = inputs.filter(({ name }) => keyInput.test(name));
    const role = findInput(step.inputs, 'role-to-assume');
    const written = asText(role?.value)?.text ?? '';
    // A role that is passed in is the team's choice already; a literal one trusts the key's user.
    const expression = /\$\{\{/.test(written) ? written : this.#list.roleFor(place);
    const rule = this.#rule(place);
    this.#works.push(
      this.#work(rule, startOf(place), (editor) =>
        inOrder(
          () =>
            role === undefined
              ? addEntry(editor, [...path, 'with'], 'role-to-assume', expression, beforeFirst(keys))
              : setValue(editor, [...path, 'with', role.name], expression),
          () =>
            findInput(step.inputs, 'role-session-name') === undefined
              ? addEntry(editor, [...path, 'with'], 'role-session-name', sessionName, {
                  after: role?.name ?? 'role-to-assume',
                })
              : undefined,
          ...inputs.map((entry) => () => dropEntry(editor, pathOfEntry(this.#list.source.file, entry))),
          () => this.#bump(editor, step),
        ),
      ),
    );
    if (role !== undefined) {
      this.#note(
        rule,
        role.range.start,
        expression === written
          ? `The key's user hops to ${written}; now the token of the job opens that role, so the role has to trust it in place of the user.`
          : `The key's user hops to ${written}; now the pipeline's own role is taken. Whatever only the old role could do has to be allowed to the new one.`,
      );
    }
    const unreadable = unreadableBooleans(step);
    if (unreadable.length > 0) {
      this.#note(rule, startOf(place), `The newer action takes only true or false for ${unreadable.join(' and ')}.`);
    }
    this.#commentAbove(rule, step);
  }

  #bump(editor: Parameters<Work['run']>[0], step: GithubStep): ReturnType<Work['run']> {
    const { uses } = step;
    const { file } = this.#list.source;
    const comment = /^[^\n]*?#([^\n]*)/.exec(file.text.slice(uses?.text.range.end))?.[1] ?? '';
    if (uses?.ref === undefined || isSupported(uses.ref, comment)) return undefined;
    const version = versionFor(this.#list.job);
    const path = [...this.#pathOf(step), 'uses'];
    return isCommit(uses.ref)
      ? setValue(editor, path, `${configureAction}@${version.commit}`, version.release)
      : setValue(editor, path, `${configureAction}@${version.tag}`);
  }

  /** A comment that speaks of the version it stands above would lie now. */
  #commentAbove(rule: string, step: GithubStep): void {
    const { file } = this.#list.source;
    const start = step.body.range.start;
    const above = file.text.slice(0, start).split('\n').slice(-2)[0] ?? '';
    if (step.uses?.ref === undefined || isSupported(step.uses.ref, '')) return;
    if (/^\s*#.*\bv\d/.test(above)) {
      this.#note(
        rule,
        start,
        `The comment above speaks of the version: ${above.trim().replace(/^#\s*/, '“')}” is no longer so.`,
      );
    }
  }

  #environment(place: GithubCredential): void {
    const { file } = this.#list.source;
    const rule = this.#rule(place);
    const [first] = place.entries;
    const path = first === undefined ? [] : pathOfEntry(file, first);
    if (path.includes('services') || path.includes('credentials')) {
      this.#block(
        rule,
        startOf(place),
        path.includes('services')
          ? 'A service container starts before any step, so it can have no session of the job.'
          : 'The image is fetched before any step, so it can have no session of the job.',
        'Start the container in a step of its own, after configure-aws-credentials; or fetch the image from a registry the runner may read.',
      );
      return;
    }
    const works = place.entries.map((entry) =>
      this.#work(rule, entry.range.start, (editor) => dropEntry(editor, pathOfEntry(file, entry))),
    );
    const variables = place.entries.flatMap(({ name }) => (name.startsWith('TF_VAR_') ? [name.slice(7)] : []));
    if (variables.length > 0) {
      const taken = variables.filter((name) => !scriptContext(this.#list.repository).isGone(name));
      if (taken.length > 0) {
        this.#staying.set(place, {
          rule,
          file,
          at: startOf(place),
          reason: `Terraform code still takes the variable ${taken.join(' and ')}.`,
          todo: `See what uses ${taken.map((name) => `var.${name}`).join(' and ')}; once no code declares it, run again.`,
        });
      } else this.#works.push(...works);
      return;
    }
    this.#works.push(...works);
    for (const entry of place.entries) {
      const reader = isOwnName(entry.name) ? undefined : this.#readerOf(entry);
      if (reader === undefined) continue;
      this.#block(
        rule,
        entry.range.start,
        `${entry.name} is read by ${reader}, under a name that no session has.`,
        `Let ${reader} use the session of the environment; then run again.`,
      );
    }
  }

  /** Who still names a variable once the scripts are edited. */
  #readerOf(entry: YamlEntry): string | undefined {
    const mention = new RegExp(`\\b${entry.name.replace(/\W/g, '')}\\b`);
    const steps = this.#list.steps.filter((step) => {
      const script = this.#scripts.get(step)?.text ?? step.run?.text ?? '';
      const inputs = step.inputs
        .filter(({ name }) => !keyInput.test(name))
        .map(({ value }) => asText(value)?.text ?? '');
      const inner = step.env.filter((each) => each !== entry && !isKeyOf(this.#own, each));
      const texts = [script, ...inputs, ...inner.map(({ value }) => asText(value)?.text ?? '')];
      return mention.test(texts.join('\n'));
    });
    const [step] = steps;
    return step === undefined ? undefined : `step ${step.name === undefined ? step.index + 1 : `"${step.name.text}"`}`;
  }

  #script(step: GithubStep): void {
    const { source, repository } = this.#list;
    const run = step.run;
    if (run === undefined) return;
    const removal = removeKeysFromScript(run.text, 'shell', scriptContext(repository));
    this.#scripts.set(step, removal);
    const rule = this.#list.rule ?? 'G3';
    for (const { reason, todo } of removal.obstacles) this.#block(rule, run.range.start, reason, todo);
    const path = this.#pathOf(step);
    if (isEmptied(removal.text) && this.#isFree(step)) {
      this.#works.push(
        this.#work(
          rule,
          step.body.range.start,
          (editor) => dropStep(editor, this.#list.path, step.index),
          stepOrder(step.index),
        ),
      );
      return;
    }
    const unused = step.env.filter(({ name, value }) => {
      const mention = new RegExp(`\\b${name}\\b`);
      const stored = /\$\{\{\s*secrets\b/.test(asText(value)?.text ?? '');
      return (
        stored &&
        !isKeyOf(this.#own, { name, value } as YamlEntry) &&
        mention.test(run.text) &&
        !mention.test(removal.text)
      );
    });
    this.#works.push(
      this.#work(rule, run.range.start, (editor) =>
        inOrder(
          () =>
            editor.step((file) => {
              const scalar = at(file, [...path, 'run']);
              if (scalar?.kind !== 'scalar') return { reason: 'the script is not written out there', start: 0 };
              return editScalarText(file, scalar, removal.edits);
            }),
          ...unused
            .filter((entry) => !isKeyOf(this.#own, entry))
            .map((entry) => () => dropEntry(editor, pathOfEntry(source.file, entry))),
        ),
      ),
    );
  }

  /** Nothing refers to the step, so it can go. */
  #isFree(step: GithubStep): boolean {
    const others = this.#list.steps.filter((each) => each !== step);
    return (
      others.length > 0 &&
      (step.id === undefined || !new RegExp(`steps\\.${step.id}\\b`).test(this.#list.source.file.text)) &&
      step.body.entries.every(({ name }) =>
        /^(name|id|if|run|env|shell|working-directory|continue-on-error)$/.test(name),
      )
    );
  }

  #thirdParty(place: GithubCredential): void {
    const step = place.step as GithubStep;
    const { file } = this.#list.source;
    const rule = this.#rule(place);
    const name = step.uses?.action ?? '';
    const known = knownAction(name);
    const path = [...this.#pathOf(step), 'with'];
    const registry = asText(findInput(step.inputs, 'registry')?.value)?.text ?? '';
    if (known?.kind === 'environment' && (name !== 'docker/login-action' || /\.dkr\.ecr|\$\{\{/.test(registry))) {
      this.#works.push(
        this.#work(rule, startOf(place), (editor) =>
          inOrder(...place.entries.map((entry) => () => dropEntry(editor, pathOfEntry(file, entry)))),
        ),
      );
      return;
    }
    if (known?.kind === 'token') {
      this.#works.push(
        this.#work(rule, startOf(place), (editor) =>
          inOrder(
            ...place.parts.flatMap(({ part, name: input }) => {
              const variable = sessionVariables[part];
              return [() => setValue(editor, [...path, input], `\${{ env.${variable} }}`)];
            }),
            () =>
              findInput(step.inputs, known.token) === undefined
                ? addEntry(editor, path, known.token, '${{ env.AWS_SESSION_TOKEN }}', {
                    after: place.parts.at(-1)?.name ?? '',
                  })
                : undefined,
          ),
        ),
      );
      return;
    }
    this.#block(
      rule,
      startOf(place),
      known?.kind === 'sessionless'
        ? `${name} takes a key and no session token.`
        : `Whether ${name === '' ? 'the action' : name} can live on a session is not known.`,
      known?.kind === 'sessionless'
        ? `Replace the step by \`${known.instead}\`; then run again.`
        : 'If it reads AWS_SESSION_TOKEN from the environment, drop its key inputs; if it has an input for the token, pass `${{ env.AWS_SESSION_TOKEN }}`; else replace it. Then run again.',
    );
  }

  /** An action that uses another action of the repository with keys. */
  #nestedCalls(): void {
    for (const place of this.#placesOf('action-call')) {
      this.#block(
        this.#rule(place),
        startOf(place),
        `The action hands a key to ${place.step?.uses?.text.text ?? 'another action'}.`,
        'Let the outer action configure the role and drop the inputs of the inner one; then run again.',
      );
    }
  }

  /** Cloudflare R2, MinIO and the like take keys under AWS's names; a session is nothing to them. */
  #otherServices(): void {
    for (const place of [...this.#own, ...this.#shared]) {
      const { step } = place;
      const environment = [...(step?.env ?? []), ...(this.#list.job?.env ?? [])];
      const texts = [
        ...place.entries.map(({ value }) => asText(value)?.text ?? ''),
        ...(step === undefined ? [] : [step.run?.text ?? '']),
      ];
      const endpoint = environment.some(({ name }) => /^AWS_ENDPOINT_URL/.test(name));
      if (!endpoint && !texts.some((text) => otherService.test(text))) continue;
      this.#block(
        this.#rule(place),
        startOf(place),
        `${place.subject} talks to an endpoint of its own, so the key may be that of another service.`,
        'Give the secrets a name that says whose they are, or move the step to a job of its own; then run again.',
      );
    }
  }

  /** A step that keeps a pair of its own, for another service or an emulator, must not get the session's token with it. */
  #shieldOtherKeys(): void {
    const pair = (entries: readonly YamlEntry[]): YamlEntry | undefined =>
      entries.find(
        (entry) => /^AWS_SECRET_ACCESS_KEY$/.test(entry.name) && !isKeyOf([...this.#own, ...this.#shared], entry),
      );
    const { job } = this.#list;
    const ofJob = pair(job?.env ?? []);
    if (ofJob !== undefined) {
      this.#block(
        this.#list.rule ?? this.#ruleOfStep(),
        ofJob.range.start,
        'The environment of the job holds another pair under these names, and the session would mix with it.',
        'Move that pair to the steps that need it; then run again.',
      );
    }
    for (const step of this.#list.steps) {
      const kept = pair(step.env);
      if (kept === undefined || findInput(step.env, 'AWS_SESSION_TOKEN') !== undefined) continue;
      const path = [...this.#pathOf(step), 'env'];
      this.#works.push(
        this.#work(this.#list.rule ?? this.#ruleOfStep(), kept.range.start, (editor) =>
          addEntry(editor, path, 'AWS_SESSION_TOKEN', '', { after: kept.name }),
        ),
      );
    }
  }

  /** Steps that read the key from the environment and can do nothing with a session. */
  #sessionless(): void {
    const hasEnvironment = this.#shared.length > 0 || this.#placesOf('environment').length > 0;
    for (const step of hasEnvironment ? this.#list.steps : []) {
      const known = step.uses === undefined ? undefined : knownAction(step.uses.action);
      if (known?.kind !== 'sessionless') continue;
      this.#block(
        this.#list.rule ?? 'G4',
        step.body.range.start,
        `${step.uses?.action} takes a key from the environment and no session token.`,
        `Replace the step by \`${known.instead}\`; then run again.`,
      );
    }
  }

  /** A step that takes the role, before the first that needs AWS. */
  #roleStep(): void {
    const { steps, source, job, path, repository } = this.#list;
    const moving = this.#own.filter((place) => !this.#staying.has(place));
    const withKeys = new Set(moving.flatMap(({ step, form }) => (form === 'action-call' ? [] : (step ?? []))));
    const everywhere = this.#shared.length > 0 || moving.some(({ step }) => step === undefined);
    const using = steps.filter(
      (step) => !isConfigureCredentials(step) && (withKeys.has(step) || (everywhere && mayUseAws(repository, step))),
    );
    const [first] = using;
    const bare = steps.find(
      (step) =>
        isConfigureCredentials(step) && findInput(step.inputs, 'role-to-assume') === undefined && !withKeys.has(step),
    );
    if (bare !== undefined && (first === undefined || bare.index < first.index)) {
      this.#bareConfigure(bare);
      return;
    }
    const configured = steps.find((step) => this.#configures(step));
    if (first === undefined || (configured !== undefined && configured.index < first.index)) return;
    const rule = this.#list.rule ?? this.#ruleOfStep();
    const version = versionFor(job);
    const conditions = new Set(using.map(({ condition }) => condition?.text));
    const [condition] = conditions;
    const region = findRegion(this.#list, first);
    if (region === undefined) {
      this.#note(rule, first.body.range.start, 'No region is written anywhere near, and the action needs one.', [
        'gh variable set AWS_REGION --body <region>',
      ]);
    }
    const named = steps.filter(({ name }) => name !== undefined).length * 2 >= steps.length;
    const value: YamlObject = {
      ...(named && { name: 'Configure AWS credentials' }),
      ...(conditions.size === 1 && condition !== undefined && { if: condition }),
      uses: usesValue(version, pinsCommits(source)),
      with: {
        'role-to-assume': this.#list.roleFor(undefined),
        'role-session-name': sessionName,
        'aws-region': region ?? '${{ vars.AWS_REGION }}',
      },
    };
    this.#works.push(
      this.#work(
        rule,
        first.body.range.start,
        (editor) => addStep(editor, path, first.index, value),
        stepOrder(first.index) + 0.25,
      ),
    );
  }

  /** The step takes the role itself, in whatever way. */
  #configures(step: GithubStep): boolean {
    const local = step.uses === undefined ? undefined : findLocalAction(this.#list.repository, step.uses);
    if (local !== undefined) return local.steps.some(isConfigureCredentials);
    const moves = this.#placesOf('configure-action').some((place) => place.step === step);
    return moves || findRoleSteps([step]).some(isOidcStep);
  }

  /** The action without keys of its own, that took those of the environment. */
  #bareConfigure(step: GithubStep): void {
    const rule = this.#list.rule ?? this.#ruleOfStep();
    const path = this.#pathOf(step);
    this.#works.push(
      this.#work(rule, step.body.range.start, (editor) =>
        inOrder(
          () => addEntry(editor, [...path, 'with'], 'role-to-assume', this.#list.roleFor(undefined), 'first'),
          () => addEntry(editor, [...path, 'with'], 'role-session-name', sessionName, { after: 'role-to-assume' }),
          () => this.#bump(editor, step),
        ),
      ),
    );
  }

  #ruleOfStep(): string {
    if (this.#shared.length > 0 || this.#placesOf('environment').length > 0) return 'G2';
    if (this.#placesOf('shell').length > 0) return 'G3';
    return this.#placesOf('third-party').length > 0 ? 'G4' : 'G1';
  }
}

/** CloudTrail shows the run; the action's default is the same for all. At most 64 characters of `[\w+=,.@-]`. */
const sessionName = 'gha-${{ github.run_id }}-${{ github.run_attempt }}';

/** An endpoint that is not AWS's, or the name of a service that speaks S3. */
const otherService =
  /--endpoint-url(?![ =]\S*amazonaws)|\b(CF|R2|CLOUDFLARE|MINIO|SPACES|DIGITALOCEAN|WASABI|BACKBLAZE|B2|LINODE|SCALEWAY|SCW|OVH|HETZNER|YANDEX|YC|STORJ|TIGRIS)_(?=[\w]*(KEY|SECRET))/i;

const keyInput = /^aws-(access-key-id|secret-access-key|session-token)$/i;

const sessionVariables = {
  keyId: 'AWS_ACCESS_KEY_ID',
  secret: 'AWS_SECRET_ACCESS_KEY',
  token: 'AWS_SESSION_TOKEN',
} as const;

/** Names that a session is exported under as well. */
function isOwnName(name: string): boolean {
  return /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN)$/.test(name);
}

function isKeyOf(places: readonly GithubCredential[], entry: YamlEntry): boolean {
  return places.some(({ entries }) =>
    entries.some((each) => each === entry || (each.name === entry.name && each.value === entry.value)),
  );
}

function beforeFirst(keys: readonly YamlEntry[]): 'first' | { readonly before: string } {
  const [first] = keys;
  return first === undefined ? 'first' : { before: first.name };
}

/** Nothing is left but what made the place for the key. */
function isEmptied(script: string): boolean {
  return script
    .split('\n')
    .every((line) => /^\s*(#.*|mkdir -p ["']?(~|\$HOME)\/\.aws\/?["']?|set -\w+.*|aws --version)?\s*$/.test(line));
}

/** Bottom up, after everything that leaves steps in place; below 10000 steps. */
function stepOrder(index: number): number {
  return 10_000 - index;
}

function startOf(place: GithubCredential): number {
  return Math.min(...place.parts.map((part) => part.at));
}
