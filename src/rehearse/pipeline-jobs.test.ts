import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../test/support/example-repository.ts';
import { parseIntent } from '../intent/index.ts';
import { planMigration, writableChangeSets } from '../migrate/index.ts';
import { Repository, SourceFile } from '../repository/index.ts';
import { type PipelineJob, pipelineJobs } from './pipeline-jobs.ts';

describe('pipelineJobs of the migrated example', () => {
  const jobs = pipelineJobs(migratedExample(), exampleIntent());
  const of = (workflow: string, job: string) => jobs.filter((each) => each.workflow === workflow && each.job === job);

  it('has one run for each environment of a matrix', () => {
    expect(of('apply.yml', 'stacks').map(({ environment, ref, event }) => [event, ref, environment])).toEqual([
      ['push', 'refs/heads/main', 'dev'],
      ['push', 'refs/heads/main', 'live'],
      ['push', 'refs/heads/main', 'live-eu'],
      ['push', 'refs/heads/main', 'live-dr'],
    ]);
    expect(of('apply.yml', 'stacks').every(({ asks }) => asks.join() === 'apply')).toBe(true);
  });

  it('follows the choices of a manual start into the reusable workflow, where its command decides the phase', () => {
    const plan = of('network.yml', 'plan');
    expect(plan.map(({ environment }) => environment)).toEqual(['dev', 'live', 'live-eu', 'live-dr']);
    expect(plan[0]).toMatchObject({
      event: 'workflow_dispatch',
      called: { workflow: 'terraform-run.yml', job: 'run' },
      asks: ['plan'],
      mayAsk: true,
    });
    expect(of('network.yml', 'apply')[0]?.asks).toEqual(['apply']);
  });

  it('knows which job asks for a token and which keeps forks out', () => {
    expect(of('plan.yml', 'changes')[0]).toMatchObject({ mayAsk: false, asks: [] });
    expect(of('plan.yml', 'plan')[0]).toMatchObject({
      event: 'pull_request',
      environment: undefined,
      asks: ['plan'],
      workspaces: ['dev', 'live'],
      mayAsk: true,
      guardsForks: true,
    });
  });

  it('makes a tag that matches the pattern of the trigger', () => {
    expect(of('publish-modules.yml', 'publish')[0]).toMatchObject({ ref: 'refs/tags/1/v1', asks: ['publish'] });
  });
});

describe('pipelineJobs', () => {
  it.each<[string, string, Partial<PipelineJob>]>([
    ['a schedule runs on the default branch', 'on: { schedule: [{ cron: "0 4 * * *" }] }', { ref: 'refs/heads/main' }],
    ['a push without filter comes from any branch', 'on: push', { ref: 'refs/heads/feature' }],
    ['a pull request has a ref of its own', 'on: pull_request', { ref: 'refs/pull/1/merge' }],
    [
      'a pattern of branches becomes one',
      'on: { push: { branches: ["release/**"] } }',
      { ref: 'refs/heads/release/1' },
    ],
  ])('%s', (_, on, expected) => {
    const text = `${on}\njobs:\n  a:\n    runs-on: x\n    permissions: { id-token: write }\n    steps: []\n`;
    expect(jobsOf(text).at(-1)).toMatchObject(expected);
  });

  it('takes every environment of keyless.yaml where the file does not tell which', () => {
    const text = 'on: push\njobs:\n  a:\n    environment: ${{ vars.WHERE }}\n    steps: []\n';
    expect(new Set(jobsOf(text).map(({ environment }) => environment))).toEqual(
      new Set(['shared', 'dev', 'live', 'live-eu', 'live-dr']),
    );
  });

  it('gives a job without the permission no token', () => {
    expect(jobsOf('on: push\njobs:\n  a:\n    steps: []\n')[0]?.mayAsk).toBe(false);
  });
});

function jobsOf(text: string): readonly PipelineJob[] {
  return pipelineJobs(new Repository([new SourceFile('.github/workflows/a.yml', text)]), exampleIntent());
}

function migratedExample(): Repository {
  const before = new Repository(
    Object.entries(exampleRepository).map(([path, bytes]) => new SourceFile(path, Buffer.from(bytes).toString())),
  );
  const plan = planMigration(before, exampleIntent(), { includeComments: false, moduleSources: 'keep' });
  const texts = writableChangeSets(plan, 3).changeSets.flatMap(({ changes }) =>
    changes.map(({ path, after }) => [path, after] as const),
  );
  return before.with(new Map(texts));
}

function exampleIntent() {
  return parseIntent(`version: 1
organization: { name: fernwick, id: o-exampleorgid }
identity_center: { start_url: 'https://fernwick.awsapps.com/start', region: eu-west-1, sso_session: fernwick }
accounts: { shared: "111122223333", dev: "222233334444", live: "333344445555" }
stacks:
  - { path: stacks/network, workspaces: { dev: dev, live: live, live-eu: live, live-dr: live } }
  - { path: stacks/orders-api, workspaces: { dev: dev, live: live, live-eu: live, live-dr: live } }
  - { path: stacks/messaging, workspaces: { dev: dev, live: live } }
  - { path: stacks/dns, account: live }
state:
  - { bucket: fernwick-terraform-state, account: shared, region: eu-west-1, lock_table: terraform-locks }
github:
  repository: fernwick/infrastructure
  environments:
    shared: { account: shared }
    dev: { account: dev }
    live: { account: live }
    live-eu: { account: live }
    live-dr: { account: live }
`);
}
