import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDiskWorld } from '../../../test/support/make-world.ts';
import { realProcesses } from './processes.ts';

const node = process.execPath;

describe('child processes', () => {
  it('hand back output and status, and take the environment they are given', async () => {
    const processes = realProcesses({ GREETING: 'hello' });
    const script = 'process.stdout.write(process.env.GREETING ?? "none"); console.error("e"); process.exit(3)';
    expect(await processes.run(node, ['-e', script])).toEqual({ exitCode: 3, stdout: 'hello', stderr: 'e\n' });
    const other = await processes.run(node, ['-e', script], { env: { GREETING: 'bye' } });
    expect(other.stdout).toBe('bye');
  });

  it('get their arguments as they are, without a shell between', async () => {
    const args = ['$HOME', '; exit 9', 'a b', "'", ''];
    const { stdout } = await realProcesses({}).run(node, ['-p', 'JSON.stringify(process.argv.slice(1))', ...args]);
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it('run in the folder named, and end when their time is up', async () => {
    const { root } = await makeDiskWorld();
    const processes = realProcesses({});
    expect((await processes.run(node, ['-p', 'process.cwd()'], { cwd: root })).stdout.trim()).toBe(root);
    const late = await processes.run(node, ['-e', 'setTimeout(() => {}, 60_000)'], { timeoutSeconds: 0.2 });
    expect(late.exitCode).toBe(128);
  });

  it('that cannot be started are an error with the command in it', async () => {
    await expect(realProcesses({}).run('/no/such/command', [])).rejects.toMatchObject({
      message: expect.stringContaining('/no/such/command'),
    });
  });

  it('are found on the path when they can be executed', async () => {
    const { root } = await makeDiskWorld();
    for (const [folder, mode] of [
      ['a', 0o644],
      ['b', 0o755],
    ] as const) {
      await mkdir(join(root, folder));
      await writeFile(join(root, folder, 'terraform'), '#!/bin/sh\n');
      await chmod(join(root, folder, 'terraform'), mode);
    }
    const PATH = ['', join(root, 'none'), join(root, 'a'), join(root, 'b')].join(delimiter);
    expect(await realProcesses({ PATH }).find('terraform')).toBe(join(root, 'b', 'terraform'));
    expect(await realProcesses({ PATH }).find('tofu')).toBeUndefined();
    expect(await realProcesses({}).find('terraform')).toBeUndefined();
  });
});
