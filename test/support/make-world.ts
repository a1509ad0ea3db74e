/**
 * All ports as fakes: a repository in memory at `/repo`, a home at `/home/dev`, a clock that stands still, a person who
 * answers as scripted and an output that remembers. `makeDiskWorld` puts the same repository into a real temporary folder
 * for what only a real file system does.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  Clock,
  Env,
  Files,
  Network,
  Ports,
  Processes,
  ProcessResult,
  Prompt,
  Random,
} from '../../src/ports/index.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { MemoryFiles } from './memory-files.ts';
import { RecordingOutput } from './recording-output.ts';

export interface WorldInit {
  /** By path relative to the repository root. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** By path relative to the home directory. */
  readonly home?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Env;
  /** ISO instant; default 2026-11-21T09:00:00Z. */
  readonly now?: string;
  /** Answers in the order in which they will be asked for; `true` and `false` answer confirmations. Interactive only when given. */
  readonly answers?: readonly (string | boolean)[];
  /** What commands print, by the command line they are started with (`git rev-parse HEAD`) or by the command alone. */
  readonly commands?: Readonly<Record<string, Partial<ProcessResult>>>;
  readonly terminal?: boolean;
  readonly color?: boolean;
  readonly columns?: number;
}

export interface World<F extends Files = Files> extends Ports {
  readonly files: F;
  readonly clock: FakeClock;
  readonly output: RecordingOutput;
  /** Absolute path of the repository; also the current directory. */
  readonly root: string;
  /** As the person's Ctrl-C does. */
  interrupt(): void;
  /** Command lines that were started, in order. */
  readonly started: readonly string[];
}

export class FakeClock implements Clock {
  #now: Date;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(now: string) {
    this.#now = new Date(now);
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
    const due = this.#sleepers.filter(({ until }) => until <= this.#now.getTime());
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }

  /** Wakes when the test advances the clock far enough. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal?.aborted) return;
    await new Promise<void>((wake) => {
      this.#sleepers.push({ until: this.#now.getTime() + milliseconds, wake });
      signal?.addEventListener('abort', () => wake(), { once: true });
    });
  }
}

/** A world in memory. */
export function makeWorld(init: WorldInit = {}): World<MemoryFiles> {
  const files = new MemoryFiles();
  files.putDirectory('/repo');
  files.putDirectory('/home/dev');
  files.putDirectory('/tmp');
  for (const [path, content] of Object.entries(init.files ?? {})) files.put(`/repo/${path}`, content);
  for (const [path, content] of Object.entries(init.home ?? {})) files.put(`/home/dev/${path}`, content);
  return world(init, files, '/repo', '/home/dev');
}

/** The same on a real disk, in a temporary folder that is removed when the test ends. */
export async function makeDiskWorld(init: WorldInit = {}): Promise<World> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'keyless-test-')));
  onTestFinished(async () => await rm(base, { recursive: true, force: true }));
  const [root, home] = [join(base, 'repo'), join(base, 'home')];
  for (const [folder, contents] of [
    [root, init.files ?? {}],
    [home, init.home ?? {}],
  ] as const) {
    await mkdir(folder);
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
  return world(init, realFiles(1), root, home);
}

function world<F extends Files>(init: WorldInit, files: F, root: string, home: string): World<F> {
  const interruption = new AbortController();
  const started: string[] = [];
  return {
    files,
    clock: new FakeClock(init.now ?? '2026-11-21T09:00:00Z'),
    output: new RecordingOutput(init),
    random: countingRandom(),
    env: init.env ?? {},
    processes: scriptedProcesses(init.commands ?? {}, started),
    network: noNetwork,
    prompt: scriptedPrompt(init.answers),
    cwd: root,
    home,
    platform: 'linux',
    signal: interruption.signal,
    root,
    interrupt: () => interruption.abort(),
    started,
  };
}

/** For tests that must not reach out. */
const noNetwork: Network = {
  send: async ({ url }) => {
    throw new RangeError(`the test has no network: ${url}`);
  },
  listen: async () => {
    throw new RangeError('the test has no network to listen on');
  },
};

function countingRandom(): Random {
  let next = 0;
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next++ & 0xff),
    // A key that is the same in each run would need one kept in the repository.
    keyPair: realRandom.keyPair,
  };
}

function scriptedProcesses(commands: Readonly<Record<string, Partial<ProcessResult>>>, started: string[]): Processes {
  return {
    find: async (command) =>
      Object.keys(commands).some((line) => line.split(' ')[0] === command) ? `/usr/bin/${command}` : undefined,
    run: async (command, args) => {
      const line = [command, ...args].join(' ');
      started.push(line);
      const result = commands[line] ?? commands[command];
      if (result === undefined) throw new RangeError(`the test has no answer for: ${line}`);
      return { exitCode: 0, stdout: '', stderr: '', ...result };
    },
    start: async (command) => {
      throw new RangeError(`the test starts no process: ${command}`);
    },
  };
}

function scriptedPrompt(answers: readonly (string | boolean)[] | undefined): Prompt {
  const left = [...(answers ?? [])];
  const next = (question: string): string | boolean => {
    const answer = left.shift();
    if (answer === undefined) throw new RangeError(`the test has no answer for: ${question}`);
    return answer;
  };
  return {
    interactive: answers !== undefined,
    ask: async ({ text }) => String(next(text)),
    confirm: async (question) => next(question) === true,
  };
}
