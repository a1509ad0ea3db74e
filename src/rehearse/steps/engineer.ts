/** 3. An engineer signs in and works: each stack in each account they should reach, and a refusal in each they should not. */
import { join } from 'node:path';
import type { SigningKey } from '../../aws/sigv4-sign.ts';
import { getRoleCredentials } from '../../broker/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { counted } from '../counted.ts';
import { lockChecks, recordsSoFar } from '../locks.ts';
import { type ProviderSession, probeClient, probeProvider } from '../provider-probe.ts';
import type { Check } from '../rehearsal.ts';
import { writeRunTree } from '../run-folders.ts';
import { type Engineer, engineerIdentity, type Reach, representatives, type SignInFlow, signIn } from '../sign-in.ts';
import { causeIn, type Runner, runStack } from '../stack-client.ts';
import { type StackRun, sharersBefore, type WorkspaceRun } from '../stack-runs.ts';
import { stacksTold } from '../stacks-told.ts';
import {
  chosen,
  dataFolder,
  green,
  missingClients,
  red,
  type Stage,
  type Step,
  skipped,
  thoseThatWork,
} from '../stage.ts';
import { inPairs } from '../terraform-client.ts';

const flows: readonly SignInFlow[] = ['device code', 'authorization code with PKCE'];
const fix = 'Correct people, groups and assignments in keyless.yaml, or the backend of the stack.';

export const engineer: Step = {
  id: 'engineer',
  title: 'An engineer signs in and works',
  needsTerraform: true,
  async run(stage) {
    const { ports, folders, sandbox, intent } = stage;
    stage.move.openNewWay();
    await writeRunTree(ports.files, folders.after, stage.after, stage.migratedRuns);
    const people = representatives(intent, sandbox.time.now());
    const signedIn: Engineer[] = [];
    const checks: Check[] = [];
    for (const [index, person] of people.entries()) {
      const flow = flows[index % flows.length] as SignInFlow;
      const home = join(folders.root, `home-${person.userName}`);
      const others = person.others.length === 0 ? '' : `, standing for ${person.others.join(', ')}`;
      const what = `${person.userName} signs in by ${flow}${others}`;
      try {
        signedIn.push(await signIn(ports, sandbox, stage.certificates, intent, person, flow, home));
        checks.push(green(what, 'keyless', 'works'));
      } catch (error) {
        if (!(error instanceof KeylessError) || error.code === 'INTERRUPTED') throw error;
        checks.push(
          red(what, 'keyless', 'refused', { cause: error.message, fix: 'Add the person to Identity Center.' }),
        );
      }
    }
    stage.engineers = signedIn;
    const since = recordsSoFar(stage);
    const runs = chosen(stage, stage.migratedRuns);
    const sharers = sharersBefore(runs);
    const stacks = runs.map((run) => ({
      name: run.name,
      after: [...run.after, ...(sharers.get(run) ?? []).map(({ name }) => name)],
      run: async () => await workOn(stage, run),
    }));
    const results = await inPairs<readonly Check[]>([
      { name: '(providers)', after: [], run: async () => await providerChecks(stage) },
      ...stacks,
      ...refusals(stage, signedIn).map((task) => ({ ...task, after: [] })),
    ]);
    const [ofProviders = [], ...others] = results;
    const ofStacks = others.slice(0, runs.length);
    const ofProfiles = others.slice(runs.length).flat();
    stage.workedAfter = thoseThatWork(runs, ofStacks);
    checks.push(
      ...others.flat(),
      ...ofProviders,
      ...lockChecks(stage, runs, ofStacks.flat(), since),
      ...missingClients(stage),
    );
    const names = signedIn.map(({ userName, flow }) => `${userName} (${flow})`).join(' and ');
    const refused = ofProfiles.filter(({ outcome }) => outcome === 'green').length;
    const told = runs.map((run, index) => ({ run, checks: ofStacks[index] ?? [] }));
    const profiles =
      ofProfiles.length === 0
        ? ''
        : ` ${refused} of ${counted(ofProfiles.length, 'profile')} that keyless.yaml does not give ${ofProfiles.length === 1 ? 'was' : 'were'} refused.`;
    return {
      summary: `${names || 'Nobody'} signed in. By the new backend ${stacksTold(told)}.${profiles}`,
      checks,
      notes: notesOf(stage, runs),
    };
  },
};

/** Who may do a phase in an account; who reaches least stands first, so that everybody does something. */
export function whoReaches(
  engineers: readonly Engineer[],
  account: string,
  phase: Reach['phase'],
): { readonly engineer: Engineer; readonly reach: Reach } | undefined {
  for (const each of [...engineers].reverse()) {
    const reach = each.reaches.find((candidate) => candidate.account === account && candidate.phase === phase);
    if (reach !== undefined) return { engineer: each, reach };
  }
  return undefined;
}

async function workOn(stage: Stage, run: StackRun): Promise<readonly Check[]> {
  const runner = engineerRunner(stage, stage.engineers, run);
  const reachable = run.workspaces.filter(({ account }) => whoReaches(stage.engineers, account, 'plan') !== undefined);
  const missing = run.workspaces.filter((workspace) => !reachable.includes(workspace));
  const left = missing.map(({ name, account }) =>
    skipped(`${run.name} in ${name}`, 'keyless', `nobody in keyless.yaml may plan in ${account}`),
  );
  if (reachable.length === 0) return left;
  const check = await runStack(stage, {
    run: { ...run, workspaces: reachable },
    runner,
    root: stage.folders.after,
    dataFolder: dataFolder(stage, run),
    initArguments: ['-reconfigure'],
    // TF_WORKSPACE makes a missing workspace too, but as whoever runs init, who may only plan.
    workspaces: stage.workedBefore.has(run.name) ? 'variable' : 'select',
    change: 'step 3',
    fix,
  });
  return [check, ...left];
}

/** Plans and applies as whoever may, by profile. */
export function engineerRunner(stage: Stage, engineers: readonly Engineer[], run: StackRun): Runner {
  const who = (phase: Reach['phase'], { account }: WorkspaceRun) =>
    whoReaches(engineers, account, phase) ?? whoReaches(engineers, account, 'plan');
  const names = new Set(
    run.workspaces.flatMap((workspace) =>
      (['plan', 'apply'] as const).flatMap((phase) => who(phase, workspace)?.engineer.userName ?? []),
    ),
  );
  return {
    as: `as ${[...names].join(' and ')}`,
    environment: (phase, workspace) => {
      const found = who(phase, workspace);
      return found === undefined ? {} : engineerIdentity(found.engineer, found.reach.profile);
    },
    key: async (phase, workspace) => {
      const found = who(phase, workspace);
      return found === undefined ? undefined : await keyOf(stage, found.engineer, found.reach);
    },
    mayApply: ({ account }) => whoReaches(engineers, account, 'apply') !== undefined,
  };
}

/** What the portal gives for a profile. Throws ROLE_REFUSED, SIGN_IN_EXPIRED. */
export async function keyOf(stage: Stage, { token, endpoints }: Engineer, reach: Reach): Promise<SigningKey> {
  return await getRoleCredentials(stage.ports, endpoints, token.accessToken, {
    accountId: stage.intent.accounts.get(reach.account)?.id ?? '',
    roleName: stage.intent.permissionSets[reach.phase],
  });
}

function refusals(stage: Stage, engineers: readonly Engineer[]) {
  const { accounts } = stage.only;
  const run = chosen(stage, stage.migratedRuns).find(({ client }) => client.kind === 'terraform');
  return engineers.flatMap((each) =>
    each.refused
      .filter(({ account }) => accounts.length === 0 || accounts.includes(account))
      .map((reach) => ({
        name: `${each.userName} ${reach.profile}`,
        run: async () => [await refusal(stage, each, reach, run)],
      })),
  );
}

/** The profile is in everybody's `~/.aws/config`; Identity Center must say no. */
async function refusal(stage: Stage, each: Engineer, reach: Reach, run: StackRun | undefined): Promise<Check> {
  const { terraform, folders } = stage;
  const what = `${each.userName} with profile ${reach.profile}`;
  const wrong = {
    cause: `Identity Center gave a session that keyless.yaml does not give ${each.userName}.`,
    fix: 'Take the assignment away.',
  };
  if (terraform === undefined || run === undefined) {
    try {
      await keyOf(stage, each, reach);
      return red(what, 'keyless', 'got a session', wrong);
    } catch (error) {
      if (!(error instanceof KeylessError) || error.code !== 'ROLE_REFUSED') throw error;
      return green(what, 'keyless', 'refused by the portal');
    }
  }
  const purpose = `${each.userName}-${reach.profile}`;
  const files = run.backend?.files ?? [];
  const result = await terraform.run(
    join(folders.after, run.stack),
    ['init', '-input=false', '-no-color', ...files.map((file) => `-backend-config=${file}`)],
    engineerIdentity(each, reach.profile),
    { TF_DATA_DIR: dataFolder(stage, run, purpose) },
  );
  if (result.exitCode === 0) return red(what, terraform.name, 'got in', { ...wrong, evidence: [result.evidence] });
  return /ForbiddenException/.test(result.text)
    ? green(what, terraform.name, 'refused: ForbiddenException, No access', { evidence: [result.evidence] })
    : red(what, terraform.name, 'failed for another reason', {
        cause: causeIn(result.text),
        fix: 'keyless rehearse --keep, then run the command by hand',
        evidence: [result.evidence],
      });
}

/** One session for each account, by the apply profile where somebody has it. */
async function providerChecks(stage: Stage): Promise<readonly Check[]> {
  const { engineers, intent } = stage;
  const [first] = engineers;
  if (first === undefined) return [];
  const reaches = [...intent.accounts.keys()].flatMap(
    (account) =>
      first.reaches.filter((reach) => reach.account === account).sort((a) => (a.phase === 'apply' ? -1 : 1))[0] ?? [],
  );
  const sessions = reaches.map(({ profile }, index): ProviderSession => ({ name: `profile${index}`, profile }));
  const identity = engineerIdentity(first, reaches[0]?.profile ?? '');
  const probe = await probeProvider(stage, 'engineer', sessions, identity);
  const checks: Check[] = [];
  for (const [index, reach] of reaches.entries()) {
    const accountId = intent.accounts.get(reach.account)?.id;
    if (probe === undefined) {
      const key = await keyOf(stage, first, reach);
      const { body, errorCode, errorMessage } = await stage.calls.callerIdentity(key);
      const what = `what a provider does with profile ${reach.profile}`;
      checks.push(
        errorCode === undefined && body.includes(`<Account>${accountId}</Account>`)
          ? green(what, 'keyless', `GetRoleCredentials and GetCallerIdentity work in ${reach.account}`)
          : red(what, 'keyless', 'refused', { cause: `${errorCode}: ${errorMessage ?? ''}`, fix }),
      );
      continue;
    }
    const arn = probe.arns.get(`profile${index}`);
    const what = `provider "aws" with profile ${reach.profile}`;
    const evidence = index === 0 ? { evidence: [probe.evidence] } : {};
    checks.push(
      arn?.includes(`::${accountId}:`)
        ? green(what, probeClient(stage), `is ${arn}`, evidence)
        : red(what, probeClient(stage), 'refused', { cause: causeIn(probe.text), fix, ...evidence }),
    );
  }
  return checks;
}

function notesOf({ inventory }: Stage, runs: readonly StackRun[]): readonly string[] {
  const hops = inventory.methods.filter(
    ({ kind, stack }) =>
      kind === 'provider-assume-role' && stack !== undefined && runs.some((run) => run.stack === stack),
  );
  return [
    ...runs.flatMap(({ name, client }) => (client.kind === 'terraform' ? [] : [`${name}: ${client.reason}`])),
    ...(hops.length === 0
      ? []
      : ['Roles that providers still assume because migrate left them alone (step 2 names them) were not tried.']),
  ];
}
