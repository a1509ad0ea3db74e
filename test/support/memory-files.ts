/**
 * A file system in memory that fails the way the real one does: with the same error codes, for missing paths, denied
 * permissions, read-only trees, full disks and symlink loops. Paths are absolute POSIX paths.
 */
import { KeylessError } from '../../src/kernel/error.ts';
import type { ErrorCode } from '../../src/kernel/error-codes.ts';
import type { DirectoryEntry, FileStat, Files, StagedFile } from '../../src/ports/index.ts';

type Node =
  | { readonly kind: 'file'; bytes: Uint8Array; mode: number }
  | { readonly kind: 'directory'; mode: number }
  | { readonly kind: 'symlink'; readonly target: string; mode: number }
  | { readonly kind: 'other'; mode: number };

export class MemoryFiles implements Files {
  readonly #nodes = new Map<string, Node>([['/', { kind: 'directory', mode: 0o755 }]]);
  readonly #denied = new Set<string>();
  readonly #readOnly = new Set<string>();
  #bytesLeft = Number.POSITIVE_INFINITY;
  #temporary = 0;

  /** Puts a file there, with its folders. */
  put(path: string, content: Uint8Array | string, mode = 0o644): void {
    this.#makeParents(path);
    this.#nodes.set(path, { kind: 'file', bytes: bytesOf(content), mode });
  }

  putDirectory(path: string): void {
    this.#makeParents(`${path}/x`);
  }

  /** `target` is absolute, or relative to the folder of the link. */
  putSymlink(path: string, target: string): void {
    this.#makeParents(path);
    this.#nodes.set(path, { kind: 'symlink', target, mode: 0o777 });
  }

  /** A fifo, a socket, a device. */
  putSpecial(path: string): void {
    this.#makeParents(path);
    this.#nodes.set(path, { kind: 'other', mode: 0o644 });
  }

  /** From now on the path can be seen but neither read, listed nor written. */
  deny(path: string): void {
    this.#denied.add(path);
  }

  /** From now on nothing at or below the path can be written. */
  makeReadOnly(path: string): void {
    this.#readOnly.add(path);
  }

  /** The disk takes this many more bytes and is full then. */
  limitSpace(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** The text of a file, or `undefined`. */
  text(path: string): string | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(node.bytes) : undefined;
  }

  /** Every file below a folder by its relative path, sorted. */
  tree(directory: string): Record<string, string> {
    const below = directory === '/' ? '/' : `${directory}/`;
    const found = [...this.#nodes].filter(([path, node]) => node.kind === 'file' && path.startsWith(below));
    return Object.fromEntries(
      found
        .map(([path]) => [path.slice(below.length), this.text(path) ?? ''])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#file('read', path).bytes.slice();
  }

  async readStart(path: string, length: number): Promise<Uint8Array> {
    return this.#file('read', path).bytes.slice(0, length);
  }

  async *readChunks(path: string, length: number): AsyncGenerator<Uint8Array> {
    const { bytes } = this.#file('read', path);
    for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
  }

  async list(path: string): Promise<DirectoryEntry[]> {
    const real = this.#resolve('list', path);
    const node = this.#nodes.get(real);
    if (node === undefined) throw failure('PATH_NOT_FOUND', `cannot list ${path}: it does not exist`, path);
    if (node.kind !== 'directory') {
      throw failure('NOT_A_DIRECTORY', `cannot list ${path}: a part of the path is not a directory`, path);
    }
    this.#refuseDenied('list', real, path);
    const below = real === '/' ? '/' : `${real}/`;
    return [...this.#nodes]
      .filter(([at]) => at !== '/' && at.startsWith(below) && !at.slice(below.length).includes('/'))
      .map(([at, entry]) => ({ name: at.slice(below.length), kind: entry.kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const node = this.#nodes.get(this.#resolve('read', path));
    return node === undefined ? undefined : statOf(node);
  }

  async lstat(path: string): Promise<FileStat | undefined> {
    const node = this.#nodes.get(this.#resolve('read', path, false));
    return node === undefined ? undefined : statOf(node);
  }

  async realPath(path: string): Promise<string> {
    const real = this.#resolve('resolve', path);
    if (!this.#nodes.has(real)) throw failure('PATH_NOT_FOUND', `cannot resolve ${path}: it does not exist`, path);
    return real;
  }

  async writeAtomic(path: string, data: Uint8Array | string, options?: { readonly mode?: number }): Promise<void> {
    await (await this.stage(path, data, options)).commit();
  }

  async stage(path: string, data: Uint8Array | string, options?: { readonly mode?: number }): Promise<StagedFile> {
    // The rename replaces a link itself, as it does on disk.
    const at = this.#resolve('write', path, false);
    this.#refuseWriting(at, path);
    const parent = at.slice(0, at.lastIndexOf('/')) || '/';
    if (this.#nodes.get(parent)?.kind !== 'directory') {
      throw failure('PATH_NOT_FOUND', `cannot write ${path}: it does not exist`, path);
    }
    const bytes = bytesOf(data);
    if (bytes.length > this.#bytesLeft) {
      throw failure('DISK_FULL', `cannot write ${path}: no space is left on the device`, path);
    }
    this.#bytesLeft -= bytes.length;
    let waiting = true;
    return {
      commit: async () => {
        waiting = false;
        const previous = this.#nodes.get(at);
        const mode = options?.mode ?? (previous?.kind === 'file' ? previous.mode : 0o644);
        this.#nodes.set(at, { kind: 'file', bytes, mode });
      },
      discard: async () => {
        if (waiting) this.#bytesLeft += bytes.length;
        waiting = false;
      },
    };
  }

  async makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void> {
    const at = this.#resolve('create', path);
    if (this.#nodes.get(at)?.kind === 'directory') return;
    this.#refuseWriting(at, path);
    this.#makeParents(`${at}/x`);
    if (options?.mode !== undefined) this.#nodes.set(at, { kind: 'directory', mode: options.mode });
  }

  async makeTemporaryDirectory(prefix: string): Promise<string> {
    const path = `${prefix}${String(this.#temporary++).padStart(6, '0')}`;
    this.#refuseWriting(path, path);
    this.putDirectory(path);
    return path;
  }

  async remove(path: string): Promise<void> {
    const at = this.#resolve('remove', path, false);
    if (!this.#nodes.has(at)) return;
    this.#refuseWriting(at, path);
    for (const known of [...this.#nodes.keys()]) {
      if (known === at || known.startsWith(`${at}/`)) this.#nodes.delete(known);
    }
  }

  #file(verb: string, path: string): { bytes: Uint8Array } {
    const real = this.#resolve(verb, path);
    const node = this.#nodes.get(real);
    if (node === undefined) throw failure('PATH_NOT_FOUND', `cannot ${verb} ${path}: it does not exist`, path);
    if (node.kind !== 'file') throw failure('FILE_FAILED', `cannot ${verb} ${path}: it is a directory`, path, 'EISDIR');
    this.#refuseDenied(verb, real, path);
    return node;
  }

  #refuseDenied(verb: string, real: string, path: string): void {
    for (const denied of this.#denied) {
      if (real !== denied && !real.startsWith(`${denied}/`)) continue;
      throw failure('PERMISSION_DENIED', `cannot ${verb} ${path}: the operating system denies it`, path);
    }
  }

  #refuseWriting(real: string, path: string): void {
    this.#refuseDenied('write', real, path);
    for (const root of this.#readOnly) {
      if (real !== root && !real.startsWith(`${root}/`)) continue;
      throw failure('READ_ONLY', `cannot write ${path}: the file system is read-only`, path);
    }
  }

  #resolve(verb: string, path: string, followLast = true): string {
    let left = 40;
    let at = '';
    const parts = normalise(path).split('/').filter(Boolean);
    for (let index = 0; index < parts.length; index++) {
      at = `${at}/${parts[index]}`;
      const node = this.#nodes.get(at);
      if (node?.kind !== 'symlink' || (index === parts.length - 1 && !followLast)) continue;
      if (left-- === 0)
        throw failure('FILE_FAILED', `cannot ${verb} ${path}: symbolic links lead back to themselves`, path, 'ELOOP');
      const folder = at.slice(0, at.lastIndexOf('/'));
      const target = normalise(node.target.startsWith('/') ? node.target : `${folder}/${node.target}`);
      parts.splice(0, index + 1, ...target.split('/').filter(Boolean));
      at = '';
      index = -1;
    }
    return at === '' ? '/' : at;
  }

  #makeParents(path: string): void {
    const parts = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const at = `/${parts.slice(0, depth).join('/')}`;
      if (!this.#nodes.has(at)) this.#nodes.set(at, { kind: 'directory', mode: 0o755 });
    }
  }
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function statOf(node: Node): FileStat {
  return { kind: node.kind, size: node.kind === 'file' ? node.bytes.length : 0, mode: node.mode };
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function failure(code: ErrorCode, message: string, path: string, errno = ''): KeylessError {
  return new KeylessError({ code, message, details: { path, errno } });
}
