/** What the GitHub workflows say of stacks, workspaces and environments, one entry for each job and matrix combination. */
import {
  asText,
  findTerraformRuns,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  type MatrixCombination,
  matrixCombinations,
} from '../../audit/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import type { Repository } from '../../repository/index.ts';

export interface PipelineRun {
  /** GitHub environment. */
  readonly environment: string | undefined;
  /** Folders Terraform runs in. */
  readonly directories: readonly string[];
  readonly workspace: string | undefined;
  readonly matrix: MatrixCombination;
  /** The environment's name, else the job. */
  readonly place: Location;
}

export function pipelineRuns(repository: Repository): readonly PipelineRun[] {
  return githubWorkflows(repository).flatMap((workflow) =>
    workflow.jobs.flatMap((job) => matrixCombinations(job).map((matrix) => readRun(workflow, job, matrix))),
  );
}

function readRun(workflow: GithubWorkflow, job: GithubJob, matrix: MatrixCombination): PipelineRun {
  const fill = (text: string) =>
    text.replace(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g, (written, name: string) => matrix[name] ?? written);
  const directories = new Set<string>();
  const workspaces = new Set<string>();
  for (const entry of [...workflow.env, ...job.env, ...job.steps.flatMap(({ env }) => env)]) {
    const text = asText(entry.value)?.text;
    if (entry.name === 'TF_WORKSPACE' && text !== undefined) workspaces.add(fill(text));
  }
  for (const step of job.steps) {
    if (step.run === undefined) continue;
    const script = fill(step.run.text);
    const folder = step.workingDirectory ?? job.workingDirectory ?? workflow.workingDirectory;
    for (const { directory } of findTerraformRuns(script, folderIn(fill(folder?.text ?? '')))) {
      if (directory !== undefined) directories.add(directory);
    }
    for (const [, name = ''] of script.matchAll(workspaceSelection)) workspaces.add(name);
  }
  const [workspace] = [...workspaces].filter((name) => !name.includes('$'));
  const environment = job.environment && fill(job.environment.text);
  return {
    environment: environment === undefined || environment.includes('${{') ? undefined : environment,
    directories: [...directories],
    workspace,
    matrix,
    place: workflow.file.locationOf((job.environment?.range ?? job.entry.range).start),
  };
}

const workspaceSelection = /\bworkspace\s+(?:select|new)\s+(?:-or-create(?:=true)?\s+)?["']?([\w.~$-]+)/g;

/** `undefined` where only the run can tell. */
function folderIn(text: string): string | undefined {
  if (/[$`]/.test(text)) return undefined;
  return text
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
