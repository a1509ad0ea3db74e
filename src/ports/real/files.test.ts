/** What only the real disk does; what every `Files` promises is held in test/support/files-compliance.test.ts. */
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDiskWorld } from '../../../test/support/make-world.ts';
import { realFiles } from './files.ts';

describe('files on disk', () => {
  it('leave nothing beside the target, whether a write succeeds or fails', async () => {
    const { files, root } = await makeDiskWorld({ files: { 'a.txt': 'a', 'folder/x': 'x' } });
    await files.writeAtomic(join(root, 'a.txt'), 'b');
    // A file cannot take the place of a folder: the rename fails after the bytes were written.
    await expect(files.writeAtomic(join(root, 'folder'), 'b')).rejects.toMatchObject({ code: 'FILE_FAILED' });
    expect(await readdir(root)).toEqual(['a.txt', 'folder']);
  });

  it('keep the mode that a file had, whatever the umask says', async () => {
    const { files, root } = await makeDiskWorld({ files: { 'run.sh': '#!/bin/sh\n' } });
    await chmod(join(root, 'run.sh'), 0o775);
    await files.writeAtomic(join(root, 'run.sh'), '#!/bin/sh\ntrue\n');
    expect((await stat(join(root, 'run.sh'))).mode & 0o7777).toBe(0o775);
  });

  it('are written at the same time without meeting each other', async () => {
    const { root } = await makeDiskWorld();
    const files = realFiles(7);
    await Promise.all(Array.from({ length: 50 }, (_, index) => files.writeAtomic(join(root, 'same'), `${index}`)));
    expect(Buffer.from(await files.read(join(root, 'same'))).toString()).toMatch(/^\d+$/);
    expect(await readdir(root)).toEqual(['same']);
  });

  it('hold bytes, not text', async () => {
    const { files, root } = await makeDiskWorld();
    const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0d, 0x0a]);
    await files.writeAtomic(join(root, 'b'), bytes);
    expect(new Uint8Array(await files.read(join(root, 'b')))).toEqual(bytes);
  });

  it('say what the system said when they cannot tell it better', async () => {
    const { files, root } = await makeDiskWorld();
    await expect(files.read(join(root, 'x'.repeat(300)))).rejects.toMatchObject({
      code: 'FILE_FAILED',
      message: expect.stringContaining('ENAMETOOLONG'),
      details: { errno: 'ENAMETOOLONG' },
    });
  });
});
