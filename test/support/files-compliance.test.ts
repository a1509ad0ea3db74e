/** What every `Files` promises, held against the real disk and the one in memory, so that tests may trust the latter. */
import { symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { KeylessError } from '../../src/kernel/error.ts';
import type { Files } from '../../src/ports/index.ts';
import { makeDiskWorld, makeWorld } from './make-world.ts';

interface Setup {
  readonly files: Files;
  readonly root: string;
  link(path: string, target: string): Promise<void>;
}

const content = { 'b.txt': 'bee', 'a/x.txt': 'x', 'A.txt': '', 'é.txt': '' };

const implementations: readonly (readonly [string, () => Promise<Setup>])[] = [
  [
    'in memory',
    async () => {
      const { files, root } = makeWorld({ files: content });
      return { files, root, link: async (path, target) => files.putSymlink(`${root}/${path}`, target) };
    },
  ],
  [
    'on disk',
    async () => {
      const { files, root } = await makeDiskWorld({ files: content });
      return { files, root, link: async (path, target) => await symlink(target, `${root}/${path}`) };
    },
  ],
];

async function failure(promise: Promise<unknown>): Promise<[string, unknown]> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof KeylessError ? [error.code, error.details.errno] : [`${error}`, undefined];
}

async function textOf(files: Files, path: string): Promise<string> {
  return Buffer.from(await files.read(path)).toString();
}

describe.each(implementations)('files %s', (_, setUp) => {
  it('lists entries in code-unit order with their kinds', async () => {
    const { files, root, link } = await setUp();
    await link('l', 'a');
    expect(await files.list(root)).toEqual([
      { name: 'A.txt', kind: 'file' },
      { name: 'a', kind: 'directory' },
      { name: 'b.txt', kind: 'file' },
      { name: 'l', kind: 'symlink' },
      { name: 'é.txt', kind: 'file' },
    ]);
  });

  it('reads whole, the start, and in pieces', async () => {
    const { files, root } = await setUp();
    expect(await textOf(files, `${root}/b.txt`)).toBe('bee');
    expect(Buffer.from(await files.readStart(`${root}/b.txt`, 2)).toString()).toBe('be');
    expect((await files.readStart(`${root}/b.txt`, 100)).length).toBe(3);
    const pieces: string[] = [];
    for await (const piece of files.readChunks(`${root}/b.txt`, 2)) pieces.push(Buffer.from(piece).toString());
    expect(pieces).toEqual(['be', 'e']);
  });

  it('tells what is there, through links and not', async () => {
    const { files, root, link } = await setUp();
    await link('l', 'b.txt');
    expect(await files.stat(`${root}/l`)).toMatchObject({ kind: 'file', size: 3 });
    expect(await files.lstat(`${root}/l`)).toMatchObject({ kind: 'symlink' });
    expect(await files.stat(`${root}/none`)).toBeUndefined();
    expect(await files.lstat(`${root}/b.txt/x`)).toBeUndefined();
    expect(await files.realPath(`${root}/l`)).toBe(`${root}/b.txt`);
  });

  it('names what is missing, what is no folder and what goes in circles', async () => {
    const { files, root, link } = await setUp();
    await link('loop', 'loop');
    expect((await failure(files.read(`${root}/none`)))[0]).toBe('PATH_NOT_FOUND');
    expect((await failure(files.list(`${root}/none`)))[0]).toBe('PATH_NOT_FOUND');
    expect((await failure(files.realPath(`${root}/none`)))[0]).toBe('PATH_NOT_FOUND');
    expect((await failure(files.list(`${root}/b.txt`)))[0]).toBe('NOT_A_DIRECTORY');
    expect(await failure(files.realPath(`${root}/loop`))).toEqual(['FILE_FAILED', 'ELOOP']);
    expect((await failure(files.read(root)))[0]).toBe('FILE_FAILED');
  });

  it('writes whole files, keeps their mode and makes no folders unasked', async () => {
    const { files, root } = await setUp();
    await files.writeAtomic(`${root}/b.txt`, 'new');
    expect(await textOf(files, `${root}/b.txt`)).toBe('new');
    await files.writeAtomic(`${root}/key`, 'k', { mode: 0o600 });
    await files.writeAtomic(`${root}/key`, 'l');
    expect((await files.stat(`${root}/key`))?.mode).toBe(0o600);
    expect((await failure(files.writeAtomic(`${root}/no/such/x`, '')))[0]).toBe('PATH_NOT_FOUND');
    expect((await files.list(root)).map(({ name }) => name)).toEqual(['A.txt', 'a', 'b.txt', 'key', 'é.txt']);
  });

  it('makes and removes folders', async () => {
    const { files, root } = await setUp();
    await files.makeDirectory(`${root}/d/e`);
    await files.makeDirectory(`${root}/d/e`);
    expect((await files.stat(`${root}/d/e`))?.kind).toBe('directory');
    const [one, two] = [
      await files.makeTemporaryDirectory(`${root}/t-`),
      await files.makeTemporaryDirectory(`${root}/t-`),
    ];
    expect(one).not.toBe(two);
    await files.remove(`${root}/d`);
    await files.remove(`${root}/a/x.txt`);
    await files.remove(`${root}/none`);
    expect((await files.list(`${root}/a`)).length).toBe(0);
    expect(await files.stat(`${root}/d`)).toBeUndefined();
  });
});

it('in memory fails as a disk does when it is denied, read-only or full', async () => {
  const { files, root } = makeWorld({ files: content });
  files.deny(`${root}/a`);
  expect((await failure(files.read(`${root}/a/x.txt`)))[0]).toBe('PERMISSION_DENIED');
  files.limitSpace(3);
  await files.writeAtomic(`${root}/b.txt`, '123');
  expect((await failure(files.writeAtomic(`${root}/b.txt`, '4')))[0]).toBe('DISK_FULL');
  expect(files.text(`${root}/b.txt`)).toBe('123');
  files.makeReadOnly(root);
  expect((await failure(files.remove(`${root}/b.txt`)))[0]).toBe('READ_ONLY');
  expect(Object.keys(files.tree(root))).toEqual(['A.txt', 'a/x.txt', 'b.txt', 'é.txt']);
});
