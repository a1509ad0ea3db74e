/** The executable that Bun compiles does what Node does with the source: the same bytes out, the same exit status. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/legacy-three-accounts');
const folder = mkdtempSync(join(tmpdir(), 'keyless-standalone-'));
const executable = join(folder, process.platform === 'win32' ? 'keyless.exe' : 'keyless');

describe.skipIf(!existsSync(join(root, 'node_modules/bun/bin/bun.exe')))(
  'the standalone executable (needs Bun from npm ci)',
  () => {
    beforeAll(() => {
      const { status } = spawnSync(process.execPath, [join(root, 'scripts/build-standalone.ts'), executable]);
      expect(status).toBe(0);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      [['--version']],
      [['audit', example, '--json']],
      [['audit', example]],
      [['explain', 'P3']],
      [['init', example, '--yes', '--print']],
      [['adit']],
    ])('answers %j as Node does', (args) => {
      const options = { cwd: folder, encoding: 'utf8', env: { PATH: '', HOME: folder } } as const;
      const compiled = spawnSync(executable, args, options);
      const source = spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], options);
      expect(compiled.stdout).toBe(source.stdout);
      expect(compiled.status).toBe(source.status);
    });
  },
);
