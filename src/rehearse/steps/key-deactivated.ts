/** 5. The old key is deactivated: the old commit fails, with the message that the team will see; the new one still works. */
import { join } from 'node:path';
import { runOnBackend } from '../backend-calls.ts';
import { counted } from '../counted.ts';
import type { Check } from '../rehearsal.ts';
import { causeIn, runStack, throughRole } from '../stack-client.ts';
import { type StackRun, sharersBefore } from '../stack-runs.ts';
import {
  chosen,
  dataFolder,
  green,
  legacyIdentity,
  missingTerraform,
  red,
  type Stage,
  type Step,
  skipped,
} from '../stage.ts';
import { inPairs } from '../terraform-client.ts';
import { engineerRunner, whoReaches } from './engineer.ts';
import { rolesToTry } from './legacy-works.ts';

const fix = 'aws iam update-access-key --user-name deployment --status Inactive --access-key-id <the key>';

export const keyDeactivated: Step = {
  id: 'key-deactivated',
  title: 'The old key is deactivated',
  needsTerraform: true,
  async run(stage) {
    stage.move.closeOldWay();
    const old = chosen(stage, stage.legacyRuns).filter(({ client }) => client.kind !== 'none');
    const now = chosen(stage, stage.migratedRuns).filter(({ name }) => stage.workedAfter.has(name));
    const once = onePerAccount(stage, now);
    const sharers = sharersBefore(once);
    const newName = (run: StackRun) => `new ${run.name} ${run.workspaces[0]?.name}`;
    const tasks = [
      { name: 'provider', after: [], run: async () => await oldProvider(stage) },
      ...old.map((run) => ({ name: `old ${run.name}`, after: [], run: async () => [await oldFails(stage, run)] })),
      ...once.map((run) => ({
        name: newName(run),
        after: (sharers.get(run) ?? []).map(newName),
        run: async () => [await newWorks(stage, run)],
      })),
    ];
    const results = await inPairs<readonly Check[]>(tasks);
    const checks = [
      ...results.slice(1).flat(),
      ...notTried(chosen(stage, stage.migratedRuns), once),
      ...(results[0] ?? []),
      ...missingTerraform(stage),
    ];
    return {
      summary: summaryOf(checks),
      checks,
      notes: ['The old commit is the copy as it was before the move, in a fresh working folder.'],
    };
  },
};

/** Says only what was run. */
export function summaryOf(checks: readonly Check[]): string {
  const of = (commit: string) =>
    checks.filter(({ what, outcome }) => what.endsWith(` of the ${commit} commit`) && outcome !== 'skipped');
  const greenOf = (commit: string) => of(commit).filter(({ outcome }) => outcome === 'green').length;
  if (of('old').length + of('new').length === 0)
    return 'The key is inactive; no stack could be run with it or without.';
  const part = (commit: string, verb: string) =>
    of(commit).length === 0
      ? `none of the ${commit} commit could be tried`
      : `${greenOf(commit)} of ${counted(of(commit).length, 'run')} of the ${commit} commit ${verb}`;
  const seen = messageIn(checks);
  return `With the key inactive and the bucket closed to it, ${part('old', of('old').length === 1 ? 'fails as it must' : 'fail as they must')}, and ${part('new', of('new').length === 1 ? 'works' : 'work')}.${seen === undefined ? '' : ` The team will see: ${seen}`}`;
}

/** The first message of the old commit, as Terraform words it. */
function messageIn(checks: readonly Check[]): string | undefined {
  const output = checks.flatMap(({ outcome, evidence }) =>
    outcome === 'green' ? (evidence ?? []).filter(({ exitCode }) => exitCode !== 0) : [],
  )[0]?.output;
  return output
    ?.replaceAll(/\s+/g, ' ')
    .replace(/, RequestID: [^,]*/, '')
    .slice(0, 300);
}

async function oldFails(stage: Stage, run: StackRun): Promise<Check> {
  const { terraform, folders } = stage;
  const what = `${run.name} of the old commit`;
  if (!stage.workedBefore.has(run.name)) return skipped(what, 'keyless', 'it did not work in step 1 either');
  if (run.client.kind === 'keyless' || terraform === undefined || run.backend === undefined) {
    return await oldFailsForKeyless(stage, run, what);
  }
  const files = run.backend.files.map((file) => `-backend-config=${file}`);
  const result = await terraform.run(
    join(folders.before, run.stack),
    ['init', '-input=false', '-no-color', ...files],
    legacyIdentity(stage, run),
    { TF_DATA_DIR: dataFolder(stage, run, 'old-commit') },
  );
  const evidence = [result.evidence];
  if (result.exitCode === 0) {
    return red(what, terraform.name, 'still works', { cause: 'The old key still opens the state.', fix, evidence });
  }
  return /InvalidClientTokenId|InvalidAccessKeyId/.test(result.text)
    ? green(what, terraform.name, 'fails, as it must: InvalidClientTokenId', { evidence })
    : red(what, terraform.name, 'fails for another reason', { cause: causeIn(result.text), fix, evidence });
}

async function oldFailsForKeyless(stage: Stage, run: StackRun, what: string): Promise<Check> {
  const { backend } = run;
  if (backend === undefined) return red(what, 'keyless', 'cannot be tried', { cause: 'Its backend is unknown.', fix });
  const key = await throughRole(stage, stage.legacyKey, backend);
  const code =
    'errorCode' in key
      ? key.errorCode
      : (await runOnBackend(stage.calls, key, backend, run.workspaces[0]?.name ?? 'default', 'step 5')).reply
          ?.errorCode;
  if (code === undefined) {
    return red(what, 'keyless', 'still works', { cause: 'The old key still opens the state.', fix });
  }
  return green(what, 'keyless', `fails, as it must: ${code}`);
}

/** Loading the provider costs seconds; what it would be told is what STS answers to its first call. */
async function oldProvider(stage: Stage): Promise<readonly Check[]> {
  const [roleArn] = rolesToTry(stage).known;
  if (roleArn === undefined) return [];
  const what = `what a provider does with the old key, into ${roleArn}`;
  const { errorCode } = await stage.calls.assumeRole(stage.legacyKey, roleArn, 'deployment');
  return [
    errorCode === undefined
      ? red(what, 'keyless', 'still works', { cause: 'STS still takes the old key.', fix })
      : green(what, 'keyless', `fails, as it must: ${errorCode}`),
  ];
}

/** Of those that worked in step 3 a stack for each account that somebody reaches, in one workspace. */
function onePerAccount(stage: Stage, runs: readonly StackRun[]): readonly StackRun[] {
  return [...stage.intent.accounts.keys()].flatMap((account) => {
    if (whoReaches(stage.engineers, account, 'plan') === undefined) return [];
    for (const run of runs) {
      const workspace = run.workspaces.find((each) => each.account === account);
      if (workspace !== undefined) return [{ ...run, workspaces: [workspace] }];
    }
    return [];
  });
}

/** Accounts of stacks in which nothing worked that could be tried again. */
export function notTried(runs: readonly StackRun[], tried: readonly StackRun[]): readonly Check[] {
  const accountsOf = (all: readonly StackRun[]) =>
    new Set(all.flatMap(({ workspaces }) => workspaces.map(({ account }) => account)));
  const shown = accountsOf(tried);
  return [...accountsOf(runs)].flatMap((account) =>
    shown.has(account) ? [] : [skipped(`${account} of the new commit`, 'keyless', 'no stack in it worked in step 3')],
  );
}

async function newWorks(stage: Stage, run: StackRun): Promise<Check> {
  return await runStack(stage, {
    run,
    runner: { ...engineerRunner(stage, stage.engineers, run), as: 'of the new commit' },
    root: stage.folders.after,
    dataFolder: dataFolder(stage, run, `after-${run.workspaces[0]?.name}`),
    initArguments: [],
    workspaces: 'variable',
    change: 'step 5',
    fix: 'The bucket policy of the closed old way leaves somebody out: compare readers and writers in keyless.yaml.',
  });
}
