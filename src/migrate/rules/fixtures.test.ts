/**
 * Runs every rule over its folders in `fixtures/<rule id>/<case>`: `before` and `after`, `keyless.yaml` (else the one of
 * `fixtures`), `options.json`, and what the rule says in `refusals.json` and `remarks.json` (absent when it says nothing).
 * `KEYLESS_UPDATE_FIXTURES=1` writes what the rules do now; read the diff before you keep it.
 */

import { isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEdits, invertEdits } from '../../formats/edit.ts';
import { parseIntent } from '../../intent/index.ts';
import { Repository, SourceFile } from '../../repository/index.ts';
import { migrationRules } from '../catalogue.ts';
import { newProblems } from '../edit-check.ts';
import { planMigration } from '../plan.ts';
import type { MigrationOptions, MigrationRule, RuleContext } from '../rule.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const update = process.env.KEYLESS_UPDATE_FIXTURES === '1';

interface Case {
  readonly rule: MigrationRule;
  readonly name: string;
  readonly folder: string;
  readonly context: RuleContext;
}

const cases: readonly Case[] = migrationRules.flatMap((rule) =>
  foldersIn(join(fixtures, rule.id)).map((name) => {
    const folder = join(fixtures, rule.id, name);
    return { rule, name, folder, context: contextOf(folder) };
  }),
);

describe('the catalogue', () => {
  it('has a fixture for every rule', () => {
    const without = migrationRules.filter(({ id }) => !cases.some(({ rule }) => rule.id === id));
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('has a rule for every fixture folder', () => {
    const ids = new Set(migrationRules.map(({ id }) => id));
    expect(foldersIn(fixtures).filter((folder) => !ids.has(folder))).toEqual([]);
  });
});

describe.each(cases)('$rule.id: $name', ({ rule, folder, context }) => {
  const before = readRepository(join(folder, 'before'));
  const plan = rule.plan(before, context);
  const after = before.with(
    new Map([
      ...plan.edits.map(({ path, edits }) => [path, applyEdits(textOf(before, path), edits)] as const),
      ...(plan.creates ?? []).map(({ path, text }) => [path, text] as const),
    ]),
  );
  if (update) writeOutcome(folder, after, plan);

  it('does what the folder `after` shows', () => {
    expect(asRecord(after)).toEqual(asRecord(readRepository(join(folder, 'after'))));
  });

  it('says what refusals.json and remarks.json hold', () => {
    expect(plan.refusals).toEqual(readJson(join(folder, 'refusals.json')) ?? []);
    expect(plan.remarks).toEqual(readJson(join(folder, 'remarks.json')) ?? []);
  });

  it('finds nothing more to do', () => {
    const again = rule.plan(after, context);
    expect(again.edits).toEqual([]);
    expect((again.creates ?? []).filter(({ path }) => after.file(path) === undefined)).toEqual([]);
  });

  it('can be taken back to the byte', () => {
    for (const { path, edits } of plan.edits) {
      const text = textOf(before, path);
      expect(applyEdits(textOf(after, path), invertEdits(text, edits))).toBe(text);
    }
  });

  it('breaks no file and touches none that cannot be edited', () => {
    for (const { path } of plan.edits) {
      const file = before.file(path) as SourceFile;
      expect(file.encoding).toBe('utf-8');
      expect(newProblems(file, textOf(after, path))).toEqual([]);
    }
  });
});

describe('the whole move', () => {
  it.each(cases)(
    'over $rule.id: $name changes nothing when it runs again',
    ({ folder, context: { intent, options } }) => {
      const once = planMigration(readRepository(join(folder, 'before')), intent, options);
      const twice = planMigration(once.result, intent, options);
      expect(twice.changeSets.flatMap(({ changes }) => changes)).toEqual([]);
    },
  );
});

const terraform = spawnSync('terraform', ['version']).status === 0;
describe('terraform fmt -check', () => {
  const skipped = terraform ? '' : ' (skipped: terraform is not installed)';
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyless-fixtures-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!terraform)(`accepts after a rule what it accepted before${skipped}`, () => {
    const formatted = (side: 'before' | 'after') => {
      const root = join(folder, side);
      for (const { rule, name, folder: fixture } of cases) {
        for (const { path, text } of readRepository(join(fixture, side)).files) {
          if (/\.(tf|tfvars)$/.test(path)) write(join(root, rule.id, name, path), text);
        }
      }
      const { stdout } = spawnSync('terraform', ['fmt', '-check', '-recursive', '-list=true', root], {
        encoding: 'utf8',
        env: { ...process.env, TF_CLI_CONFIG_FILE: '' },
      });
      return new Set(stdout.split('\n').map((line) => relative(root, line)));
    };
    const unclean = formatted('before');
    expect([...formatted('after')].filter((path) => !unclean.has(path))).toEqual([]);
  });
});

function contextOf(folder: string): RuleContext {
  const own = join(folder, 'keyless.yaml');
  const path = existsSync(own) ? own : join(fixtures, 'keyless.yaml');
  const options = readJson(join(folder, 'options.json')) as
    | { includeComments?: boolean; moduleSources?: Record<string, string> }
    | undefined;
  const moduleSources: MigrationOptions['moduleSources'] =
    options?.moduleSources === undefined ? 'keep' : new Map(Object.entries(options.moduleSources));
  return {
    intent: parseIntent(readFileSync(path, 'utf8')),
    options: { includeComments: options?.includeComments ?? false, moduleSources },
  };
}

function readRepository(root: string): Repository {
  const paths = (readdirSync(root, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return new Repository(
    paths.map((path) => {
      const bytes = readFileSync(join(root, path));
      return isUtf8(bytes)
        ? new SourceFile(path, bytes.toString('utf8'))
        : new SourceFile(path, bytes.toString('latin1'), 'latin1');
    }),
  );
}

function asRecord(repository: Repository): Record<string, string> {
  return Object.fromEntries(repository.files.map(({ path, text }) => [path, text]));
}

function textOf(repository: Repository, path: string): string {
  const file = repository.file(path);
  if (file === undefined) throw new RangeError(`${path} is not in the repository`);
  return file.text;
}

function writeOutcome(folder: string, after: Repository, plan: ReturnType<MigrationRule['plan']>): void {
  rmSync(join(folder, 'after'), { recursive: true, force: true });
  for (const { path, text, encoding } of after.files) {
    write(join(folder, 'after', path), Buffer.from(text, encoding === 'latin1' ? 'latin1' : 'utf8'));
  }
  for (const [name, said] of [
    ['refusals.json', plan.refusals],
    ['remarks.json', plan.remarks],
  ] as const) {
    if (said.length > 0) write(join(folder, name), `${JSON.stringify(said, null, 2)}\n`);
    else rmSync(join(folder, name), { force: true });
  }
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
