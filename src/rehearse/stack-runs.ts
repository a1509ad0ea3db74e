/**
 * Which client runs what in a rehearsal: for each stack and workspace of keyless.yaml real Terraform, whole or as a
 * skeleton, or keyless itself where Terraform cannot, with the reason. Pure.
 */
import { awsCredentialPart, credentialPartInAwsContext } from '../audit/index.ts';
import { parseRoleArn } from '../aws/arn.ts';
import type { Intent } from '../intent/index.ts';
import {
  admitsOnlyBefore,
  boundsOf,
  isBefore,
  type Repository,
  resolveText,
  type TerraformModule,
  terraformModule,
  type Version,
  variableInput,
} from '../repository/index.ts';
import {
  type BackendSettings,
  backendSettings,
  type StateRead,
  stateObjectKey,
  statesRead,
} from './backend-settings.ts';
import { buildSkeleton, type LeftOut } from './skeleton.ts';

/** A stack in those of its workspaces that have the same backend. */
export interface StackRun {
  /** What no other run is called: the path, `.` for the root, with the backend file where the stack has several. */
  readonly name: string;
  /** Path of the stack. */
  readonly stack: string;
  readonly workspaces: readonly WorkspaceRun[];
  readonly client: StackClient;
  readonly backend: BackendSettings | undefined;
  readonly leftOut: readonly LeftOut[];
  /** Texts that differ from the repository's while the stack runs. */
  readonly files: ReadonlyMap<string, string>;
  /** Variables without a value here that take the two halves of a key. */
  readonly keyVariables: readonly { readonly name: string; readonly part: 'keyId' | 'secret' }[];
  /** Names of the runs whose state it reads: they come first. */
  readonly after: readonly string[];
}

export type StackClient =
  | { readonly kind: 'terraform'; readonly whole: boolean }
  | { readonly kind: 'keyless'; readonly reason: string }
  /** Its state is not in S3, or nobody can tell where. */
  | { readonly kind: 'none'; readonly reason: string };

export interface WorkspaceRun {
  readonly name: string;
  /** Account name. */
  readonly account: string;
  /** `-var-file` arguments, relative to the stack. */
  readonly variableFiles: readonly string[];
  /** States of other stacks that it reads and that are there. */
  readonly reads: readonly ReadState[];
}

export interface ReadState extends Pick<StateRead, 'region' | 'roleArn'> {
  readonly bucket: string;
  /** Path of the object. */
  readonly object: string;
}

/** @param terraform version on this machine; a sentence where it cannot run */
export function planStackRuns(
  repository: Repository,
  intent: Intent,
  terraform: Version | string,
): readonly StackRun[] {
  // First as if every state could be read, to learn who writes which; then writers before readers.
  const first = intent.stacks.map(({ path }) => planStack(repository, intent, path, terraform, undefined));
  const writers = new WrittenStates();
  for (const run of first.flat()) writers.add(run);
  const readBy = (run: StackRun): readonly StackRun[] => [
    ...new Set(readsOf(repository, run).flatMap((read) => writers.of(read).filter(({ stack }) => stack !== run.stack))),
  ];
  const after = new Map(first.flat().map((run) => [run.name, readBy(run)]));
  const ordered = inOrder(
    first.map((runs, index) => ({
      stack: intent.stacks[index]?.path ?? '',
      after: runs.flatMap(({ name }) => after.get(name) ?? []).map(({ stack }) => stack),
    })),
  );
  const written = new WrittenStates();
  return ordered.flatMap((path) =>
    planStack(repository, intent, path, terraform, written).map((run) => {
      if (run.client.kind !== 'none') written.add(run);
      return { ...run, after: (after.get(run.name) ?? []).map(({ name }) => name).sort() };
    }),
  );
}

/** The objects that a run keeps its state in. */
export function stateObjects({ backend, workspaces }: Pick<StackRun, 'backend' | 'workspaces'>): readonly string[] {
  if (backend === undefined) return [];
  return workspaces.map(({ name }) => `${backend.bucket}/${stateObjectKey(backend, name)}`);
}

/**
 * For each run those before it with which it shares a state object: one lock is for all of them, and a plan is stale when
 * another has applied, so they follow one another.
 */
export function sharersBefore<Run extends Pick<StackRun, 'backend' | 'workspaces'>>(
  runs: readonly Run[],
): ReadonlyMap<Run, readonly Run[]> {
  const byObject = new Map<string, Run[]>();
  return new Map(
    runs.map((run) => {
      const objects = stateObjects(run);
      const before = [...new Set(objects.flatMap((object) => byObject.get(object) ?? []))];
      for (const object of objects) byObject.set(object, [...(byObject.get(object) ?? []), run]);
      return [run, before];
    }),
  );
}

/** What stacks write, by object. */
class WrittenStates {
  readonly #runs = new Map<string, StackRun[]>();

  add(run: StackRun): void {
    for (const object of stateObjects(run)) this.#runs.set(object, [...(this.#runs.get(object) ?? []), run]);
  }

  /** Who writes what is read; by its path alone where the code does not tell the bucket. */
  of(read: StateRead): readonly StackRun[] {
    const object = this.objectOf(read);
    return (object === undefined ? undefined : this.#runs.get(object)) ?? [];
  }

  objectOf({ bucket, key, workspacePrefix, workspace }: StateRead): string | undefined {
    if (key === undefined) return undefined;
    const path = stateObjectKey({ key, workspacePrefix }, workspace);
    if (bucket !== undefined) return `${bucket}/${path}`;
    return [...this.#runs.keys()].find((object) => object.slice(object.indexOf('/') + 1) === path);
  }
}

function readsOf(
  repository: Repository,
  { stack, workspaces }: Pick<StackRun, 'stack' | 'workspaces'>,
): readonly StateRead[] {
  const module = terraformModule(repository, stack);
  return module === undefined ? [] : workspaces.flatMap(({ name }) => statesRead(module, name));
}

/**
 * One run for all workspaces that have the same backend.
 *
 * @param written what the stacks before it write; `undefined` while nobody knows
 */
function planStack(
  repository: Repository,
  intent: Intent,
  stack: string,
  terraform: Version | string,
  written: WrittenStates | undefined,
): readonly StackRun[] {
  const module = terraformModule(repository, stack);
  const label = stack === '' ? '.' : stack;
  const nothing = {
    name: label,
    stack,
    backend: undefined,
    leftOut: [],
    files: new Map(),
    keyVariables: [],
    after: [],
  };
  if (module === undefined) {
    const reason = 'there is no Terraform code in its folder';
    return [{ ...nothing, workspaces: [], client: { kind: 'none', reason } }];
  }
  const accounts = intent.stacks.find(({ path }) => path === stack)?.workspaces ?? new Map<string, string>();
  const names = [...accounts.keys()];
  const keyVariables = [...module.variables.keys()].flatMap((name) => {
    const part = awsCredentialPart(name) ?? credentialPartInAwsContext(name);
    const missing = names.some((workspace) => variableInput(module, name, workspace) === undefined);
    return missing && (part === 'keyId' || part === 'secret') ? [{ name, part }] : [];
  });
  const given = (name: string): boolean =>
    keyVariables.some((variable) => variable.name === name) ||
    names.every((workspace) => variableInput(module, name, workspace) !== undefined);
  const reads = names.flatMap((workspace) => statesRead(module, workspace));
  const skeleton = buildSkeleton(repository, module, {
    given,
    unreadable: (state) => (written === undefined ? undefined : unreadable(intent, reads, state, written)),
    lacks: (state, output) =>
      reads.some((read) => read.name === state && written?.of(read).some(lacking(output)) === true),
  });
  const left = new Set(skeleton.leftOut.map(({ what }) => what));
  const workspaces = names.map((name) => ({
    name,
    account: accounts.get(name) as string,
    variableFiles: module.variableFiles
      .filter((file) => !file.automatic && file.workspaces.includes(name))
      .map(({ file }) => file.path.slice(stack === '' ? 0 : stack.length + 1)),
    reads: statesRead(module, name).flatMap((read) => {
      const object = left.has(`data.terraform_remote_state.${read.name}`) ? undefined : written?.objectOf(read);
      return object === undefined ? [] : [readState(object, read)];
    }),
  }));
  const settings = new Map(names.map((name) => [name, backendSettings(repository, module, name, names)]));
  const groups = [...Map.groupBy(workspaces, ({ name }) => JSON.stringify(settings.get(name))).values()];
  return (groups.length === 0 ? [[]] : groups).map((group): StackRun => {
    const backend = group[0] && settings.get(group[0].name);
    const which = backend?.files.join(', ') || group.map(({ name }) => name).join(', ');
    return {
      ...nothing,
      name: groups.length < 2 ? label : `${label} (${which})`,
      workspaces: group,
      client: outside(intent, backend) ?? clientOf(repository, module, group, backend, skeleton.whole, terraform),
      backend,
      leftOut: skeleton.leftOut,
      files: skeleton.files,
      keyVariables,
    };
  });
}

function readState(object: string, { region, roleArn }: StateRead): ReadState {
  const slash = object.indexOf('/');
  return { bucket: object.slice(0, slash), object: object.slice(slash + 1), region, roleArn };
}

/** The run's state has not the output; with no name: not all of them. */
function lacking(output: string | undefined): (run: StackRun) => boolean {
  return ({ client, leftOut }) =>
    client.kind === 'keyless' ||
    leftOut.some(({ what }) => (output === undefined ? what.startsWith('output.') : what === `output.${output}`));
}

function unreadable(
  intent: Intent,
  reads: readonly StateRead[],
  state: string,
  written: WrittenStates,
): string | undefined {
  for (const read of reads.filter(({ name }) => name === state)) {
    const { bucket, key, workspacePrefix, workspace, roleArn } = read;
    if (key === undefined) return 'the code does not tell which state it reads';
    const account = roleArn === undefined ? undefined : unknownAccount(intent, roleArn);
    if (account !== undefined) return `its role is in account ${account}, which keyless.yaml does not name`;
    if (written.of(read).length > 0) continue;
    const object = [...(bucket === undefined ? [] : [bucket]), stateObjectKey({ key, workspacePrefix }, workspace)];
    return `no stack of keyless.yaml writes the state it reads: ${object.join('/')}`;
  }
  return undefined;
}

/** The account of a role that is in none of keyless.yaml: the embedded AWS does not have it. */
export function unknownAccount(intent: Intent, roleArn: string): string | undefined {
  const account = parseRoleArn(roleArn)?.account;
  return account === undefined || [...intent.accounts.values()].some(({ id }) => id === account) ? undefined : account;
}

/** The embedded AWS has the buckets and accounts of keyless.yaml and no others. */
function outside(intent: Intent, backend: BackendSettings | undefined): StackClient | undefined {
  if (backend === undefined) return undefined;
  if (!intent.stateBackends.some(({ bucket }) => bucket === backend.bucket)) {
    return { kind: 'none', reason: `keyless.yaml does not name its bucket ${backend.bucket} under state` };
  }
  const account = backend.roleArn === undefined ? undefined : unknownAccount(intent, backend.roleArn);
  if (account === undefined) return undefined;
  return { kind: 'none', reason: `its backend's role is in account ${account}, which keyless.yaml does not name` };
}

function clientOf(
  repository: Repository,
  module: TerraformModule,
  workspaces: readonly WorkspaceRun[],
  backend: BackendSettings | undefined,
  whole: boolean,
  terraform: Version | string,
): StackClient {
  if (module.cloud !== undefined) return { kind: 'none', reason: 'its state is in HCP Terraform' };
  if (module.backend === undefined) return { kind: 'none', reason: 'it has no backend: its state stays on a disk' };
  if (module.backend.type !== 's3') return { kind: 'none', reason: `its backend is ${module.backend.type}` };
  if (backend === undefined) {
    return {
      kind: 'none',
      reason: `bucket and key of its backend come from outside the repository: write them into a file beside the stack (${fileFor(workspaces)} with bucket, key and region) and run again`,
    };
  }
  if (typeof terraform === 'string') return { kind: 'keyless', reason: terraform };
  const own = repository.inDirectory(module.directory);
  const broken = own.find((file) => file.format === 'terraform' && file.hcl().problems.length > 0);
  if (broken !== undefined) return { kind: 'keyless', reason: `${broken.path} cannot be parsed` };
  if (!whole && own.some(({ format }) => format === 'terraform-json')) {
    return { kind: 'keyless', reason: 'a part has to be left out, and it is written in JSON' };
  }
  const refused = module.requiredVersions.flatMap((constraint) => {
    const text = resolveText(constraint, module, undefined)?.text;
    return text === undefined || admits(text, terraform) ? [] : [text];
  })[0];
  if (refused !== undefined) {
    return {
      kind: 'keyless',
      reason: `its required_version ${refused} does not let in terraform ${terraform.join('.')}`,
    };
  }
  const flat =
    backend.flatRole || workspaces.some(({ name }) => statesRead(module, name).some((read) => read.flatRole));
  if (flat && !isBefore(terraform, [1, 10, 0])) {
    return {
      kind: 'keyless',
      reason: `its state is reached by role_arn beside the bucket, which terraform ${terraform.join('.')} refuses`,
    };
  }
  return { kind: 'terraform', whole };
}

function admits(constraint: string, version: Version): boolean {
  const bounds = boundsOf(constraint);
  return !isBefore(version, bounds.oldest) && !admitsOnlyBefore(bounds, version);
}

/** The name that the rehearsal looks for. */
function fileFor(workspaces: readonly WorkspaceRun[]): string {
  const [first, second] = workspaces;
  return `${first === undefined || second !== undefined ? '<workspace>' : first.name}.s3.tfbackend`;
}

/** Writers of a state before its readers; a circle stays in the order of keyless.yaml. */
function inOrder(stacks: readonly { readonly stack: string; readonly after: readonly string[] }[]): readonly string[] {
  const ordered = new Set<string>();
  while (ordered.size < stacks.length) {
    const waiting = stacks.filter(({ stack }) => !ordered.has(stack));
    const ready = waiting.filter(({ after }) => after.every((stack) => ordered.has(stack)));
    for (const { stack } of ready.length > 0 ? ready : waiting.slice(0, 1)) ordered.add(stack);
  }
  return [...ordered];
}
