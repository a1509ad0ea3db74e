import { describe, expect, it } from 'vitest';
import { parseIntent } from '../../intent/index.ts';
import { isIntended, pipelineBearers, rolesOf } from '../pipeline-bearers.ts';
import type { PipelineJob } from '../pipeline-jobs.ts';
import type { Matrix, MatrixCell, MatrixRow } from '../rehearsal.ts';
import { matrixChecks } from './pipeline.ts';

const intent = parseIntent(`version: 1
organization: { name: acme }
accounts: { dev: "222233334444", live: "333344445555" }
stacks: []
state: []
github:
  repository: acme/infra
  environments: { live: { account: live } }
  jobs:
    - { workflow: apply.yml, job: apply, phases: [apply], environments: [live], branches: [main] }
    - { workflow: plan.yml, job: plan, phases: [plan], accounts: [dev], triggers: [pull_request] }
    - { workflow: publish.yml, job: publish, phases: [publish], accounts: [dev], tags: ["v*"] }
`);

describe('rolesOf', () => {
  it('has plan and apply in every account, and publish where somebody publishes', () => {
    expect(rolesOf(intent).map(({ account, role }) => `${account} ${role}`)).toEqual([
      'dev terraform-plan',
      'dev terraform-apply',
      'dev terraform-publish',
      'live terraform-plan',
      'live terraform-apply',
    ]);
  });
});

describe('isIntended', () => {
  const live = { account: 'live', phase: 'apply' } as const;
  const dev = { account: 'dev', phase: 'plan' } as const;
  const publish = { account: 'dev', phase: 'publish' } as const;
  const environment = 'repo:acme/infra:environment:live';

  it.each([
    ['the environment on the branch', { sub: environment, ref: 'refs/heads/main' }, live, true],
    ['the environment on another branch', { sub: environment, ref: 'refs/heads/feature' }, live, false],
    [
      'the environment for another phase',
      { sub: environment, ref: 'refs/heads/main' },
      { ...live, phase: 'plan' as const },
      false,
    ],
    ['another repository', { sub: 'repo:acme/infra2:environment:live', ref: 'refs/heads/main' }, live, false],
    ['a pull request', { sub: 'repo:acme/infra:pull_request', ref: 'refs/pull/1/merge' }, dev, true],
    ['a tag that the pattern matches', { sub: 'repo:acme/infra:ref:refs/tags/v1', ref: 'refs/tags/v1' }, publish, true],
    ['a tag that it does not match', { sub: 'repo:acme/infra:ref:refs/tags/x1', ref: 'refs/tags/x1' }, publish, false],
    ['a dot that is no wildcard', { sub: 'repo:acme/infra:pull.request', ref: '' }, dev, false],
  ])('%s', (_, claims, role, expected) => {
    expect(isIntended(intent, claims, role)).toBe(expected);
  });
});

describe('pipelineBearers', () => {
  const bearersOf = (text: string) => {
    const given = parseIntent(text);
    return { given, roles: rolesOf(given), bearers: pipelineBearers(given, [], rolesOf(given)) };
  };
  const head = 'version: 1\norganization: { name: acme }\naccounts: { live: "333344445555" }\nstacks: []\nstate: []\n';

  it('has both phases of every workspace of HCP Terraform, and strangers', () => {
    const { given, roles, bearers } = bearersOf(
      `${head}hcp_terraform: { organization: acme, workspaces: { app: { account: live, phases: [plan] } } }\n`,
    );
    const intended = bearers.map(({ job, trigger, claims, issuer, outsider, asks }) => [
      `${job}, ${trigger}`,
      outsider,
      roles
        .filter((role) => isIntended(given, claims, role, issuer))
        .map(({ role }) => role)
        .join(),
      roles
        .filter(asks)
        .map(({ role }) => role)
        .join(),
    ]);
    expect(intended).toEqual([
      ['workspace app, plan in HCP Terraform', false, 'terraform-plan', 'terraform-plan'],
      ['workspace app, apply in HCP Terraform', false, '', ''],
      ['a workspace that keyless.yaml does not name, apply in HCP Terraform', true, '', ''],
      ['an organisation whose name begins alike, apply in HCP Terraform', true, '', ''],
    ]);
  });

  it('has a token for each grant that no job comes with, so that every role is taken', () => {
    const roles = rolesOf(intent);
    const bearers = pipelineBearers(intent, [], roles).filter(({ outsider }) => !outsider);
    expect(
      bearers.map(({ job, trigger, claims }) => [
        job,
        trigger,
        claims.ref,
        roles.filter((role) => isIntended(intent, claims, role)).map(({ account, role }) => `${role} in ${account}`),
      ]),
    ).toEqual([
      ['keyless.yaml: apply.yml: apply', 'push main', 'refs/heads/main', ['terraform-apply in live']],
      ['keyless.yaml: plan.yml: plan', 'pull request', 'refs/pull/1/merge', ['terraform-plan in dev']],
      ['keyless.yaml: publish.yml: publish', 'push tag v1', 'refs/tags/v1', ['terraform-publish in dev']],
    ]);
    const apply = { workflow: 'apply.yml', job: 'apply', event: 'push', ref: 'refs/heads/main', mayAsk: true };
    const job = { ...apply, environment: 'live', asks: [], workspaces: [], called: undefined, guardsForks: false };
    const jobs = (mayAsk: boolean) =>
      pipelineBearers(intent, [{ ...job, mayAsk }], roles).flatMap(({ job: name, outsider }) =>
        outsider ? [] : [name],
      );
    expect(jobs(true)).not.toContain('keyless.yaml: apply.yml: apply');
    expect(jobs(false)).toContain('keyless.yaml: apply.yml: apply');
  });

  it('takes nobody for an outsider whom keyless.yaml lets in', () => {
    const open = bearersOf(`${head}github: { repository: acme/infra, environments: { live: { account: live } } }\n`);
    const onBranch = 'a job of the environment on a branch';
    expect(open.bearers.some(({ job }) => job === onBranch)).toBe(false);
    const closed = pipelineBearers(intent, [], rolesOf(intent));
    expect(closed.some(({ job }) => job === onBranch)).toBe(true);
  });
});

describe('matrixChecks', () => {
  it('is green where all is as intended', () => {
    const checks = checksOf([row({}, [{ ...cell(true, true), asked: true }]), fork([cell(false, false)])]);
    expect(checks.filter(({ outcome }) => outcome !== 'green')).toEqual([]);
  });

  it('says that no pipeline was shown where no job asks for a role, though all is as intended', () => {
    const checks = checksOf([row({}, [cell(true, true)]), fork([cell(false, false)])]);
    expect(checks.flatMap(({ outcome, what }) => (outcome === 'skipped' ? [what] : []))).toEqual([
      'a job that takes a role',
    ]);
  });

  it('shows nothing by refusals where nobody gets a role', () => {
    const checks = checksOf([row({}, [cell(false, false)]), fork([cell(false, false)])]);
    expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  });

  it('names a job once that takes no role, however many runs it has', () => {
    const job = { workflow: 'a.yml', job: 'a', mayAsk: true, asks: [] } as unknown as PipelineJob;
    const checks = matrixChecks({ roles: [], rows: [] }, [job, { ...job, event: 'push' }]);
    expect(checks.filter(({ what }) => what === 'a.yml › a')).toHaveLength(1);
  });

  it('is red for a session that keyless.yaml does not give, and for one that it gives and STS refuses', () => {
    const checks = checksOf([row({}, [cell(false, true)]), row({}, [cell(true, false)])]);
    expect(checks.flatMap(({ outcome, result }) => (outcome === 'red' ? [result] : []))).toEqual([
      'got a session',
      'was refused',
    ]);
  });

  it('is red for a role that the job asks for and does not get, though nobody intends it', () => {
    const [red] = checksOf([row({}, [{ ...cell(false, false), asked: true }])]).filter(
      ({ outcome }) => outcome === 'red',
    );
    expect(red?.result).toBe('asks for terraform-apply and is refused');
  });

  it('is red for a fork that got something, whatever its token says', () => {
    const checks = checksOf([fork([cell(true, true)])]);
    const reds = checks.filter(({ outcome }) => outcome === 'red').map(({ what }) => what);
    expect(reds).toEqual(['a pull request from a fork', 'an outsider']);
  });
});

function checksOf(rows: readonly MatrixRow[]) {
  const matrix: Matrix = { roles: [{ account: 'live', role: 'terraform-apply', arn: 'arn' }], rows };
  return matrixChecks(matrix, []);
}

function row(more: Partial<MatrixRow>, cells: readonly MatrixCell[]): MatrixRow {
  return { job: 'a.yml › a', trigger: 'push main', environment: 'live', outsider: false, subject: 's', cells, ...more };
}

function fork(cells: readonly MatrixCell[]): MatrixRow {
  return row({ trigger: 'pull request from a fork', outsider: true }, cells);
}

function cell(intended: boolean, allowed: boolean): MatrixCell {
  return { intended, allowed, asked: false, refusal: allowed ? undefined : 'AccessDenied' };
}
