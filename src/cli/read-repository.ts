import type { Ports } from '../ports/index.ts';
import { type Repository, readTree } from '../repository/index.ts';

/** Reads a working tree and shows how far it is; throws as `readTree` does. */
export async function readRepository({ files, output, signal }: Ports, root: string): Promise<Repository> {
  try {
    return await readTree(files, root, {
      signal,
      onProgress: (progress) => output.progress(`reading: ${progress.files} files, ${progress.path}`),
    });
  } finally {
    output.progress(undefined);
  }
}
