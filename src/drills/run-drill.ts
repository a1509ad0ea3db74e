/** Carries out a drill: the embedded AWS, the real Terraform, what happens meanwhile, what is left, and the way back. */
import { join } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import { findTerraform, type TerraformCommand } from '../rehearse/index.ts';
import { startSandbox } from '../sandbox/index.ts';
import type { Drill, DrillResult, Outcome } from './drill.ts';
import { firstError, normaliseOutput, saysMessage } from './messages.ts';
import { recover } from './recover.ts';
import { lockId, resourcesInBucket, resourcesOnDisk, stateWriter, timesMade, writeStack } from './stack.ts';
import { type DrillPorts, Stage } from './stage.ts';
import { runTerraform, type TerraformRun } from './terraform-run.ts';

/** The lock file of the S3 backend: Terraform 1.11, OpenTofu 1.10. */
const oldestMinor: Readonly<Record<string, number>> = { terraform: 11, tofu: 10 };

/** Throws TERRAFORM_NOT_FOUND where there is none that knows the lock file of S3. */
export async function terraformForDrills(ports: DrillPorts): Promise<TerraformCommand> {
  const found = await findTerraform(ports);
  const [major = 0, minor = 0] = found?.version ?? [];
  if (found === undefined || (major === 1 && minor < (oldestMinor[found.name] ?? 0))) {
    throw new KeylessError({
      code: 'TERRAFORM_NOT_FOUND',
      message: `a drill runs the real Terraform, 1.11 or later; ${
        found === undefined ? 'there is none on the PATH' : `${found.path} is ${found.version.join('.')}`
      }`,
      hint: 'install Terraform (https://developer.hashicorp.com/terraform/install), then run the command again',
    });
  }
  return found;
}

/** Leaves nothing behind: no process, no folder, no port. */
export async function runDrill(ports: DrillPorts, terraform: TerraformCommand, drill: Drill): Promise<DrillResult> {
  const base = await ports.files.makeTemporaryDirectory(join(ports.env.TMPDIR || '/tmp', 'keyless-drill-'));
  try {
    return await runDrillIn(base, ports, terraform, drill);
  } finally {
    await ports.files.remove(base);
  }
}

async function runDrillIn(
  base: string,
  ports: DrillPorts,
  terraform: TerraformCommand,
  drill: Drill,
): Promise<DrillResult> {
  const problems: string[] = [];
  const sandbox = await startSandbox(ports, {
    seed: drill.id,
    report: ({ service, operation, error }) => problems.push(`${service} ${operation}: ${String(error)}`),
  });
  const stage = new Stage(ports, sandbox, base, terraform.path);
  try {
    await prepareStack(stage, terraform, drill.steps);
    const from = sandbox.world.cloudtrail.records.length;
    const run = await runTroubled(stage, terraform, drill);
    const result = await judge(stage, terraform, drill, run, from);
    if (problems.length === 0) return result;
    throw new KeylessError({
      code: 'INTERNAL',
      message: `the embedded AWS failed in the drill ${drill.id}, so it proves nothing: ${problems[0]}`,
    });
  } finally {
    for (const cleanUp of stage.cleanUps) await cleanUp();
    await sandbox.stop();
  }
}

/** With credentials that last, because what is drilled is an apply on a state that is there already. */
async function prepareStack(stage: Stage, terraform: TerraformCommand, steps: number): Promise<void> {
  const { accessKeyId, secretAccessKey } = stage.sandbox.legacyKey;
  await stage.writeAwsFiles('');
  await writeStack(stage, 0);
  for (const args of [['init'], ['apply', '-auto-approve']]) {
    const { exitCode, output } = await runTerraform(stage, {
      terraform: terraform.path,
      args: [...args, '-input=false', '-no-color'],
      env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal() },
    });
    if (exitCode === 0) continue;
    throw new KeylessError({
      code: 'INTERNAL',
      message: `terraform ${args[0]} of the drill's own stack failed: ${firstError(normaliseOutput(output), 300)}`,
    });
  }
  await writeStack(stage, steps);
}

async function runTroubled(stage: Stage, terraform: TerraformCommand, drill: Drill): Promise<TerraformRun> {
  const { time, world } = stage.sandbox;
  time.setHourSeconds(drill.hourSeconds ?? 3600);
  Object.assign(world.identityCenter.settings, drill.settings);
  const source = await drill.source.start(stage);
  try {
    await drill.before?.(stage);
    return await runTerraform(stage, {
      terraform: terraform.path,
      args: ['apply', '-auto-approve', '-input=false', '-no-color'],
      env: { ...source.env, ...drill.extraEnv?.(stage), DRILL_STEP_SECONDS: String(drill.stepSeconds) },
      ...(drill.events === undefined ? {} : { events: drill.events }),
      ...(drill.patienceSeconds === undefined ? {} : { patienceSeconds: drill.patienceSeconds }),
    });
  } finally {
    await source.stop();
  }
}

async function judge(
  stage: Stage,
  terraform: TerraformCommand,
  drill: Drill,
  run: TerraformRun,
  /** Index of the first CloudTrail record of the drill. */
  from: number,
): Promise<DrillResult> {
  const made = (await timesMade(stage)).length;
  const saved = resourcesInBucket(stage);
  const onDisk = await resourcesOnDisk(stage);
  const lock = lockId(stage) === undefined ? 'free' : 'held';
  const wroteAs = stateWriter(stage, from);
  const outcome = outcomeOf(run, made, saved, onDisk);
  const said = normaliseOutput(run.output);
  const missing = drill.expected.says.filter((id) => !saysMessage(said, id));
  const recovery = await recover(stage, drill, terraform.path);
  return {
    drill: drill.id,
    client: 'plain',
    terraform: `${terraform.name} ${terraform.version.join('.')}`,
    exitCode: run.exitCode,
    interrupted: run.interrupted,
    seconds: Math.round(run.seconds * 10) / 10,
    outcome,
    lock,
    made,
    saved,
    onDisk,
    wroteAs,
    saw: firstError(said, 300),
    missing,
    recovery,
    asExpected:
      outcome === drill.expected.outcome &&
      lock === drill.expected.lock &&
      missing.length === 0 &&
      (drill.expected.wroteAs === undefined || wroteAs?.endsWith(drill.expected.wroteAs) === true),
  };
}

function outcomeOf(run: TerraformRun, made: number, saved: number, onDisk: number): Outcome {
  if (run.exitCode === 0) return 'finished';
  if (made === 0) return 'refused';
  if (saved >= made) return 'stopped';
  return onDisk >= made ? 'state-on-disk' : 'state-lost';
}
