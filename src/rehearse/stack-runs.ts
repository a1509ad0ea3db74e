/**
 * Which client runs what in a rehearsal: for each stack and workspace of keyless.yaml real Terraform, whole or as a
 * skeleton, or keyless itself where Terraform cannot, with the reason. Pure.
 */
import { awsCredentialPart, credentialPartInAwsContext } from '../audit/index.ts';
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

export interface StackRun {
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
  /** Stacks whose state it reads: they come first. */
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
}

/** @param terraform version on this machine; a sentence where it cannot run */
export function planStackRuns(
  repository: Repository,
  intent: Intent,
  terraform: Version | string,
): readonly StackRun[] {
  const plan = (path: string, workspaces: ReadonlyMap<string, string>, written: WrittenStates) =>
    planStack(repository, intent, path, workspaces, terraform, written);
  // First as if every state could be read, to learn who writes which; then writers before readers.
  const first = intent.stacks.map(({ path, workspaces }) => plan(path, workspaces, undefined));
  const writers = new Map(first.flatMap((run) => (run.backend === undefined ? [] : [[run.backend.key, run.stack]])));
  const ordered = inOrder(
    first.map((run) => {
      const read = new Set(readsOf(repository, run).flatMap(({ key }) => writers.get(key ?? '') ?? []));
      return { ...run, after: [...read].filter((stack) => stack !== run.stack).sort() };
    }),
  );
  const states = new Map<string, WrittenState>();
  return ordered.map((run) => {
    const accounts = new Map(run.workspaces.map(({ name, account }) => [name, account]));
    const final = { ...plan(run.stack, accounts, states), after: run.after };
    if (final.backend !== undefined && final.client.kind !== 'none') {
      states.set(final.backend.key, {
        workspaces: new Set(final.workspaces.map(({ name }) => name)),
        lacks: (output) =>
          final.client.kind === 'keyless' || final.leftOut.some(({ what }) => what === `output.${output}`),
      });
    }
    return final;
  });
}

/** What the stacks before write; by key. `undefined` while nobody knows yet. */
type WrittenStates = ReadonlyMap<string, WrittenState> | undefined;

interface WrittenState {
  readonly workspaces: ReadonlySet<string>;
  lacks(output: string): boolean;
}

function readsOf(
  repository: Repository,
  { stack, workspaces }: Pick<StackRun, 'stack' | 'workspaces'>,
): readonly StateRead[] {
  const module = terraformModule(repository, stack);
  return module === undefined ? [] : workspaces.flatMap(({ name }) => statesRead(module, name));
}

function planStack(
  repository: Repository,
  intent: Intent,
  stack: string,
  accounts: ReadonlyMap<string, string>,
  terraform: Version | string,
  written: WrittenStates,
): StackRun {
  const module = terraformModule(repository, stack);
  const nothing = {
    stack,
    workspaces: [],
    backend: undefined,
    leftOut: [],
    files: new Map(),
    keyVariables: [],
    after: [],
  };
  if (module === undefined) {
    return { ...nothing, client: { kind: 'none', reason: 'there is no Terraform code in its folder' } };
  }
  const names = [...accounts.keys()];
  const workspaces = names.map((name) => ({
    name,
    account: accounts.get(name) as string,
    variableFiles: module.variableFiles
      .filter((file) => !file.automatic && file.workspaces.includes(name))
      .map(({ file }) => file.path.slice(stack.length + 1)),
  }));
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
    unreadable: (state) => (written === undefined ? undefined : unreadable(reads, state, written)),
    lacks: (state, output) =>
      reads.some(({ name, key }) => name === state && written?.get(key ?? '')?.lacks(output) === true),
  });
  const backend = backendSettings(repository, module, names[0] ?? 'default');
  return {
    stack,
    workspaces,
    client: unknownBucket(intent, backend) ?? clientOf(repository, module, names, backend, skeleton.whole, terraform),
    backend,
    leftOut: skeleton.leftOut,
    files: skeleton.files,
    keyVariables,
    after: [],
  };
}

function unreadable(
  reads: readonly StateRead[],
  state: string,
  written: ReadonlyMap<string, WrittenState>,
): string | undefined {
  for (const { key, workspace } of reads.filter(({ name }) => name === state)) {
    if (key === undefined) return 'the code does not tell which state it reads';
    if (written.get(key)?.workspaces.has(workspace) === true) continue;
    return `no stack of keyless.yaml writes the state it reads: ${stateObjectKey(key, workspace)}`;
  }
  return undefined;
}

/** The embedded AWS has the buckets of keyless.yaml and no others. */
function unknownBucket(intent: Intent, backend: BackendSettings | undefined): StackClient | undefined {
  if (backend === undefined || intent.stateBackends.some(({ bucket }) => bucket === backend.bucket)) return undefined;
  return { kind: 'none', reason: `keyless.yaml does not name its bucket ${backend.bucket} under state` };
}

function clientOf(
  repository: Repository,
  module: TerraformModule,
  workspaces: readonly string[],
  backend: BackendSettings | undefined,
  whole: boolean,
  terraform: Version | string,
): StackClient {
  if (module.cloud !== undefined) return { kind: 'none', reason: 'its state is in HCP Terraform' };
  if (module.backend === undefined) return { kind: 'none', reason: 'it has no backend: its state stays on a disk' };
  if (module.backend.type !== 's3') return { kind: 'none', reason: `its backend is ${module.backend.type}` };
  if (backend === undefined) {
    return { kind: 'none', reason: 'bucket and key of its backend come from outside the repository' };
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
  const flat = backend.flatRole || workspaces.some((name) => statesRead(module, name).some(({ flatRole }) => flatRole));
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

/** Writers of a state before its readers; a circle stays in the order of keyless.yaml. */
function inOrder(runs: readonly StackRun[]): readonly StackRun[] {
  const ordered: StackRun[] = [];
  const done = new Set<string>();
  while (ordered.length < runs.length) {
    const waiting = runs.filter(({ stack }) => !done.has(stack));
    const ready = waiting.filter(({ after }) => after.every((stack) => done.has(stack)));
    for (const run of ready.length > 0 ? ready : waiting.slice(0, 1)) {
      ordered.push(run);
      done.add(run.stack);
    }
  }
  return ordered;
}
