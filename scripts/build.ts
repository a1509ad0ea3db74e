/** Compiles `src/` to `dist/`: beside the old one first, so that a failed build leaves the last good one in place. */
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const beside = `${root}dist.new`;
rmSync(beside, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', beside],
  { cwd: root, stdio: 'inherit' },
);
// The compiler has said what is wrong.
if (status !== 0) process.exit(status ?? 1);
chmodSync(`${beside}/main.js`, 0o755);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(beside, `${root}dist`);
