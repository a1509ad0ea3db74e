/** What the steps of a rehearsal share: the copy, the embedded AWS, the clients, and what earlier steps left for later ones. */
import { join } from 'node:path';
import type { Inventory } from '../audit/index.ts';
import type { SigningKey } from '../aws/sigv4-sign.ts';
import type { Intent } from '../intent/index.ts';
import type { Env, Ports } from '../ports/index.ts';
import type { Repository } from '../repository/index.ts';
import type { Move, Outsiders, RunningSandbox } from '../sandbox/index.ts';
import type { AwsCalls } from './aws-calls.ts';
import type { Check, Figure, Matrix, Outcome, StateChange, StepId } from './rehearsal.ts';
import type { Engineer } from './sign-in.ts';
import type { StackRun } from './stack-runs.ts';
import type { StateVersion } from './state-changes.ts';
import type { TerraformClient, TerraformCommand } from './terraform-client.ts';

/** Below the temporary folder of the rehearsal. */
export interface Folders {
  readonly root: string;
  /** The copy that is migrated: the whole repository, with a throw-away key. */
  readonly copy: string;
  /** Where the stacks of before and after run. */
  readonly before: string;
  readonly after: string;
  /** `TF_DATA_DIR`s. */
  readonly data: string;
  /** Home folder of whoever works with the shared key. */
  readonly home: string;
}

export interface Stage {
  readonly ports: Ports;
  readonly folders: Folders;
  readonly sandbox: RunningSandbox;
  /** From the old way to the new, in the embedded AWS. */
  readonly move: Move;
  readonly outsiders: Outsiders;
  readonly calls: AwsCalls;
  /** PEM of the embedded AWS's authority. */
  readonly certificates: string;
  /** With what keyless.yaml leaves open filled in. */
  readonly intent: Intent;
  readonly terraform: TerraformClient | undefined;
  readonly command: TerraformCommand | undefined;
  /** Why there is no client of it; `undefined` where there is one. */
  readonly withoutTerraform: string | undefined;
  readonly provider: { readonly version: string; readonly folder: string } | undefined;
  /** The repository as it was, with the throw-away key in place of every static one. */
  readonly before: Repository;
  readonly inventory: Inventory;
  readonly legacyKey: SigningKey;
  readonly redact: (text: string) => string;
  /** What broke inside the embedded AWS since they were last looked at. */
  readonly faults: string[];
  /** Only these stacks and accounts; all when empty. */
  readonly only: { readonly stacks: readonly string[]; readonly accounts: readonly string[] };
  readonly legacyRuns: readonly StackRun[];
  /** Set by step 2. */
  after: Repository;
  migratedRuns: readonly StackRun[];
  /** Names of the runs that worked: set by steps 1 and 3. */
  workedBefore: ReadonlySet<string>;
  workedAfter: ReadonlySet<string>;
  /** Set by step 3: who signed in. */
  engineers: readonly Engineer[];
  /** Every version of a state object that is known by now. */
  readonly versions: StateVersion[];
}

/** What a step gives back; the frame adds number, title, outcome, clients and time. */
export interface StepReport {
  readonly summary: string;
  readonly checks: readonly Check[];
  readonly notes?: readonly string[];
  readonly matrix?: Matrix;
  readonly changes?: readonly StateChange[];
  readonly figures?: readonly Figure[];
}

export interface Step {
  readonly id: StepId;
  readonly title: string;
  /** On the example, with terraform there, it is red when terraform ran nothing of it. */
  readonly needsTerraform: boolean;
  run(stage: Stage): Promise<StepReport>;
}

/** What the holder of the shared key has exported, as the repository's own environment file would. */
export function legacyIdentity({ legacyKey, sandbox, folders }: Stage, run?: StackRun): Env {
  const variables = (run?.keyVariables ?? []).map(({ name, part }) => [
    `TF_VAR_${name}`,
    part === 'keyId' ? legacyKey.accessKeyId : legacyKey.secretAccessKey.reveal(),
  ]);
  return {
    AWS_ACCESS_KEY_ID: legacyKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: legacyKey.secretAccessKey.reveal(),
    AWS_DEFAULT_REGION: sandbox.world.region,
    HOME: folders.home,
    ...Object.fromEntries(variables),
  };
}

/** A folder of its own for what `terraform init` leaves behind. */
export function dataFolder({ folders }: Stage, { name }: StackRun, purpose: string = 'work'): string {
  return join(folders.data, encodeURIComponent(`${name}-${purpose}`));
}

/** The runs that the person asked for, and whole those whose state they read. */
export function chosen(stage: Pick<Stage, 'only'>, runs: readonly StackRun[]): readonly StackRun[] {
  const { stacks, accounts } = stage.only;
  const isAsked = ({ stack, workspaces }: StackRun) =>
    (stacks.length === 0 || stacks.includes(stack)) &&
    (accounts.length === 0 || workspaces.some(({ account }) => accounts.includes(account)));
  const read = new Set<string>();
  // Writers stand before their readers.
  for (const run of [...runs].reverse()) {
    if (isAsked(run) || read.has(run.name)) for (const name of run.after) read.add(name);
  }
  return runs
    .filter((run) => isAsked(run) || read.has(run.name))
    .map((run) =>
      accounts.length === 0 || read.has(run.name)
        ? run
        : { ...run, workspaces: run.workspaces.filter(({ account }) => accounts.includes(account)) },
    )
    .filter(({ workspaces, client }) => workspaces.length > 0 || client.kind === 'none');
}

/** Names of the runs all of whose checks that ran are green. */
export function thoseThatWork(runs: readonly StackRun[], checks: readonly (readonly Check[])[]): ReadonlySet<string> {
  const works = (own: readonly Check[]) =>
    own.some(({ outcome }) => outcome === 'green') && !own.some(({ outcome }) => outcome === 'red');
  return new Set(runs.flatMap(({ name }, index) => (works(checks[index] ?? []) ? [name] : [])));
}

/** Remembers the versions that the state buckets got since the last step. */
export function noteVersions({ sandbox, intent, versions }: Stage, step: StepId): void {
  const known = new Set(versions.map(({ bucket, key, versionId }) => `${bucket}\0${key}\0${versionId}`));
  for (const { bucket } of intent.stateBackends) {
    const objects = sandbox.world.s3.buckets.get(bucket)?.objects;
    for (const key of objects?.keys() ?? []) {
      if (key.endsWith('.tflock')) continue;
      for (const { versionId, deleteMarker } of [...(objects?.get(key) ?? [])].reverse()) {
        if (deleteMarker || known.has(`${bucket}\0${key}\0${versionId}`)) continue;
        versions.push({ bucket, key, versionId, step });
      }
    }
  }
}

export function green(what: string, client: string, result: string, more: Partial<Check> = {}): Check {
  return check('green', what, client, result, more);
}

export function red(
  what: string,
  client: string,
  result: string,
  more: Partial<Check> & { readonly cause: string; readonly fix: string },
): Check {
  return check('red', what, client, result, more);
}

export function skipped(what: string, client: string, cause: string): Check {
  return check('skipped', what, client, 'not run', { cause });
}

function check(outcome: Outcome, what: string, client: string, result: string, more: Partial<Check>): Check {
  return { outcome, what, client, result, ...more };
}

/** What a step could not have real Terraform show. */
export function missingTerraform({ withoutTerraform }: Stage): readonly Check[] {
  if (withoutTerraform === undefined) return [];
  const cause = `${withoutTerraform}; keyless made the calls of its S3 backend itself`;
  return [skipped('real terraform', 'terraform', cause)];
}

/** The same, and the provider's own chain of credentials. */
export function missingClients(stage: Stage): readonly Check[] {
  if (stage.provider !== undefined) return [];
  const cause =
    'KEYLESS_PROVIDER_MIRROR names no mirror that holds provider 5.x unpacked; keyless made the calls that it makes to sign in';
  return [
    ...missingTerraform(stage),
    ...(stage.terraform === undefined ? [] : [skipped('the AWS provider itself', 'AWS provider', cause)]),
  ];
}
