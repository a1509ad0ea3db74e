import { describe, expect, it } from 'vitest';
import { makeWorld, type WorldInit } from '../../../test/support/make-world.ts';
import { parseIntent } from '../../intent/index.ts';
import { initCommand } from './init.ts';

const code = `terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    region = "eu-west-1"
  }
}
locals {
  accounts = {
    dev  = "222233334444"
    live = "333344445555"
  }
}
provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::\${local.accounts[terraform.workspace]}:role/deployment"
  }
}
`;

async function init(world: WorldInit, options: Readonly<Record<string, unknown>> = {}, args: readonly string[] = []) {
  const ports = makeWorld({ files: { 'net/main.tf': code }, ...world });
  const status = await initCommand.run(ports, args, options);
  const written = (await ports.files.stat('/repo/keyless.yaml'))
    ? new TextDecoder().decode(await ports.files.read('/repo/keyless.yaml'))
    : undefined;
  return { status, written, ports, stdout: ports.output.stdout };
}

describe('keyless init', () => {
  it('writes a draft that loads, and says where each value comes from', async () => {
    const { status, written, stdout } = await init({}, { yes: true });
    expect(status).toBe(0);
    expect(parseIntent(written ?? '').stacks).toEqual([
      {
        path: 'net',
        workspaces: new Map([
          ['dev', 'dev'],
          ['live', 'live'],
        ]),
      },
    ]);
    expect(stdout).toContain('Drafted /repo/keyless.yaml: 2 accounts, 1 stack, 1 state bucket, 0 GitHub environments');
    expect(stdout).toMatch(/net \(dev\) +dev +net\/main\.tf:9 {2}the role that its provider assumes/);
    expect(stdout).toContain('keyless.yaml:10  identity_center.start_url');
  });

  it('asks only for what it cannot find', async () => {
    const { written } = await init({
      answers: ['https://acme.awsapps.com/start', '', ''],
      home: { '.aws/config': '[sso-session acme]\nsso_region = eu-west-1\n' },
    });
    const { identityCenter, stateBackends } = parseIntent(written ?? '');
    expect(identityCenter).toEqual({
      startUrl: 'https://acme.awsapps.com/start',
      region: 'eu-west-1',
      session: 'acme',
    });
    expect(stateBackends[0]?.account).toBeUndefined();
  });

  it('never asks with --yes, and leaves what is unknown visibly missing', async () => {
    const { written } = await init({ answers: [] }, { yes: true });
    expect(written).toContain('start_url: null  # missing: Identity Center console');
  });

  it('never overwrites', async () => {
    const existing = { files: { 'keyless.yaml': 'mine\n' } };
    await expect(init(existing, { yes: true })).rejects.toMatchObject({ code: 'CONFIG_EXISTS' });
  });

  it('does not follow a dangling link of that name', async () => {
    const world = makeWorld({ files: { 'net/main.tf': code } });
    world.files.putSymlink('/repo/keyless.yaml', '/repo/elsewhere.yaml');
    await expect(initCommand.run(world, [], { yes: true })).rejects.toMatchObject({ code: 'CONFIG_EXISTS' });
  });

  it('prints the very file with --print and writes nothing, also beside an existing one', async () => {
    const { stdout, written } = await init(
      { files: { 'net/main.tf': code, 'keyless.yaml': 'mine\n' }, answers: [] },
      { print: true },
    );
    expect(written).toBe('mine\n');
    expect(parseIntent(stdout).accounts.size).toBe(2);
  });

  it('answers --json with every value and its source', async () => {
    const { stdout } = await init({}, { yes: true, json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      written: true,
      values: expect.arrayContaining([
        expect.objectContaining({ key: 'accounts.dev', value: '222233334444', place: expect.anything() }),
        { key: 'organization.id', value: null, because: null, place: null },
      ]),
    });
  });

  it('says that there is no Terraform', async () => {
    const { status, stdout } = await init({ files: { 'README.md': '# notes\n' } }, { yes: true });
    expect(status).toBe(0);
    expect(stdout).toContain('No folder that Terraform is run in was found');
  });

  it('refuses a path that is not there', async () => {
    await expect(init({}, {}, ['nowhere'])).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
  });
});
