/** Child processes, started without a shell. */
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { KeylessError } from '../../kernel/error.ts';
import type { Env, Processes, RunningProcess, StartOptions } from '../index.ts';

export function realProcesses(env: Env): Processes {
  return {
    find: async (command) => await findOnPath(command, env),
    run: async (command, args, options) =>
      await new Promise((resolve, reject) => {
        const child = spawn(command, [...args], {
          env: { ...(options?.env ?? env) } as NodeJS.ProcessEnv,
          stdio: ['ignore', 'pipe', 'pipe'],
          ...(options?.cwd === undefined ? {} : { cwd: options.cwd }),
          ...(options?.timeoutSeconds === undefined ? {} : { timeout: options.timeoutSeconds * 1000 }),
        });
        const stdout: Buffer[] = [];
        const stderr: Buffer[] = [];
        child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
        child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
        child.on('error', (cause) =>
          reject(new KeylessError({ code: 'INTERNAL', message: `cannot start ${command}: ${cause.message}`, cause })),
        );
        child.on('close', (exitCode, signal) =>
          resolve({
            exitCode: exitCode ?? (signal === null ? 1 : 128),
            stdout: Buffer.concat(stdout).toString(),
            stderr: Buffer.concat(stderr).toString(),
          }),
        );
      }),
    start: async (command, args, options) => await start(env, command, args, options),
  };
}

async function start(
  env: Env,
  command: string,
  args: readonly string[],
  options: StartOptions,
): Promise<RunningProcess> {
  const { output } = options;
  const child = spawn(command, [...args], {
    env: { ...(options.env ?? env) } as NodeJS.ProcessEnv,
    stdio: output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8');
    if (output !== 'inherit') child[stream]?.on('data', (chunk: string) => output(chunk, stream));
  }
  const release = output === 'inherit' ? passSignalsOn(child) : () => undefined;
  const exited = new Promise<{ exitCode: number | undefined; signal: string | undefined }>((resolve) => {
    child.on('close', (exitCode, signal) => {
      release();
      resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined });
    });
  });
  return await new Promise((resolve, reject) => {
    child.once('spawn', () => resolve({ pid: child.pid as number, exited, kill: (signal) => void child.kill(signal) }));
    child.once('error', (cause) => {
      release();
      reject(new KeylessError({ code: 'INTERNAL', message: `cannot start ${command}: ${cause.message}`, cause }));
    });
  });
}

/** A terminal sends Ctrl-C to the child too; twice would be once too often for Terraform, which then leaves without saving. */
function passSignalsOn(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

async function findOnPath(command: string, env: Env): Promise<string | undefined> {
  // Windows finds `terraform.exe` under the name `terraform`.
  const endings = env.PATHEXT === undefined ? [''] : ['', ...env.PATHEXT.toLowerCase().split(';')];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    for (const ending of folder === '' ? [] : endings) {
      const candidate = join(folder, `${command}${ending}`);
      const usable = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (usable) return candidate;
    }
  }
  return undefined;
}
