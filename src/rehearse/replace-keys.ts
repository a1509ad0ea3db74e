/**
 * The repository with a throw-away key wherever a static key stands in it, so that no real key takes part in a rehearsal:
 * not in a process, not in a request, not on the disk. AWS's documentation examples stay. Pure.
 */
import type { Inventory } from '../audit/index.ts';
import type { SigningKey } from '../aws/sigv4-sign.ts';
import type { Repository } from '../repository/index.ts';

/** New texts by path, of the files that hold a key. */
export function replaceKeys(
  repository: Repository,
  { credentials }: Pick<Inventory, 'credentials'>,
  key: Pick<SigningKey, 'accessKeyId' | 'secretAccessKey'>,
): ReadonlyMap<string, string> {
  const replacements = new Map<string, string>();
  for (const { places, documentationExample } of credentials) {
    if (documentationExample) continue;
    for (const { path, line, column, part } of places) {
      const file = repository.file(path);
      const at = file === undefined ? 0 : file.lines.startOf(line) + column - 1;
      const rest = file?.text.slice(at, at + 200) ?? '';
      const value = (
        part === 'keyId' ? /^["']?(A[KS]IA[A-Z0-9]{16})/ : /^["']?([A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])/
      ).exec(rest)?.[1];
      if (value === undefined || part === 'token') continue;
      replacements.set(value, part === 'keyId' ? key.accessKeyId : key.secretAccessKey.reveal());
    }
  }
  return new Map(
    repository.files.flatMap(({ path, text }) => {
      let replaced = text;
      for (const [from, to] of replacements) replaced = replaced.replaceAll(from, () => to);
      return replaced === text ? [] : [[path, replaced] as const];
    }),
  );
}
