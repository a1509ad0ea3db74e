/**
 * Runs a stack as somebody: real Terraform in its folder, or keyless itself where Terraform cannot. One check for each
 * stack, with the commands as evidence.
 */
import { join } from 'node:path';
import type { SigningKey } from '../aws/sigv4-sign.ts';
import type { Env } from '../ports/index.ts';
import { keyIn } from './aws-calls.ts';
import { runOnBackend } from './backend-calls.ts';
import type { BackendSettings } from './backend-settings.ts';
import type { Check, Evidence } from './rehearsal.ts';
import type { StackRun, WorkspaceRun } from './stack-runs.ts';
import { green, red, type Stage, skipped } from './stage.ts';
import type { TerraformClient, TerraformRun } from './terraform-client.ts';

/** Who runs it: Terraform gets an environment, keyless a key. */
export interface Runner {
  /** `as ada`. */
  readonly as: string;
  environment(phase: 'plan' | 'apply', workspace: WorkspaceRun): Env;
  key(phase: 'plan' | 'apply', workspace: WorkspaceRun): Promise<SigningKey | undefined>;
  /** Workspaces in which it may only plan. */
  readonly mayApply: (workspace: WorkspaceRun) => boolean;
}

export interface StackJob {
  readonly run: StackRun;
  readonly runner: Runner;
  /** Folder that holds the stacks: of before, of after. */
  readonly root: string;
  readonly dataFolder: string;
  /** More arguments of `terraform init`: `-reconfigure`. */
  readonly initArguments: readonly string[];
  /** How a workspace is chosen: by a command that makes it where it is missing, or by TF_WORKSPACE, which costs no process. */
  readonly workspaces: 'select' | 'variable';
  /** Makes each apply change the state. */
  readonly change: string;
  /** What to do when it fails. */
  readonly fix: string;
}

/** Added to every stack, so that an apply has something to change. */
export const changeFile = 'keyless_rehearsal.tf';
export const changeText: string = `variable "keyless_rehearsal" {
  type = string
}

resource "terraform_data" "keyless_rehearsal" {
  input = var.keyless_rehearsal
}
`;

export async function runStack(stage: Stage, job: StackJob): Promise<Check> {
  const { run } = job;
  const { client } = run;
  if (client.kind === 'none') return skipped(run.name, 'keyless', client.reason);
  if (client.kind === 'keyless' || stage.terraform === undefined) return await byKeyless(stage, job);
  return await byTerraform(stage.terraform, job);
}

async function byTerraform(terraform: TerraformClient, job: StackJob): Promise<Check> {
  const { run, runner, root, dataFolder, initArguments, change } = job;
  const folder = join(root, run.stack);
  const evidence: Evidence[] = [];
  const settings = { TF_DATA_DIR: dataFolder, TF_VAR_keyless_rehearsal: change };
  const inWorkspace = (workspace: WorkspaceRun): Env =>
    job.workspaces === 'variable' ? { TF_WORKSPACE: workspace.name } : {};
  const [first] = run.workspaces;
  if (first === undefined) return skipped(run.name, terraform.name, 'none of its workspaces was asked for');
  const attempt = async (args: readonly string[], identity: Env): Promise<TerraformRun> => {
    const result = await terraform.run(folder, [...args, '-input=false', '-no-color'], identity, settings);
    evidence.push(result.evidence);
    return result;
  };
  const fail = (command: string, workspace: WorkspaceRun, { text, evidence: last }: TerraformRun): Check =>
    red(`${run.name} ${runner.as}`, terraform.name, `terraform ${command} failed in ${workspace.name}`, {
      cause: causeIn(text),
      fix: fixFor(text, job),
      evidence: [last],
    });

  const files = (run.backend?.files ?? []).map((file) => `-backend-config=${file}`);
  const init = await attempt(['init', ...initArguments, ...files], {
    ...runner.environment('plan', first),
    ...inWorkspace(first),
  });
  if (init.exitCode !== 0) return fail('init', first, init);
  for (const workspace of run.workspaces) {
    const plan = runner.environment('plan', workspace);
    if (workspace.name !== 'default' && job.workspaces === 'select') {
      const result = await terraform.run(
        folder,
        ['workspace', 'select', '-or-create', '-no-color', workspace.name],
        // A workspace that is new is written: that is a change like any other.
        runner.mayApply(workspace) ? runner.environment('apply', workspace) : plan,
        settings,
      );
      evidence.push(result.evidence);
      if (result.exitCode !== 0) return fail('workspace select', workspace, result);
    }
    const variables = workspace.variableFiles.map((file) => `-var-file=${file}`);
    const planned = await attempt(['plan', `-out=${workspace.name}.tfplan`, ...variables], {
      ...plan,
      ...inWorkspace(workspace),
    });
    if (planned.exitCode !== 0) return fail('plan', workspace, planned);
    if (!runner.mayApply(workspace)) continue;
    const applied = await terraform.run(
      folder,
      ['apply', '-input=false', '-no-color', `${workspace.name}.tfplan`],
      { ...runner.environment('apply', workspace), ...inWorkspace(workspace) },
      settings,
    );
    evidence.push(applied.evidence);
    if (applied.exitCode !== 0) return fail('apply', workspace, applied);
  }
  const applied = run.workspaces.filter(runner.mayApply);
  const done = applied.length === 0 ? 'init and plan' : 'init, plan and apply';
  return green(`${run.name} ${runner.as}`, terraform.name, `${done} work in ${namesOf(run.workspaces)}`, { evidence });
}

async function byKeyless(stage: Stage, job: StackJob): Promise<Check> {
  const { run, runner, change, fix } = job;
  const { client } = run;
  const backend = run.backend as BackendSettings;
  const why = client.kind === 'keyless' ? client.reason : '';
  for (const workspace of run.workspaces) {
    const phase = runner.mayApply(workspace) ? 'apply' : 'plan';
    const own = await runner.key(phase, workspace);
    const what = `${run.name} ${runner.as}`;
    if (own === undefined) {
      return red(what, 'keyless', `no session for ${workspace.name}`, {
        cause: 'The portal gave no credentials.',
        fix,
      });
    }
    const key = await throughRole(stage, own, backend);
    if ('errorCode' in key) {
      return red(what, 'keyless', `sts:AssumeRole refused in ${workspace.name}`, {
        cause: `${key.errorCode}: ${key.errorMessage ?? ''}`,
        fix,
      });
    }
    const unread = await readStates(stage, own, workspace);
    if (unread !== undefined) {
      return red(what, 'keyless', `a state that it reads is refused in ${workspace.name}`, { cause: unread, fix });
    }
    const result = await runOnBackend(
      stage.calls,
      key,
      backend,
      workspace.name,
      phase === 'apply' ? change : undefined,
    );
    if (result.failed !== undefined) {
      return red(what, 'keyless', `${result.failed} refused in ${workspace.name}`, {
        cause: `${result.reply?.errorCode ?? ''}: ${result.reply?.errorMessage ?? ''}`,
        fix: fixFor(result.reply?.errorCode ?? '', job),
      });
    }
  }
  const reads = run.workspaces.some((workspace) => workspace.reads.length > 0);
  return green(
    `${run.name} ${runner.as}`,
    'keyless',
    `the backend's calls work in ${namesOf(run.workspaces)}${reads ? ', and those for the states that it reads' : ''} (${why})`,
  );
}

/** What terraform_remote_state would do, as who runs the stack: the backend's own role takes no part. Why it fails, or nothing. */
async function readStates(stage: Stage, own: SigningKey, { reads }: WorkspaceRun): Promise<string | undefined> {
  for (const { bucket, object, region, roleArn } of reads) {
    const key = await throughRole(stage, own, { roleArn });
    if ('errorCode' in key)
      return `${bucket}/${object} through ${roleArn}: ${key.errorCode}: ${key.errorMessage ?? ''}`;
    const request = { method: 'GET', bucket, key: object, ...(region === undefined ? {} : { region }) };
    const { errorCode, errorMessage } = await stage.calls.s3(request, key);
    if (errorCode !== undefined) return `${bucket}/${object}: ${errorCode}: ${errorMessage ?? ''}`;
  }
  return undefined;
}

/** The role that the backend assumes for itself, where it names one. */
export async function throughRole(
  stage: Stage,
  key: SigningKey,
  backend: Pick<BackendSettings, 'roleArn'>,
): Promise<SigningKey | { readonly errorCode: string; readonly errorMessage: string | undefined }> {
  if (backend.roleArn === undefined) return key;
  const reply = await stage.calls.assumeRole(key, backend.roleArn, 'keyless-rehearsal');
  return (
    keyIn(reply) ?? { errorCode: reply.errorCode ?? 'no credentials in the answer', errorMessage: reply.errorMessage }
  );
}

/** A lock table by name is in the account of the caller: AWS says only that there is none. */
export function fixFor(text: string, { run, fix }: Pick<StackJob, 'run' | 'fix'>): string {
  return text.includes('ResourceNotFoundException') && run.backend?.lockTable !== undefined
    ? 'Terraform looks for the lock table in the account of whoever runs it: say in keyless.yaml where it is (state[].lock_table.account), or correct legacy.account.'
    : fix;
}

/** The errors of Terraform's output, in its own words. */
export function causeIn(text: string): string {
  const at = text.indexOf('Error:');
  return (at === -1 ? text : text.slice(at)).trim().slice(0, 600);
}

function namesOf(workspaces: readonly WorkspaceRun[]): string {
  return workspaces.map(({ name }) => name).join(', ');
}
