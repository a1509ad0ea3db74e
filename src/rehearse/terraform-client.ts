/**
 * Real Terraform as a rehearsal runs it: in an environment made from nothing but the way into the embedded AWS, so that
 * neither a key nor a setting of the person's shell takes part. Every run becomes evidence, redacted.
 */
import { join } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import type { Env, Ports } from '../ports/index.ts';
import type { Version } from '../repository/index.ts';
import type { Evidence } from './rehearsal.ts';

export interface TerraformCommand {
  /** `terraform`, or `tofu`. */
  readonly name: string;
  readonly path: string;
  readonly version: Version;
  /** `linux_amd64`. */
  readonly platform: string;
}

/** `undefined` where neither is on PATH, or what is there is neither. */
export async function findTerraform({ processes }: Pick<Ports, 'processes'>): Promise<TerraformCommand | undefined> {
  for (const name of ['terraform', 'tofu']) {
    const path = await processes.find(name);
    if (path === undefined) continue;
    const { stdout } = await processes.run(path, ['version'], { env: { CHECKPOINT_DISABLE: '1' }, timeoutSeconds: 30 });
    const found = /v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
    if (found === null) continue;
    const platform = /^on (\S+)/m.exec(stdout)?.[1] ?? '';
    return { name, path, version: [Number(found[1]), Number(found[2]), Number(found[3])], platform };
  }
  return undefined;
}

/** What a shell would have exported: the variables of one identity, by name. */
export type Identity = Env;

export interface TerraformRun {
  readonly exitCode: number;
  readonly evidence: Evidence;
  /** All of it, redacted, white space normalised: to look for texts in. */
  readonly text: string;
}

export interface TerraformClientOptions {
  readonly command: TerraformCommand;
  /** PATH of the person, and the variables that lead into the embedded AWS. */
  readonly environment: Env;
  readonly processes: Ports['processes'];
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

export class TerraformClient {
  readonly #options: TerraformClientOptions;

  constructor(options: TerraformClientOptions) {
    this.#options = options;
  }

  /** `terraform 1.11.4`. */
  get name(): string {
    const { name, version } = this.#options.command;
    return `${name} ${version.join('.')}`;
  }

  /** Runs one command in a folder. Throws INTERRUPTED when the person has interrupted. */
  async run(folder: string, args: readonly string[], identity: Identity, settings: Env = {}): Promise<TerraformRun> {
    const { command, environment, processes, redact, signal } = this.#options;
    if (signal.aborted) throw new KeylessError({ code: 'INTERRUPTED', message: 'the rehearsal was interrupted' });
    const result = await processes.run(command.path, args, {
      cwd: folder,
      env: { ...environment, ...settings, ...identity },
      timeoutSeconds: 120,
    });
    const output = redact(`${result.stdout}${result.stderr}`);
    return {
      exitCode: result.exitCode,
      text: output.replaceAll(/[│╷╵]/g, ' ').replaceAll(/\s+/g, ' '),
      evidence: {
        command: `${command.name} ${args.join(' ')}`,
        environment: Object.keys(identity).sort(),
        exitCode: result.exitCode,
        output: excerptOf(output, result.exitCode === 0),
      },
    };
  }
}

const longestExcerpt = 24;

/** Of a failure the errors; of a success the lines that say what was done. */
export function excerptOf(output: string, succeeded: boolean): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^[│╷╵]\s?/, '').trimEnd())
    .filter((line) => line !== '');
  const wanted = succeeded
    ? lines.filter((line) =>
        /successfully|^(Plan|Apply|No changes|Created and switched|Switched|Changes to Outputs)/.test(line),
      )
    : lines.slice(
        Math.max(
          0,
          lines.findIndex((line) => line.startsWith('Error')),
        ),
      );
  return (wanted.length > 0 ? wanted : lines).slice(0, longestExcerpt).join('\n');
}

export interface PairedTask<Result> {
  readonly name: string;
  /** Names of the tasks that come first. */
  readonly after: readonly string[];
  run(): Promise<Result>;
}

/**
 * Runs tasks two at a time, results in the order of the tasks. When one throws, no other begins, those that run are waited
 * for, and its error is thrown.
 */
export async function inPairs<Result>(tasks: readonly PairedTask<Result>[]): Promise<readonly Result[]> {
  const results = new Map<string, Result>();
  const failures: unknown[] = [];
  const names = new Set(tasks.map(({ name }) => name));
  const waiting = [...tasks];
  const running = new Set<Promise<void>>();
  while (running.size > 0 || (waiting.length > 0 && failures.length === 0)) {
    const ready = waiting.findIndex(({ after }) => after.every((name) => !names.has(name) || results.has(name)));
    // Two that wait for each other still have their turn.
    const next = ready === -1 && running.size === 0 ? 0 : ready;
    const task = running.size < 2 && failures.length === 0 ? waiting[next] : undefined;
    if (task === undefined) {
      await Promise.race(running);
      continue;
    }
    waiting.splice(next, 1);
    const promise: Promise<void> = task
      .run()
      .then(
        (result) => void results.set(task.name, result),
        (error: unknown) => void failures.push(error),
      )
      .finally(() => running.delete(promise));
    running.add(promise);
  }
  if (failures.length > 0) throw failures[0];
  return tasks.map(({ name }) => results.get(name) as Result);
}

/** The newest provider 5 of a filesystem mirror that holds it unpacked, so that it can be used as it lies there. */
export async function findAwsProvider(
  { files, env }: Pick<Ports, 'files' | 'env'>,
  platform: string,
): Promise<{ readonly version: string; readonly folder: string } | undefined> {
  const mirror = env.KEYLESS_PROVIDER_MIRROR;
  if (mirror === undefined || mirror === '') return undefined;
  const versions = join(mirror, 'registry.terraform.io', 'hashicorp', 'aws');
  if ((await files.stat(versions)) === undefined) return undefined;
  const names = (await files.list(versions)).map(({ name }) => name).filter((name) => /^5\.\d+\.\d+$/.test(name));
  const [newest] = names.sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]));
  if (newest === undefined) return undefined;
  const folder = join(versions, newest, platform);
  return (await files.stat(folder))?.kind === 'directory' ? { version: newest, folder } : undefined;
}
