import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../test/support/make-world.ts';
import { drills } from '../../drills/index.ts';
import { drillCommand } from './drill.ts';

describe('keyless drill', () => {
  it('lists what there is when no drill is named', async () => {
    const world = makeWorld();
    expect(await drillCommand.run(world, [], {})).toBe(0);
    for (const { id } of drills) expect(world.output.stdout).toContain(id);
  });

  it('tells of one without running it', async () => {
    const world = makeWorld();
    await drillCommand.run(world, ['lock-held'], { list: true });
    expect(world.output.stdout).toContain('Never force-unlock a run that is alive.');
    const other = makeWorld();
    await drillCommand.run(other, ['lock-held'], { list: true, json: true });
    expect(JSON.parse(other.output.stdout)).toMatchObject({
      schemaVersion: 1,
      drills: [{ id: 'lock-held', slow: false }],
    });
  });

  it('knows a drill by its name only', async () => {
    await expect(drillCommand.run(makeWorld(), ['lock-hold'], {})).rejects.toMatchObject({
      code: 'UNKNOWN_ID',
      message: "no drill is called 'lock-hold' (did you mean 'lock-held'?)",
    });
  });

  it('says so where there is no Terraform, or one without the lock file of S3', async () => {
    await expect(drillCommand.run(makeWorld(), ['lock-held'], {})).rejects.toMatchObject({
      code: 'TERRAFORM_NOT_FOUND',
    });
    const old = makeWorld({
      commands: { terraform: {}, '/usr/bin/terraform': { stdout: 'Terraform v1.9.8\non linux_amd64\n' } },
    });
    await expect(drillCommand.run(old, ['lock-held'], {})).rejects.toMatchObject({
      code: 'TERRAFORM_NOT_FOUND',
      message: expect.stringContaining('1.9.8'),
    });
  });
});
