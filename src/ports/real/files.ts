/** The file system. Failures are given the code, the path and the sentence a person needs. */
import {
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeylessError } from '../../kernel/error.ts';
import type { ErrorCode } from '../../kernel/error-codes.ts';
import type { FileKind, FileStat, Files } from '../index.ts';

/** @param processId makes the names of temporary files this process's own */
export function realFiles(processId: number): Files {
  let written = 0;
  const stage: Files['stage'] = async (path, data, options) => {
    // The same folder, because a rename is atomic only within one file system.
    const beside = join(dirname(path), `.${basename(path)}.keyless-${processId}-${written++}`);
    const discard = async (): Promise<void> => await rm(beside, { force: true });
    try {
      const previous = await statOrUndefined(path, stat);
      await named('write', path, () => writeThrough(beside, data, options?.mode ?? previous?.mode ?? 0o644));
    } catch (error) {
      await discard();
      throw error;
    }
    return { commit: async () => await named('write', path, () => rename(beside, path)), discard };
  };
  return {
    read: async (path) => await named('read', path, () => readFile(path)),
    readStart: async (path, length) =>
      await named('read', path, async () => {
        const handle = await open(path, 'r');
        try {
          const buffer = Buffer.alloc(length);
          const { bytesRead } = await handle.read(buffer, 0, length, 0);
          return buffer.subarray(0, bytesRead);
        } finally {
          await handle.close();
        }
      }),
    readChunks: (path, length) => chunksOf(path, length),
    list: async (path) =>
      await named('list', path, async () => {
        const entries = await readdir(path, { withFileTypes: true });
        return entries
          .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      }),
    stat: async (path) => await statOrUndefined(path, stat),
    lstat: async (path) => await statOrUndefined(path, lstat),
    realPath: async (path) => await named('resolve', path, () => realpath(path)),
    writeAtomic: async (path, data, options) => {
      const staged = await stage(path, data, options);
      try {
        await staged.commit();
      } catch (error) {
        await staged.discard();
        throw error;
      }
    },
    stage,
    makeDirectory: async (path, options) =>
      await named('create', path, async () => {
        await mkdir(path, { recursive: true, ...(options?.mode === undefined ? {} : { mode: options.mode }) });
      }),
    makeTemporaryDirectory: async (prefix) => await named('create', prefix, () => mkdtemp(prefix)),
    remove: async (path) => await named('remove', path, () => rm(path, { recursive: true, force: true })),
  };
}

async function* chunksOf(path: string, length: number): AsyncGenerator<Uint8Array> {
  const handle = await named('read', path, () => open(path, 'r'));
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await named('read', path, () => handle.read(buffer, 0, length));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** The bytes are on the disk, not in a cache, before the rename makes them the file. */
async function writeThrough(path: string, data: Uint8Array | string, mode: number): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'wx', mode);
    await handle.writeFile(data);
    // `open` applies the umask; the mode that was asked for is the mode of the file.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

async function statOrUndefined(path: string, read: typeof stat | typeof lstat): Promise<FileStat | undefined> {
  try {
    const found = await read(path);
    return { kind: kindOf(found), size: found.size, mode: found.mode & 0o7777 };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw translate('read', path, error);
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

async function named<T>(verb: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translate(verb, path, error);
  }
}

const codes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['PATH_NOT_FOUND', 'it does not exist'],
  ENOTDIR: ['NOT_A_DIRECTORY', 'a part of the path is not a directory'],
  EACCES: ['PERMISSION_DENIED', 'the operating system denies it'],
  EPERM: ['PERMISSION_DENIED', 'the operating system denies it'],
  EROFS: ['READ_ONLY', 'the file system is read-only'],
  ENOSPC: ['DISK_FULL', 'no space is left on the device'],
  EDQUOT: ['DISK_FULL', 'the disk quota is used up'],
  EFBIG: ['DISK_FULL', 'the file would be larger than the limit set for this process'],
  ELOOP: ['FILE_FAILED', 'symbolic links lead back to themselves'],
  EISDIR: ['FILE_FAILED', 'it is a directory'],
};

function translate(verb: string, path: string, error: unknown): unknown {
  if (error instanceof KeylessError) return error;
  const errno = (error as NodeJS.ErrnoException).code ?? '';
  const [code, reason] = codes[errno] ?? ['FILE_FAILED' as const, (error as Error).message];
  return new KeylessError({
    code,
    message: `cannot ${verb} ${path}: ${reason}`,
    cause: error,
    details: { path, errno },
  });
}
