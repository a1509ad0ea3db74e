/** Reading of a keyless.yaml whose form may be wrong, and problems with what is read. */
import { nearest } from '../kernel/nearest.ts';
import type { IntentProblem } from './intent-problem.ts';
import { formatYamlPath, type YamlPath, type YamlSource } from './yaml-source.ts';

/** A value and where it stands. */
export interface Placed {
  readonly path: YamlPath;
  readonly value: unknown;
}

export function problem(source: YamlSource, path: YamlPath, found: string, expected: string): IntentProblem {
  return { ...source.locate(path), key: formatYamlPath(path), found, expected };
}

/** Names that `under` does not hold. `what` is one of them, with its article. */
export function dangling(
  uses: readonly Placed[],
  what: string,
  under: string,
  names: readonly string[],
  source: YamlSource,
): IntentProblem[] {
  return uses.flatMap(({ path, value }) => {
    if (typeof value !== 'string' || names.includes(value)) return [];
    const suggestion = nearest(value, names);
    const choice = names.length === 0 ? `${what}, but \`${under}\` has none` : `${what}: ${names.join(', ')}`;
    const expected = suggestion === undefined ? choice : `${choice} (did you mean ${suggestion}?)`;
    return [problem(source, path, JSON.stringify(value), expected)];
  });
}

export function part(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    if (Array.isArray(at) !== (typeof key === 'number')) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

export function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

export function items(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : [];
}

/** Each item of the list at a path, placed. */
export function placedItems(file: unknown, path: YamlPath): Placed[] {
  return items(part(file, ...path)).map(([index, value]) => ({ path: [...path, index], value }));
}

/** The texts of the list at a path. */
export function texts(file: unknown, path: YamlPath): string[] {
  return placedItems(file, path).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
