import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../../test/support/example-repository.ts';
import { auditRepository } from '../../audit/index.ts';
import { inferIntentDraft, parseIntent, pipelineGrants, renderDraft } from '../../intent/index.ts';
import { Repository, SourceFile } from '../../repository/index.ts';
import { pipelineJobsOf } from './pipeline-jobs.ts';

const intentText = `version: 1
organization: { name: acme }
accounts: { dev: "222233334444", live: "333344445555" }
stacks: [{ path: app, workspaces: { dev: dev, live: live } }]
modules: [{ bucket: acme-modules, account: dev, region: eu-west-1 }]
github:
  repository: acme/infrastructure
  environments: { dev: { account: dev }, live: { account: live } }
`;
const configure = `
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1`;

/** `job: plan dev@pull_request`. */
function jobsIn(workflow: string): string[] {
  const repository = new Repository([new SourceFile('.github/workflows/w.yml', workflow)]);
  return pipelineJobsOf(repository, parseIntent(intentText)).map(
    ({ job, phases, environments, accounts, triggers, branches, tags }) =>
      `${job}: ${phases.join('+')} in ${[...environments.map((name) => `environment ${name}`), ...accounts].join(' ')} on ${[...triggers, ...branches, ...tags].join(' ')}`,
  );
}

describe('which job takes which role', () => {
  it('in an environment, bound to the branches that alone start it', () => {
    const job = `jobs:
  apply:
    runs-on: ubuntu-latest
    environment: live
    steps:${configure}
      - run: terraform -chdir=app apply -auto-approve
`;
    expect(jobsIn(`on: { push: { branches: [main] } }\n${job}`)).toEqual([
      'apply: apply in environment live on push main',
    ]);
    expect(jobsIn(`on: { push: { branches: [main] }, workflow_dispatch: {} }\n${job}`)).toEqual([
      'apply: apply in environment live on push workflow_dispatch',
    ]);
    expect(jobsIn(`on: { push: { branches: ['release/*'] } }\n${job}`)).toEqual([
      'apply: apply in environment live on push',
    ]);
  });

  it('without one: plan in pull requests, apply on the branch', () => {
    expect(
      jobsIn(`on: { pull_request: {}, push: { branches: [main] } }
jobs:
  terraform:
    runs-on: ubuntu-latest
    env: { TF_WORKSPACE: live }
    steps:${configure}
      - run: terraform -chdir=app workspace select live && terraform -chdir=app plan
      - if: github.event_name == 'push'
        run: terraform -chdir=app apply
`),
    ).toEqual(['terraform: plan in live on pull_request push main', 'terraform: apply in live on push main']);
  });

  it('a schedule runs on the default branch, where another workflow names it', () => {
    const drift = `jobs:
  drift:
    runs-on: ubuntu-latest
    steps:${configure}
      - run: terraform -chdir=app workspace select live && terraform -chdir=app plan
`;
    expect(jobsIn(`on: { schedule: [{ cron: '1 1 * * *' }] }\n${drift}`)).toEqual([]);
    expect(jobsIn(`on: { schedule: [{ cron: '1 1 * * *' }], push: { branches: [master] } }\n${drift}`)).toEqual([
      'drift: plan in live on push schedule master',
    ]);
  });

  it('a job that uploads modules publishes; any other without Terraform has a role that nobody knows', () => {
    const job = (command: string) => `on: { push: { tags: ['v*'] } }
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:${configure}
      - run: ${command}
`;
    expect(jobsIn(job('aws s3 cp m.zip s3://acme-modules/m.zip'))).toEqual(['upload: publish in dev on push v*']);
    expect(jobsIn(job('aws s3 cp site s3://acme-site'))).toEqual([]);
    expect(jobsIn(job('aws s3 ls s3://acme-modules'))).toEqual([]);
  });

  it('a job without credentials takes none', () => {
    expect(jobsIn('on: push\njobs:\n  lint:\n    runs-on: x\n    steps: [{ run: terraform fmt }]\n')).toEqual([]);
  });
});

describe('the example repository', () => {
  const repository = new Repository(
    Object.entries(exampleRepository).map(([path, bytes]) => new SourceFile(path, new TextDecoder().decode(bytes))),
  );
  const inventory = auditRepository(repository, { now: new Date('2026-11-21T09:00:00Z') });
  const around = { folderName: 'infrastructure', gitConfig: undefined, awsConfig: undefined };
  const draft = inferIntentDraft(repository, inventory, around);
  const github = {
    environments: new Map(),
    ...draft.github,
    repository: { value: 'fernwick/infrastructure', because: '' },
  };
  const jobs = pipelineJobsOf(repository, parseIntent(renderDraft({ ...draft, github })));
  const text = renderDraft({ ...draft, github: { ...github, jobs } });

  it('drafts a file that says it all, and is read back as it was', () => {
    expect(parseIntent(text).github?.jobs).toEqual(jobs);
    expect(jobs.map(({ workflow, job, phases }) => `${workflow} ${job} ${phases.join('+')}`)).toEqual([
      'apply.yml baseline apply',
      'apply.yml stacks apply',
      'drift.yml drift plan',
      'plan.yml plan plan',
      'publish-modules.yml publish publish',
      'terraform-run.yml run plan+apply',
    ]);
  });

  it('gives a pull request plan, and nobody apply without an environment', () => {
    const grants = pipelineGrants(parseIntent(text));
    const inPullRequests = grants.filter(({ subject }) => subject.endsWith(':pull_request'));
    expect(inPullRequests.map(({ phase, account }) => `${phase} ${account}`)).toEqual(['plan dev', 'plan live']);
    expect(grants.filter(({ phase, environment }) => phase === 'apply' && environment === undefined)).toEqual([]);
  });

  it('names the bucket of modules, and the user with the roles that trust it', () => {
    const { moduleBuckets, legacy } = parseIntent(text);
    expect(moduleBuckets).toEqual([{ bucket: 'fernwick-terraform-modules', account: 'shared', region: 'eu-west-1' }]);
    expect(legacy).toEqual({
      user: 'deployment',
      account: 'shared',
      roles: ['deployment', 'OrganizationAccountAccessRole', 'terraform-state'],
    });
  });
});
