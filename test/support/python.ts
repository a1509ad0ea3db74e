/** The machine's Python, for tests that need a package of it; they are skipped by name where it is not there. */
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** The command of the first Python that has all of these packages. Each is asked once in a test run of a file. */
export function needsPython(context: TestContext, ...packages: readonly string[]): string {
  const check = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(p) is None for p in ${JSON.stringify(packages)}))`;
  const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', check]).status === 0);
  if (python === undefined) context.skip(`no Python has ${packages.join(' and ')}`);
  return python;
}
