/** What a repository or a machine in a bad state gets: a clear message, the right exit status, and every file as it was. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/ports/index.ts';
import { exampleGitConfig, exampleRepository } from '../support/example-repository.ts';
import { generateCredential } from '../support/generated-credentials.ts';
import { makeDiskWorld, makeWorld, type World } from '../support/make-world.ts';
import { runKeyless } from '../support/run-keyless.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const { keyId, secret } = generateCredential('bad input');
const masked = `${keyId.slice(0, 4)}…${keyId.slice(-4)}`;
const provider = `provider "aws" {\n  region     = "eu-west-1"\n  access_key = "${keyId}"\n  secret_key = "${secret}"\n}\n`;
const intent = (...stacks: string[]): string =>
  `version: 1\norganization:\n  name: acme\naccounts:\n  dev: "222233334444"\nstacks:\n${stacks.map((path) => `  - path: ${path}\n    account: dev\n`).join('')}`;

describe('a folder', () => {
  it('without any Terraform is audited, drafted and planned, with nothing to do', async () => {
    const world = makeWorld({ files: { 'README.md': 'Hello.\n', 'src/index.js': 'export {};\n' } });
    const audit = await runKeyless(world, ['audit']);
    expect(audit).toMatchObject({ status: 0, stderr: '' });
    expect(audit.stdout).toContain('Nothing was found.');
    const init = await runKeyless(world, ['init', '--yes']);
    expect(init.status).toBe(0);
    expect(init.stdout).toContain('No folder that Terraform is run in was found');
    expect((await runKeyless(world, ['status'])).status).toBe(0);
  });

  it.each(['audit', 'init', 'status', 'migrate'])('that does not exist is a usage error of %s', async (command) => {
    const { status, stdout, stderr } = await runKeyless(makeWorld(), [command, 'no/such']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('keyless: /repo/no/such does not exist; expected the root folder of a repository');
  });

  it.each(['audit', 'init', 'status', 'migrate'])('that is a file is a usage error of %s', async (command) => {
    const world = makeWorld({ files: { 'main.tf': provider } });
    const { status, stdout, stderr } = await runKeyless(world, [command, 'main.tf']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('keyless: /repo/main.tf is a file; expected the root folder');
  });

  it('that may not be read could not be audited', async () => {
    const world = makeWorld({ files: { 'main.tf': provider } });
    world.files.deny('/repo');
    const { status, stdout, stderr } = await runKeyless(world, ['audit']);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('cannot list /repo: the operating system denies it');
    expect(stderr).toContain('PERMISSION_DENIED');
  });

  it('that is a symbolic link to itself could not be audited', async () => {
    const { root, ...world } = await makeDiskWorld();
    symlinkSync('loop', join(root, 'loop'));
    const { status, stderr } = await runKeyless({ ...world, cwd: root }, ['audit', 'loop']);
    expect(status).toBe(3);
    expect(stderr).toContain('symbolic links lead back to themselves');
  });
});

describe('a part of the tree', () => {
  it('that may not be read is listed, and the rest is audited', async () => {
    const world = makeWorld({ files: { 'a/main.tf': provider, 'b/main.tf': provider, 'c.env': 'X=1\n' } });
    world.files.deny('/repo/b');
    world.files.deny('/repo/c.env');
    const { status, stdout } = await runKeyless(world, ['audit', '--json']);
    expect(status).toBe(1);
    const { coverage, credentials } = JSON.parse(stdout);
    expect(credentials).toMatchObject([{ keyId: masked }]);
    expect(coverage.skipped).toEqual([
      { path: 'b', reason: 'unreadable', detail: 'permission denied', searchedAsText: false },
      { path: 'c.env', reason: 'unreadable', detail: 'permission denied', searchedAsText: false },
    ]);
  });

  it('that goes in circles is walked once', async () => {
    const { root, ...world } = await makeDiskWorld({ files: { 'a/main.tf': provider } });
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('b', join(root, 'a/b'));
    mkdirSync(join(root, 'c'));
    symlinkSync('../a', join(root, 'c/again'));
    const { status, stdout } = await runKeyless({ ...world, cwd: root }, ['audit', '--json']);
    expect(status).toBe(1);
    const { coverage, findings } = JSON.parse(stdout);
    expect(new Set(findings.map(({ path }: { path: string }) => path))).toEqual(new Set(['a/main.tf']));
    expect(coverage.skipped.map(({ path, reason }: Record<string, string>) => `${path} ${reason}`)).toEqual([
      'a/b symlink-loop',
      'a/up symlink-loop',
      'c/again symlink',
    ]);
  });

  it('that is a file of 200 MB is searched to its end without being held in memory', async () => {
    const { root } = await makeDiskWorld({ files: { 'main.tf': 'locals {}\n' } });
    const size = 200_000_000;
    const log = join(root, 'big.log');
    writeFileSync(log, 'begin\n');
    truncateSync(log, size);
    writeSync(openSync(log, 'r+'), `\naws_access_key_id=${keyId}\naws_secret_access_key=${secret}\n`, size);
    const tellMemory = "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))";
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tellMemory, main, 'audit', '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const { credentials, coverage } = JSON.parse(stdout);
    expect(credentials).toMatchObject([{ keyId: masked, parts: ['keyId', 'secret'] }]);
    expect(coverage.skipped).toMatchObject([{ path: 'big.log', reason: 'too-large', searchedAsText: true }]);
    // Node itself takes about 60 MB, keyless with all its detectors another 60.
    expect(Number(stderr.trim()) * 1024).toBeLessThan(size);
  });

  it('that is binary is named, and searched for key ids', async () => {
    const binary = Buffer.concat([Buffer.from([0, 1, 2, 0xff, 0]), Buffer.from(`\0${keyId}\0`), Buffer.alloc(50)]);
    const world = makeWorld({ files: { 'plan.bin': binary } });
    const { status, stdout } = await runKeyless(world, ['audit', '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      credentials: [{ keyId: masked, places: [{ path: 'plan.bin' }] }],
      coverage: { skipped: [{ path: 'plan.bin', reason: 'binary' }] },
    });
  });
});

/** By what is wrong with it, a file that holds a key all the same. */
const unusable: Readonly<Record<string, { readonly bytes: Uint8Array; readonly skipped: object }>> = {
  'invalid UTF-8': {
    bytes: Buffer.concat([Buffer.from('# caf'), Buffer.from([0xe9]), Buffer.from(`\n${provider}`)]),
    skipped: { reason: 'not-utf-8', searchedAsText: true },
  },
  'merge markers': {
    bytes: Buffer.from(`<<<<<<< HEAD\n${provider}=======\nprovider "aws" {}\n>>>>>>> main\n`),
    skipped: { reason: 'unparseable', line: 1, searchedAsText: true },
  },
  'a Jinja template in it': {
    bytes: Buffer.from(`{% if prod %}\n${provider}{% endif %}\nlocals {\n  a = {{ value }}\n}\n`),
    skipped: { reason: 'unparseable', line: 1, searchedAsText: true },
  },
  'its second half missing': {
    bytes: Buffer.from(`locals {\n  a = 1\n}\n\n${provider.slice(0, -2)}`),
    skipped: { reason: 'unparseable', line: 5, searchedAsText: true },
  },
};

describe.each(Object.entries(unusable))('a file with %s', (_, { bytes, skipped }) => {
  const files = {
    'bad/main.tf': bytes,
    'good/main.tf': provider.replace(keyId, keyId),
    'keyless.yaml': intent('bad', 'good'),
  };

  it('is searched by the audit, which says why it did not understand it', async () => {
    const { status, stdout } = await runKeyless(makeWorld({ files }), ['audit', '--json']);
    expect(status).toBe(1);
    const { credentials, coverage } = JSON.parse(stdout);
    expect(credentials[0].places.map(({ path }: { path: string }) => path)).toContain('bad/main.tf');
    expect(coverage.skipped).toMatchObject([{ path: 'bad/main.tf', ...skipped }]);
  });

  it('is left alone by the move, byte for byte, with what a person should do; its neighbours are moved', async () => {
    const world = makeWorld({ files });
    const { status, stdout } = await runKeyless(world, ['migrate', '--write', '--through', '3', '--json']);
    expect(status).toBe(0);
    const { steps, written } = JSON.parse(stdout);
    expect(written.paths).toEqual(['good/main.tf']);
    expect(Buffer.from(await world.files.read('/repo/bad/main.tf'))).toEqual(Buffer.from(bytes));
    const refusals = steps.flatMap((step: { refusals: { path: string }[] }) => step.refusals);
    const about = refusals.filter(({ path }: { path: string }) => path === 'bad/main.tf');
    expect(about.length).toBeGreaterThan(0);
    for (const { line, reason, todo } of about)
      expect([line > 0, reason !== '', todo !== '']).toEqual([true, true, true]);
  });
});

describe('a move that cannot be written', () => {
  async function readyToMove(): Promise<World<ReturnType<typeof makeWorld>['files']>> {
    const world = makeWorld({ files: { ...exampleRepository, ...exampleGitConfig } });
    expect((await runKeyless(world, ['init', '--yes'])).status).toBe(0);
    return world;
  }

  it('because the tree is read-only changes nothing', async () => {
    const world = await readyToMove();
    const before = world.files.tree('/');
    world.files.makeReadOnly('/repo');
    const { status, stderr } = await runKeyless(world, ['migrate', '--write']);
    expect(status).toBe(3);
    expect(stderr).toContain('the file system is read-only');
    expect(stderr).toContain('(READ_ONLY; keyless explain READ_ONLY)');
    expect(world.files.tree('/')).toEqual(before);
  });

  it('because the working tree alone is read-only takes back the record of the run as well', async () => {
    const world = await readyToMove();
    const before = world.files.tree('/');
    for (const folder of ['stacks', 'modules', '.github', 'scripts']) world.files.makeReadOnly(`/repo/${folder}`);
    const { status, stderr } = await runKeyless(world, ['migrate', '--write']);
    expect(status).toBe(3);
    expect(stderr).toContain('READ_ONLY');
    expect(world.files.tree('/')).toEqual(before);
  });

  it('because init may not write says so, and writes nothing half', async () => {
    const world = makeWorld({ files: { 'main.tf': provider } });
    world.files.limitSpace(10);
    const { status, stderr } = await runKeyless(world, ['init', '--yes']);
    expect(status).toBe(3);
    expect(stderr).toContain('no space is left on the device');
    expect(Object.keys(world.files.tree('/repo'))).toEqual(['main.tf']);
  });

  it('because the disk is full for a moment leaves every file as it was, whichever write it hits', async () => {
    const clean = await readyToMove();
    const before = clean.files.tree('/repo');
    const writes = await countWrites(clean.files, async (files) => {
      expect((await runKeyless({ ...clean, files }, ['migrate', '--write', '--through', '3'])).status).toBe(0);
    });
    expect(writes).toBeGreaterThan(10);
    for (const failing of [1, 2, Math.floor(writes / 2), writes]) {
      const world = await readyToMove();
      const files = failingAt(world.files, failing);
      const { status, stderr } = await runKeyless({ ...world, files }, ['migrate', '--write', '--through', '3']);
      expect(status).toBe(3);
      expect(stderr).toContain('DISK_FULL');
      expect(world.files.tree('/repo')).toEqual(before);
    }
  });

  it('because the disk is full for good leaves every file as it was', async () => {
    const before = (await readyToMove()).files.tree('/repo');
    for (const room of [25_000, 35_000]) {
      const world = await readyToMove();
      world.files.limitSpace(room);
      const { status, stderr } = await runKeyless(world, ['migrate', '--write', '--through', '3']);
      expect(status).toBe(3);
      expect(stderr).toContain('no space is left on the device');
      expect(world.files.tree('/repo')).toEqual(before);
    }
  });

  it('because files may not grow on a real disk says so, and leaves every file and nothing else', async () => {
    const { root } = await makeDiskWorld({ files: { ...exampleRepository, ...exampleGitConfig } });
    const keyless = (prefix: string, ...args: string[]) =>
      spawnSync('bash', ['-c', `${prefix} exec "$0" "$@"`, process.execPath, main, ...args], {
        cwd: root,
        encoding: 'utf8',
      });
    expect(keyless('', 'init', '--yes').status).toBe(0);
    const state = (): string =>
      spawnSync('find', ['.', '-type', 'f', '-exec', 'md5sum', '{}', '+'], { cwd: root, encoding: 'utf8' }).stdout;
    const before = state();
    // One block: the record of the run is larger than that.
    const { status, stderr } = keyless('ulimit -f 1;', 'migrate', '--write', '--through', '3', '--no-diff');
    expect(stderr).toContain('the file would be larger than the limit');
    expect(status).toBe(3);
    expect(state()).toBe(before);
    expect(keyless('', 'migrate', '--write', '--through', '3', '--no-diff').status).toBe(0);
    expect(readFileSync(join(root, 'stacks/messaging/main.tf'), 'utf8')).not.toContain('access_key');
  });
});

/** How often a file is written while `action` runs. */
async function countWrites(files: Files, action: (counted: Files) => Promise<void>): Promise<number> {
  let writes = 0;
  await action(intercepted(files, async () => void writes++));
  return writes;
}

/** The disk is full for one write; by the time old bytes are put back there is room again. */
function failingAt(files: Files, failing: number): Files {
  let writes = 0;
  return intercepted(files, async (path) => {
    if (++writes !== failing) return;
    const world = makeWorld();
    world.files.limitSpace(0);
    await world.files.writeAtomic('/repo/x', `full ${path}`);
  });
}

function intercepted(files: Files, beforeWrite: (path: string) => Promise<void>): Files {
  return Object.assign(Object.create(Object.getPrototypeOf(files)) as Files, bound(files), {
    writeAtomic: async (...args: Parameters<Files['writeAtomic']>) => {
      await beforeWrite(args[0]);
      await files.writeAtomic(...args);
    },
    stage: async (...args: Parameters<Files['stage']>) => {
      await beforeWrite(args[0]);
      return await files.stage(...args);
    },
  });
}

function bound(files: Files): Files {
  const names = [
    'read',
    'readStart',
    'readChunks',
    'list',
    'stat',
    'lstat',
    'realPath',
    'makeDirectory',
    'makeTemporaryDirectory',
    'remove',
  ] as const;
  return Object.fromEntries(names.map((name) => [name, files[name].bind(files)])) as unknown as Files;
}
