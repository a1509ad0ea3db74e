/**
 * Compiles `src/` to `dist/`: beside the old one first, so that a failed build leaves the last good one in place. Where
 * TypeScript is not there (npm installs a git dependency of a global package without its devDependencies, as pre-commit
 * does: https://github.com/npm/cli/issues/8440), Node's own type stripping makes the same program.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const beside = `${root}dist.new`;
const compiler = `${root}node_modules/typescript/bin/tsc`;
rmSync(beside, { recursive: true, force: true });
if (existsSync(compiler)) compile();
else stripTypes();
chmodSync(`${beside}/main.js`, 0o755);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(beside, `${root}dist`);

function compile(): void {
  const { status } = spawnSync(process.execPath, [compiler, '-p', `${root}tsconfig.build.json`, '--outDir', beside], {
    cwd: root,
    stdio: 'inherit',
  });
  // The compiler has said what is wrong.
  if (status !== 0) process.exit(status ?? 1);
}

function stripTypes(): void {
  for (const path of globSync('**/*.ts', { cwd: `${root}src` })) {
    if (path.endsWith('.test.ts')) continue;
    const stripped = stripTypeScriptTypes(readFileSync(join(root, 'src', path), 'utf8'));
    const target = join(beside, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, stripped.replace(/((?:from|import)\s*\(?\s*'\.[^']*)\.ts'/g, "$1.js'"));
  }
}
