/** The story in order. A step that is red stops nothing that can still be learned. */
import { KeylessError } from '../kernel/error.ts';
import { counted } from './counted.ts';
import { type Check, outcomeOf, type StepResult } from './rehearsal.ts';
import { chosen, noteVersions, red, type Stage, type Step, type StepReport } from './stage.ts';
import { bucketRefuses } from './steps/bucket-refuses.ts';
import { engineer } from './steps/engineer.ts';
import { keyDeactivated } from './steps/key-deactivated.ts';
import { legacyWorks } from './steps/legacy-works.ts';
import { migrate } from './steps/migrate.ts';
import { pipeline } from './steps/pipeline.ts';
import { whoDidIt } from './steps/who-did-it.ts';

export const story: readonly Step[] = [
  legacyWorks,
  migrate,
  engineer,
  pipeline,
  keyDeactivated,
  bucketRefuses,
  whoDidIt,
];

export interface StoryProgress {
  begins(number: number, title: string): void;
  ends(result: StepResult): void;
}

/** Throws INTERRUPTED only. */
export async function tell(
  stage: Stage,
  progress: StoryProgress,
  steps: readonly Step[] = story,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    const number = index + 1;
    if (stage.ports.signal.aborted) throw interrupted();
    progress.begins(number, step.title);
    const startedAt = stage.ports.clock.now().getTime();
    const report = await tryStep(step, stage);
    if (stage.ports.signal.aborted) throw interrupted();
    noteVersions(stage, step.id);
    const checks = [...report.checks, ...withoutTerraform(step, stage, report.checks), ...faultChecks(stage)];
    const result: StepResult = {
      ...report,
      number,
      id: step.id,
      title: step.title,
      outcome: outcomeOf(checks),
      clients: [...new Set(checks.flatMap(({ client, outcome }) => (outcome === 'skipped' ? [] : [client])))],
      seconds: (stage.ports.clock.now().getTime() - startedAt) / 1000,
      checks,
      notes: (report.notes ?? []).map(stage.redact),
    };
    results.push(result);
    progress.ends(result);
  }
  return results;
}

const brokenStep = 'the step itself';

async function tryStep(step: Step, stage: Stage): Promise<StepReport> {
  try {
    return await step.run(stage);
  } catch (error) {
    if (error instanceof KeylessError && error.code === 'INTERRUPTED') throw interrupted();
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof KeylessError ? error.code : 'INTERNAL';
    const cause = stage.redact(message);
    const fix =
      error instanceof KeylessError && error.hint !== undefined
        ? error.hint
        : 'KEYLESS_DEBUG=1 keyless rehearse --keep';
    return {
      summary: `The step could not be told to its end: ${cause}`,
      checks: [red(brokenStep, 'keyless', `stopped: ${code}`, { cause, fix })],
    };
  }
}

/** Terraform is there, and yet ran nothing of a step that is about it. */
function withoutTerraform({ needsTerraform }: Step, stage: Stage, checks: readonly Check[]): readonly Check[] {
  const { terraform } = stage;
  if (!needsTerraform || terraform === undefined || checks.some(({ what }) => what === brokenStep)) return [];
  if (checks.some(({ client, outcome }) => client.startsWith(terraform.name) && outcome !== 'skipped')) return [];
  const reasons = new Set(
    chosen(stage, stage.legacyRuns).flatMap(({ client }) => (client.kind === 'terraform' ? [] : [client.reason])),
  );
  const [first, ...more] = reasons;
  const old = [...reasons].find((reason) => reason.startsWith('its required_version '));
  return [
    red('a run of real terraform', 'keyless', 'there was none', {
      cause:
        first === undefined
          ? 'Terraform is on PATH, but every stack had a reason not to be run by it (each is listed).'
          : `Terraform is on PATH, but no stack was run by it: ${first}${more.length === 0 ? '' : `; and ${counted(more.length, 'other reason')} (each is listed)`}.`,
      fix:
        old === undefined
          ? 'Mend what keeps the stacks from being run, then run again.'
          : 'Put a terraform on PATH that the stacks admit, then run again.',
    }),
  ];
}

/** A failure inside the embedded AWS is a fault of keyless, and shown as that. */
function faultChecks({ faults, redact }: Stage): readonly Check[] {
  return [...new Set(faults.splice(0))].map((fault) =>
    red('the embedded AWS itself', 'keyless', 'failed', {
      cause: redact(fault),
      fix: 'This is a fault of keyless, not of your code: please report it.',
    }),
  );
}

function interrupted(): KeylessError {
  return new KeylessError({ code: 'INTERRUPTED', message: 'the rehearsal was interrupted; nothing of it is left' });
}
