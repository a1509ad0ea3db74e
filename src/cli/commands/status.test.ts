import { describe, expect, it } from 'vitest';
import { makeWorld, type WorldInit } from '../../../test/support/make-world.ts';
import { statusCommand } from './status.ts';

const provider = `terraform {
  backend "s3" {
    bucket         = "acme-terraform-state"
    key            = "net"
    region         = "eu-west-1"
    dynamodb_table = "locks"
    encrypt        = true
  }
  required_version = ">= 1.11.0"
}
provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::222233334444:role/deployment"
  }
}
`;

const intent = `version: 1
organization: { name: acme, id: o-abcd123456 }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }
accounts: { shared: "111122223333", dev: "222233334444" }
stacks:
  - { path: net, account: dev }
  - { path: gone, account: dev }
state:
  - { bucket: acme-terraform-state, account: shared, region: eu-west-1, lock_table: locks }
`;

const moving = { 'net/main.tf': provider, 'keyless.yaml': intent };

async function statusOf(world: WorldInit, args: readonly string[] = []) {
  const ports = makeWorld(world);
  await statusCommand.run(ports, args, { json: true });
  return JSON.parse(ports.output.stdout);
}

async function textOf(world: WorldInit) {
  const ports = makeWorld(world);
  expect(await statusCommand.run(ports, [], {})).toBe(0);
  return ports.output.stdout;
}

describe('keyless status', () => {
  it('begins with init where there is no keyless.yaml', async () => {
    const status = await statusOf({ files: { 'net/main.tf': provider } });
    expect(status).toMatchObject({ intent: null, steps: [], next: { command: 'keyless init --yes' } });
    expect(await textOf({ files: { 'net/main.tf': provider } })).toContain('There is no keyless.yaml yet');
  });

  it('tells a mistake in keyless.yaml before anything else', async () => {
    const files = { ...moving, 'keyless.yaml': intent.replace('account: shared', 'account: share') };
    await expect(statusOf({ files })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('says of each step whether it is done, ready or waits for its gate', async () => {
    const { steps, gate } = await statusOf({ files: moving });
    const states = Object.fromEntries(steps.map(({ id, state }: { id: string; state: string }) => [id, state]));
    expect(states).toMatchObject({ guard: 'ready', 'lock-both': 'waits', identity: 'waits', 'lock-readers': 'done' });
    expect(gate).toMatchObject({ step: 2, conditions: expect.arrayContaining([expect.anything()]) });
  });

  it('names the next command, filled in', async () => {
    expect((await statusOf({ files: moving })).next.command).toBe('keyless migrate --write');
    expect((await statusOf({ files: moving }, ['.'])).next.command).toBe('keyless migrate --write');
  });

  it('finds the root from a folder inside, and the command names it', async () => {
    const { root, next } = await statusOf({ files: { ...moving, 'net/sub/x.txt': '' } }, ['net/sub']);
    expect(root).toBe('/repo');
    expect(next.command).toBe('keyless migrate --write');
  });

  it('lists what is missing, what was left alone and stacks that do not agree with the code', async () => {
    const files = {
      ...moving,
      'other/main.tf': 'provider "aws" { region = "eu-west-1" }\n',
      'keyless.yaml': intent.replace('start_url: https://acme.awsapps.com/start, ', ''),
    };
    const status = await statusOf({ files });
    expect(status.missing.map(({ key }: { key: string }) => key)).toEqual(['identity_center.start_url']);
    expect(status.stacks).toEqual({ absent: ['gone'], unlisted: ['other'] });
    expect(status.profiles).toEqual({ unknown: 'waiting for identity_center.start_url' });
    const text = await textOf({ files });
    expect(text).toContain('identity_center.start_url is missing');
    expect(text).toContain('keyless.yaml names the stack gone, which has no Terraform code');
    expect(text).toContain('other is a stack that keyless.yaml does not list');
  });

  it('keeps to the width of the terminal', async () => {
    const code = provider.replace('222233334444', '999988887777');
    const text = await textOf({ files: { ...moving, 'net/main.tf': code }, columns: 80 });
    expect(text).toContain('of 7 steps done:');
    expect(text).toMatch(/ {2}net\/main\.tf:\d+ {2}left alone by P5: /);
    const sentences = text.split('\n').filter((line) => !/^ *(keyless|terraform|aws|gh) |https?:/.test(line));
    expect(sentences.filter((line) => line.length > 80)).toEqual([]);
  });

  it('counts the profiles that ~/.aws/config lacks', async () => {
    const { profiles } = await statusOf({ files: moving });
    expect(profiles.added).toHaveLength(5);
  });

  it('reports an ~/.aws/config that cannot be read instead of failing', async () => {
    const { profiles } = await statusOf({ files: moving, home: { '.aws/config': '[a]\nx = 1\nx = 2\n' } });
    expect(profiles.unknown).toContain('/home/dev/.aws/config:3');
  });

  it('says when nothing is left', async () => {
    const files = {
      'net/main.tf': `terraform {
  required_version = ">= 1.11.0"
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "net"
    region       = "eu-west-1"
    use_lockfile = true
    encrypt      = true
  }
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["222233334444"]
}
`,
      'keyless.yaml': intent.replace('  - { path: gone, account: dev }\n', '').replace(', lock_table: locks', ''),
    };
    const status = await statusOf({ files });
    expect(status.keyless).toBe(true);
    expect(status.steps.map(({ state }: { state: string }) => state)).toEqual(Array(7).fill('done'));
  });
});
