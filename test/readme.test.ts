/**
 * Runs every command that README.md and docs/migration-guide.md show, in order, each page in a folder of its own that
 * looks like a fresh clone. The convention of those pages: in a `sh` block each line is a command; in a `console` block
 * a line that begins with `$ ` is one, and the lines below it are what it prints (`…` stands for any lines). A command
 * ends with status 0 unless a comment behind it says otherwise: `# exit 1`.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, scripts, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
};
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'keyless-readme-')));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Commands of somebody else's service, by their first words. Nothing else may stay unrun. */
const notRunnable: readonly { readonly start: string; readonly reason: string }[] = [
  { start: 'aws sso login ', reason: 'opens a browser at the Identity Center of the reader' },
  { start: 'aws s3api ', reason: 'reads or changes a bucket in an AWS account' },
  { start: 'aws dynamodb ', reason: 'reads or changes a table in an AWS account' },
  { start: 'aws iam ', reason: 'reads or changes IAM in an AWS account' },
  { start: 'aws organizations ', reason: 'reads the organisation of an AWS account' },
  { start: 'aws sts ', reason: 'asks AWS who the caller is' },
  { start: 'gh variable ', reason: 'sets variables of a repository on GitHub' },
  { start: 'gh api ', reason: 'reads the settings of a repository on GitHub' },
  { start: 'gh secret ', reason: 'deletes secrets of a repository on GitHub' },
  { start: 'terraform -chdir=', reason: 'initialises or plans against state in S3' },
  { start: 'AWS_PROFILE=', reason: 'runs Terraform against state in S3' },
];

/**
 * npm's own commands would build into, or install over, the tree that runs this test. What each rests on is checked
 * instead, and `.ci/run` runs the first two from a fresh clone.
 */
const checkedOtherwise: Readonly<Record<string, () => void>> = {
  'npm ci && npm start': () => runsInCi('npm ci', 'npm start'),
  'npm ci && npm test': () => runsInCi('npm ci', 'npm test'),
  // It takes half a minute: `npm start` is it, and test/scenarios/rehearse.test.ts tells parts of it.
  'keyless rehearse --output ../rehearsal.html': () => {
    runsInCi('npm start');
    expect(readFileSync(join(root, 'scripts/start.ts'), 'utf8')).toContain("['rehearse', '.', '--output', report");
  },
  'npm pack': () => expect(existsSync(packed())).toBe(true),
  [`npm install --global ./keyless-${version}.tgz`]: () => {
    expect(installed('--version')).toEqual({ status: 0, output: `${version}\n` });
    expect(installed('audit', join(root, 'examples/legacy-three-accounts')).status).toBe(1);
  },
};

interface ShownCommand {
  readonly line: number;
  readonly text: string;
  readonly status: number;
  /** What the page says that it prints. */
  readonly output: readonly string[];
}

describe.each(['README.md', 'docs/migration-guide.md'])('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const commands = commandsOf(text);
  const place = freshClone(page.replace(/\W/g, '-'));

  it('shows commands, and only in blocks that this test reads', () => {
    expect(commands.length).toBeGreaterThan(0);
    expect([...text.matchAll(/^ *```(bash|shell|zsh|shell-session)$/gm)]).toEqual([]);
  });

  it('refers to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
    const missing = targets.filter((target) => !existsSync(join(root, page, '..', target)));
    expect(missing).toEqual([]);
  });

  for (const command of commands) {
    const { line, text: shown, status, output } = command;
    const otherwise = checkedOtherwise[shown];
    const outside = notRunnable.find(({ start }) => shown.startsWith(start));
    if (otherwise !== undefined) {
      it(`line ${line}, checked otherwise: ${shown}`, otherwise);
    } else if (outside !== undefined) {
      it(`line ${line}, not run, it ${outside.reason}: ${shown}`, () => expect(status).toBe(0));
    } else {
      it(`line ${line}: ${shown}`, () => {
        const result = place.run(shown);
        expect(result.status, result.output).toBe(status);
        if (output.length > 0) expect(result.output).toMatch(patternOf(output));
      });
    }
  }
});

describe('README.md', () => {
  it('shows the table of npm start as it is', () => {
    const place = freshClone('npm-start');
    place.run('cd examples/legacy-three-accounts && git init --quiet');
    place.run('git remote add origin https://github.com/fernwick/infrastructure.git');
    const before = place.counts();
    place.run('keyless init --yes');
    place.run('keyless migrate --write --through 3 --no-diff');
    const after = place.counts();
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/^ {2}(credentials in clear|static .+?) {2,}(\d+) → (\d+)$/gm)];
    expect(shown.map(([, , was, is]) => [Number(was), Number(is)])).toEqual(
      before.map((count, index) => [count, after[index]]),
    );
  });
});

function commandsOf(page: string): ShownCommand[] {
  const found: ShownCommand[] = [];
  let block: string | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^ *```(\w*)/.exec(line);
    if (fence !== null) {
      block = block === undefined ? (fence[1] as string) : undefined;
      continue;
    }
    const last = found.at(-1);
    if (block === 'sh' && line.trim() !== '' && !line.startsWith('#')) found.push(commandOf(line, index + 1));
    else if (block === 'console' && line.startsWith('$ ')) found.push(commandOf(line.slice(2), index + 1));
    else if (block === 'console' && last !== undefined) found[found.length - 1] = withOutput(last, line);
  }
  return found;
}

function commandOf(line: string, number: number): ShownCommand {
  const comment = / +# exit (\d+)$/.exec(line);
  const text = comment === null ? line.trim() : line.slice(0, comment.index).trim();
  return { line: number, text, status: Number(comment?.[1] ?? 0), output: [] };
}

function withOutput(command: ShownCommand, line: string): ShownCommand {
  return { ...command, output: [...command.output, line] };
}

function patternOf(lines: readonly string[]): RegExp {
  const source = lines.map((line) => (line === '…' ? '[\\s\\S]*' : `${escaped(line)}\\n`));
  return new RegExp(`^${source.join('')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

interface Clone {
  /** Runs one line in a shell that is where the line before left it. */
  run(line: string): { readonly status: number; readonly output: string };
  /** The rows of npm start's table, by an audit of the current folder. */
  counts(): number[];
}

/** A folder with what the pages use of a clone, a home of its own, and keyless on the path. */
function freshClone(name: string): Clone {
  const base = join(temporary, name);
  const clone = join(base, 'keyless');
  const bin = join(base, 'bin');
  for (const folder of [clone, bin, join(base, 'home')]) mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'examples'), join(clone, 'examples'), { recursive: true });
  const keyless = `exec '${process.execPath}' '${join(root, 'src/main.ts')}' "$@"`;
  executable(join(bin, 'keyless'), keyless);
  // In a clone after `npm ci`, npx starts dist/main.js, which is src/main.ts compiled.
  executable(join(bin, 'npx'), `test "$1" = keyless || exit 127\nshift\n${keyless}`);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: join(base, 'home'),
    NODE_COMPILE_CACHE: join(temporary, 'compile-cache'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A reader',
    GIT_AUTHOR_EMAIL: 'reader@example.com',
    GIT_COMMITTER_NAME: 'A reader',
    GIT_COMMITTER_EMAIL: 'reader@example.com',
  };
  const whereabouts = join(base, 'cwd');
  let cwd = clone;
  const run: Clone['run'] = (line) => {
    const script = `${line}\nstatus=$?\npwd > '${whereabouts}'\nexit $status`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, env, encoding: 'utf8' });
    cwd = readFileSync(whereabouts, 'utf8').trim();
    return { status: status ?? -1, output: (stdout + stderr).replaceAll(base, '/home/you') };
  };
  const counts = (): number[] => {
    run('keyless audit --json --output ../counts.json --fail-on never');
    const { summary } = JSON.parse(readFileSync(join(cwd, '../counts.json'), 'utf8'));
    const { terraform, pipeline, person, application, 'made-by-code': made } = summary.staticMethods;
    return [summary.credentialsInClear, terraform, pipeline, person + application, made];
  };
  return { run, counts };
}

function executable(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function runsInCi(...commands: readonly string[]): void {
  const steps = readFileSync(join(root, '.ci/run'), 'utf8');
  for (const command of commands) {
    expect(steps).toMatch(new RegExp(`^(?:CI=true )?${command}$`, 'm'));
    const script = command.replace('npm ', '');
    if (script !== 'ci') expect(scripts).toHaveProperty(script);
  }
}

let tarball: string | undefined;

/** The tarball that `npm pack` makes of a copy of this tree; `prepare` builds `dist` there. */
function packed(): string {
  if (tarball !== undefined) return tarball;
  const copy = join(temporary, 'to-pack');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const entry of [
    'src',
    'scripts',
    'schemas',
    'examples',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'SECURITY.md',
  ]) {
    cpSync(join(root, entry), join(copy, entry), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const { status, stderr } = spawnSync('npm', ['pack'], { cwd: copy, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  tarball = join(copy, `keyless-${version}.tgz`);
  return tarball;
}

/** Runs the package's command from the tarball, with nothing beside it but the dependencies that it declares. */
function installed(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const modules = join(temporary, 'installed/node_modules');
  const home = join(modules, 'keyless');
  if (!existsSync(home)) {
    mkdirSync(home, { recursive: true });
    expect(spawnSync('tar', ['-xzf', packed(), '-C', home, '--strip-components=1']).status).toBe(0);
    for (const name of Object.keys(dependencies)) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const { status, stdout } = spawnSync(process.execPath, [join(home, 'dist/main.js'), ...args], { encoding: 'utf8' });
  return { status, output: stdout };
}
