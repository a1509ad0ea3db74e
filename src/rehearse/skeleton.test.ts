import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../test/support/example-repository.ts';
import { parseHcl } from '../formats/hcl/index.ts';
import { Repository, SourceFile, terraformModule } from '../repository/index.ts';
import { buildSkeleton, type Skeleton } from './skeleton.ts';

describe('buildSkeleton', () => {
  it('runs a stack whole that needs no provider', () => {
    const skeleton = skeletonOf(example, 'stacks/baseline/live');
    expect(skeleton).toEqual({ whole: true, files: new Map(), leftOut: [] });
  });

  it('keeps the backend, the remote state and what is computed from it, and leaves out what needs a provider', () => {
    const skeleton = skeletonOf(example, 'stacks/network');
    const main = skeleton.files.get('stacks/network/main.tf') as string;
    const providers = skeleton.files.get('stacks/network/providers.tf') as string;
    expect(main).toContain('data "terraform_remote_state" "baseline"');
    expect(main).toContain('addresses = data.terraform_remote_state.baseline.outputs');
    expect(main).not.toContain('module "vpc"');
    expect(main).not.toContain('output "vpc_id"');
    expect(providers).toContain('backend "s3"');
    expect(providers).not.toMatch(/provider "aws"|hashicorp\/aws/);
    expect(skeleton.leftOut.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'module.vpc: its source is elsewhere: a Terraform registry',
      'output.vpc_id: it refers to module.vpc',
      'output.private_subnets: it refers to module.vpc',
      'output.public_subnets: it refers to module.vpc',
      'provider.aws: it needs the provider aws',
    ]);
  });

  it('never quotes the source of a module, which may hold a key', () => {
    const { leftOut } = skeletonOf(example, 'stacks/orders-api');
    expect(leftOut.find(({ what }) => what === 'module.alarms')?.reason).toBe('its source is elsewhere: S3');
  });

  it('follows references through locals, and modules of the repository into what they need', () => {
    const { leftOut } = skeletonOf(example, 'stacks/iam-users');
    const reasons = new Map(leftOut.map(({ what, reason }) => [what, reason]));
    expect(reasons.get('local.sso_instance_arn')).toBe('it refers to data.aws_ssoadmin_instances.this');
    expect(reasons.get('module.deployment_role_dev')).toBe('modules/deployment-role: it needs the provider aws');
    expect(reasons.has('var.everybody_group_id')).toBe(false);
  });

  it('leaves every file of the example readable', () => {
    for (const path of stacks) {
      for (const text of skeletonOf(example, path).files.values()) expect(parseHcl(text).problems).toEqual([]);
    }
  });

  it.each([
    [
      'a provisioner',
      'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "rm"\n  }\n}',
      'its provisioner local-exec would run a command of its own',
    ],
    [
      'a state that is elsewhere',
      'data "terraform_remote_state" "x" {\n  backend = "http"\n}',
      'the state it reads is not in S3',
    ],
    ['a variable without a value', 'variable "missing" {}', 'nothing here gives it a value'],
    [
      'a module of the repository that is not there',
      'module "x" {\n  source = "./gone"\n}',
      'there is no module in s/gone',
    ],
    ['a data source', 'data "http" "x" {\n  url = "http://example.com"\n}', 'it needs the provider http'],
    [
      'a git module',
      'module "x" {\n  source = "git::https://user:pass@example.com/x.git"\n}',
      'its source is elsewhere: a git server',
    ],
  ])('leaves out %s', (_, text, reason) => {
    const { whole, leftOut } = skeletonOf(repositoryOf({ 's/main.tf': text }), 's');
    expect(whole).toBe(false);
    expect(leftOut.map((part) => part.reason)).toEqual([reason]);
  });

  it('keeps a module of the repository that needs nothing', () => {
    const repository = repositoryOf({
      's/main.tf': 'module "x" {\n  source = "../m"\n}\noutput "y" {\n  value = module.x.z\n}',
      'm/main.tf': 'output "z" {\n  value = 1\n}',
    });
    expect(skeletonOf(repository, 's').whole).toBe(true);
  });

  it('leaves out a state that nobody writes, and what is computed from an output that is not there', () => {
    const text = [
      'data "terraform_remote_state" "elsewhere" {\n  backend = "s3"\n}',
      'data "terraform_remote_state" "near" {\n  backend = "s3"\n}',
      'locals {\n  a = data.terraform_remote_state.near.outputs.there\n  b = data.terraform_remote_state.near.outputs.gone\n}',
      'output "c" {\n  value = local.b\n}',
      'output "d" {\n  value = data.terraform_remote_state.near.outputs\n}',
      'output "e" {\n  value = data.terraform_remote_state.near["x"].outputs["there"]\n}',
      'output "f" {\n  value = data.terraform_remote_state.near.outputs["gone"]\n}',
    ].join('\n');
    const { leftOut } = skeletonOf(repositoryOf({ 's/main.tf': text }), 's');
    expect(leftOut.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'data.terraform_remote_state.elsewhere: nobody writes it',
      'local.b: it refers to data.terraform_remote_state.near.outputs.gone',
      'output.c: it refers to local.b',
      'output.d: it refers to data.terraform_remote_state.near.outputs',
      'output.f: it refers to data.terraform_remote_state.near.outputs.gone',
    ]);
  });

  it('leaves out moved and import blocks of what is gone only', () => {
    const text = [
      'resource "terraform_data" "a" {}',
      'resource "aws_sqs_queue" "b" {}',
      'moved {\n  from = terraform_data.old\n  to   = terraform_data.a\n}',
      'moved {\n  from = aws_sqs_queue.old\n  to   = aws_sqs_queue.b\n}',
      'import {\n  id = "x"\n  to = aws_sqs_queue.b\n}',
    ].join('\n');
    const skeleton = skeletonOf(repositoryOf({ 's/main.tf': text }), 's');
    expect(skeleton.files.get('s/main.tf')?.match(/^(moved|import)/gm)).toEqual(['moved']);
  });
});

const example = new Repository(
  Object.entries(exampleRepository).map(([path, bytes]) => new SourceFile(path, Buffer.from(bytes).toString())),
);
const stacks = [
  'build-agents',
  'dns',
  'iam-users',
  'messaging',
  'network',
  'orders-api',
  'reporting',
  'state-backend',
].map((name) => `stacks/${name}`);

function skeletonOf(repository: Repository, directory: string): Skeleton {
  const module = terraformModule(repository, directory);
  if (module === undefined) throw new Error(`no module in ${directory}`);
  return buildSkeleton(repository, module, {
    given: (name) => name !== 'missing',
    unreadable: (name) => (name === 'elsewhere' ? 'nobody writes it' : undefined),
    lacks: (_, output) => output === undefined || output === 'gone',
  });
}

function repositoryOf(texts: Readonly<Record<string, string>>): Repository {
  return new Repository(Object.entries(texts).map(([path, text]) => new SourceFile(path, text)));
}
