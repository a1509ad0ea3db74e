/** A colleague who applies the same stack at the same time. */
import type { RunningProcess } from '../ports/index.ts';
import { lockId } from './stack.ts';
import type { Stage } from './stage.ts';

const otherRuns = new WeakMap<Stage, RunningProcess>();

/** Starts it, and waits until it holds the lock. */
export async function startOtherRun(stage: Stage): Promise<void> {
  const { accessKeyId, secretAccessKey } = stage.sandbox.legacyKey;
  const other = await stage.ports.processes.start(
    stage.terraform,
    ['apply', '-auto-approve', '-input=false', '-no-color'],
    {
      cwd: stage.folder,
      env: {
        ...stage.environment,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal(),
        DRILL_STEP_SECONDS: '2',
      },
      output: () => undefined,
    },
  );
  otherRuns.set(stage, other);
  stage.cleanUps.push(async () => {
    other.kill('SIGKILL');
    await other.exited;
  });
  for (let waited = 0; lockId(stage) === undefined && waited < 200; waited += 1) await stage.ports.clock.sleep(50);
}

export async function finishOtherRun(stage: Stage): Promise<void> {
  await otherRuns.get(stage)?.exited;
}
