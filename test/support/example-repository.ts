/** The example repository as files of a world, so that a test can change it without touching the disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../examples/legacy-three-accounts', import.meta.url));

/** By path relative to the repository; what a terraform that was run there left behind is not part of it. */
export const exampleRepository: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('.terraform/') && statSync(join(folder, path)).isFile())
    .map((path) => [path, readFileSync(join(folder, path))]),
);

/** As `git clone` leaves it beside the files: `init` reads the repository's name on GitHub from it. */
export const exampleGitConfig: Readonly<Record<string, string>> = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/config': '[remote "origin"]\n\turl = https://github.com/fernwick/infrastructure.git\n',
};
