/**
 * The way back. Before a run writes, its inverse is stored: for every file the splices that restore the old bytes, with
 * digests of both states, so that undoing is exact or refused. The store holds what was taken out of the files, keys
 * included, so it lives inside the git directory (never committed, gone with the clone) or the state folder, 0600.
 */
import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { applyEdits, type Edit } from '../formats/edit.ts';
import { KeylessError } from '../kernel/error.ts';
import type { Files, Ports, Random, StagedFile } from '../ports/index.ts';
import { spliceBetween } from './splice-between.ts';

export interface RunRecord {
  /** Sorts by time. */
  readonly id: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** Step numbers of the change sets. */
  readonly steps: readonly number[];
  readonly files: readonly RecordedFile[];
}

export interface RecordedFile {
  readonly path: string;
  /** The run created the file: undoing removes it. */
  readonly created: boolean;
  /** SHA-256 of the bytes after the run. */
  readonly after: string;
  /** SHA-256 of the bytes before it. */
  readonly before: string;
  /** From the text after the run to the text before it. */
  readonly inverse: readonly Edit[];
}

export class UndoStore {
  readonly #files: Files;
  readonly folder: string;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.folder = folder;
  }

  /** Ids of the stored runs, oldest first. */
  async list(): Promise<string[]> {
    if ((await this.#files.stat(this.folder)) === undefined) return [];
    const entries = await this.#files.list(this.folder);
    return entries.flatMap(({ name }) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
  }

  async load(id: string): Promise<RunRecord> {
    return JSON.parse(Buffer.from(await this.#files.read(this.#path(id))).toString()) as RunRecord;
  }

  async save(record: RunRecord): Promise<void> {
    await this.#files.makeDirectory(this.folder, { mode: 0o700 });
    await this.#files.writeAtomic(this.#path(record.id), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  }

  async forget(id: string): Promise<void> {
    await this.#files.remove(this.#path(id));
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

/** The store of a repository: in its git directory, or else in the person's state folder. */
export async function openUndoStore(ports: Pick<Ports, 'files' | 'env' | 'home'>, root: string): Promise<UndoStore> {
  const gitDirectory = await findGitDirectory(ports.files, root);
  if (gitDirectory !== undefined) {
    return new UndoStore(ports.files, join(gitDirectory, 'keyless', 'undo', folderName(root)));
  }
  const stateHome = ports.env.XDG_STATE_HOME ?? join(ports.home, '.local', 'state');
  return new UndoStore(ports.files, join(stateHome, 'keyless', 'undo', folderName(root)));
}

export function recordOf(
  changes: readonly { readonly path: string; readonly before: string | undefined; readonly after: string }[],
  now: Date,
  random: Random,
  steps: readonly number[],
): RunRecord {
  return {
    id: `${now.toISOString().replace(/[:.]/g, '-')}-${Buffer.from(random.bytes(3)).toString('hex')}`,
    writtenAt: now.toISOString(),
    steps,
    files: changes.map(({ path, before, after }) => ({
      path,
      created: before === undefined,
      after: digest(after),
      before: digest(before ?? ''),
      inverse: before === undefined ? [] : [spliceBetween(after, before)],
    })),
  };
}

/** Takes the newest run back. Refuses as a whole when any file is not what the run left. */
export async function undoLastRun(ports: Pick<Ports, 'files'>, root: string, store: UndoStore): Promise<RunRecord> {
  const id = (await store.list()).at(-1);
  if (id === undefined) {
    throw new KeylessError({
      code: 'NOTHING_TO_UNDO',
      message: `no run of keyless migrate is recorded for ${root}`,
      hint: 'git log --oneline -- .',
      details: { folder: store.folder },
    });
  }
  const run = await store.load(id);
  const restores: { readonly path: string; readonly text: string | undefined; readonly current: string }[] = [];
  for (const file of run.files) {
    const path = join(root, file.path);
    const current =
      (await ports.files.stat(path)) === undefined ? undefined : Buffer.from(await ports.files.read(path)).toString();
    if (current === undefined || digest(current) !== file.after) {
      throw new KeylessError({
        code: 'FILE_CHANGED',
        message: `${file.path} was ${current === undefined ? 'removed' : 'changed'} after the run of ${run.writtenAt}; nothing was undone`,
        hint: `git diff -- ${file.path}`,
        details: { path: file.path, run: run.id },
      });
    }
    restores.push({ path, current, text: file.created ? undefined : restoredText(current, file) });
  }
  const done: typeof restores = [];
  const staged = new Map<string, StagedFile>();
  try {
    // As when writing: all bytes are on the disk before the first file is replaced.
    for (const { path, text } of restores) {
      if (text !== undefined) staged.set(path, await ports.files.stage(path, text));
    }
    for (const restore of restores) {
      const write = staged.get(restore.path);
      if (write === undefined) await ports.files.remove(restore.path);
      else await write.commit();
      done.push(restore);
    }
  } catch (error) {
    for (const write of staged.values()) await write.discard();
    for (const { path, current } of done.reverse()) await ports.files.writeAtomic(path, current);
    throw error;
  }
  await store.forget(run.id);
  return run;
}

function restoredText(current: string, file: RecordedFile): string {
  const text = applyEdits(current, file.inverse);
  if (digest(text) !== file.before) {
    throw new KeylessError({
      code: 'EDIT_REJECTED',
      message: `the recorded inverse of ${file.path} does not restore its old bytes; nothing was undone`,
      hint: `git log -p -- ${file.path}`,
    });
  }
  return text;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One repository may hold several roots that are migrated on their own. */
function folderName(root: string): string {
  return createHash('sha256').update(resolve(root)).digest('hex').slice(0, 16);
}

/** The `.git` of the working tree that `root` is in; for a linked working tree, the folder its `.git` file names. */
async function findGitDirectory(files: Files, root: string): Promise<string | undefined> {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    const candidate = join(folder, '.git');
    const found = await files.stat(candidate);
    if (found?.kind === 'directory') return candidate;
    if (found?.kind === 'file') {
      const target = /^gitdir: (.+)$/m.exec(Buffer.from(await files.read(candidate)).toString())?.[1]?.trim();
      if (target !== undefined) return isAbsolute(target) ? target : join(folder, target);
    }
    if (dirname(folder) === folder) return undefined;
  }
}
