import { describe, expect, it } from 'vitest';
import { makeWorld, type WorldInit } from '../../test/support/make-world.ts';
import { type AwsConfigChange, planAwsConfigFile, writeAwsConfigFile } from './aws-config.ts';
import { parseIntent } from './parse-intent.ts';

const intent = parseIntent(`version: 1
organization: { name: acme }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }
accounts: { dev: "222233334444" }
`);

async function planIn(init: WorldInit) {
  const world = makeWorld(init);
  const change = await planAwsConfigFile(world, intent);
  if ('missing' in change) throw new TypeError('nothing is missing in this file');
  return { world, change };
}

describe('the profiles in ~/.aws/config', () => {
  it('are shown as a change of the whole file before anything is written', async () => {
    const { world, change } = await planIn({ home: { '.aws/config': '[default]\nregion = us-east-1\n' } });
    expect(change).toMatchObject({
      path: '/home/dev/.aws/config',
      before: '[default]\nregion = us-east-1\n',
      added: ['sso-session acme', 'profile acme-dev-plan', 'profile acme-dev-apply'],
      conflicts: [],
    });
    expect(new TextDecoder().decode(await world.files.read(change.path))).toBe(change.before);
  });

  it('go where AWS_CONFIG_FILE points', async () => {
    const { change } = await planIn({ env: { AWS_CONFIG_FILE: '~/elsewhere' } });
    expect(change.path).toBe('/home/dev/elsewhere');
  });

  it('are written for their owner alone, and only once', async () => {
    const { world, change } = await planIn({});
    await writeAwsConfigFile(world.files, change);
    expect((await world.files.stat('/home/dev/.aws/config'))?.mode).toBe(0o600);
    const again = (await planAwsConfigFile(world, intent)) as AwsConfigChange;
    expect(again.after).toBe(again.before);
  });

  it('name the line of a profile that is not ours', async () => {
    const { change } = await planIn({
      home: { '.aws/config': '[default]\n\n[profile acme-dev-plan]\nrole_arn = arn:aws:iam::1:role/x\n' },
    });
    expect(change.conflicts).toEqual([
      { section: 'profile acme-dev-plan', line: 3, reason: expect.stringContaining('an assumed role') },
    ]);
  });

  it('wait for the start URL', async () => {
    const draft = parseIntent('version: 1\norganization: { name: acme }\naccounts: {}\n');
    const answer = await planAwsConfigFile(makeWorld(), draft);
    expect('missing' in answer && answer.missing.map(({ key }) => key)).toEqual([
      'identity_center.start_url',
      'identity_center.region',
    ]);
  });

  it('leave a file alone that the AWS tools cannot read in one way', async () => {
    const planned = planIn({ home: { '.aws/config': '[default]\nregion = a\nregion = b\n' } });
    await expect(planned).rejects.toMatchObject({
      code: 'AWS_CONFIG_UNREADABLE',
      message: expect.stringContaining('/home/dev/.aws/config:3'),
    });
  });

  it('leave a file alone that changed meanwhile', async () => {
    const { world, change } = await planIn({});
    await world.files.makeDirectory('/home/dev/.aws');
    await world.files.writeAtomic('/home/dev/.aws/config', '[default]\n');
    await expect(writeAwsConfigFile(world.files, change)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  });
});
