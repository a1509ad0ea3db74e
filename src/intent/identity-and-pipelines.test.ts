import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeylessError } from '../kernel/error.ts';
import { parseIntent } from './parse-intent.ts';
import { pipelineGrants } from './pipeline-grants.ts';

const complete = `version: 1
organization: { name: acme, management_account: shared }
accounts: { shared: "111122223333", dev: "222233334444", live: "333344445555" }
permission_sets:
  plan: Reader
  sets:
    Reader: { session_duration: PT8H, managed_policies: [job-function/ViewOnlyAccess] }
    Auditor: { description: Looks at everything, allows: plan, session_duration: PT1H30M }
groups:
  engineers: { description: They write Terraform }
  auditors: {}
people:
  alice: { email: alice@acme.example, name: Alice Archer, groups: [engineers] }
  bob: { email: bob@acme.example }
assignments:
  - { group: engineers, phases: [plan, apply], accounts: [dev, live] }
  - { person: bob, permission_sets: [Auditor], accounts: [live], from: 2026-12-01T08:00:00Z, until: "2026-12-24T18:00:00+01:00" }
  - { person: bob, permission_sets: [Auditor], accounts: [live], from: 2026-12-24T17:00:00Z }
state:
  - bucket: acme-state
    account: shared
    region: eu-west-1
    readers: [{ phases: [plan], keys: [network/*] }]
    writers: [{ permission_sets: [TerraformDeployer], accounts: [dev], keys: [env:/dev/*] }]
    window: { until: 2027-01-01T00:00:00Z }
modules: [{ bucket: acme-modules, account: shared, region: eu-west-1 }]
github:
  repository: acme/infrastructure
  environments: { dev: { account: dev }, live: { account: live } }
  jobs:
    - { workflow: apply.yml, job: stacks, phases: [apply], environments: [dev, live], triggers: [push], branches: [main] }
    - { workflow: plan.yml, job: plan, phases: [plan], accounts: [dev], triggers: [pull_request] }
    - { workflow: publish.yml, job: publish, phases: [publish], accounts: [shared], triggers: [push], tags: ["*/v*"] }
hcp_terraform:
  organization: acme
  workspaces: { network-dev: { account: dev, phases: [plan] } }
legacy: { user: ci/deployment, account: shared }
`;

function problemsIn(text: string): string[] {
  try {
    parseIntent(text);
  } catch (error) {
    if (!(error instanceof KeylessError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('people, sets and assignments', () => {
  const intent = parseIntent(complete);

  it('are values', () => {
    expect(intent.people.get('alice')).toEqual({
      userName: 'alice',
      email: 'alice@acme.example',
      displayName: 'Alice Archer',
      groups: ['engineers'],
    });
    expect(intent.people.get('bob')).toMatchObject({ displayName: 'bob', groups: [] });
    expect([...intent.groups.keys()]).toEqual(['engineers', 'auditors']);
    expect(intent.organization.managementAccount).toBe('shared');
    expect(intent.legacy).toEqual({ user: 'ci/deployment', account: 'shared', roles: ['deployment'] });
  });

  it('a set of a phase carries the policy of that phase, and further ones what they say', () => {
    expect([...intent.sets.values()]).toEqual([
      {
        name: 'Reader',
        description: undefined,
        sessionDuration: 28_800,
        allows: 'plan',
        managedPolicies: ['job-function/ViewOnlyAccess'],
      },
      {
        name: 'TerraformDeployer',
        description: undefined,
        sessionDuration: 3600,
        allows: 'apply',
        managedPolicies: [],
      },
      {
        name: 'Auditor',
        description: 'Looks at everything',
        sessionDuration: 5400,
        allows: 'plan',
        managedPolicies: [],
      },
    ]);
  });

  it('an assignment is one principal, one set, one account; instants are absolute', () => {
    expect(
      intent.assignments.map(({ principal, permissionSet, account }) => [principal.name, permissionSet, account]),
    ).toEqual([
      ['engineers', 'Reader', 'dev'],
      ['engineers', 'TerraformDeployer', 'dev'],
      ['engineers', 'Reader', 'live'],
      ['engineers', 'TerraformDeployer', 'live'],
      ['bob', 'Auditor', 'live'],
      ['bob', 'Auditor', 'live'],
    ]);
    expect(intent.assignments[4]?.window).toEqual({
      from: Date.UTC(2026, 11, 1, 8),
      until: Date.UTC(2026, 11, 24, 17),
    });
    expect(intent.assignments[0]?.window).toBeUndefined();
  });

  it('state has its readers, writers and window', () => {
    expect(intent.stateBackends[0]).toMatchObject({
      readers: [{ phases: ['plan'], permissionSets: [], accounts: undefined, keys: ['network/*'] }],
      writers: [{ phases: [], permissionSets: ['TerraformDeployer'], accounts: ['dev'], keys: ['env:/dev/*'] }],
      window: { from: undefined, until: Date.UTC(2027, 0, 1) },
      requireEncryption: false,
    });
  });
});

describe('which token gets which role', () => {
  const grantsOf = (text: string) =>
    pipelineGrants(parseIntent(text)).map(({ phase, account, subject, refs }) => [phase, account, subject, refs]);

  it('follows from the jobs and workspaces', () => {
    expect(grantsOf(complete)).toEqual([
      ['apply', 'dev', 'repo:acme/infrastructure:environment:dev', ['refs/heads/main']],
      ['apply', 'live', 'repo:acme/infrastructure:environment:live', ['refs/heads/main']],
      ['plan', 'dev', 'repo:acme/infrastructure:pull_request', undefined],
      ['publish', 'shared', 'repo:acme/infrastructure:ref:refs/tags/*/v*', undefined],
      ['plan', 'dev', 'organization:acme:project:Default Project:workspace:network-dev:run_phase:plan', undefined],
    ]);
  });

  it('carries the numbers of owner and repository where the subjects do', () => {
    const ids = 'repository: acme/infrastructure\n  immutable_subject: { owner_id: "12", repository_id: "345" }';
    const subjects = grantsOf(complete.replace('repository: acme/infrastructure', ids)).map(([, , subject]) => subject);
    expect(subjects.slice(0, 4)).toEqual([
      'repo:acme@12/infrastructure@345:environment:dev',
      'repo:acme@12/infrastructure@345:environment:live',
      'repo:acme@12/infrastructure@345:pull_request',
      'repo:acme@12/infrastructure@345:ref:refs/tags/*/v*',
    ]);
  });

  it('where no jobs are named, environments plan and apply, and pull requests plan', () => {
    const text = `version: 1
organization: { name: acme }
accounts: { dev: ~, live: ~ }
github:
  repository: acme/infrastructure
  environments: { dev: { account: dev }, live: { account: live }, live-eu: { account: live } }
`;
    expect(
      grantsOf(text).map(([phase, account, subject]) => `${phase} ${account} ${String(subject).slice(25)}`),
    ).toEqual([
      'plan dev environment:dev',
      'apply dev environment:dev',
      'plan live environment:live',
      'apply live environment:live',
      'plan live environment:live-eu',
      'apply live environment:live-eu',
      'plan dev pull_request',
      'plan live pull_request',
    ]);
    expect(grantsOf(text.replace('repository: acme/infrastructure', 'repository: ~'))).toEqual([]);
  });
});

describe('a problem names line, column, what stands there and what was expected', () => {
  it.each([
    [
      'a weekly window',
      'from: 2026-12-01T08:00:00Z',
      'from: Mon-Fri 08-18',
      '17:72 assignments[1].from is "Mon-Fri 08-18": expected an absolute instant such as 2026-12-01T08:00:00Z; IAM and Identity Center know no weekly hours and no time zones by name',
    ],
    [
      'a day that does not exist',
      '2026-12-01T',
      '2026-11-31T',
      '17:72 assignments[1].from is "2026-11-31T08:00:00Z": expected an instant that the calendar has',
    ],
    [
      'an end before the beginning',
      '"2026-12-24T18',
      '"2025-12-24T18',
      '17:101 assignments[1].until is "2025-12-24T18:00:00+01:00": expected an instant after `from`, which is "2026-12-01T08:00:00Z"',
    ],
    [
      'a set given twice at one time',
      'from: 2026-12-24T17:00:00Z',
      'from: 2026-12-24T16:59:59Z',
      '18:5 assignments[2] is Auditor in live for bob: expected windows that do not overlap; assignments[1] on line 17 gives it at the same time',
    ],
    [
      'a group that is not there',
      'groups: [engineers]',
      'groups: [enginers]',
      '13:68 people.alice.groups[0] is "enginers": expected a group: engineers, auditors (did you mean engineers?)',
    ],
    [
      'a person who is not there',
      '{ person: bob, permission_sets: [Auditor], accounts: [live], from: 2026-12-24',
      '{ person: bib, permission_sets: [Auditor], accounts: [live], from: 2026-12-24',
      '18:15 assignments[2].person is "bib": expected a person: alice, bob (did you mean bob?)',
    ],
    [
      'a set that is not there',
      'permission_sets: [TerraformDeployer]',
      'permission_sets: [TerraformDeploier]',
      '24:35 state[0].writers[0].permission_sets[0] is "TerraformDeploier": expected a permission set: Reader, TerraformDeployer, Auditor (did you mean TerraformDeployer?)',
    ],
    [
      'an assignment for nobody',
      '{ group: engineers, phases',
      '{ phases',
      '16:5 assignments[0] is an assignment with neither group nor person: expected `group` or `person`: who gets it',
    ],
    [
      'an assignment of everything',
      'phases: [plan, apply], accounts: [dev, live]',
      'phases: [plan], permission_sets: [Auditor], accounts: [dev, live]',
      '16:5 assignments[0] is an assignment with both phases and permission_sets: expected `phases` or `permission_sets`: what they get',
    ],
    [
      'a set of plan that applies',
      'Reader: { ',
      'Reader: { allows: apply, ',
      '7:23 permission_sets.sets.Reader.allows is "apply": expected plan, since it is the set people plan with; or leave it out',
    ],
    [
      'a session longer than Identity Center gives',
      'PT8H',
      'PT13H',
      '7:33 permission_sets.sets.Reader.session_duration is "PT13H": expected a duration from PT1H to PT12H, as Identity Center takes it',
    ],
    [
      'a job in an environment that is not there',
      'environments: [dev, live]',
      'environments: [dev, life]',
      '31:80 github.jobs[0].environments[1] is "life": expected a GitHub environment: dev, live (did you mean live?)',
    ],
    [
      'a job whose tokens are like any other',
      'accounts: [dev], triggers: [pull_request]',
      'accounts: [dev], triggers: [push]',
      '32:7 github.jobs[1] is a job whose tokens have no subject to go by: expected `branches` or `tags` that it runs on, `triggers: [pull_request]`, or `environments`',
    ],
    [
      'a pull request that applies',
      'phases: [plan], accounts',
      'phases: [apply], accounts',
      '32:7 github.jobs[1] is a job of pull requests that takes more than plan: expected `phases: [plan]`: anyone who can push opens one',
    ],
    [
      'a pattern of branches',
      'branches: [main]',
      'branches: ["release/*"]',
      '31:116 github.jobs[0].branches[0] is "release/*": expected the name of one branch, such as main; a pattern would also match branches that anyone who may push creates',
    ],
    [
      'a rule for nobody',
      '{ phases: [plan], keys: [network/*] }',
      '{ keys: [network/*] }',
      '23:15 state[0].readers[0] is a rule that names nobody: expected `phases` or `permission_sets`: whose sessions',
    ],
    [
      'an unknown key deep inside',
      'keys: [network/*]',
      'key: [network/*]',
      '23:33 state[0].readers[0].key is not a key that is known: expected `keys`, if that is what was meant',
    ],
    [
      'a policy by its ARN',
      'job-function/ViewOnlyAccess',
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
      '7:58 permission_sets.sets.Reader.managed_policies[0] is "arn:aws:iam::aws:policy/ReadOnlyAccess": expected the name of a policy that AWS manages, such as ReadOnlyAccess',
    ],
  ])('%s', (_, find, replacement, expected) => {
    expect(complete).toContain(find);
    expect(problemsIn(complete.replace(find, replacement))).toEqual([`keyless.yaml:${expected}`]);
  });
});

it('any text either loads or is refused with CONFIG_INVALID', () => {
  const fragment = fc.constantFrom(
    ...complete.split('\n'),
    '  - { group: [engineers], from: 5, accounts: {} }',
    '  - ~',
    '  jobs: { a: b }',
    '  sets: [1]',
    'assignments: 7',
    'people: [alice]',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 25 }), (lines) => {
      problemsIn(lines.join('\n'));
    }),
  );
});
