/** The `[path]` that audit, init, status and migrate take. */
import { resolve } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import type { Ports } from '../ports/index.ts';

export const rootArgument = {
  name: '[path]',
  description: 'root folder of the repository (default: the current folder)',
};

/** Absolute path of the folder named; throws PATH_NOT_FOUND or NOT_A_DIRECTORY. */
export async function resolveRoot(ports: Pick<Ports, 'files' | 'cwd'>, argument: string | undefined): Promise<string> {
  const root = resolve(ports.cwd, argument ?? '.');
  const found = await ports.files.stat(root);
  if (found === undefined) {
    throw new KeylessError({
      code: 'PATH_NOT_FOUND',
      message: `${root} does not exist; expected the root folder of a repository`,
      hint: 'ls -d */',
      details: { path: root },
    });
  }
  if (found.kind !== 'directory') {
    throw new KeylessError({
      code: 'NOT_A_DIRECTORY',
      message: `${root} is a file; expected the root folder of a repository`,
      hint: 'give the folder that holds it',
      details: { path: root },
    });
  }
  return root;
}

/** How the person named the repository, for a command line to copy: `''`, or a space and the path as a shell reads it. */
export function pathArgument(argument: string | undefined): string {
  if (argument === undefined) return '';
  return /^[\w@%+=:,./~-]+$/.test(argument) ? ` ${argument}` : ` '${argument.replaceAll("'", `'\\''`)}'`;
}
