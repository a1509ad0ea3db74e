import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../test/support/example-repository.ts';
import { type Intent, parseIntent } from '../intent/index.ts';
import { Repository, SourceFile, type Version } from '../repository/index.ts';
import { planStackRuns, type StackRun, sharersBefore, stateObjects } from './stack-runs.ts';
import { chosen } from './stage.ts';

const terraform: Version = [1, 11, 4];

describe('planStackRuns', () => {
  const runs = new Map(planStackRuns(example(), exampleIntent(), terraform).map((run) => [run.stack, run]));
  const clientOf = (stack: string) => runs.get(stack)?.client;

  it('has terraform run what needs no provider whole, and the rest as a skeleton', () => {
    expect(clientOf('stacks/baseline/dev')).toEqual({ kind: 'terraform', whole: true });
    expect(clientOf('stacks/network')).toEqual({ kind: 'terraform', whole: false });
    expect(clientOf('stacks/messaging')).toEqual({ kind: 'terraform', whole: false });
  });

  it('has keyless make the calls where this terraform refuses the backend', () => {
    expect(clientOf('stacks/reporting')).toEqual({
      kind: 'keyless',
      reason: 'its state is reached by role_arn beside the bucket, which terraform 1.11.4 refuses',
    });
    const older = planStackRuns(example(), exampleIntent(), [1, 9, 8]);
    expect(older.find(({ stack }) => stack === 'stacks/reporting')?.client.kind).toBe('terraform');
    expect(older.find(({ stack }) => stack === 'stacks/dns')?.client).toEqual({
      kind: 'keyless',
      reason: 'its required_version >= 1.11.0 does not let in terraform 1.9.8',
    });
  });

  it('has keyless make all calls where there is no terraform', () => {
    const kinds = planStackRuns(example(), exampleIntent(), 'there is no terraform on PATH').map(
      ({ client }) => client.kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['keyless']));
  });

  it('runs the writers of a state before its readers', () => {
    const order = [...runs.keys()];
    const at = (stack: string) => order.indexOf(stack);
    expect(at('stacks/baseline/live')).toBeLessThan(at('stacks/network'));
    expect(at('stacks/network')).toBeLessThan(at('stacks/orders-api'));
    expect(at('stacks/messaging')).toBeLessThan(at('stacks/reporting'));
    expect(runs.get('stacks/network')?.after).toEqual(['stacks/baseline/dev', 'stacks/baseline/live']);
  });

  it('takes the backend from a configuration file and the variables of a workspace from its file', () => {
    const messaging = runs.get('stacks/messaging') as StackRun;
    expect(messaging.backend).toMatchObject({
      bucket: 'fernwick-terraform-state',
      key: 'messaging/terraform.tfstate',
      lockTable: 'terraform-locks',
      encrypt: true,
      files: ['shared.tfbackend'],
    });
    expect(messaging.workspaces).toEqual([
      { name: 'dev', account: 'dev', variableFiles: ['env/dev.tfvars'], reads: [] },
      { name: 'live', account: 'live', variableFiles: ['env/live.tfvars'], reads: [] },
    ]);
  });

  it('reads the flat role and the profile of a backend', () => {
    expect(runs.get('stacks/reporting')?.backend).toMatchObject({
      roleArn: 'arn:aws:iam::111122223333:role/terraform-state',
      flatRole: true,
    });
    expect(runs.get('stacks/dns')?.backend?.profile).toBe('fernwick-shared');
  });

  it.each([
    ['terraform {\n  cloud {}\n}', 'its state is in HCP Terraform'],
    ['terraform {\n  backend "azurerm" {}\n}', 'its backend is azurerm'],
    ['locals {}', 'it has no backend: its state stays on a disk'],
    [
      'terraform {\n  backend "s3" {}\n}',
      'bucket and key of its backend come from outside the repository: write them into a file beside the stack (default.s3.tfbackend with bucket, key and region) and run again',
    ],
  ])('says why nobody can run %j', (text, reason) => {
    const repository = new Repository([new SourceFile('stacks/dns/main.tf', text)]);
    const run = planStackRuns(repository, exampleIntent(), terraform).find(({ stack }) => stack === 'stacks/dns');
    expect(run?.client).toEqual({ kind: 'none', reason });
  });

  it('leaves out the outputs that a state lacks here, and a state that nobody writes', () => {
    const backend = (key: string) =>
      `terraform {\n  backend "s3" {\n    bucket = "fernwick-terraform-state"\n    key = "${key}"\n  }\n}\n`;
    const reads = (name: string, key: string) =>
      `data "terraform_remote_state" "${name}" {\n  backend = "s3"\n  config = {\n    bucket = "fernwick-terraform-state"\n    key = "${key}"\n  }\n}\n`;
    const repository = new Repository([
      new SourceFile(
        'stacks/dns/main.tf',
        `${backend('dns')}resource "aws_route53_zone" "z" {}\noutput "zone" {\n  value = aws_route53_zone.z.id\n}\noutput "name" {\n  value = "x"\n}\n`,
      ),
      new SourceFile(
        'stacks/iam-users/main.tf',
        `${backend('iam')}${reads('dns', 'dns')}${reads('far', 'far')}output "a" {\n  value = data.terraform_remote_state.dns.outputs.zone\n}\noutput "b" {\n  value = data.terraform_remote_state.dns.outputs.name\n}\n`,
      ),
    ]);
    const run = planStackRuns(repository, exampleIntent(), terraform).find(({ stack }) => stack === 'stacks/iam-users');
    expect(run?.leftOut.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'data.terraform_remote_state.far: no stack of keyless.yaml writes the state it reads: fernwick-terraform-state/far',
      'output.a: it refers to data.terraform_remote_state.dns.outputs.zone',
    ]);
  });

  it('reads no state of the same key in another bucket', () => {
    const writer = `terraform {\n  backend "s3" {\n    bucket = "fernwick-terraform-state"\n    key = "k"\n  }\n}\n`;
    const reader = (config: string) =>
      `${writer.replace('"k"', '"own"')}data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    ${config}\n    key = "k"\n  }\n}\n`;
    const readerOf = (config: string) =>
      planned({ 'stacks/dns/main.tf': writer, 'stacks/iam-users/main.tf': reader(config) }, 'stacks/iam-users')[0];
    expect(readerOf('bucket = "other"')?.leftOut.map(({ reason }) => reason)).toEqual([
      'no stack of keyless.yaml writes the state it reads: other/k',
    ]);
    expect(readerOf('bucket = var.bucket')).toMatchObject({ leftOut: [], after: ['stacks/dns'] });
    expect(
      readerOf('bucket = "fernwick-terraform-state"\n    role_arn = "arn:aws:iam::333344445555:role/reads"'),
    ).toMatchObject({
      client: { kind: 'keyless' },
      workspaces: [
        {
          reads: [{ bucket: 'fernwick-terraform-state', object: 'k', roleArn: 'arn:aws:iam::333344445555:role/reads' }],
        },
      ],
    });
    const far = 'assume_role = {\n role_arn = "arn:aws:iam::999999999999:role/reads"\n }\n';
    expect(readerOf(`bucket = "fernwick-terraform-state"\n    ${far}`)?.leftOut.map(({ reason }) => reason)).toEqual([
      'its role is in account 999999999999, which keyless.yaml does not name',
    ]);
  });

  it('gives the workspaces of each backend file a run of their own', () => {
    const file = (bucket: string) => `bucket = "${bucket}"\nkey = "app"\n`;
    const stack = { 'stacks/messaging/main.tf': 'terraform {\n  backend "s3" {}\n}\n' };
    const runsOf = (files: Readonly<Record<string, string>>) =>
      planned({ ...stack, ...files }, 'stacks/messaging').map(({ name, workspaces, backend, client }) => [
        name,
        workspaces.map((workspace) => workspace.name).join(),
        backend?.bucket,
        client.kind,
      ]);
    const dev = { 'stacks/messaging/dev.s3.tfbackend': file('fernwick-terraform-state') };
    expect(runsOf({ ...dev, 'stacks/messaging/backend-live.hcl': file('elsewhere') })).toEqual([
      ['stacks/messaging (dev.s3.tfbackend)', 'dev', 'fernwick-terraform-state', 'terraform'],
      ['stacks/messaging (backend-live.hcl)', 'live', 'elsewhere', 'none'],
    ]);
    expect(runsOf(dev)).toEqual([
      ['stacks/messaging (dev.s3.tfbackend)', 'dev', 'fernwick-terraform-state', 'terraform'],
      ['stacks/messaging (live)', 'live', undefined, 'none'],
    ]);
    expect(runsOf({ 'stacks/messaging/shared.tfbackend': file('fernwick-terraform-state') })).toEqual([
      ['stacks/messaging', 'dev,live', 'fernwick-terraform-state', 'terraform'],
    ]);
  });

  it('keeps its state where the prefix of its workspaces says', () => {
    const text = `terraform {\n  backend "s3" {\n    bucket = "fernwick-terraform-state"\n    key = "k"\n    workspace_key_prefix = "ws"\n  }\n}\n`;
    const [run] = planned({ 'stacks/messaging/main.tf': text }, 'stacks/messaging');
    expect(stateObjects(run as StackRun)).toEqual([
      'fernwick-terraform-state/ws/dev/k',
      'fernwick-terraform-state/ws/live/k',
    ]);
  });

  it('skips a stack whose backend assumes a role in an account that keyless.yaml does not name', () => {
    const text = `terraform {\n  backend "s3" {\n    bucket = "fernwick-terraform-state"\n    key = "k"\n    assume_role = { role_arn = "arn:aws:iam::999999999999:role/r" }\n  }\n}\n`;
    expect(planned({ 'stacks/dns/main.tf': text }, 'stacks/dns')[0]?.client).toEqual({
      kind: 'none',
      reason: "its backend's role is in account 999999999999, which keyless.yaml does not name",
    });
  });

  it('ends when two stacks read each other', () => {
    const stack = (own: string, other: string) =>
      `terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "${own}"\n  }\n}
      data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    bucket = "b"\n    key = "${other}"\n  }\n}`;
    const repository = new Repository([
      new SourceFile('stacks/dns/main.tf', stack('dns', 'network')),
      new SourceFile('stacks/network/main.tf', stack('network', 'dns')),
    ]);
    expect(planStackRuns(repository, exampleIntent(), terraform)).toHaveLength(11);
  });
});

describe('sharersBefore', () => {
  it('has those before that keep their state in the same object', () => {
    const run = (key: string, ...workspaces: readonly string[]) => ({
      backend: { bucket: 'b', key, workspacePrefix: 'env:' } as NonNullable<StackRun['backend']>,
      workspaces: workspaces.map((name) => ({ name, account: 'live', variableFiles: [], reads: [] })),
    });
    const all = [run('k', 'default'), run('k', 'dev'), run('k', 'default', 'dev'), run('l', 'default')];
    expect([...sharersBefore(all).values()].map((before) => before.map((other) => all.indexOf(other)))).toEqual([
      [],
      [],
      [0, 1],
      [],
    ]);
  });
});

describe('chosen', () => {
  const runs = planStackRuns(example(), exampleIntent(), terraform);
  const of = (only: { stacks?: readonly string[]; accounts?: readonly string[] }) =>
    chosen({ only: { stacks: [], accounts: [], ...only } }, runs).map(
      ({ stack, workspaces }) => `${stack.slice('stacks/'.length)}: ${workspaces.map(({ name }) => name).join(' ')}`,
    );

  it('has everything when nothing is asked for', () => {
    expect(of({})).toHaveLength(runs.length);
  });

  it('has the stacks whose state is read, as far as that goes', () => {
    expect(of({ stacks: ['stacks/orders-api'] })).toEqual([
      'baseline/dev: dev',
      'baseline/live: live live-eu live-dr',
      'network: dev live live-eu live-dr',
      'orders-api: dev live live-eu live-dr',
    ]);
  });

  it('has the workspaces of an account, and whole what they read', () => {
    expect(of({ stacks: ['stacks/network'], accounts: ['dev'] })).toEqual([
      'baseline/dev: dev',
      'baseline/live: live live-eu live-dr',
      'network: dev',
    ]);
  });
});

function planned(files: Readonly<Record<string, string>>, stack: string): readonly StackRun[] {
  const repository = new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
  return planStackRuns(repository, exampleIntent(), terraform).filter((run) => run.stack === stack);
}

function example(): Repository {
  return new Repository(
    Object.entries(exampleRepository).map(([path, bytes]) => new SourceFile(path, Buffer.from(bytes).toString())),
  );
}

function exampleIntent(): Intent {
  const workspaces = (names: readonly string[]) =>
    `workspaces: { ${names.map((name) => `${name}: ${name.slice(0, 4) === 'live' ? 'live' : name}`).join(', ')} }`;
  const text = `version: 1
organization: { name: fernwick, id: o-exampleorgid }
identity_center: { start_url: 'https://fernwick.awsapps.com/start', region: eu-west-1, sso_session: fernwick }
accounts: { shared: "111122223333", dev: "222233334444", live: "333344445555" }
stacks:
  - { path: stacks/orders-api, ${workspaces(['dev', 'live', 'live-eu', 'live-dr'])} }
  - { path: stacks/network, ${workspaces(['dev', 'live', 'live-eu', 'live-dr'])} }
  - { path: stacks/reporting, account: live }
  - { path: stacks/messaging, ${workspaces(['dev', 'live'])} }
  - { path: stacks/baseline/dev, ${workspaces(['dev'])} }
  - { path: stacks/baseline/live, ${workspaces(['live', 'live-eu', 'live-dr'])} }
  - { path: stacks/baseline/shared, account: shared }
  - { path: stacks/build-agents, ${workspaces(['dev', 'live'])} }
  - { path: stacks/dns, account: live }
  - { path: stacks/iam-users, account: shared }
  - { path: stacks/state-backend, account: shared }
state:
  - { bucket: fernwick-terraform-state, account: shared, region: eu-west-1, lock_table: terraform-locks }
`;
  return parseIntent(text);
}
