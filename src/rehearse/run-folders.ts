/** The folders that Terraform runs in: every stack of a repository, as far as it can run here. */
import { dirname, join } from 'node:path';
import type { Files } from '../ports/index.ts';
import type { Repository } from '../repository/index.ts';
import { changeFile, changeText } from './stack-client.ts';
import type { StackRun } from './stack-runs.ts';

/** Writes all text files of the repository, readable by their owner only: some hold the throw-away key. */
export async function writeTree(
  files: Files,
  root: string,
  repository: Repository,
  changed: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const made = new Set<string>();
  for (const { path, text } of repository.files) {
    const target = join(root, path);
    const folder = dirname(target);
    if (!made.has(folder)) await files.makeDirectory(folder, { mode: 0o700 });
    made.add(folder);
    await files.writeAtomic(target, changed.get(path) ?? text, { mode: 0o600 });
  }
}

/** The tree with each stack as its run has it, and a resource in it that every apply changes. */
export async function writeRunTree(
  files: Files,
  root: string,
  repository: Repository,
  runs: readonly StackRun[],
): Promise<void> {
  const changed = new Map(runs.flatMap(({ files: own }) => [...own]));
  // A lock file names the providers that are left out here.
  const locks = repository.files.filter(({ path }) => path.endsWith('.terraform.lock.hcl')).map(({ path }) => path);
  await writeTree(files, root, repository.with(new Map(locks.map((path) => [path, undefined]))), changed);
  for (const { stack, client } of runs) {
    if (client.kind === 'terraform') await files.writeAtomic(join(root, stack, changeFile), changeText);
  }
}
