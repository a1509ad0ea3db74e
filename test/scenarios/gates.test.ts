/** The hook and the jobs that docs/ci.md gives to copy, run as they stand there, on a clean repository and on one with a key. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generateCredential } from '../support/generated-credentials.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/ci.md'), 'utf8');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const { keyId, secret } = generateCredential('gates');
const planted = { '.envrc': `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n` };
const clean = {
  'main.tf': 'provider "aws" {\n  region              = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n',
};

const temporary = mkdtempSync(join(tmpdir(), 'keyless-gates-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

/** The code blocks of the page by the comment in their first line, which says where they belong. */
function blockFor(path: string): string {
  const block = [...page.matchAll(/^```yaml\n# (.+)\n([\s\S]*?)^```$/gm)].find(([, name]) => name === path)?.[2];
  if (block === undefined) throw new RangeError(`docs/ci.md has no block for ${path}`);
  return block;
}

let made = 0;

/** A repository with these files, and a path on which `keyless` is this tree and `npm` only says what it was asked. */
function repository(files: Readonly<Record<string, string>>): {
  readonly folder: string;
  run(command: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string };
} {
  const base = join(temporary, String(made++));
  const [folder, bin] = [join(base, 'repo'), join(base, 'bin')];
  for (const path of [folder, bin]) mkdirSync(path, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  executable(join(bin, 'keyless'), `exec '${process.execPath}' '${join(root, 'src/main.ts')}' "$@"`);
  executable(join(bin, 'npm'), 'echo "npm $*"');
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: base,
    GIT_CONFIG_GLOBAL: '/dev/null',
    NODE_COMPILE_CACHE: join(temporary, 'compile-cache'),
  };
  const run = (command: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  return { folder, run };
}

function executable(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

describe('the pre-commit hook', () => {
  const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as [
    { id: string; entry: string; language: string; pass_filenames: boolean },
  ];
  const scripts = {
    'of .pre-commit-hooks.yaml': `#!/bin/sh\nexec ${hook.entry}\n`,
    "of docs/ci.md for git's own hook": /^```bash\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '',
  };

  it('has the id that the page names, and reads the whole tree', () => {
    const config = parse(blockFor('.pre-commit-config.yaml')) as { repos: [{ rev: string; hooks: [{ id: string }] }] };
    expect(config.repos[0].hooks[0].id).toBe(hook.id);
    expect(config.repos[0].rev).toBe(`v${version}`);
    const local = parse(blockFor('.pre-commit-config.yaml, with keyless on the path')) as {
      repos: [{ hooks: [{ entry: string }] }];
    };
    expect(local.repos[0].hooks[0].entry).toBe(hook.entry);
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false, always_run: true });
  });

  for (const [name, script] of Object.entries(scripts)) {
    it(`${name} stops a commit with a key and lets the next one through`, () => {
      const { folder, run } = repository({ ...clean, ...planted });
      const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
      expect(run('git', 'init', '--quiet').status).toBe(0);
      writeFileSync(join(folder, '.git/hooks/pre-commit'), script);
      chmodSync(join(folder, '.git/hooks/pre-commit'), 0o755);
      run('git', 'add', '--all');
      const refused = run('git', ...identity, 'commit', '--message', 'a key');
      expect(refused.status).not.toBe(0);
      expect(refused.output).toContain('.envrc:2');
      expect(refused.output).not.toContain(secret.slice(0, 8));
      expect(run('git', 'rev-parse', '--verify', '--quiet', 'HEAD').status).not.toBe(0);
      run('git', 'rm', '--quiet', '--force', '.envrc');
      expect(run('git', ...identity, 'commit', '--message', 'no key').status).toBe(0);
    });
  }
});

describe('the GitHub job', () => {
  const workflow = parse(blockFor('.github/workflows/keyless.yml')) as {
    permissions: object;
    jobs: { audit: { permissions: object; steps: Step[] } };
  };
  const { permissions, steps } = workflow.jobs.audit;

  it('may read the code and upload results, nothing else', () => {
    expect(workflow.permissions).toEqual({});
    expect(permissions).toEqual({ contents: 'read', 'security-events': 'write' });
    expect(blockFor('.github/workflows/keyless.yml')).not.toMatch(/secrets\.|id-token/);
  });

  it('pins each action to a commit, with its tag beside it', () => {
    const actions = [...blockFor('.github/workflows/keyless.yml').matchAll(/uses: (.+)$/gm)].map(([, uses]) => uses);
    expect(actions.length).toBe(3);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('passes our own audit', () => {
    const { folder, run } = repository({});
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    writeFileSync(join(folder, '.github/workflows/keyless.yml'), blockFor('.github/workflows/keyless.yml'));
    const { status, output } = run('keyless', 'audit', '--fail-on', 'info');
    expect(output).toContain('Nothing was found.');
    expect(status).toBe(0);
  });

  it('installs the tarball of this version, then passes or fails by what is there', () => {
    const commands = steps.flatMap(({ run }) => run ?? []);
    expect(commands[0]).toBe(`npm install --global ./tools/keyless-${version}.tgz`);
    for (const [files, expected] of [
      [clean, 0],
      [{ ...clean, ...planted }, 1],
    ] as const) {
      const { folder, run } = repository(files);
      const statuses = commands.map((command) => run('bash', '-e', '-c', command).status);
      expect(statuses).toEqual([0, expected, 0]);
      const log = JSON.parse(readFileSync(join(folder, 'keyless.sarif'), 'utf8'));
      expect(log.runs[0].results.length > 0).toBe(expected === 1);
    }
  });

  it('uploads the file that the audit wrote', () => {
    const upload = steps.find(({ uses }) => uses?.includes('upload-sarif')) as { with: { sarif_file: string } };
    expect(steps.some(({ run }) => run?.includes(`--output ${upload.with.sarif_file} `))).toBe(true);
  });
});

describe('the GitLab job', () => {
  const job = (parse(blockFor('.gitlab-ci.yml')) as { keyless: { script: string[]; artifacts: { paths: string[] } } })
    .keyless;

  it('installs the tarball of this version, passes or fails by what is there, and keeps the report', () => {
    expect(job.script[0]).toBe(`npm install --global ./tools/keyless-${version}.tgz`);
    for (const [files, expected] of [
      [clean, 0],
      [{ ...clean, ...planted }, 1],
    ] as const) {
      const { folder, run } = repository(files);
      // GitLab stops at the first command that fails.
      expect(run('bash', '-e', '-c', job.script.join('\n')).status).toBe(expected);
      for (const path of job.artifacts.paths) expect(existsSync(join(folder, path))).toBe(true);
    }
  });
});

describe('a gate on a repository that has findings already', () => {
  const lines = (/^```sh\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '').trim().split('\n');
  const jq = spawnSync('jq', ['--version']).status === 0;

  it(`lets through what was written down, and nothing new${jq ? '' : ' (jq is not here: its line is played by a script)'}`, () => {
    const { folder, run } = repository({ ...clean, ...planted });
    expect(run('keyless', 'audit', '--fail-on', 'high').status).toBe(1);
    expect(lines.length).toBe(3);
    if (!jq) writeFileSync(join(folder, '../bin/jq'), standInForJq, { mode: 0o755 });
    for (const line of lines) expect(run('bash', '-c', line)).toMatchObject({ status: 0 });
    const other = generateCredential('gates, later');
    writeFileSync(
      join(folder, 'later.env'),
      `AWS_ACCESS_KEY_ID=${other.keyId}\nAWS_SECRET_ACCESS_KEY=${other.secret}\n`,
    );
    const later = run('keyless', 'audit', '--fail-on', 'high');
    expect(later.status).toBe(1);
    expect(later.output).toContain('later.env:2');
  });
});

const standInForJq = `#!${process.execPath}
const { findings } = JSON.parse(require('node:fs').readFileSync(process.argv[4], 'utf8'));
console.log('suppressions:');
for (const { rule, fingerprint } of findings)
  console.log(\`  - { rule: \${rule}, fingerprint: "\${fingerprint}", until: 2027-03-31, reason: on the way out }\`);
`;
