/**
 * Writes change sets to disk. Every file is compared with what the plan was made from, the way back is stored, and all new
 * bytes are on the disk beside their targets before the first target is replaced: what is left then is renames.
 */
import { join } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import type { Ports, StagedFile } from '../ports/index.ts';
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
  const staged: StagedChange[] = [];
  let replaced = 0;
  try {
    for (const file of files) {
      refuseWhenInterrupted(ports);
      staged.push({ ...file, write: await ports.files.stage(join(root, file.path), file.after) });
    }
    for (const { write } of staged) {
      refuseWhenInterrupted(ports);
      await write.commit();
      replaced++;
    }
  } catch (error) {
    for (const { write } of staged.slice(replaced)) await write.discard();
    const lost = await putBack(ports, root, staged.slice(0, replaced));
    if (lost.length === 0) await store.forget(run.id);
    throw withOutcome(error, replaced, lost);
  }
  return { run, paths: files.map(({ path }) => path) };
}

export interface MergedChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

interface StagedChange extends MergedChange {
  readonly write: StagedFile;
}

function refuseWhenInterrupted({ signal }: Pick<Ports, 'signal'>): void {
  if (signal.aborted) throw new KeylessError({ code: 'INTERRUPTED', message: 'interrupted while writing' });
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

/** Paths that could not be put back. */
async function putBack(
  ports: Pick<Ports, 'files'>,
  root: string,
  written: readonly MergedChange[],
): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const { path, before } of [...written].reverse()) {
    try {
      if (before === undefined) await ports.files.remove(join(root, path));
      else await ports.files.writeAtomic(join(root, path), before);
    } catch {
      lost.push(path);
    }
  }
  return lost.reverse();
}

/** Says what became of the files; anything but a KeylessError is a fault of ours and passes as it is. */
function withOutcome(error: unknown, replaced: number, lost: readonly string[]): unknown {
  if (!(error instanceof KeylessError)) return error;
  const outcome =
    lost.length > 0
      ? `these files hold the new content and could not be put back: ${lost.join(', ')}`
      : replaced === 0
        ? 'no file was changed'
        : `${replaced} files already written were put back`;
  const hint = lost.length > 0 ? `git checkout -- ${lost.join(' ')}` : error.hint;
  return new KeylessError({
    code: error.code,
    message: `${error.message}; ${outcome}`,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
    details: { ...error.details, ...(lost.length > 0 && { notPutBack: lost }) },
  });
}
