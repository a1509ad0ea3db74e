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
  | 'encrypted';

export class Repository {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly skipped: readonly Skipped[];

  constructor(files: Iterable<SourceFile>, skipped: readonly Skipped[] = []) {
    this.#files = new Map([...files].map((file) => [file.path, file]));
    this.skipped = skipped;
  }

  /** Files in order of path. */
  get files(): readonly SourceFile[] {
    return [...this.#files.values()];
  }

  file(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  /** Files directly in a folder (`''` for the root). */
  inDirectory(directory: string): readonly SourceFile[] {
    return this.files.filter((file) => file.directory === directory);
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
    );
  }
}
