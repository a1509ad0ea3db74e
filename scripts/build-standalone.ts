/** Compiles one executable that needs no Node, with Bun: `dist-standalone/keyless` for the platform this runs on. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// The package holds the binary under this name on every platform.
const bun = `${root}node_modules/bun/bin/bun.exe`;
if (!existsSync(bun)) {
  process.stderr.write(`there is no Bun at ${bun}: run npm ci\n`);
  process.exit(3);
}
const target = process.argv[2] ?? `${root}dist-standalone/keyless`;
const { status } = spawnSync(bun, ['build', '--compile', '--minify', `${root}src/main.ts`, '--outfile', target], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.exitCode = status ?? 1;
