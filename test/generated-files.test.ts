/**
 * What is derived is current, and what it is derived from is complete: every generated file is on disk as the code makes it
 * now, and nothing that belongs in a catalogue is missing from it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';
import { detectors } from '../src/audit/index.ts';
import { commands } from '../src/cli/commands.ts';
import { AWS_CONFIG_FIX } from '../src/cli/views/fix-label.ts';
import { errorCodes } from '../src/kernel/error-codes.ts';
import { migrationRules, steps } from '../src/migrate/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = await generatedFiles();

function sourcesIn(folder: string): { readonly path: string; readonly text: string }[] {
  return (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('fixtures'))
    .map((path) => ({ path: join(folder, path), text: readFileSync(join(root, folder, path), 'utf8') }));
}

describe('generated files', () => {
  it.each([...generated.keys()])('%s is what npm run docs writes', (path) => {
    const onDisk = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '(not there)';
    // A diff of a whole page tells less than its first difference.
    expect(firstDifference(onDisk, generated.get(path) as string)).toBeUndefined();
  });

  it('include every schema that the package ships, and nothing else is there', () => {
    expect(readdirSync(join(root, 'schemas')).map((name) => `schemas/${name}`)).toEqual(
      [...generated.keys()].filter((path) => path.startsWith('schemas/')).sort(),
    );
  });

  it('name every detector, rule, error code and command', () => {
    const headings = (page: string): string[] =>
      [...(generated.get(page) ?? '').matchAll(/^##+ (?:keyless )?(\S+)$/gm)].map(([, name]) => name as string);
    expect(headings('docs/detectors.md')).toEqual(detectors.map(({ id }) => id));
    expect(headings('docs/rules.md').sort()).toEqual(migrationRules.map(({ id }) => id).sort());
    expect(headings('docs/errors.md')).toEqual(Object.keys(errorCodes));
    expect(headings('docs/commands.md')).toEqual(commands.map(({ name }) => name));
  });

  it('have a picture for the README that stands alone and is small', () => {
    const picture = generated.get('docs/images/audit-graph.svg') ?? '';
    expect(picture.length).toBeLessThan(60_000);
    expect(picture).toContain('prefers-color-scheme:dark');
    expect(picture).not.toMatch(/<script|href=|url\(|@import/);
  });
});

function firstDifference(actual: string, expected: string): string | undefined {
  if (actual === expected) return undefined;
  const [ours, theirs] = [actual.split('\n'), expected.split('\n')];
  const line = theirs.findIndex((text, index) => text !== ours[index]);
  return `line ${line + 1}: on disk ${JSON.stringify(ours[line])}, generated ${JSON.stringify(theirs[line])}`;
}

describe('the catalogue of rules', () => {
  it('lists every rule that is defined, once', () => {
    const defined = sourcesIn('src/migrate/rules').flatMap(({ text }) =>
      [...text.matchAll(/defineRule\(\{\s*id: '([^']+)'/g)].map(([, id]) => id),
    );
    expect(defined.length).toBeGreaterThan(20);
    expect(migrationRules.map(({ id }) => id).sort()).toEqual(defined.sort());
    expect(new Set(defined).size).toBe(defined.length);
  });

  it('holds rules whose step is there, in the order of the steps', () => {
    const numbers = migrationRules.map(({ step }) => steps.findIndex(({ id }) => id === step));
    expect(numbers).not.toContain(-1);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('has every rule that a detector names for its fix', () => {
    const ids = new Set([...migrationRules.map(({ id }) => id), AWS_CONFIG_FIX]);
    const named = sourcesIn('src/audit').flatMap(({ path, text }) =>
      [...text.matchAll(/fixRule: '([^']+)'/g)].map(([, id]) => ({ path, id: id as string })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ id }) => !ids.has(id))).toEqual([]);
  });
});

describe('the catalogue of error codes', () => {
  it('is sorted, and each code is thrown somewhere', () => {
    const codes = Object.keys(errorCodes);
    const thrown = sourcesIn('src')
      .filter(({ path }) => path !== join('src', 'kernel', 'error-codes.ts'))
      .map(({ text }) => text)
      .join('\n');
    expect(codes.filter((code) => !thrown.includes(`'${code}'`))).toEqual([]);
    expect(codes).toEqual([...codes].sort());
  });

  it('explains each in words of its own', () => {
    const titles = Object.values(errorCodes).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const { explanation } of Object.values(errorCodes)) expect(explanation).toMatch(/\.$/);
  });
});

describe('the catalogue of commands', () => {
  it('lists every command module, sorted', () => {
    const modules = sourcesIn('src/cli/commands').flatMap(({ text }) =>
      [...text.matchAll(/^export const (\w+)Command: CommandModule/gm)].map(([, name]) => name as string),
    );
    expect(commands.map(({ name }) => name)).toEqual(modules.sort());
  });
});
