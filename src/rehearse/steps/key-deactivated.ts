/** 5. The old key is deactivated: the old commit fails, with the message that the team will see; the new one still works. */
import { join } from 'node:path';
import { runOnBackend } from '../backend-calls.ts';
import { counted } from '../counted.ts';
import type { Check } from '../rehearsal.ts';
import { causeIn, runStack, throughRole } from '../stack-client.ts';
import { type StackRun, sharersBefore } from '../stack-runs.ts';
import { chosen, dataFolder, green, legacyIdentity, missingTerraform, red, type Stage, type Step } from '../stage.ts';
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
    const now = chosen(stage, stage.migratedRuns).filter(({ client }) => client.kind !== 'none');
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
    const checks = [...results.slice(1).flat(), ...(results[0] ?? []), ...missingTerraform(stage)];
    const failing = checks.filter(({ outcome, result }) => outcome === 'green' && result.startsWith('fails')).length;
    const seen = messageIn(checks);
    return {
      summary: `With the key inactive and the bucket closed to it, ${counted(failing, 'run')} of the old commit ${failing === 1 ? 'fails' : 'fail'}, the new commit works.${seen === undefined ? '' : ` The team will see: ${seen}`}`,
      checks,
      notes: ['The old commit is the copy as it was before the move, in a fresh working folder.'],
    };
  },
};

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

/** A stack for each account that somebody reaches, in one workspace. */
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
