#!/usr/bin/env node
/**
 * argv in, exit code out: the only place that builds the real ports, catches everything and exits.
 */
import { homedir } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { reportFailure } from './cli/report-failure.ts';
import { runCli } from './cli/run-cli.ts';
import { ExitStatus } from './kernel/error-codes.ts';
import type { Ports } from './ports/index.ts';
import { realClock } from './ports/real/clock.ts';
import { realFiles } from './ports/real/files.ts';
import { realNetwork } from './ports/real/network.ts';
import { realOutput } from './ports/real/output.ts';
import { realProcesses } from './ports/real/processes.ts';
import { realPrompt } from './ports/real/prompt.ts';
import { realRandom } from './ports/real/random.ts';

/** Runs one command line to its exit status. Tests call this with ports of their own. */
export async function main(argv: readonly string[], ports: Ports): Promise<number> {
  try {
    const status = await runCli(ports, argv);
    if (typeof status === 'object') return status.exitCode;
    return ports.signal.aborted ? ExitStatus.interrupted : status;
  } catch (thrown) {
    ports.output.progress(undefined);
    return reportFailure(thrown, ports.output, ports.env, asksForJson(argv));
  }
}

function asksForJson(argv: readonly string[]): boolean {
  // What stands behind -- is said to another command.
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.some(
    (word, index) => /^(--json|--format=json)$/.test(word) || (word === 'json' && own[index - 1] === '--format'),
  );
}

async function startFromCommandLine(): Promise<void> {
  refuseOldNode();
  const interruption = new AbortController();
  let unread = false;
  // Whoever reads the output may stop reading: `keyless audit | head`. What runs then takes its files and processes away.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    unread = true;
    interruption.abort();
    process.exitCode = ExitStatus.incomplete;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The first signal lets the file being renamed finish; the second ends the process as the system would.
    process.once(signal, () => interruption.abort());
  }
  const env = { ...process.env };
  const output = realOutput(process.stdout, process.stderr, env);
  const ports: Ports = {
    clock: realClock,
    random: realRandom,
    env,
    files: realFiles(process.pid),
    processes: realProcesses(env),
    network: realNetwork,
    prompt: realPrompt(process.stdin, process.stderr, interruption),
    output,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    signal: interruption.signal,
  };
  const status = await main(process.argv.slice(2), ports);
  // Calm, but not 0: a gate whose answer nobody read is not a clean repository.
  process.exitCode = unread ? ExitStatus.incomplete : status;
}

if (await isStartedDirectly()) await startFromCommandLine();

/** The oldest Node that has what the code uses; `engines` in package.json only makes npm warn. */
function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  process.stderr.write(
    `keyless: needs Node 22.18 or newer, and this is ${process.versions.node} (${process.execPath})\n  next: nvm install 24, or the standalone executable, which needs no Node\n`,
  );
  process.exit(ExitStatus.usage);
}

/** Bun and newer Node say so themselves; before Node 24.2 the path tells, and npm starts a command through a symbolic link. */
async function isStartedDirectly(): Promise<boolean> {
  const { main: startedDirectly } = import.meta as { readonly main?: boolean };
  if (startedDirectly !== undefined) return startedDirectly;
  const [, started] = process.argv;
  if (started === undefined) return false;
  const { realpath } = await import('node:fs/promises');
  return (await realpath(started)) === fileURLToPath(import.meta.url);
}
