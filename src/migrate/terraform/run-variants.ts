/**
 * How the runs of one stack differ. Where nothing selects a workspace, every run is in workspace `default` and differs by
 * the variable file and the backend configuration that the command line names.
 */
import type { Repository, TerraformModule } from '../../repository/index.ts';

/** Code, a script, a pipeline or a page here uses workspaces. */
export function usesWorkspaces(repository: Repository): boolean {
  let used = known.get(repository);
  if (used === undefined) {
    used = repository.files.some(
      ({ format, text }) =>
        /\bterraform\.workspace\b|\bworkspace_key_prefix\b/.test(text) ||
        (!format.startsWith('terraform') && /\bworkspace\s+(select|new)\b|\bTF_WORKSPACE\b/.test(text)),
    );
    known.set(repository, used);
  }
  return used;
}

const known = new WeakMap<Repository, boolean>();

/** Backend configurations beside the stack that name different buckets: its runs keep their state in several places. */
export function backendsOfRuns(repository: Repository, module: TerraformModule): readonly string[] {
  const byBucket = new Map<string, string>();
  for (const { path, text } of repository.files) {
    if (
      !isBeside(path, module.directory) ||
      !/\.(tf)?backend$|(^|\/)[\w.-]*backend[\w.-]*\.(hcl|tfvars|conf)$/.test(path)
    )
      continue;
    const bucket = /^\s*bucket\s*=\s*"([^"]+)"/m.exec(text)?.[1];
    if (bucket !== undefined && !byBucket.has(bucket)) byBucket.set(bucket, path);
  }
  return byBucket.size > 1 ? [...byBucket.values()].sort() : [];
}

function isBeside(path: string, directory: string): boolean {
  const rest =
    directory === '' ? path : path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
  return rest !== undefined && rest.split('/').length <= 2;
}
