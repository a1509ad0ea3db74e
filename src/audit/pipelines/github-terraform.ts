/** The Terraform root folders a job of a GitHub workflow runs in, where the workflow tells. */

import { expandTemplate, matrixCombinations } from './github-matrix.ts';
import type { GithubJob, GithubStep, GithubWorkflow } from './github-workflow.ts';
import { findTerraformRuns, joinPath, type TerraformRun } from './terraform-runs.ts';
import { asText } from './yaml-reading.ts';

export interface GithubTerraformRun extends TerraformRun {
  readonly step: GithubStep;
}

/** One run a command, folder and matrix combination; `directory` is `undefined` where only the run can tell. */
export function terraformRunsOf(workflow: GithubWorkflow, job: GithubJob): GithubTerraformRun[] {
  return job.steps.flatMap((step) => {
    if (step.uses !== undefined) return runsOfAction(workflow, job, step);
    if (step.run === undefined) return [];
    const folder = step.workingDirectory ?? job.workingDirectory ?? workflow.workingDirectory;
    const starts = folder === undefined ? [''] : expandTemplate(folder.text, workflow, job, step);
    const scripts = expandScripts(step.run.text, job);
    return scripts.flatMap((script) =>
      starts.flatMap((start) => {
        const directory = start === undefined ? undefined : joinPath('', start);
        return findTerraformRuns(script, directory).map((run) => ({ ...run, step }));
      }),
    );
  });
}

/** The folder, when all of a job's runs are in the same one. */
export function stackOf(workflow: GithubWorkflow, job: GithubJob | undefined): string | undefined {
  const jobs = job === undefined ? workflow.jobs : [job];
  const folders = new Set(jobs.flatMap((each) => terraformRunsOf(workflow, each)).map((run) => run.directory));
  const [folder] = folders;
  return folders.size === 1 ? folder : undefined;
}

/** Only matrix values change a script enough to matter; everything else stays as it is written. */
function expandScripts(script: string, job: GithubJob): string[] {
  if (!script.includes('matrix.') || matrixCombinations(job).length > maximumScripts) return [script];
  const filled = matrixCombinations(job).map((combination) =>
    script.replace(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g, (written, name: string) => combination[name] ?? written),
  );
  return [...new Set(filled)];
}

/** Actions that run Terraform themselves, with the input that names the folder. */
function runsOfAction(workflow: GithubWorkflow, job: GithubJob, step: GithubStep): GithubTerraformRun[] {
  const input = terraformActions.find(([prefix]) => step.uses?.action.startsWith(prefix))?.[1];
  if (input === undefined) return [];
  const text = asText(step.inputs.find((entry) => entry.name === input)?.value)?.text ?? '.';
  return expandTemplate(text, workflow, job, step).map((folder) => ({
    directory: folder === undefined ? undefined : joinPath('', folder),
    command: '',
    index: 0,
    step,
  }));
}

const terraformActions: readonly (readonly [string, string])[] = [
  ['dflook/terraform-', 'path'],
  ['dflook/tofu-', 'path'],
  ['gruntwork-io/terragrunt-action', 'tg_dir'],
  ['op5dev/tf-via-pr', 'working-directory'],
  ['devsectop/tf-via-pr', 'arg-chdir'],
  ['hashicorp/terraform-github-actions', 'tf_actions_working_dir'],
];

const maximumScripts = 64;
