/**
 * Writes change sets to disk. Nothing is written before every file was compared with what the plan was made from and
 * the way back was stored; when something fails half-way, what was written is put back.
 */
import { join } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import type { Ports } from '../ports/index.ts';
import type { ChangeSet } from './plan.ts';
import { type RunRecord, recordOf, type UndoStore } from './undo.ts';

export interface WrittenRun {
  readonly run: RunRecord | undefined;
  /** Paths that changed. */
  readonly paths: readonly string[];
}

/** Applies the change sets in order, as one run. Files go from their first `before` to their last `after`. */
export async function writeChangeSets(
  ports: Pick<Ports, 'files' | 'clock' | 'random' | 'signal'>,
  root: string,
  store: UndoStore,
  changeSets: readonly ChangeSet[],
): Promise<WrittenRun> {
  const files = mergeByPath(changeSets);
  if (files.length === 0) return { run: undefined, paths: [] };
  for (const file of files) await expectUnchanged(ports, root, file);
  const run = recordOf(
    files,
    ports.clock.now(),
    ports.random,
    changeSets.map(({ step }) => step.number),
  );
  await store.save(run);
  const written: MergedChange[] = [];
  try {
    for (const file of files) {
      if (ports.signal.aborted) throw new KeylessError({ code: 'INTERRUPTED', message: 'interrupted while writing' });
      await ports.files.writeAtomic(join(root, file.path), file.after);
      written.push(file);
    }
  } catch (error) {
    await putBack(ports, root, written);
    await store.forget(run.id);
    throw restored(error, written.length);
  }
  return { run, paths: files.map(({ path }) => path) };
}

export interface MergedChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

function mergeByPath(changeSets: readonly ChangeSet[]): MergedChange[] {
  const merged = new Map<string, MergedChange>();
  for (const { path, before, after } of changeSets.flatMap(({ changes }) => changes)) {
    const first = merged.get(path);
    merged.set(path, { path, before: first === undefined ? before : first.before, after });
  }
  return [...merged.values()].filter(({ before, after }) => before !== after);
}

async function expectUnchanged(ports: Pick<Ports, 'files'>, root: string, file: MergedChange): Promise<void> {
  const path = join(root, file.path);
  const found = await ports.files.stat(path);
  const text = found === undefined ? undefined : Buffer.from(await ports.files.read(path)).toString();
  if (text === file.before) return;
  throw new KeylessError({
    code: 'FILE_CHANGED',
    message: `${file.path} is not what the plan was made from: ${found === undefined ? 'it is gone' : 'its content has changed'}; nothing was written`,
    hint: 'keyless migrate',
    details: { path: file.path },
  });
}

/** Best effort towards the state before the run; a failure here names the file that could not be put back. */
async function putBack(ports: Pick<Ports, 'files'>, root: string, written: readonly MergedChange[]): Promise<void> {
  for (const { path, before } of [...written].reverse()) {
    if (before === undefined) await ports.files.remove(join(root, path));
    else await ports.files.writeAtomic(join(root, path), before);
  }
}

function restored(error: unknown, count: number): unknown {
  if (!(error instanceof KeylessError)) return error;
  const outcome = count === 0 ? 'no file was changed' : `${count} files already written were put back`;
  return new KeylessError({
    code: error.code,
    message: `${error.message}; ${outcome}`,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
    details: error.details,
  });
}
