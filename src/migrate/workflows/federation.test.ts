/** What holds for any workflow: a job moves whole or not at all, loses no permission, and a second run has nothing to do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { auditRepository } from '../../audit/index.ts';
import { parseIntent } from '../../intent/index.ts';
import { Repository, SourceFile } from '../../repository/index.ts';
import { type MigrationPlan, migrationRules, planMigration } from '../index.ts';

const intent = parseIntent(`version: 1
organization: { name: acme }
identity_center: { start_url: "https://acme.awsapps.com/start", region: eu-west-1 }
accounts: { dev: "222233334444", live: "333344445555" }
stacks:
  - path: app
    workspaces: { dev: dev, live: live }
  - path: dns
    account: live
github:
  repository: acme/infra
  environments: { dev: { account: dev }, live: { account: live } }
`);
const rules = migrationRules.filter(({ id }) => /^G\d$/.test(id));

function migrate(files: Readonly<Record<string, string>>): { plan: MigrationPlan; before: Repository } {
  const before = new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
  const plan = planMigration(before, intent, { includeComments: false, moduleSources: 'keep' }, rules);
  return { plan, before };
}

function refusals({ changeSets }: MigrationPlan): string[] {
  return changeSets.flatMap((set) => set.refusals.map(({ path, line, rule }) => `${path}:${line} ${rule}`));
}

function staticPlaces(repository: Repository): string[] {
  return auditRepository(repository, { now: new Date(0) })
    .methods.filter((method) => method.class === 'static')
    .map(({ path, line }) => `${path}:${line}`);
}

interface Job {
  readonly keys: 'configure' | 'job-env' | 'step-env' | 'script' | 'third-party' | 'sessionless' | 'service' | 'none';
  readonly permissions: 'none' | 'map' | 'empty' | 'write-all' | 'read-all';
  readonly where: 'environment' | 'matrix' | 'folder' | 'nowhere';
  readonly terraform: 'plan' | 'apply' | 'none';
  readonly unknownAction: boolean;
  readonly flow: boolean;
}

const job: fc.Arbitrary<Job> = fc.record({
  keys: fc.constantFrom('configure', 'job-env', 'step-env', 'script', 'third-party', 'sessionless', 'service', 'none'),
  permissions: fc.constantFrom('none', 'map', 'empty', 'write-all', 'read-all'),
  where: fc.constantFrom('environment', 'matrix', 'folder', 'nowhere'),
  terraform: fc.constantFrom('plan', 'apply', 'none'),
  unknownAction: fc.boolean(),
  flow: fc.boolean(),
});

const workflow = fc.record({
  jobs: fc.array(job, { minLength: 1, maxLength: 4 }),
  trigger: fc.constantFrom('push', 'pull_request', '[push, pull_request]', 'pull_request_target', 'workflow_dispatch'),
  permissions: fc.constantFrom(
    '',
    'permissions: { contents: read }\n',
    'permissions:\n  contents: read\n  issues: write # why\n',
  ),
  everywhere: fc.boolean(),
  crlf: fc.boolean(),
});

const id = '${{ secrets.AWS_ACCESS_KEY_ID }}';
const secret = '${{ secrets.AWS_SECRET_ACCESS_KEY }}';

function renderJob(each: Job, index: number): string {
  const steps = ['- uses: actions/checkout@v4'];
  if (each.unknownAction) steps.push('- uses: somebody/something@v1 # who knows');
  if (each.keys === 'configure') {
    steps.push(
      each.flow
        ? `- { uses: aws-actions/configure-aws-credentials@v2, with: { aws-access-key-id: "${id}", aws-secret-access-key: "${secret}", aws-region: eu-west-1 } }`
        : `- uses: aws-actions/configure-aws-credentials@v1\n        with:\n          aws-access-key-id:     ${id}\n          aws-secret-access-key: ${secret}\n          aws-region:            eu-west-1`,
    );
  }
  if (each.keys === 'script')
    steps.push(
      `- run: |\n          aws configure set aws_access_key_id ${id}\n          aws configure set aws_secret_access_key "${secret}"\n          aws configure list`,
    );
  if (each.keys === 'third-party')
    steps.push(
      `- uses: einaregilsson/beanstalk-deploy@v22\n        with:\n          aws_access_key: ${id}\n          aws_secret_key: ${secret}\n          region: eu-west-1`,
    );
  const command =
    each.terraform === 'none'
      ? 'aws s3 ls'
      : `terraform -chdir=${each.where === 'folder' ? 'dns' : 'app'} ${each.terraform}`;
  const env =
    each.keys === 'step-env'
      ? `\n        env:\n          AWS_ACCESS_KEY_ID: ${id}\n          AWS_SECRET_ACCESS_KEY: ${secret}\n          KEEP: me`
      : '';
  steps.push(`- run: ${command}${env}`);
  if (each.keys === 'sessionless')
    steps.push(
      `- uses: jakejarvis/s3-sync-action@v0.5.1\n        env:\n          AWS_ACCESS_KEY_ID: ${id}\n          AWS_SECRET_ACCESS_KEY: ${secret}`,
    );
  const permissions = {
    none: '',
    map: '    permissions:\n      contents: read\n      pull-requests: write # comments\n',
    empty: '    permissions: {}\n',
    'write-all': '    permissions: write-all\n',
    'read-all': '    permissions: read-all\n',
  }[each.permissions];
  const where = {
    environment: '    environment: dev\n',
    matrix: '    strategy:\n      matrix:\n        workspace: [dev, live]\n',
    folder: '',
    nowhere: '',
  }[each.where];
  const jobEnv =
    each.keys === 'job-env'
      ? `    env:\n      # the shared key\n      AWS_ACCESS_KEY_ID: ${id}\n      AWS_SECRET_ACCESS_KEY: ${secret}\n`
      : '';
  const service =
    each.keys === 'service'
      ? `    services:\n      mock:\n        image: acme/mock\n        env:\n          AWS_ACCESS_KEY_ID: ${id}\n          AWS_SECRET_ACCESS_KEY: ${secret}\n`
      : '';
  return `  job${index}:\n    runs-on: ubuntu-24.04\n${permissions}${where}${jobEnv}${service}    steps:\n${steps.map((step) => `      ${step}\n`).join('')}`;
}

function render({
  jobs,
  trigger,
  permissions,
  everywhere,
  crlf,
}: typeof workflow extends fc.Arbitrary<infer T> ? T : never): string {
  const env = everywhere
    ? `env:\n  AWS_ACCESS_KEY_ID: ${id}\n  AWS_SECRET_ACCESS_KEY: ${secret}\n  AWS_REGION: eu-west-1\n`
    : '';
  const text = `on: ${trigger}\n${permissions}${env}jobs:\n${jobs.map(renderJob).join('\n')}`;
  return crlf ? text.replaceAll('\n', '\r\n') : text;
}

interface ParsedWorkflow {
  readonly permissions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly permissions?: unknown }>>;
}

describe('any workflow', () => {
  const path = '.github/workflows/any.yml';
  const runs = fc.record({ workflow }).map(({ workflow: drawn }) => {
    const text = render(drawn);
    const { plan, before } = migrate({ [path]: text });
    return { text, plan, before, after: plan.result.file(path)?.text ?? '' };
  });

  it('is sound YAML afterwards, with the end of line it had', () => {
    fc.assert(
      fc.property(runs, ({ text, after }) => {
        expect(() => parse(after)).not.toThrow();
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text));
      }),
      { numRuns: 60 },
    );
  });

  it('gives a second run nothing to do', () => {
    fc.assert(
      fc.property(runs, ({ after }) => {
        const { plan } = migrate({ [path]: after });
        expect(plan.result.file(path)?.text).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it('has no key left where nothing was refused', () => {
    fc.assert(
      fc.property(runs, ({ plan }) => {
        if (refusals(plan).length === 0) expect(staticPlaces(plan.result)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('changes a job that keeps a key in nothing', () => {
    fc.assert(
      fc.property(runs, ({ text, plan, after }) => {
        const left = new Set(
          auditRepository(plan.result, { now: new Date(0) })
            .methods.filter((method) => method.class === 'static')
            .flatMap(({ subject }) => /^job (\w+)/.exec(subject)?.[1] ?? []),
        );
        const [was, is] = [parse(text) as ParsedWorkflow, parse(after) as ParsedWorkflow];
        for (const name of left) expect(is.jobs[name]).toEqual(was.jobs[name]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes no permission away', () => {
    fc.assert(
      fc.property(runs, ({ text, after }) => {
        const [was, is] = [parse(text) as ParsedWorkflow, parse(after) as ParsedWorkflow];
        expect(is.permissions).toEqual(was.permissions);
        for (const [name, job] of Object.entries(is.jobs)) {
          const before = was.jobs[name]?.permissions ?? was.permissions;
          if (job.permissions === undefined || typeof before !== 'object') continue;
          expect(job.permissions).toMatchObject(before as object);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a called workflow and its callers', () => {
  const called = `on:
  workflow_call:
    inputs:
      stack: { type: string, required: true }
    secrets:
      AWS_ACCESS_KEY_ID: { required: true }
      AWS_SECRET_ACCESS_KEY: { required: true }
permissions: { contents: read }
jobs:
  run:
    runs-on: ubuntu-24.04
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: ${id}
          aws-secret-access-key: ${secret}
          aws-region: eu-west-1
      - run: terraform -chdir=\${{ inputs.stack }} plan
`;
  const caller = (uses: string): string => `on: workflow_dispatch
permissions: { contents: read }
jobs:
  every:
    strategy: { matrix: { account: [dev, live] } }
    uses: ${uses}
    with: { stack: app }
    secrets:
      AWS_ACCESS_KEY_ID: ${id}
      AWS_SECRET_ACCESS_KEY: ${secret}
`;

  it('move together: the role is an input, and the token is granted', () => {
    const { plan } = migrate({
      '.github/workflows/caller.yml': caller('./.github/workflows/called.yml'),
      '.github/workflows/called.yml': called,
    });
    expect(refusals(plan)).toEqual([]);
    expect(staticPlaces(plan.result)).toEqual([]);
    const text = (name: string) => plan.result.file(`.github/workflows/${name}.yml`)?.text ?? '';
    expect(parse(text('caller')).jobs.every).toMatchObject({
      permissions: { contents: 'read', 'id-token': 'write' },
      with: { 'role-arn': '${{ fromJSON(vars.TERRAFORM_PLAN_ROLE_ARNS)[matrix.account] }}' },
    });
    expect(parse(text('called')).on.workflow_call).toEqual({
      inputs: { stack: { type: 'string', required: true }, 'role-arn': { type: 'string', required: true } },
    });
    expect(parse(text('called')).jobs.run.steps[0].with['role-to-assume']).toBe('${{ inputs.role-arn }}');
  });

  it('stay as they are when one of them has to', () => {
    const broken = caller('./.github/workflows/called.yml').replace(
      'permissions: { contents: read }\n',
      'permissions: read-all\n',
    );
    const { plan, before } = migrate({
      '.github/workflows/caller.yml': broken,
      '.github/workflows/called.yml': called,
    });
    expect(plan.result.files.map(({ text }) => text)).toEqual(before.files.map(({ text }) => text));
    expect(refusals(plan)).toContain('.github/workflows/caller.yml:2 G6');
  });
});
