/** Paths of folders, relative to the root, `''` for the root itself. */

/** The folder and those above it, nearest first, the root last. */
export function foldersUpwards(directory: string): readonly string[] {
  const folders = [directory];
  for (let at = directory; at !== ''; folders.push(at)) at = at.slice(0, Math.max(at.lastIndexOf('/'), 0));
  return folders;
}

/** The folder of `../modules/db` seen from another; `undefined` for a path that does not begin with a dot or leaves the root. */
export function relativeFolder(from: string, path: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(path)) return undefined;
  const parts = from === '' ? [] : from.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
