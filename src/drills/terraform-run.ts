/** One run of Terraform with things happening meanwhile, ended by a person who loses patience if it takes too long. */
import { KeylessError } from '../kernel/error.ts';
import type { Env, RunningProcess } from '../ports/index.ts';
import type { DrillEvent, Interruption } from './drill.ts';
import { timesMade } from './stack.ts';
import type { Stage } from './stage.ts';

export interface TerraformRun {
  readonly exitCode: number | null;
  readonly interrupted: Interruption;
  readonly output: string;
  readonly seconds: number;
}

export interface TerraformRunOptions {
  readonly terraform: string;
  readonly args: readonly string[];
  readonly env: Env;
  readonly events?: readonly DrillEvent[];
  /** Seconds until the first interrupt. */
  readonly patienceSeconds?: number;
}

/** Between the first interrupt and the second, and between that and the end of all patience. */
export const secondsBetweenInterrupts = 15;

export async function runTerraform(stage: Stage, options: TerraformRunOptions): Promise<TerraformRun> {
  const { clock, processes, signal } = stage.ports;
  const startedAt = clock.now().getTime();
  const chunks: string[] = [];
  const terraform = await processes.start(options.terraform, options.args, {
    cwd: stage.folder,
    env: { ...stage.environment, ...options.env },
    output: (chunk) => chunks.push(chunk),
  });
  const ended = new AbortController();
  const stop = (): void => terraform.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const patience = losePatience(stage, terraform, options.patienceSeconds ?? 120, ended.signal);
    const events = happen(stage, terraform, options.events ?? [], ended.signal);
    const { exitCode } = await terraform.exited;
    ended.abort();
    await events;
    if (signal.aborted) throw new KeylessError({ code: 'INTERRUPTED', message: 'the drill was interrupted' });
    return {
      exitCode: exitCode ?? null,
      interrupted: await patience,
      output: chunks.join(''),
      seconds: (clock.now().getTime() - startedAt) / 1000,
    };
  } finally {
    ended.abort();
    stop();
    signal.removeEventListener('abort', stop);
  }
}

/** As a person does: interrupt, interrupt again, close the window. */
async function losePatience(
  stage: Stage,
  terraform: RunningProcess,
  patienceSeconds: number,
  ended: AbortSignal,
): Promise<Interruption> {
  const { clock } = stage.ports;
  await clock.sleep(patienceSeconds * 1000, ended);
  if (ended.aborted) return 'none';
  terraform.kill('SIGINT');
  await clock.sleep(secondsBetweenInterrupts * 1000, ended);
  if (ended.aborted) return 'once';
  terraform.kill('SIGINT');
  await clock.sleep(secondsBetweenInterrupts * 1000, ended);
  if (ended.aborted) return 'twice';
  terraform.kill('SIGKILL');
  return 'killed';
}

/** Each event once, in the order in which they are due. */
async function happen(
  stage: Stage,
  terraform: RunningProcess,
  events: readonly DrillEvent[],
  ended: AbortSignal,
): Promise<void> {
  const { clock } = stage.ports;
  const startedAt = clock.now().getTime();
  let waiting = events;
  while (waiting.length > 0 && !ended.aborted) {
    const made = (await timesMade(stage)).length;
    const seconds = (clock.now().getTime() - startedAt) / 1000;
    const isDue = ({ when }: DrillEvent): boolean => ('step' in when ? made >= when.step : seconds >= when.seconds);
    for (const event of waiting.filter(isDue)) await event.do(stage, terraform);
    waiting = waiting.filter((event) => !isDue(event));
    await clock.sleep(50, ended);
  }
}
