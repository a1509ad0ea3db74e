/** 1. The legacy way works today: every stack and workspace with the shared key, and every role that a provider assumes. */

import { parseRoleArn } from '../../aws/arn.ts';
import { maskKeyId } from '../../kernel/secret.ts';
import { elementOf, keyIn } from '../aws-calls.ts';
import { counted } from '../counted.ts';
import { lockChecks, recordsSoFar } from '../locks.ts';
import { type ProviderSession, probeClient, probeProvider } from '../provider-probe.ts';
import type { Check } from '../rehearsal.ts';
import { writeRunTree } from '../run-folders.ts';
import { causeIn, type Runner, runStack } from '../stack-client.ts';
import { type StackRun, sharersBefore, stateObjects, unknownAccount } from '../stack-runs.ts';
import { leftOutOf, ranByTerraform, stacksTold } from '../stacks-told.ts';
import {
  chosen,
  dataFolder,
  green,
  legacyIdentity,
  missingClients,
  red,
  type Stage,
  type Step,
  skipped,
  thoseThatWork,
} from '../stage.ts';
import { inPairs } from '../terraform-client.ts';

export const legacyWorks: Step = {
  id: 'legacy-works',
  title: 'The legacy way works today',
  needsTerraform: true,
  async run(stage) {
    const { ports, folders, before, legacyKey, intent } = stage;
    const runs = chosen(stage, stage.legacyRuns);
    await writeRunTree(ports.files, folders.before, before, stage.legacyRuns);
    await writeLegacyHome(stage);
    const since = recordsSoFar(stage);
    const sharers = sharersBefore(runs);
    const stacks = runs.map((run) => ({
      name: run.name,
      after: [...run.after, ...(sharers.get(run) ?? []).map(({ name }) => name)],
      run: async () =>
        await runStack(stage, {
          run,
          runner: legacyRunner(stage, run),
          root: folders.before,
          dataFolder: dataFolder(stage, run),
          initArguments: [],
          workspaces: 'select',
          change: 'step 1',
          fix: 'This fails before anything was changed: mend it first, or correct the stack in keyless.yaml.',
        }),
    }));
    const providers = { name: '(providers)', after: [], run: async () => await providerChecks(stage) };
    // The provider takes longest, so it starts first.
    const results = await inPairs<readonly Check[]>([
      providers,
      ...stacks.map((task) => ({ ...task, run: async () => [await task.run()] })),
    ]);
    const [ofProviders = [], ...ofStacks] = results;
    stage.workedBefore = thoseThatWork(runs, ofStacks);
    const told = runs.map((run, index) => ({ run, checks: ofStacks[index] ?? [] }));
    const user = intent.legacy?.user ?? 'deployment';
    return {
      summary: `With the key of user ${user} ${stacksTold(told)}${rolesTold(ofProviders)}.`,
      checks: [
        ...ofStacks.flat(),
        ...ofProviders,
        ...lockChecks(stage, runs, ofStacks.flat(), since),
        ...missingClients(stage),
      ],
      notes: notesOf(stage, told, user, maskKeyId(legacyKey.accessKeyId)),
    };
  },
};

function legacyRunner(stage: Stage, run: Stage['legacyRuns'][number]): Runner {
  const identity = legacyIdentity(stage, run);
  return {
    as: `with the key of ${stage.intent.legacy?.user ?? 'deployment'}`,
    environment: () => identity,
    key: async () => stage.legacyKey,
    mayApply: () => true,
  };
}

/** `~/.aws/credentials` with the key as default and under every profile that the legacy files name. */
export async function writeLegacyHome({ ports, folders, legacyKey, legacyRuns, sandbox }: Stage): Promise<void> {
  const profiles = new Set(['default', ...legacyRuns.flatMap(({ backend }) => backend?.profile ?? [])]);
  const text = [...profiles]
    .map(
      (name) =>
        `[${name}]\naws_access_key_id = ${legacyKey.accessKeyId}\naws_secret_access_key = ${legacyKey.secretAccessKey.reveal()}\n`,
    )
    .join('\n');
  const config = [...profiles]
    .map((name) => `[${name === 'default' ? name : `profile ${name}`}]\nregion = ${sandbox.world.region}\n`)
    .join('\n');
  const folder = `${folders.home}/.aws`;
  await ports.files.makeDirectory(folder, { mode: 0o700 });
  await ports.files.writeAtomic(`${folder}/credentials`, text, { mode: 0o600 });
  await ports.files.writeAtomic(`${folder}/config`, config, { mode: 0o600 });
}

/** Roles that providers of the repository assume, each once. */
function assumedRoles({ inventory }: Pick<Stage, 'inventory'>): readonly string[] {
  const arns = inventory.methods
    .filter(({ kind }) => kind === 'provider-assume-role')
    .flatMap(({ roleArns }) => roleArns ?? []);
  return [...new Set(arns)].filter((arn) => parseRoleArn(arn) !== undefined).sort();
}

/** Starting the provider once more for each session costs a core most of a second, so it gets one role in each account. */
async function providerChecks(stage: Stage): Promise<readonly Check[]> {
  const { known: roles, notTried } = rolesToTry(stage);
  const accounts = Map.groupBy(roles, (arn) => parseRoleArn(arn)?.account);
  const byProvider = [...accounts.values()].flatMap(([first]) => first ?? []);
  const sessions = byProvider.map((roleArn, index): ProviderSession => ({ name: `role${index}`, roleArn }));
  const probe = await probeProvider(stage, 'legacy', sessions, legacyIdentity(stage));
  const probed = (probe === undefined ? [] : sessions).map(({ name, roleArn = '' }, index) => {
    const what = `provider "aws" assumes ${roleArn}`;
    const evidence = index === 0 && probe !== undefined ? { evidence: [probe.evidence] } : {};
    return probe?.arns.has(name)
      ? green(what, probeClient(stage), 'works', evidence)
      : red(what, probeClient(stage), 'refused', {
          cause: causeOf(roleArn, probe?.text ?? ''),
          fix: roleFix,
          ...evidence,
        });
  });
  const checks: Check[] = [];
  for (const roleArn of probe === undefined ? roles : roles.filter((arn) => !byProvider.includes(arn))) {
    const assumed = await stage.calls.assumeRole(stage.legacyKey, roleArn, 'deployment');
    const key = keyIn(assumed);
    const identity = key === undefined ? assumed : await stage.calls.callerIdentity(key);
    const what = `what a provider does to assume ${roleArn}`;
    checks.push(
      identity.errorCode === undefined && elementOf(identity.body, 'Account') === parseRoleArn(roleArn)?.account
        ? green(what, 'keyless', 'AssumeRole and GetCallerIdentity work')
        : red(what, 'keyless', 'refused', {
            cause: `${identity.errorCode}: ${identity.errorMessage ?? ''}`,
            fix: roleFix,
          }),
    );
  }
  return [...probed, ...checks, ...notTried];
}

/** The roles that the embedded AWS has, and those that cannot be tried, each with its reason. */
export function rolesToTry({ inventory, intent }: Pick<Stage, 'inventory' | 'intent'>): {
  readonly known: readonly string[];
  readonly notTried: readonly Check[];
} {
  const roles = assumedRoles({ inventory });
  const strange = roles.flatMap((arn) => {
    const account = unknownAccount(intent, arn);
    if (account === undefined) return [];
    return [skipped(`provider "aws" assumes ${arn}`, 'keyless', `keyless.yaml does not name account ${account}`)];
  });
  const unresolved = inventory.methods.flatMap(({ kind, roleArns = [], path, line }) =>
    kind === 'provider-assume-role' && !roleArns.some((arn) => parseRoleArn(arn) !== undefined)
      ? [skipped(`provider "aws" at ${path}:${line}`, 'keyless', 'the code does not tell which role it assumes')]
      : [],
  );
  return {
    known: roles.filter((arn) => unknownAccount(intent, arn) === undefined),
    notTried: [...strange, ...unresolved],
  };
}

/** The error that names the role: one run of terraform tries them all. */
export function causeOf(roleArn: string, text: string): string {
  const errors = text.split(/(?=Error: )/);
  const own = errors.findIndex((error) => error.includes(`(${roleArn})`));
  if (own === -1) return causeIn(text);
  const next = errors.findIndex((error, index) => index > own && /^Error: Cannot assume/.test(error));
  return causeIn(errors.slice(own, next === -1 ? undefined : next).join(''));
}

const roleFix = 'The role does not let the old user in, or keyless.yaml leaves it out under legacy.roles.';

function rolesTold(checks: readonly Check[]): string {
  const tried = checks.filter(({ outcome }) => outcome !== 'skipped');
  const works = tried.filter(({ outcome }) => outcome === 'green').length;
  return tried.length === 0 ? '' : `, and ${works} of ${counted(tried.length, 'role')} that their providers assume`;
}

function notesOf(
  { provider, before }: Stage,
  told: Parameters<typeof stacksTold>[0],
  user: string,
  key: string,
): readonly string[] {
  const pinned = new Set(before.files.flatMap(({ text }) => text.match(/~> ?4\.\d+/g) ?? []));
  return [
    `Every static key of the copy was replaced by a throw-away key of user ${user} (${key}): no real key takes part.`,
    'One terraform_data is added to each stack, so that every apply changes the state.',
    ...(provider === undefined
      ? [
          'No AWS provider can be had here (KEYLESS_PROVIDER_MIRROR names no mirror that holds 5.x unpacked): keyless makes the calls that a provider makes to sign in.',
        ]
      : pinned.size > 0
        ? [
            `The stacks pin the AWS provider to ${[...pinned].join(', ')}; the sign-in of their provider blocks was run with ${provider.version}.`,
          ]
        : []),
    ...ranByTerraform(told).flatMap((run) => (run.leftOut.length === 0 ? [] : [leftOutOf(run)])),
    ...sharedStates(told.map(({ run }) => run)),
  ];
}

/** Stacks whose state is one object, which none of them can know of. */
export function sharedStates(runs: readonly StackRun[]): readonly string[] {
  const named = runs.flatMap((run) => stateObjects(run).map((object) => ({ object, name: run.name })));
  return [...Map.groupBy(named, ({ object }) => object)].flatMap(([object, sharers]) =>
    sharers.length < 2
      ? []
      : [
          `${sharers.length} stacks keep their state in the same object ${object}: ${sharers.map(({ name }) => name).join(', ')}`,
        ],
  );
}
