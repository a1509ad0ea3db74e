import { spawnSync } from 'node:child_process';
import { chmod, mkdir, open, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { makeDiskWorld, makeWorld, type World, type WorldInit } from '../../test/support/make-world.ts';
import type { MemoryFiles } from '../../test/support/memory-files.ts';
import { KeylessError } from '../kernel/error.ts';
import { type ReadTreeOptions, readTree } from './read-tree.ts';
import type { Repository } from './repository.ts';

async function read(
  init: WorldInit['files'],
  prepare: (files: MemoryFiles) => void = () => {},
  options: ReadTreeOptions = {},
): Promise<Repository> {
  const { files, root } = makeWorld(init === undefined ? {} : { files: init });
  prepare(files);
  return await readTree(files, root, options);
}

function skippedOf(repository: Repository): string[] {
  return repository.skipped.map(
    ({ path, reason, searchedAsText }) => `${path} ${reason}${searchedAsText ? ' searched' : ''}`,
  );
}

function pathsOf(repository: Repository): string[] {
  return repository.files.map(({ path }) => path);
}

async function failureOf(promise: Promise<unknown>): Promise<KeylessError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KeylessError);
  return error as KeylessError;
}

describe('reads', () => {
  it('every text file, in order of path, whatever the order of folders', async () => {
    const files = { 'b/x.tf': '', 'a.tf': '', 'b.tf': '', 'a/z.tf': '', 'a-b/q.tf': '', 'é.tf': '' };
    const repository = await read(files);
    expect(pathsOf(repository)).toEqual(Object.keys(files).sort());
    expect(repository.skipped).toEqual([]);
  });

  it('files that git ignores, which are the ones that hold keys', async () => {
    expect(pathsOf(await read({ '.gitignore': '*.tfvars\n', 'secret.tfvars': 'a = 1' }))).toContain('secret.tfvars');
  });

  it('copied code under version control', async () => {
    expect(pathsOf(await read({ 'vendor/x.go': '', 'third_party/y.tf': '' }))).toEqual([
      'third_party/y.tf',
      'vendor/x.go',
    ]);
  });

  it('what Terraform leaks into .terraform, and lists the folder', async () => {
    const repository = await read({
      's/.terraform/terraform.tfstate': '{}',
      's/.terraform/modules/modules.json': '{}',
      's/.terraform/modules/vpc/main.tf': '',
      's/.terraform/providers/registry/aws/x': '\0',
    });
    expect(pathsOf(repository)).toEqual(['s/.terraform/modules/modules.json', 's/.terraform/terraform.tfstate']);
    expect(skippedOf(repository)).toEqual(['s/.terraform excluded']);
  });

  it('what Terragrunt generated with credentials in it', async () => {
    const repository = await read({
      'live/.terragrunt-cache/a/b/provider.tf': '',
      'live/.terragrunt-cache/a/b/main.tf': '',
      'live/.terragrunt-cache/a/b/.terraform/terraform.tfstate': '{}',
    });
    expect(pathsOf(repository)).toEqual([
      'live/.terragrunt-cache/a/b/.terraform/terraform.tfstate',
      'live/.terragrunt-cache/a/b/provider.tf',
    ]);
  });

  it('ten thousand files, counted', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`d${index % 100}/${index}.tf`, 'a = 1\n']),
    );
    expect((await read(files)).scanned).toEqual({ files: 10_000, bytes: 60_000 });
  });
});

describe('lists what it leaves out', () => {
  test.each([
    ['.git', { '.git/config': '' }, '.git excluded'],
    ['npm packages', { 'x/node_modules/a/index.js': '' }, 'x/node_modules excluded'],
    ['a Python environment', { 'env/pyvenv.cfg': '', 'env/lib/a.py': '' }, 'env excluded'],
    ['a submodule', { 'modules/vpc/.git': 'gitdir: x', 'modules/vpc/main.tf': '' }, 'modules/vpc submodule'],
    ['a nested clone', { 'old/.git/config': '', 'old/main.tf': '' }, 'old submodule'],
    ['git-crypt', { 'a.tfvars': '\0GITCRYPT\0abc' }, 'a.tfvars encrypted'],
  ])('%s', async (_, files, listed) => {
    const repository = await read({ ...files, 'main.tf': '' });
    expect(skippedOf(repository)).toEqual([listed]);
    expect(pathsOf(repository)).toEqual(['main.tf']);
  });

  it('a vault of Ansible, although it is text', async () => {
    const repository = await read({ 'secrets.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162' });
    expect(skippedOf(repository)).toEqual(['secrets.yml encrypted searched']);
  });

  it('a pipe', async () => {
    expect(skippedOf(await read({}, (files) => files.putSpecial('/repo/fifo')))).toEqual(['fifo special-file']);
  });

  it('what may not be read, file or folder', async () => {
    const repository = await read({ 'a/x.tf': '', 'b.tf': '', 'c.tf': '' }, (files) => {
      files.deny('/repo/a');
      files.deny('/repo/b.tf');
    });
    expect(skippedOf(repository)).toEqual(['a unreadable', 'b.tf unreadable']);
    expect(pathsOf(repository)).toEqual(['c.tf']);
    expect(repository.scanned.files).toBe(1);
  });
});

describe('symbolic links', () => {
  it('to a file inside are listed, and Terraform’s view of the folder has the file', async () => {
    const repository = await read({ 'common/provider.tf': 'x', 'stacks/a/main.tf': '' }, (files) =>
      files.putSymlink('/repo/stacks/a/provider.tf', '../../common/provider.tf'),
    );
    expect(skippedOf(repository)).toEqual(['stacks/a/provider.tf symlink']);
    expect(repository.inDirectory('stacks/a').map(({ path }) => path)).toEqual([
      'stacks/a/main.tf',
      'common/provider.tf',
    ]);
  });

  it('to a folder inside are seen through', async () => {
    const repository = await read({ 'modules/x/main.tf': '' }, (files) =>
      files.putSymlink('/repo/stacks/x', '../modules/x'),
    );
    expect(repository.inDirectory('stacks/x').map(({ path }) => path)).toEqual(['modules/x/main.tf']);
  });

  it('that leave the repository are never followed', async () => {
    const repository = await read({ 'a.tf': '' }, (files) => {
      files.put('/home/dev/.aws/credentials', 'x');
      files.putSymlink('/repo/creds', '/home/dev/.aws/credentials');
    });
    expect(pathsOf(repository)).toEqual(['a.tf']);
    expect(repository.skipped).toMatchObject([
      { path: 'creds', reason: 'symlink', detail: expect.stringContaining('leaves') },
    ]);
    expect(repository.links.size).toBe(0);
  });

  it('that go round in circles are named', async () => {
    const repository = await read({ 'a/x.tf': '' }, (files) => {
      files.putSymlink('/repo/a/up', '..');
      files.putSymlink('/repo/one', 'two');
      files.putSymlink('/repo/two', 'one');
      files.putSymlink('/repo/gone', 'nowhere');
    });
    expect(skippedOf(repository)).toEqual([
      'a/up symlink-loop',
      'gone symlink',
      'one symlink-loop',
      'two symlink-loop',
    ]);
  });

  it('are told apart on a real disk as well', async () => {
    const world = await makeDiskWorld({ files: { 'a/x.tf': '' } });
    await symlink('..', join(world.root, 'a/up'));
    await symlink('self', join(world.root, 'self'));
    await symlink('a/x.tf', join(world.root, 'x.tf'));
    const repository = await readTree(world.files, world.root);
    expect(skippedOf(repository)).toEqual(['a/up symlink-loop', 'self symlink-loop', 'x.tf symlink']);
    expect([...repository.links]).toEqual([['x.tf', 'a/x.tf']]);
  });
});

describe('text', () => {
  it('in UTF-16, with a mark or without, is decoded', async () => {
    const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
    const repository = await read({
      'marked.ps1': utf16('\uFEFF$env:AWS_PROFILE = "dev"'),
      'plain.ps1': utf16('$env:AWS_PROFILE = "dev"\r\n'),
      'big.ps1': Buffer.from(utf16('\uFEFF$env:X')).swap16(),
    });
    expect(repository.files.map(({ path, text, encoding }) => [path, text, encoding])).toEqual([
      ['big.ps1', '\uFEFF$env:X', 'utf-16be'],
      ['marked.ps1', '\uFEFF$env:AWS_PROFILE = "dev"', 'utf-16le'],
      ['plain.ps1', '$env:AWS_PROFILE = "dev"\r\n', 'utf-16le'],
    ]);
  });

  it('that is not UTF-8 loses no byte and is listed', async () => {
    const repository = await read({ 'a.tf': Uint8Array.from([0x61, 0xff, 0xe9, 0x0a]) });
    expect(repository.files[0]).toMatchObject({ text: 'aÿé\n', encoding: 'latin1' });
    expect(skippedOf(repository)).toEqual(['a.tf not-utf-8 searched']);
  });

  it('keeps its byte order mark and its line ends', async () => {
    const text = '\uFEFFa = 1\r\nb = 2\r';
    expect((await read({ 'a.tf': text })).files[0]).toMatchObject({ text, encoding: 'utf-8' });
  });

  it('may hold the replacement character', async () => {
    expect((await read({ 'a.md': 'x\uFFFDy' })).files[0]).toMatchObject({ encoding: 'utf-8' });
  });
});

describe('binary and large files', () => {
  const markers = ['MARK'];

  it('give what stands around a marker, with its line', async () => {
    const text = `${'x\n'.repeat(3000)}here MARK is${'\ny'.repeat(3000)}`;
    const repository = await read({ 'log.txt': text }, undefined, { markers, maxFileBytes: 1000 });
    expect(skippedOf(repository)).toEqual(['log.txt too-large searched']);
    const [fragment] = repository.fragments;
    const at = fragment?.text.indexOf('MARK') ?? -1;
    expect(fragment?.locationOf(at)).toEqual({ path: 'log.txt', line: 3001, column: 6 });
    expect(fragment?.text.length).toBeLessThan(3000);
  });

  it('are searched over the borders of chunks, wherever the marker falls', async () => {
    const chunk = 1024 * 1024;
    for (const offset of [-5, -4, -2, 0, 1, 1023, 1025, -1024, -2049]) {
      const before = 'a\n'.repeat((chunk + 4096) / 2).slice(0, chunk + offset);
      const repository = await read({ 'big.log': `${before}MARK${'b'.repeat(5000)}` }, undefined, {
        markers,
        maxFileBytes: 10,
      });
      const places = repository.fragments.flatMap((fragment) => {
        const at = fragment.text.indexOf('MARK');
        return at === -1 ? [] : [fragment.locationOf(at).line];
      });
      expect(new Set(places)).toEqual(new Set([before.split('\n').length]));
    }
  });

  it('of binary content are searched as bytes', async () => {
    const repository = await read({ 'tool.bin': `\0\0${'z'.repeat(9000)}MARK\0` }, undefined, { markers });
    expect(skippedOf(repository)).toEqual(['tool.bin binary searched']);
    expect(repository.fragments[0]?.text).toContain('MARK');
  });

  it('are only listed when there is nothing to look for, or too much', async () => {
    expect(skippedOf(await read({ 'a.bin': '\0' }))).toEqual(['a.bin binary']);
    const options = { markers, maxFileBytes: 10, maxSearchedBytes: 20 };
    expect(skippedOf(await read({ 'a.log': 'MARK'.repeat(10) }, undefined, options))).toEqual(['a.log too-large']);
  });

  it('of 200 MB are read in bounded memory', async () => {
    const world = await makeDiskWorld({ files: { 'main.tf': 'a = 1\n' } });
    const path = join(world.root, 'dump.bin');
    await writeFile(path, '\0');
    await truncate(path, 200_000_000);
    const handle = await open(path, 'r+');
    await handle.write('MARK', 150_000_000);
    await handle.close();
    const repository = await readTree(world.files, world.root, { markers });
    expect(repository.skipped).toMatchObject([{ path: 'dump.bin', reason: 'too-large', searchedAsText: true }]);
    expect(repository.fragments).toHaveLength(1);
    expect(repository.fragments[0]?.text.length).toBeLessThan(4096);
  });

  it('that are saved plans are unpacked', async () => {
    const plan = zip({ tfstate: '{"a":1}', 'tfconfig/m-/main.tf': 'provider "aws" {}\n', tfplan: `\0\0MARK` });
    const repository = await read({ 'run.tfplan': plan }, undefined, { markers });
    expect(pathsOf(repository)).toEqual([]);
    expect(repository.entries.map(({ path, format }) => [path, format])).toEqual([
      ['run.tfplan!tfconfig/m-/main.tf', 'terraform'],
      ['run.tfplan!tfstate', 'state'],
    ]);
    expect(repository.fragments.map(({ path }) => path)).toEqual(['run.tfplan!tfplan']);
    expect(skippedOf(repository)).toEqual(['run.tfplan binary searched']);
    expect(repository.scanned.files).toBe(1);
  });

  it('that are damaged archives are searched as bytes', async () => {
    const plan = zip({ tfstate: 'x'.repeat(100) });
    const repository = await read({ 'run.tfplan': plan.subarray(0, plan.length - 10) }, undefined, { markers });
    expect(skippedOf(repository)).toEqual(['run.tfplan binary searched']);
  });

  it('never unpack more than is read of a file', async () => {
    const plan = zip({ bomb: 'a'.repeat(100_000) });
    const repository = await read({ 'run.tfplan': plan }, undefined, { markers, maxFileBytes: 10_000 });
    expect(skippedOf(repository)).toEqual(['run.tfplan binary searched', 'run.tfplan!bomb too-large']);
  });
});

describe('fails', () => {
  it('when the folder does not exist', async () => {
    const { files } = makeWorld();
    expect(await failureOf(readTree(files, '/nowhere'))).toMatchObject({ code: 'PATH_NOT_FOUND' });
  });

  it('when it is a file', async () => {
    const { files } = makeWorld({ files: { 'main.tf': '' } });
    expect(await failureOf(readTree(files, '/repo/main.tf'))).toMatchObject({ code: 'NOT_A_DIRECTORY' });
  });

  it('when the root may not be read', async () => {
    const { files, root } = makeWorld();
    files.deny(root);
    expect(await failureOf(readTree(files, root))).toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('when the person interrupts', async () => {
    const world = makeWorld({ files: { 'main.tf': '' } });
    world.interrupt();
    expect(await failureOf(readTree(world.files, world.root, { signal: world.signal }))).toMatchObject({
      code: 'INTERRUPTED',
    });
  });

  it('in the middle of a large file too', async () => {
    const world = makeWorld({ files: { 'big.log': 'x'.repeat(3_000_000) } });
    const reading = readTree(world.files, world.root, {
      signal: world.signal,
      markers: ['MARK'],
      maxFileBytes: 10,
      onProgress: () => world.interrupt(),
    });
    expect(await failureOf(reading)).toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('on a real disk', () => {
  it.skipIf(process.platform === 'win32')('lists what the system denies', async () => {
    const world = await makeDiskWorld({ files: { 'a.tf': '' } });
    await chmod(join(world.root, 'a.tf'), 0);
    await chmod(dirname(world.root), 0o711);
    // Root is denied nothing, so it reads as somebody else.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(skippedOf(await readTree(world.files, world.root))).toEqual(['a.tf unreadable']);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('does not wait for a pipe that nobody writes to', async () => {
    const world: World = await makeDiskWorld();
    await mkdir(join(world.root, 'run'));
    const made = spawnSync('mkfifo', [join(world.root, 'run/pipe')]);
    const repository = await readTree(world.files, world.root);
    expect(skippedOf(repository)).toEqual(made.status === 0 ? ['run/pipe special-file'] : []);
  });
});

/** A zip archive with deflated entries, without checksums. */
function zip(entries: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const packed = deflateRawSync(text);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt16LE(name.length, 26);
    const local = Buffer.concat([header, Buffer.from(name), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
