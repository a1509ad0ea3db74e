/**
 * What a world needs and keyless.yaml may leave open: ids, regions, people. Each is made up and said, so that nobody takes
 * it for the team's own; the intent of the file is not changed.
 */
import type { Account, Assignment, Group, Intent, LegacyWay, Person, StateBackend } from '../../intent/index.ts';

export interface CompletedIntent {
  readonly intent: Intent;
  /** Sentences: what was made up, in the order of the file. */
  readonly madeUp: readonly string[];
}

export function completeIntent(given: Intent): CompletedIntent {
  const madeUp: string[] = [];
  const region = regionOf(given, madeUp);
  const identityCenter = {
    ...given.identityCenter,
    region,
    startUrl: given.identityCenter.startUrl ?? startUrl(given, madeUp),
  };
  const accounts = accountsOf(given, madeUp);
  const first = [...accounts.keys()][0] ?? '';
  const stateBackends = given.stateBackends.map((backend) => stateBackend(backend, { account: first, region }, madeUp));
  const moduleBuckets = given.moduleBuckets.map((bucket) => ({
    ...bucket,
    account: bucket.account ?? stateBackends[0]?.account ?? first,
    region: bucket.region ?? region,
  }));
  const completed = { ...given, identityCenter, accounts, stateBackends, moduleBuckets };
  const legacy = legacyWay(completed, first, madeUp);
  for (const { bucket, account } of stateBackends) {
    if (account !== legacy.account) {
      madeUp.push(`Bucket ${bucket} of account ${account} lets user ${legacy.user} of account ${legacy.account} in.`);
    }
  }
  return { intent: { ...completed, legacy, ...peopleOf(completed, madeUp) }, madeUp };
}

function regionOf({ identityCenter, stateBackends, partition }: Intent, madeUp: string[]): string {
  if (identityCenter.region !== undefined) return identityCenter.region;
  const region =
    stateBackends.find((backend) => backend.region !== undefined)?.region ??
    { aws: 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition];
  madeUp.push(`Identity Center is in ${region} (identity_center.region is not filled in).`);
  return region;
}

function startUrl({ organization }: Intent, madeUp: string[]): string {
  const url = `https://${organization.name.toLowerCase().replace(/[^a-z0-9-]/g, '-')}.awsapps.com/start`;
  madeUp.push(`The access portal is ${url} (identity_center.start_url is not filled in).`);
  return url;
}

function accountsOf({ accounts }: Intent, madeUp: string[]): ReadonlyMap<string, Account> {
  const taken = new Set([...accounts.values()].map(({ id }) => id));
  const named = accounts.size > 0 ? [...accounts.values()] : [{ name: 'workload', id: undefined }];
  return new Map(
    named.map(({ name, id }) => {
      if (id !== undefined) return [name, { name, id }];
      const made = freeId(taken);
      taken.add(made);
      madeUp.push(`Account ${name} has the id ${made} (accounts.${name} is not filled in).`);
      return [name, { name, id: made }];
    }),
  );
}

/** An id that no account has: 900000000001 and on. */
export function freeId(taken: ReadonlySet<string | undefined>): string {
  for (let number = 900_000_000_001; ; number++) if (!taken.has(String(number))) return String(number);
}

function stateBackend(
  backend: StateBackend,
  otherwise: { readonly account: string; readonly region: string },
  madeUp: string[],
): StateBackend {
  const account = backend.account ?? otherwise.account;
  const region = backend.region ?? otherwise.region;
  if (backend.account === undefined) madeUp.push(`Bucket ${backend.bucket} is in account ${account}.`);
  if (backend.region === undefined) madeUp.push(`Bucket ${backend.bucket} is in ${region}.`);
  const table = backend.lockTable;
  return {
    ...backend,
    account,
    region,
    lockTable: table && { ...table, account: table.account ?? account, region: table.region ?? region },
  };
}

function legacyWay({ legacy, stateBackends }: Intent, first: string, madeUp: string[]): LegacyWay {
  const account = legacy?.account ?? stateBackends[0]?.account ?? first;
  if (legacy !== undefined && legacy.account !== undefined) return legacy;
  if (legacy !== undefined) {
    madeUp.push(`User ${legacy.user} is in account ${account} (legacy.account is not filled in).`);
    return { ...legacy, account };
  }
  madeUp.push(`The old way is a user deployment in account ${account} (keyless.yaml names none under legacy).`);
  return { user: 'deployment', account, roles: ['deployment'] };
}

/** Two engineers, so that there is someone to let in and someone to refuse: one applies everywhere, one plans in one account. */
function peopleOf(intent: Intent, madeUp: string[]): Pick<Intent, 'people' | 'groups' | 'assignments'> {
  const { people, groups, assignments, permissionSets, accounts } = intent;
  if (people.size > 0) return { people, groups, assignments };
  const names = [...accounts.keys()];
  const workload =
    names.find((name) => !intent.stateBackends.some(({ account }) => account === name)) ?? names[0] ?? '';
  madeUp.push(
    `Two engineers: ada plans and applies in every account, ben plans in ${workload} (keyless.yaml names no people).`,
  );
  const made: Person[] = [
    { userName: 'ada', email: 'ada@example.com', displayName: 'Ada Example', groups: ['engineers'] },
    { userName: 'ben', email: 'ben@example.com', displayName: 'Ben Example', groups: ['readers'] },
  ];
  const exampleGroups: Group[] = ['engineers', 'readers'].map((name) => ({ name, description: undefined }));
  const of = (group: string, permissionSet: string, account: string): Assignment => ({
    principal: { kind: 'group', name: group },
    permissionSet,
    account,
    window: undefined,
  });
  return {
    people: new Map(made.map((person) => [person.userName, person])),
    groups: new Map([...groups, ...exampleGroups.map((group): [string, Group] => [group.name, group])]),
    assignments: [
      ...names.flatMap((account) => [
        of('engineers', permissionSets.plan, account),
        of('engineers', permissionSets.apply, account),
      ]),
      of('readers', permissionSets.plan, workload),
    ],
  };
}
