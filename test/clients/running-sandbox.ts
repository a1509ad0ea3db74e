/**
 * The embedded AWS on a port, inside the test's process, and programs that are run against it. Programs are waited for with
 * the event loop, which answers them meanwhile. The tests run at once, so what ends with a test is bound to its context.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { Env } from '../../src/ports/index.ts';
import { realClock } from '../../src/ports/real/clock.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { type IssuedKey, type RunningSandbox, startSandbox } from '../../src/sandbox/index.ts';
import { createAccessKey, createUser } from '../../src/sandbox/services/iam/build.ts';

export interface ClientSandbox {
  readonly sandbox: RunningSandbox;
  /** What broke inside operations; a test should find it empty. */
  readonly problems: readonly string[];
  /** Empty, and removed with the test. */
  readonly folder: string;
  /** An administrator of the management account, with a long-term key. */
  readonly administrator: IssuedKey;
  /** Asks the control API as any program would. */
  control(path: string, body?: object): Promise<unknown>;
  /**
   * Runs a program to its end in an environment of its own: `env` and what programs need to start, nothing of the person's.
   * Its folder and home is `folder`. `watch` sees what has been printed so far each time there is more.
   */
  run(command: string, args: readonly string[], env: Env, watch?: (output: string) => void): Promise<ProgramRun>;
}

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  /** Both streams, in the order they came. */
  readonly output: string;
}

/** The default organisation; stopped with the test. */
export async function startForClients(context: TestContext): Promise<ClientSandbox> {
  const { onTestFinished } = context;
  const folder = mkdtempSync(join(tmpdir(), 'keyless-clients-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const problems: string[] = [];
  const sandbox = await startSandbox(
    {
      clock: realClock,
      random: realRandom,
      network: realNetwork,
      files: realFiles(process.pid),
      env: { TMPDIR: folder },
    },
    { report: ({ service, operation, error }) => problems.push(`${service} ${operation}: ${String(error)}`) },
  );
  onTestFinished(async () => await sandbox.stop());
  const account = sandbox.world.organizations.managementAccount;
  const attached = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  createUser(sandbox.world, account, { name: 'administrator', createdAt: sandbox.time.now(), attached });
  return {
    sandbox,
    problems,
    folder,
    administrator: createAccessKey(sandbox.world, account, 'administrator', sandbox.time),
    run: async (command, args, env, watch) => await runProgram(context, command, args, { cwd: folder, env, watch }),
    control: async (path, body) => {
      const { status, body: answer } = await realNetwork.send({
        method: body === undefined ? 'GET' : 'POST',
        url: `${sandbox.control.url}${path}`,
        headers: { authorization: `Bearer ${sandbox.control.token.reveal()}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = Buffer.from(answer).toString();
      if (status !== 200) throw new TypeError(`${path}: ${status} ${text}`);
      return JSON.parse(text);
    },
  };
}

/** The environment variables of a key. */
export function keyEnv({ accessKeyId, secretAccessKey, sessionToken }: IssuedKey): Env {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal(),
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken.reveal() }),
  };
}

async function runProgram(
  { onTestFinished }: TestContext,
  command: string,
  args: readonly string[],
  {
    cwd,
    env,
    watch,
  }: { readonly cwd: string; readonly env: Env; readonly watch?: ((output: string) => void) | undefined },
): Promise<ProgramRun> {
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, LC_ALL: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, output] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    output += chunk;
    watch?.(output);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    watch?.(output);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { status, stdout, output };
}
