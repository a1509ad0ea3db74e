/** Ctrl-C at any moment: each file is the old one or the new one, nothing is left beside them, and the status says so. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/ports/index.ts';
import { exampleGitConfig, exampleRepository } from '../support/example-repository.ts';
import { makeDiskWorld, makeWorld } from '../support/make-world.ts';
import { runKeyless } from '../support/run-keyless.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Starts the real program; `when` tells that the moment for the signal has come. */
async function interruptedRun(cwd: string, args: readonly string[], when: () => Promise<void>): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stderr }));
  });
  await Promise.race([when(), ended]);
  child.kill('SIGINT');
  return await ended;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1);
}

function filesIn(root: string): Map<string, string> {
  const paths = (readdirSync(root, { recursive: true }) as string[]).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

function withoutUndo(files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...files].filter(([path]) => !path.startsWith('.git/keyless/')));
}

/** Large enough that writing takes a while. */
async function bigRepository(): Promise<{ readonly root: string; readonly after: Map<string, string> }> {
  const { root: base } = await makeDiskWorld();
  const root = join(base, 'before');
  for (const [path, bytes] of Object.entries({ ...exampleRepository, ...exampleGitConfig })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  for (let copy = 0; copy < 40; copy++) {
    cpSync(join(root, 'stacks/dns'), join(root, `stacks/dns-${copy}`), { recursive: true });
  }
  const done = join(base, 'after');
  const keyless = async (cwd: string, ...args: string[]): Promise<void> => {
    const never = new Promise<void>(() => {});
    expect((await interruptedRun(cwd, args, async () => await never)).status).toBe(0);
  };
  await keyless(root, 'init', '--yes');
  cpSync(root, done, { recursive: true });
  await keyless(done, 'migrate', '--write', '--through', '3', '--no-diff');
  return { root, after: withoutUndo(filesIn(done)) };
}

describe('an interrupted move on a real disk', () => {
  it('is wholly made or not at all, whenever the signal comes', async () => {
    const { root: pristine, after } = await bigRepository();
    const before = withoutUndo(filesIn(pristine));
    const outcomes = new Set<string>();
    const moments: ((root: string) => Promise<void>)[] = [
      async () => await sleep(150),
      async (root) => await until(() => existsSync(join(root, '.git/keyless/undo'))),
      async (root) =>
        await until(
          () => readFileSync(join(root, 'stacks/dns-0/main.tf'), 'latin1') !== before.get('stacks/dns-0/main.tf'),
        ),
      async (root) =>
        await until(
          () => readFileSync(join(root, 'stacks/dns-20/main.tf'), 'latin1') !== before.get('stacks/dns-20/main.tf'),
        ),
    ];
    for (const [index, moment] of moments.entries()) {
      const root = `${pristine}-${index}`;
      cpSync(pristine, root, { recursive: true });
      const { status, signal, stderr } = await interruptedRun(
        root,
        ['migrate', '--write', '--through', '3', '--no-diff'],
        async () => await moment(root),
      );
      const found = withoutUndo(filesIn(root));
      expect([...found.keys()].filter((path) => path.includes('.keyless-'))).toEqual([]);
      // Before our own handler is there, the signal ends Node itself.
      expect({ index, ended: status ?? signal }).toEqual({ index, ended: expect.toBeOneOf([0, 130, 'SIGINT']) });
      if (status === 0) expect(found).toEqual(after);
      else {
        expect([before, after]).toContainEqual(found);
        if (status === 130 && stderr !== '') expect(stderr).toMatch(/interrupted/);
      }
      outcomes.add(`${status}`);
    }
    expect(outcomes).toContain('130');
  });
});

describe('an interruption', () => {
  it.each(['audit', 'init', 'status'])('of %s gives no result and status 130', async (command) => {
    const world = makeWorld({ files: { ...exampleRepository, ...exampleGitConfig } });
    world.interrupt();
    const { status, stdout, stderr } = await runKeyless(world, [command]);
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toContain('(INTERRUPTED; keyless explain INTERRUPTED)');
  });

  it('between any two files of a move puts back those that were written', async () => {
    for (const moment of [1, 2, 5, 15]) {
      const world = makeWorld({ files: { ...exampleRepository, ...exampleGitConfig } });
      await runKeyless(world, ['init', '--yes']);
      const before = world.files.tree('/repo');
      let replaced = 0;
      const stage = world.files.stage.bind(world.files);
      const files: Files = Object.assign(world.files, {
        stage: async (...args: Parameters<Files['stage']>) => {
          const staged = await stage(...args);
          const commit = async (): Promise<void> => {
            await staged.commit();
            if (++replaced === moment) world.interrupt();
          };
          return { ...staged, commit };
        },
      });
      const { status, stderr } = await runKeyless({ ...world, files }, ['migrate', '--write', '--through', '3']);
      expect(status).toBe(130);
      expect(stderr).toMatch(moment === 1 ? /no file was changed/ : /files already written were put back/);
      expect(world.files.tree('/repo')).toEqual(before);
    }
  });
});
