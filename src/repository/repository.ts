/**
 * A repository as a value: its text files by path and what was left out. Reading it is an effect (`read-tree.ts`);
 * everything after that is pure.
 */
import { SourceFile } from './source-file.ts';

/** Something that was not read, or not understood, and why. Nothing is ever left out silently. */
export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
  /** One sentence for the reader. */
  readonly detail: string;
  /** Where a parse stopped, from 1. */
  readonly line?: number;
  /** True when the file was still searched as plain text. */
  readonly searchedAsText: boolean;
}

export type SkipReason =
  | 'binary'
  | 'too-large'
  | 'unreadable'
  | 'symlink'
  | 'symlink-loop'
  | 'special-file'
  | 'excluded'
  | 'submodule'
  | 'not-utf-8'
  | 'unparseable'
  | 'detector-failed'
  | 'encrypted';

export interface RepositoryExtras {
  /**
   * Text files inside archives, such as the state and the configuration in a saved plan: to be looked at, but no part of
   * the tree's modules and never edited. `run.tfplan!tfstate` is the path of one.
   */
  readonly entries?: readonly SourceFile[];
  /** Parts of files that are not held whole, to be searched but not parsed; several can have one path. */
  readonly fragments?: readonly SourceFile[];
  /** Symbolic links that stay inside: path of the link → path of its target. Their targets are in `files`, once. */
  readonly links?: ReadonlyMap<string, string>;
  readonly scanned?: { readonly files: number; readonly bytes: number };
}

export class Repository {
  readonly #files: ReadonlyMap<string, SourceFile>;
  #byDirectory: ReadonlyMap<string, readonly SourceFile[]> | undefined;
  /** Files in order of path. */
  readonly files: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
  readonly entries: readonly SourceFile[];
  readonly fragments: readonly SourceFile[];
  readonly links: ReadonlyMap<string, string>;
  /** Number of files opened (an archive counts once), and the bytes looked at. */
  readonly scanned: { readonly files: number; readonly bytes: number };

  constructor(files: Iterable<SourceFile>, skipped: readonly Skipped[] = [], extras: RepositoryExtras = {}) {
    this.#files = new Map([...files].map((file) => [file.path, file]));
    this.files = [...this.#files.values()];
    this.skipped = skipped;
    this.entries = extras.entries ?? [];
    this.fragments = extras.fragments ?? [];
    this.links = extras.links ?? new Map();
    this.scanned = extras.scanned ?? {
      files: this.files.length,
      bytes: this.files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    };
  }

  file(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  /**
   * Files directly in a folder (`''` for the root), as a program that follows symbolic links sees it: a linked file or
   * folder gives the files it points to, under their own paths.
   */
  inDirectory(directory: string): readonly SourceFile[] {
    this.#byDirectory ??= this.#groupByDirectory();
    const target = this.links.get(directory);
    return this.#byDirectory.get(directory) ?? (target === undefined ? [] : (this.#byDirectory.get(target) ?? []));
  }

  /** The repository after some files got a new text, appeared (new paths) or went away (`undefined`). */
  with(changes: ReadonlyMap<string, string | undefined>): Repository {
    const files = new Map(this.#files);
    for (const [path, text] of changes) {
      if (text === undefined) files.delete(path);
      else files.set(path, new SourceFile(path, text));
    }
    return new Repository(
      [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      this.skipped,
      { entries: this.entries, fragments: this.fragments, links: this.links, scanned: this.scanned },
    );
  }

  #groupByDirectory(): ReadonlyMap<string, readonly SourceFile[]> {
    const folders = Map.groupBy(this.files, (file) => file.directory);
    for (const [path, targetPath] of this.links) {
      const target = this.#files.get(targetPath);
      if (target === undefined) continue;
      const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      folders.set(directory, [...(folders.get(directory) ?? []), target]);
    }
    return folders;
  }
}
