/**
 * Reads a working tree once. Every text file becomes a `SourceFile`, ignored by git or not (ignored files are the
 * ones that hold keys); everything that is left out becomes a `Skipped` with its reason. Nothing outside the root
 * is read: symbolic links are noted, never followed out of it.
 */
import { compareLocations } from '../kernel/diagnostic.ts';
import { KeylessError } from '../kernel/error.ts';
import type { DirectoryEntry, Files } from '../ports/index.ts';
import { decodeText } from './decode-text.ts';
import { type Exclusion, exclusionOf } from './excluded-folders.ts';
import { findMarkedWindows } from './marked-windows.ts';
import { Repository, type Skipped } from './repository.ts';
import { SourceFile } from './source-file.ts';
import { readZipEntries } from './zip-entries.ts';

export interface ReadTreeOptions {
  readonly signal?: AbortSignal;
  /** Called now and then with what has been read so far. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** A larger file is not held whole; only what stands around `markers` is. Default 20 MiB. */
  readonly maxFileBytes?: number;
  /** A larger file is not opened at all. Default 1 GiB. */
  readonly maxSearchedBytes?: number;
  /** ASCII strings around which text is kept from large and binary files. None: such files are only listed. */
  readonly markers?: readonly string[];
}

export interface ReadProgress {
  readonly files: number;
  readonly bytes: number;
  /** Path that was read last. */
  readonly path: string;
}

const mebibyte = 1024 * 1024;
const concurrency = 32;
const chunkBytes = mebibyte;

/**
 * Throws PATH_NOT_FOUND, NOT_A_DIRECTORY or PERMISSION_DENIED when the root itself cannot be read, INTERRUPTED when
 * the signal aborts. Trouble with anything below the root is listed in `skipped`.
 */
export async function readTree(files: Files, root: string, options: ReadTreeOptions = {}): Promise<Repository> {
  const stat = await files.stat(root);
  if (stat === undefined) {
    throw new KeylessError({ code: 'PATH_NOT_FOUND', message: `cannot read ${root}: it does not exist` });
  }
  if (stat.kind !== 'directory') {
    throw new KeylessError({
      code: 'NOT_A_DIRECTORY',
      message: `${root} is a file, not the folder of a repository`,
      hint: 'give the folder that holds it',
    });
  }
  const realRoot = withSlashes(await files.realPath(root));
  const reader = new TreeReader(files, realRoot, options);
  await reader.walk('', await files.list(realRoot), undefined);
  await reader.settle();
  return reader.repository();
}

class TreeReader {
  readonly #files: Files;
  readonly #root: string;
  readonly #options: ReadTreeOptions;
  readonly #read: SourceFile[] = [];
  readonly #entries: SourceFile[] = [];
  readonly #fragments: SourceFile[] = [];
  readonly #skipped: Skipped[] = [];
  readonly #links: { readonly path: string; readonly target: string }[] = [];
  readonly #running = new Set<Promise<void>>();
  #failed: unknown;
  #count = 0;
  #bytes = 0;

  constructor(files: Files, root: string, options: ReadTreeOptions) {
    this.#files = files;
    this.#root = root;
    this.#options = options;
  }

  async walk(directory: string, entries: readonly DirectoryEntry[], within: ExcludedFolder | undefined): Promise<void> {
    for (const { name, kind } of entries) {
      this.#stopWhenInterrupted();
      const path = directory === '' ? name : `${directory}/${name}`;
      switch (kind) {
        case 'directory':
          await this.#directory(path, name, within);
          break;
        case 'file':
          if (directory !== '' && name === '.git') break;
          if (within === undefined || reads(within, path)) await this.#enqueue(path, () => this.#file(path));
          break;
        case 'symlink':
          if (within === undefined || reads(within, path)) await this.#enqueue(path, () => this.#symlink(path));
          break;
        case 'other':
          if (within === undefined)
            this.#skip(path, 'special-file', 'a pipe, socket or device: reading it could block');
      }
    }
  }

  /** Waits for what is still being read. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    this.#stopWhenInterrupted();
    if (this.#failed !== undefined) throw this.#failed;
  }

  repository(): Repository {
    const within = this.#absolute('');
    const links = this.#links.map(({ path, target }) => {
      const inside = target.startsWith(within) ? target.slice(within.length) : undefined;
      this.#skip(
        path,
        'symlink',
        inside === undefined
          ? 'a symbolic link that leaves the repository: not followed'
          : `a symbolic link to ${inside}, which is read where it stands`,
      );
      return [path, inside] as const;
    });
    return new Repository(
      this.#read.sort(byPath),
      this.#skipped.sort((a, b) =>
        compareLocations({ ...a, line: a.line ?? 0, column: 0 }, { ...b, line: b.line ?? 0, column: 0 }),
      ),
      {
        entries: this.#entries.sort(byPath),
        fragments: this.#fragments.sort((a, b) => byPath(a, b) || a.firstLine - b.firstLine),
        links: new Map(links.filter((link): link is [string, string] => link[1] !== undefined).sort(byFirst)),
        scanned: { files: this.#count, bytes: this.#bytes },
      },
    );
  }

  async #directory(path: string, name: string, within: ExcludedFolder | undefined): Promise<void> {
    let entries: DirectoryEntry[];
    try {
      entries = await this.#files.list(this.#absolute(path));
    } catch (error) {
      this.#unreadable(path, error);
      return;
    }
    if (within !== undefined) {
      await this.walk(path, entries, within);
      return;
    }
    const names = entries.map((entry) => entry.name);
    const exclusion = exclusionOf(name, names);
    if (exclusion !== undefined) {
      this.#skip(path, 'excluded', exclusion.detail);
      if (exclusion.exceptFiles !== undefined) await this.walk(path, entries, { path, exclusion });
    } else if (names.includes('.git')) {
      this.#skip(
        path,
        'submodule',
        'a repository of its own (a submodule or a nested clone): audit it at its own root',
      );
    } else {
      await this.walk(path, entries, undefined);
    }
  }

  async #file(path: string): Promise<void> {
    const absolute = this.#absolute(path);
    const size = (await this.#files.lstat(absolute))?.size;
    if (size === undefined) {
      this.#skip(path, 'unreadable', goneAway);
      return;
    }
    if (size > (this.#options.maxFileBytes ?? 20 * mebibyte)) {
      await this.#largeFile(path, size);
    } else {
      const bytes = await this.#files.read(absolute);
      this.#opened(path);
      const decoded = decodeText(bytes);
      if (decoded === undefined) {
        await this.#binary(path, bytes);
      } else {
        this.#keep(new SourceFile(path, decoded.text, decoded.encoding), bytes.length);
        if (decoded.encoding === 'latin1') {
          this.#skip(path, 'not-utf-8', 'not valid UTF-8: searched byte by byte, never edited', true);
        } else if (decoded.text.startsWith('$ANSIBLE_VAULT;')) {
          this.#skip(path, 'encrypted', 'encrypted with Ansible Vault', true);
        }
      }
    }
  }

  async #largeFile(path: string, size: number): Promise<void> {
    const megabytes = `${(size / 1e6).toFixed(0)} MB`;
    if (size > (this.#options.maxSearchedBytes ?? 1024 * mebibyte) || this.#options.markers === undefined) {
      this.#skip(path, 'too-large', `${megabytes}: not searched`);
      return;
    }
    const start = await this.#files.readStart(this.#absolute(path), 8192);
    this.#opened(path);
    const binary = decodeText(start.subarray(0, -4)) === undefined;
    const complete = await this.#keepMarked(path, this.#files.readChunks(this.#absolute(path), chunkBytes));
    const what = binary ? 'binary, ' : '';
    this.#skip(
      path,
      'too-large',
      complete
        ? `${what}${megabytes}: searched for key ids and named secrets, not parsed`
        : `${what}${megabytes}: so much looks like credentials that the search stopped before its end`,
      complete,
    );
  }

  async #binary(path: string, bytes: Uint8Array): Promise<void> {
    if (startsWith(bytes, '\0GITCRYPT\0')) {
      this.#skip(path, 'encrypted', 'encrypted with git-crypt');
      return;
    }
    const entries = readZipEntries(bytes, this.#options.maxFileBytes ?? 20 * mebibyte);
    if (entries === undefined) {
      const searched = this.#options.markers !== undefined;
      const complete = searched && (await this.#keepMarked(path, once(bytes)));
      this.#skip(path, 'binary', complete ? 'binary: searched for key ids only' : 'binary: not searched', complete);
      return;
    }
    for (const entry of entries) {
      const inner = `${path}!${entry.name}`;
      if (entry.bytes === undefined) {
        this.#skip(inner, 'too-large', 'an entry of a zip archive that unpacks to more than is read');
        continue;
      }
      const decoded = decodeText(entry.bytes);
      if (decoded === undefined) {
        await this.#keepMarked(inner, once(entry.bytes));
        continue;
      }
      this.#entries.push(new SourceFile(inner, decoded.text, decoded.encoding));
      this.#bytes += entry.bytes.length;
    }
    this.#skip(path, 'binary', `a zip archive: its ${entries.length} entries were unpacked and searched`, true);
  }

  async #keepMarked(path: string, chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
    const { windows, complete } = await findMarkedWindows(chunks, this.#options.markers ?? [], (length) => {
      this.#bytes += length;
      this.#stopWhenInterrupted();
      this.#progress(path);
    });
    for (const { line, bytes } of windows) {
      this.#fragments.push(new SourceFile(path, Buffer.from(bytes).toString('latin1'), 'latin1', line));
    }
    return complete;
  }

  async #symlink(path: string): Promise<void> {
    try {
      const target = withSlashes(await this.#files.realPath(this.#absolute(path)));
      if (this.#absolute(path).startsWith(`${target}/`)) {
        this.#skip(path, 'symlink-loop', 'a symbolic link to a folder that holds it');
      } else {
        this.#links.push({ path, target });
      }
    } catch (error) {
      const errno = error instanceof KeylessError ? error.details.errno : undefined;
      if (errno === 'ELOOP') this.#skip(path, 'symlink-loop', 'symbolic links that lead back to themselves');
      else if (error instanceof KeylessError && error.code === 'PATH_NOT_FOUND') {
        this.#skip(path, 'symlink', 'a symbolic link to nothing');
      } else this.#unreadable(path, error);
    }
  }

  /** Starts the reading as soon as fewer than `concurrency` others are under way. */
  async #enqueue(path: string, read: () => Promise<void>): Promise<void> {
    while (this.#running.size >= concurrency) await Promise.race(this.#running);
    const task = this.#attempt(path, read).finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  async #attempt(path: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      try {
        this.#unreadable(path, error);
      } catch (fatal) {
        this.#failed ??= fatal;
      }
    }
  }

  #keep(file: SourceFile, bytes: number): void {
    this.#read.push(file);
    this.#bytes += bytes;
  }

  #opened(path: string): void {
    this.#count += 1;
    if (this.#count % 64 === 0) this.#progress(path);
  }

  #progress(path: string): void {
    this.#options.onProgress?.({ files: this.#count, bytes: this.#bytes, path });
  }

  #skip(path: string, reason: Skipped['reason'], detail: string, searchedAsText = false): void {
    this.#skipped.push({ path, reason, detail, searchedAsText });
  }

  #unreadable(path: string, error: unknown): void {
    if (!(error instanceof KeylessError) || error.code === 'INTERRUPTED') throw error;
    const details: Partial<Record<string, string>> = {
      PERMISSION_DENIED: 'permission denied',
      PATH_NOT_FOUND: goneAway,
    };
    this.#skip(path, 'unreadable', details[error.code] ?? error.message);
  }

  #stopWhenInterrupted(): void {
    if (this.#options.signal?.aborted) {
      throw new KeylessError({ code: 'INTERRUPTED', message: 'interrupted while reading the repository' });
    }
  }

  #absolute(path: string): string {
    return this.#root === '/' ? `/${path}` : `${this.#root}/${path}`;
  }
}

const goneAway = 'it went away while the tree was read';

/** A Windows path with `/`, which Windows takes as well; elsewhere a backslash is a character like any other. */
function withSlashes(path: string): string {
  return /^([A-Za-z]:|\\)\\/.test(path) ? path.replaceAll('\\', '/') : path;
}

interface ExcludedFolder {
  readonly path: string;
  readonly exclusion: Exclusion;
}

function reads(within: ExcludedFolder, path: string): boolean {
  return within.exclusion.exceptFiles?.test(path.slice(within.path.length + 1)) === true;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function byFirst(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1;
}
