import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeylessError } from '../kernel/error.ts';
import type { Files } from '../ports/index.ts';
import { realFiles } from '../ports/real/files.ts';
import { realRandom } from '../ports/real/random.ts';
import type { ChangeSet } from './plan.ts';
import { stepOf } from './steps.ts';
import { openUndoStore, undoLastRun } from './undo.ts';
import { writeChangeSets } from './write.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyless-write-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('writeChangeSets', () => {
  it('writes what the change sets say and nothing else', async () => {
    await put({ 'a.tf': 'old a\n', 'b.tf': 'old b\n', 'c.tf': 'other\n' });
    const result = await write([change('a.tf', 'old a\n', 'new a\n'), change('b.tf', 'old b\n', 'new b\n')]);
    expect(result.paths).toEqual(['a.tf', 'b.tf']);
    expect(await texts('a.tf', 'b.tf', 'c.tf')).toEqual(['new a\n', 'new b\n', 'other\n']);
  });

  it('joins several steps on one file into one change', async () => {
    await put({ 'a.tf': '1' });
    await write([change('a.tf', '1', '2')], [change('a.tf', '2', '3')]);
    expect(await texts('a.tf')).toEqual(['3']);
    await undo();
    expect(await texts('a.tf')).toEqual(['1']);
  });

  it('keeps the permission bits of a file', async () => {
    await put({ 'plan.sh': 'a' });
    await chmod(join(root, 'plan.sh'), 0o755);
    await write([change('plan.sh', 'a', 'b')]);
    expect((await stat(join(root, 'plan.sh'))).mode & 0o777).toBe(0o755);
  });

  it('writes nothing at all when one file is not what the plan was made from', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'edited meanwhile' });
    await expect(write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')])).rejects.toMatchObject({
      code: 'FILE_CHANGED',
    });
    expect(await texts('a.tf', 'b.tf')).toEqual(['old a', 'edited meanwhile']);
  });

  it('replaces no file before all of the new bytes are on the disk, and leaves no temporary file', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'old b' });
    const files = failingOn('b.tf', 'DISK_FULL');
    await expect(
      write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')], [], { files }),
    ).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('no file was changed'),
    });
    expect(await texts('a.tf', 'b.tf')).toEqual(['old a', 'old b']);
    expect((await realFiles(1).list(root)).map(({ name }) => name)).toEqual(['.git', 'a.tf', 'b.tf']);
    await expect(undo()).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' });
  });

  it('puts back what it replaced when a later file cannot be', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'old b' });
    const files = failingToReplace('b.tf');
    await expect(
      write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')], [], { files }),
    ).rejects.toMatchObject({ code: 'PERMISSION_DENIED', message: expect.stringContaining('put back') });
    expect(await texts('a.tf', 'b.tf')).toEqual(['old a', 'old b']);
    expect((await realFiles(1).list(root)).map(({ name }) => name)).toEqual(['.git', 'a.tf', 'b.tf']);
  });

  it('names the files that it could not put back, and keeps the record of the run', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'old b' });
    const files: Files = {
      ...failingToReplace('b.tf'),
      writeAtomic: async (path) => {
        throw new KeylessError({ code: 'DISK_FULL', message: `cannot write ${path}` });
      },
    };
    await expect(
      write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')], [], { files }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('could not be put back: a.tf'),
      hint: 'git checkout -- a.tf',
      details: { notPutBack: ['a.tf'] },
    });
  });

  it('puts back what it wrote when a person interrupts', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'old b' });
    const interruption = new AbortController();
    const real = realFiles(1);
    const files: Files = {
      ...real,
      stage: async (path, data, options) => {
        const staged = await real.stage(path, data, options);
        const commit = async (): Promise<void> => {
          await staged.commit();
          interruption.abort();
        };
        return { ...staged, commit };
      },
    };
    await expect(
      write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')], [], {
        files,
        signal: interruption.signal,
      }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await texts('a.tf', 'b.tf')).toEqual(['old a', 'old b']);
  });

  it('says that a read-only tree is read-only and changes nothing', async () => {
    await put({ 'a.tf': 'old a' });
    const files = failingOn('a.tf', 'READ_ONLY');
    await expect(write([change('a.tf', 'old a', 'new a')], [], { files })).rejects.toMatchObject({
      code: 'READ_ONLY',
      message: expect.stringContaining('no file was changed'),
    });
    expect(await texts('a.tf')).toEqual(['old a']);
  });
});

describe('undoLastRun', () => {
  it('restores the bytes of any text, exactly', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\r\n', '\n', '\t', '\uFEFF', '🔑', '= "x"') });
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        fc.pre(before !== after);
        await put({ 'a.tf': before });
        await write([change('a.tf', before, after)]);
        await undo();
        expect(await texts('a.tf')).toEqual([before]);
      }),
      { numRuns: 30 },
    );
  });

  it('removes a file that the run created', async () => {
    await put({});
    await write([change('new.tf', undefined, 'x')]);
    await undo();
    expect(await realFiles(1).stat(join(root, 'new.tf'))).toBeUndefined();
  });

  it('restores no file before all of the old bytes are on the disk', async () => {
    await put({ 'a.tf': 'old a', 'b.tf': 'old b' });
    await write([change('a.tf', 'old a', 'new a'), change('b.tf', 'old b', 'new b')]);
    const store = await openUndoStore({ files: realFiles(1), env: {}, home: '/nowhere' }, root);
    const files = failingOn('b.tf', 'DISK_FULL');
    await expect(undoLastRun({ files }, root, store)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await texts('a.tf', 'b.tf')).toEqual(['new a', 'new b']);
    expect((await realFiles(1).list(root)).map(({ name }) => name)).toEqual(['.git', 'a.tf', 'b.tf']);
    await undo();
    expect(await texts('a.tf', 'b.tf')).toEqual(['old a', 'old b']);
  });

  it('takes runs back one at a time, newest first', async () => {
    await put({ 'a.tf': '1' });
    await write([change('a.tf', '1', '2')]);
    await write([change('a.tf', '2', '3')], [], { now: '2026-02-01T00:00:00Z' });
    await undo();
    expect(await texts('a.tf')).toEqual(['2']);
    await undo();
    expect(await texts('a.tf')).toEqual(['1']);
  });

  it('refuses as a whole when a file was edited since', async () => {
    await put({ 'a.tf': '1', 'b.tf': '1' });
    await write([change('a.tf', '1', '2'), change('b.tf', '1', '2')]);
    await writeFile(join(root, 'b.tf'), 'mine');
    await expect(undo()).rejects.toMatchObject({ code: 'FILE_CHANGED', message: expect.stringContaining('b.tf') });
    expect(await texts('a.tf', 'b.tf')).toEqual(['2', 'mine']);
  });

  it('keeps its records out of the working tree and to their owner', async () => {
    await put({ 'a.tf': '1' });
    await write([change('a.tf', '1', '2')]);
    const store = await openUndoStore({ files: realFiles(1), env: {}, home: '/nowhere' }, root);
    expect(store.folder.startsWith(join(root, '.git', 'keyless', 'undo'))).toBe(true);
    const [id] = await store.list();
    expect((await stat(join(store.folder, `${id}.json`))).mode & 0o777).toBe(0o600);
  });

  it('uses the state folder of the person where there is no git', async () => {
    const store = await openUndoStore(
      { files: realFiles(1), env: { XDG_STATE_HOME: '/state' }, home: '/home/x' },
      root,
    );
    expect(store.folder.startsWith(join('/state', 'keyless', 'undo'))).toBe(true);
  });
});

async function put(texts: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(root, '.git'), { recursive: true });
  for (const [path, text] of Object.entries(texts)) await writeFile(join(root, path), text);
}

async function texts(...paths: string[]): Promise<string[]> {
  return await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')));
}

function change(path: string, before: string | undefined, after: string): ChangeSet['changes'][number] {
  return { path, before, after, rules: ['T1'] };
}

function changeSet(changes: ChangeSet['changes'], step: 'guard' | 'identity'): ChangeSet {
  return { step: stepOf(step), changes, refusals: [], remarks: [] };
}

async function write(
  first: ChangeSet['changes'],
  second: ChangeSet['changes'] = [],
  world: { files?: Files; signal?: AbortSignal; now?: string } = {},
): ReturnType<typeof writeChangeSets> {
  const files = world.files ?? realFiles(1);
  const ports = {
    files,
    clock: { now: () => new Date(world.now ?? '2026-01-01T00:00:00Z'), sleep: async () => undefined },
    random: { ...realRandom, bytes: (count: number) => new Uint8Array(count) },
    signal: world.signal ?? new AbortController().signal,
  };
  const store = await openUndoStore({ files: realFiles(1), env: {}, home: '/nowhere' }, root);
  return await writeChangeSets(ports, root, store, [changeSet(first, 'guard'), changeSet(second, 'identity')]);
}

async function undo(): ReturnType<typeof undoLastRun> {
  const files = realFiles(1);
  return await undoLastRun({ files }, root, await openUndoStore({ files, env: {}, home: '/nowhere' }, root));
}

/** Cannot take in new data for that file. */
function failingOn(name: string, code: 'DISK_FULL' | 'READ_ONLY'): Files {
  const real = realFiles(1);
  return {
    ...real,
    stage: async (path, data, options) => {
      if (path.endsWith(name)) throw new KeylessError({ code, message: `cannot write ${path}` });
      return await real.stage(path, data, options);
    },
  };
}

/** Takes in the data, and cannot put it in place. */
function failingToReplace(name: string): Files {
  const real = realFiles(1);
  return {
    ...real,
    stage: async (path, data, options) => {
      const staged = await real.stage(path, data, options);
      if (!path.endsWith(name)) return staged;
      const commit = async (): Promise<void> => {
        throw new KeylessError({ code: 'PERMISSION_DENIED', message: `cannot write ${path}` });
      };
      return { ...staged, commit };
    },
  };
}
