/** One rehearsal from a folder to a result: makes the copy and the embedded AWS, tells the story, takes both away again. */
import { basename, join } from 'node:path';
import { auditRepository, redactionFor, redactText } from '../audit/index.ts';
import { dnsSuffixOf } from '../aws/partition.ts';
import { type Intent, loadIntent } from '../intent/index.ts';
import { KeylessError } from '../kernel/error.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Env, Ports } from '../ports/index.ts';
import { type Repository, readTree } from '../repository/index.ts';
import { type RunningSandbox, startSandbox } from '../sandbox/index.ts';
import { AwsCalls } from './aws-calls.ts';
import { type Rehearsal, verdictOf } from './rehearsal.ts';
import { replaceKeys } from './replace-keys.ts';
import { planStackRuns } from './stack-runs.ts';
import type { Folders, Stage } from './stage.ts';
import { type StoryProgress, tell } from './story.ts';
import { findAwsProvider, findTerraform, TerraformClient, type TerraformCommand } from './terraform-client.ts';

export interface RehearseOptions {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Leave the copy and the folders that Terraform ran in where they are. */
  readonly keep: boolean;
  /** Paths of stacks, names of accounts: only these. All when empty. */
  readonly stacks: readonly string[];
  readonly accounts: readonly string[];
  readonly progress: StoryProgress;
}

export interface RehearseResult {
  readonly rehearsal: Rehearsal;
  /** Folder of the migrated copy, when it was kept. */
  readonly kept: string | undefined;
}

/**
 * Throws CONFIG_NOT_FOUND and CONFIG_INVALID for keyless.yaml, USAGE for a stack or account that it does not have,
 * INTERRUPTED, and what files and network throw while the stage is set. What fails in a step is a red check of it.
 */
export async function rehearse(ports: Ports, options: RehearseOptions): Promise<RehearseResult> {
  const { files, clock, env } = ports;
  const started = clock.now();
  const given = await loadIntent(files, options.root);
  refuseUnknown(given, options);
  const repository = await readTree(files, options.root, { signal: ports.signal });
  const command = await usableTerraform(ports);
  const root = await files.makeTemporaryDirectory(
    join(env.TMPDIR || env.TEMP || env.TMP || '/tmp', 'keyless-rehearse-'),
  );
  let sandbox: RunningSandbox | undefined;
  let done = false;
  try {
    const faults: string[] = [];
    sandbox = await startSandbox(ports, {
      intent: given,
      stage: 'legacy',
      report: ({ service, operation, error }) => faults.push(`${service} ${operation}: ${String(error)}`),
    });
    const stage = { ...(await setStage(ports, options, repository, sandbox, command, foldersIn(root))), faults };
    const steps = await tell(stage, options.progress);
    const { terraform, provider, withoutTerraform } = stage;
    const tools = { terraform: terraform?.name, withoutTerraform, awsProvider: provider?.version };
    const rehearsal: Rehearsal = {
      repository: basename(options.root),
      startedAt: started.toISOString(),
      seconds: (clock.now().getTime() - started.getTime()) / 1000,
      tools,
      assumptions: stage.move.built.madeUp,
      steps,
      network: {
        requests: new Set(sandbox.world.cloudtrail.records.map(({ requestID }) => requestID)).size,
        refusedHosts: [...new Set(sandbox.refusedHosts().map(({ host }) => host))].sort(),
      },
      verdict: verdictOf(steps, tools),
    };
    done = true;
    return { rehearsal, kept: options.keep ? root : undefined };
  } finally {
    await sandbox?.stop();
    if (!options.keep || !done) await files.remove(root);
  }
}

async function setStage(
  ports: Ports,
  { stacks, accounts }: RehearseOptions,
  repository: Repository,
  sandbox: RunningSandbox,
  command: TerraformCommand | string,
  folders: Folders,
): Promise<Omit<Stage, 'faults'>> {
  const { move, legacyKey } = sandbox;
  if (move === undefined) throw new RangeError('a sandbox that was given an intent can move');
  const { intent } = move.built;
  const now = ports.clock.now();
  const inventory = auditRepository(repository, { now });
  const before = repository.with(replaceKeys(repository, inventory, legacyKey));
  const known = redactionFor(repository, now);
  // The throw-away key is masked like a real one: a report must not teach anybody to expect keys in it.
  const redact = (text: string): string => redactText(known(text), [legacyKey.secretAccessKey]);
  const certificates = Buffer.from(await ports.files.read(sandbox.caFile)).toString();
  move.addLegacyRoles(inventory.methods.flatMap(({ roleArns }) => roleArns ?? []));
  await ports.files.makeDirectory(folders.home, { mode: 0o700 });
  await ports.files.makeDirectory(folders.data, { mode: 0o700 });
  const terraform =
    typeof command === 'string'
      ? undefined
      : new TerraformClient({
          command,
          environment: terraformEnvironment(ports.env, sandbox, folders),
          processes: ports.processes,
          redact,
          signal: ports.signal,
        });
  const cli = join(folders.root, 'terraform.tfrc');
  // Nothing may be downloaded, whatever the person has configured.
  await ports.files.writeAtomic(cli, 'provider_installation {\n}\n');
  const legacyRuns = planStackRuns(before, intent, typeof command === 'string' ? command : command.version);
  return {
    ports,
    folders,
    sandbox,
    move,
    outsiders: move.addOutsiders(),
    calls: new AwsCalls({
      network: ports.network,
      clock: ports.clock,
      proxy: sandbox.proxy,
      trust: certificates,
      region: sandbox.world.region,
      dnsSuffix: dnsSuffixOf(intent.partition),
    }),
    certificates,
    intent,
    terraform,
    command: typeof command === 'string' ? undefined : command,
    withoutTerraform: typeof command === 'string' ? command : undefined,
    provider: typeof command === 'string' ? undefined : await findAwsProvider(ports, command.platform),
    before,
    inventory,
    legacyKey,
    redact,
    only: { stacks, accounts },
    legacyRuns,
    after: before,
    migratedRuns: legacyRuns,
    workedBefore: new Set(),
    workedAfter: new Set(),
    engineers: [],
    versions: [],
  };
}

/** Or why it cannot take part. */
async function usableTerraform(ports: Ports): Promise<TerraformCommand | string> {
  const found = await findTerraform(ports);
  if (found === undefined) return 'there is no terraform on PATH';
  // SSL_CERT_FILE counts on Unix systems other than macOS: https://pkg.go.dev/crypto/x509#SystemCertPool
  return ports.platform === 'darwin'
    ? 'on macOS programs written in Go trust no certificate of the embedded AWS'
    : found;
}

/** PATH, the way into the embedded AWS, and nothing else of the person's shell. */
function terraformEnvironment(env: Env, sandbox: RunningSandbox, folders: Folders): Env {
  const { AWS_CONFIG_FILE: _, AWS_SHARED_CREDENTIALS_FILE: __, ...way } = sandbox.proxyEnv;
  const system = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'] as const;
  return {
    ...Object.fromEntries(system.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    ...way,
    TF_CLI_CONFIG_FILE: join(folders.root, 'terraform.tfrc'),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
  };
}

function foldersIn(root: string): Folders {
  return {
    root,
    copy: join(root, 'repository'),
    before: join(root, 'before'),
    after: join(root, 'after'),
    data: join(root, 'data'),
    home: join(root, 'home'),
  };
}

function refuseUnknown(intent: Intent, { stacks, accounts }: RehearseOptions): void {
  const check = (kind: string, names: readonly string[], known: readonly string[]): void => {
    const wrong = names.find((name) => !known.includes(name));
    if (wrong === undefined) return;
    const suggestion = nearest(wrong, known);
    throw new KeylessError({
      code: 'USAGE',
      message: `keyless.yaml has no ${kind} ${wrong}; expected one of ${known.join(', ')}`,
      hint: `keyless rehearse --${kind} ${suggestion ?? known[0] ?? ''}`,
    });
  };
  // As keyless.yaml writes the root of the repository.
  const shown = (path: string): string => (path === '' ? '.' : path);
  check(
    'stack',
    stacks.map(shown),
    intent.stacks.map(({ path }) => shown(path)),
  );
  check('account', accounts, [...intent.accounts.keys()]);
}
