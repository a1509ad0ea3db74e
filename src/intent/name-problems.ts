/**
 * Names in keyless.yaml that point at nothing, or at two things. Reads what it can of a file whose form is wrong too,
 * so that a person sees every problem at once.
 */
import { partitionOfRegion } from '../aws/partition.ts';
import { nearest } from '../kernel/nearest.ts';
import type { IntentProblem } from './intent-problem.ts';
import { formatYamlPath, type YamlPath, type YamlSource } from './yaml-source.ts';

export function nameProblems(source: YamlSource): IntentProblem[] {
  const file = source.value;
  const accounts = entries(part(file, 'accounts'));
  const stacks = items(part(file, 'stacks'));
  const backends = items(part(file, 'state'));
  const environments = entries(part(file, 'github', 'environments'));

  const accountUses: Placed[] = [
    ...stacks.flatMap(([index, stack]) => [
      { path: ['stacks', index, 'account'], value: part(stack, 'account') },
      ...entries(part(stack, 'workspaces')).map(([workspace, value]) => ({
        path: ['stacks', index, 'workspaces', workspace],
        value,
      })),
    ]),
    ...backends.flatMap(([index, backend]) => [
      { path: ['state', index, 'account'], value: part(backend, 'account') },
      { path: ['state', index, 'lock_table', 'account'], value: part(backend, 'lock_table', 'account') },
    ]),
    ...environments.map(([name, environment]) => ({
      path: ['github', 'environments', name, 'account'],
      value: part(environment, 'account'),
    })),
  ];
  const regions: Placed[] = [
    { path: ['identity_center', 'region'], value: part(file, 'identity_center', 'region') },
    ...backends.map(([index, backend]) => ({ path: ['state', index, 'region'], value: part(backend, 'region') })),
  ];

  return [
    ...dangling(
      accountUses,
      accounts.map(([name]) => name),
      source,
    ),
    ...repeated(
      accounts.map(([name, value]) => ({ path: ['accounts', name], value })),
      'an id of its own for each account',
      source,
    ),
    ...repeated(
      stacks.map(([index, stack]) => ({ path: ['stacks', index, 'path'], value: folderOf(part(stack, 'path')) })),
      'one entry for each stack',
      source,
    ),
    ...repeated(
      backends.map(([index, backend]) => ({ path: ['state', index, 'bucket'], value: part(backend, 'bucket') })),
      'one entry for each bucket',
      source,
    ),
    ...stacks.flatMap(([index, stack]) => accountOrWorkspaces(['stacks', index], stack, source)),
    ...backends.flatMap(([index, backend]) => profileWithoutUse(['state', index], backend, source)),
    ...foreignRegions(regions, part(file, 'partition'), source),
  ];
}

/** `./stacks/network/` and `stacks/network` are one folder; the repository itself is `''`, written `.`. */
export function normalizedFolder(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

interface Placed {
  readonly path: YamlPath;
  readonly value: unknown;
}

function problem(source: YamlSource, path: YamlPath, found: string, expected: string): IntentProblem {
  return { ...source.locate(path), key: formatYamlPath(path), found, expected };
}

function dangling(uses: readonly Placed[], names: readonly string[], source: YamlSource): IntentProblem[] {
  return uses.flatMap(({ path, value }) => {
    if (typeof value !== 'string' || names.includes(value)) return [];
    const suggestion = nearest(value, names);
    const choice = names.length === 0 ? 'an account, but `accounts` has none' : `an account: ${names.join(', ')}`;
    const expected = suggestion === undefined ? choice : `${choice} (did you mean ${suggestion}?)`;
    return [problem(source, path, JSON.stringify(value), expected)];
  });
}

function repeated(entries: readonly Placed[], expected: string, source: YamlSource): IntentProblem[] {
  const first = new Map<string, YamlPath>();
  return entries.flatMap(({ path, value }) => {
    if (typeof value !== 'string') return [];
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, path);
      return [];
    }
    const where = `${formatYamlPath(earlier)} on line ${source.locate(earlier).line} has this one already`;
    return [problem(source, path, JSON.stringify(value), `${expected}; ${where}`)];
  });
}

function accountOrWorkspaces(path: YamlPath, stack: unknown, source: YamlSource): IntentProblem[] {
  const account = part(stack, 'account') !== undefined;
  const workspaces = part(stack, 'workspaces') !== undefined;
  if (account !== workspaces || typeof stack !== 'object' || stack === null) return [];
  const found = account ? 'a stack with both account and workspaces' : 'a stack with neither account nor workspaces';
  return [problem(source, path, found, '`account` (one account) or `workspaces` (each with its account)')];
}

function profileWithoutUse(path: YamlPath, backend: unknown, source: YamlSource): IntentProblem[] {
  const profile = part(backend, 'profile');
  if (typeof profile !== 'string' || part(backend, 'access') === 'profile') return [];
  const expected = 'no profile, or `access: profile` beside it; direct access uses none';
  return [problem(source, [...path, 'profile'], JSON.stringify(profile), expected)];
}

function foreignRegions(regions: readonly Placed[], written: unknown, source: YamlSource): IntentProblem[] {
  const partition = written ?? 'aws';
  return regions.flatMap(({ path, value }) => {
    const actual = typeof value === 'string' ? partitionOfRegion(value) : undefined;
    if (actual === undefined || actual === partition) return [];
    const expected = `a region of partition ${partition}, or \`partition: ${actual}\` in the file`;
    return [problem(source, path, JSON.stringify(value), expected)];
  });
}

function part(value: unknown, ...keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function items(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : [];
}

function folderOf(value: unknown): unknown {
  return typeof value === 'string' ? normalizedFolder(value) : undefined;
}
