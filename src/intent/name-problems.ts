/**
 * Names in keyless.yaml that point at nothing, or at two things. Reads what it can of a file whose form is wrong too,
 * so that a person sees every problem at once.
 */
import { partitionOfRegion } from '../aws/partition.ts';
import { identityProblems } from './identity-problems.ts';
import type { IntentProblem } from './intent-problem.ts';
import { pipelineProblems } from './pipeline-problems.ts';
import { stateRuleProblems } from './state-rule-problems.ts';
import { dangling, entries, items, type Placed, part, problem } from './written-values.ts';
import { formatYamlPath, type YamlPath, type YamlSource } from './yaml-source.ts';

export function nameProblems(source: YamlSource): IntentProblem[] {
  const file = source.value;
  const accounts = entries(part(file, 'accounts'));
  const stacks = items(part(file, 'stacks'));
  const backends = items(part(file, 'state'));
  const modules = items(part(file, 'modules'));
  const environments = entries(part(file, 'github', 'environments'));

  const accountUses: Placed[] = [
    { path: ['organization', 'management_account'], value: part(file, 'organization', 'management_account') },
    { path: ['legacy', 'account'], value: part(file, 'legacy', 'account') },
    ...modules.map(([index, bucket]) => ({ path: ['modules', index, 'account'], value: part(bucket, 'account') })),
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
    ...modules.map(([index, bucket]) => ({ path: ['modules', index, 'region'], value: part(bucket, 'region') })),
  ];

  const names = accounts.map(([name]) => name);
  return [
    ...dangling(accountUses, 'an account', 'accounts', names, source),
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
    ...identityProblems(source, names),
    ...pipelineProblems(source, names),
    ...stateRuleProblems(source, names),
  ];
}

/** `./stacks/network/` and `stacks/network` are one folder; the repository itself is `''`, written `.`. */
export function normalizedFolder(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
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

function folderOf(value: unknown): unknown {
  return typeof value === 'string' ? normalizedFolder(value) : undefined;
}
