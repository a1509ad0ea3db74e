/** Completion scripts are run by their own shells: a script that parses may still offer nothing. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../test/support/make-world.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';
import { commands } from '../commands.ts';

async function scriptFor(shell: string): Promise<string> {
  const { status, stdout } = await runKeyless(makeWorld(), ['completion', shell]);
  expect(status).toBe(0);
  return stdout;
}

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

function run(shell: string, script: string): { readonly status: number | null; readonly lines: string[] } {
  const { status, stdout, stderr } = spawnSync(shell, ['-c', script], { encoding: 'utf8', cwd: '/' });
  return { status, lines: (stdout + stderr).split('\n').filter((line) => line !== '') };
}

describe('for bash', () => {
  const complete = (words: readonly string[], script: string): string[] =>
    run(
      'bash',
      `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_keyless\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
    ).lines;

  it('is a script that bash reads, and registers itself', async () => {
    const script = await scriptFor('bash');
    expect(spawnSync('bash', ['-n', '-c', script]).status).toBe(0);
    expect(run('bash', `${script}\ncomplete -p keyless`).lines).toEqual(['complete -F _keyless keyless']);
  });

  it('offers the commands, the options of each, and files', async () => {
    const script = await scriptFor('bash');
    expect(complete(['keyless', ''], script)).toEqual(commands.map(({ name }) => name));
    expect(complete(['keyless', 'mi'], script)).toEqual(['migrate']);
    expect(complete(['keyless', 'audit', '--f'], script)).toEqual(['--format', '--fail-on']);
    expect(complete(['keyless', 'migrate', '--u'], script)).toEqual(['--undo']);
    expect(complete(['keyless', 'status', '--json', '--j'], script)).toEqual(['--json']);
    expect(complete(['keyless', 'audit', 'et'], script)).toEqual(['etc']);
    expect(complete(['keyless', 'nothing', ''], script)).toEqual([]);
  });

  it('offers the values of an option that has a list of them', async () => {
    const script = await scriptFor('bash');
    expect(complete(['keyless', 'audit', '--format', ''], script)).toEqual(['text', 'json', 'sarif', 'html']);
    expect(complete(['keyless', 'audit', '--fail-on', 'm'], script)).toEqual(['medium']);
    expect(complete(['keyless', 'completion', ''], script)).toEqual(['bash', 'zsh', 'fish']);
  });
});

// Few machines have these two. What can be told without them is told, and the name says which it was.
describe.each([
  ['zsh', ['-n', '-c']],
  ['fish', ['--no-execute', '-c']],
] as const)('for %s', (shell, dry) => {
  it(`is a script whose quotes all close${has(shell) ? `, and that ${shell} reads` : ` (${shell} is not here to read it)`}`, async () => {
    const script = await scriptFor(shell);
    const quoted = shell === 'zsh' ? /'[^']*'|\\'/g : /'(?:[^'\\]|\\.)*'/g;
    for (const line of script.split('\n').filter((each) => !each.startsWith('#'))) {
      expect(line.replace(quoted, '')).not.toContain("'");
    }
    if (has(shell)) expect(spawnSync(shell, [...dry, script]).status).toBe(0);
  });
});

describe('for every shell', () => {
  it('names every command and every option', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const script = await scriptFor(shell);
      for (const { name } of commands) expect(script).toContain(name);
      expect(script).toContain('fail-on');
      expect(script).toContain('aws-config');
    }
  });
});
