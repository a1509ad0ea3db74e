/**
 * What a person does after a drill, with the real commands: new credentials, release the lock, push the state that was
 * saved on the disk, apply again; and the proof that nothing is left to do.
 */
import type { Drill, Recovery, RecoveryStep } from './drill.ts';
import type { RunningSource } from './sources/source.ts';
import { erroredState, exists, lockId, timesMade } from './stack.ts';
import type { Stage } from './stage.ts';
import { runTerraform } from './terraform-run.ts';

export async function recover(stage: Stage, drill: Drill, terraform: string): Promise<Recovery> {
  const { sandbox, ports } = stage;
  // The drill is over: from here lifetimes are AWS's own.
  sandbox.time.setHourSeconds(3600);
  sandbox.faults.clear();
  Object.assign(sandbox.world.identityCenter.settings, { portalSessionSeconds: 8 * 3600, accessTokenSeconds: 3600 });
  await drill.mend?.(stage);
  const startedAt = ports.clock.now().getTime();
  const source: RunningSource = await drill.source.start(stage);
  const steps: RecoveryStep[] = [{ command: 'sign in', exitCode: 0, seconds: secondsSince(stage, startedAt) }];
  const run = async (...args: readonly string[]): Promise<number | null> => {
    const { exitCode, seconds } = await runTerraform(stage, {
      terraform,
      args,
      env: { ...source.env, DRILL_STEP_SECONDS: '0' },
      patienceSeconds: 60,
    });
    steps.push({ command: `terraform ${args.filter((arg) => !quiet.has(arg)).join(' ')}`, exitCode, seconds });
    return exitCode;
  };
  try {
    const id = lockId(stage);
    if (id !== undefined) await run('force-unlock', '-force', id);
    // Pushed only when it is ahead of the bucket: Terraform compares the serials and refuses otherwise.
    if (await exists(ports.files, erroredState(stage))) await run('state', 'push', 'errored.tfstate');
    await run('apply', '-auto-approve', '-input=false', '-no-color');
    const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
    const remaining = await run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    const twice = (await timesMade(stage)).filter((times) => times > 1).length;
    return { steps: steps.slice(0, -1), seconds: round(seconds), clean: remaining === 0, madeTwice: twice };
  } finally {
    await source.stop();
  }
}

const quiet: ReadonlySet<string> = new Set(['-input=false', '-no-color', '-auto-approve', '-detailed-exitcode']);

function secondsSince(stage: Stage, startedAt: number): number {
  return round((stage.ports.clock.now().getTime() - startedAt) / 1000);
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
