/** What zod found wrong with the form of keyless.yaml, in the words of the person who wrote it. */
import type { z } from 'zod';
import { nearest } from '../kernel/nearest.ts';
import type { IntentProblem } from './intent-problem.ts';
import { intentFileSchema } from './schema.ts';
import { formatYamlPath, type YamlPath, type YamlSource } from './yaml-source.ts';

export function formProblems(error: z.ZodError, source: YamlSource): IntentProblem[] {
  const problems = error.issues.flatMap((issue) => describeIssue(issue, [], source));
  // A misspelt key is one mistake: that the right one is absent follows from it.
  const meant = new Set(problems.map(({ meantKey }) => meantKey));
  return problems
    .filter(({ key, found }) => found !== absent || !meant.has(key))
    .map(({ meantKey: _, ...problem }) => problem);
}

interface FormProblem extends IntentProblem {
  /** The key that a misspelt one was most likely meant to be. */
  readonly meantKey?: string;
}

const absent = 'missing';

function describeIssue(issue: z.core.$ZodIssue, base: YamlPath, source: YamlSource): FormProblem[] {
  const path: YamlPath = [...base, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, source));
    case 'invalid_key':
      return [
        {
          ...source.locateKey(path),
          key: formatYamlPath(path.slice(0, -1)),
          found: `a map with the key ${JSON.stringify(String(path.at(-1)))}`,
          expected: issue.issues[0]?.message ?? issue.message,
        },
      ];
    case 'invalid_union': {
      const ofMap = issue.errors.at(-1) ?? [];
      if (!isMap(valueAt(source.value, path)) || ofMap.length === 0) break;
      return ofMap.flatMap((inner) => describeIssue(inner, path, source));
    }
  }
  return [invalidValue(path, issue.message, source)];
}

function invalidValue(path: YamlPath, expected: string, source: YamlSource): FormProblem {
  const key = formatYamlPath(path);
  const value = valueAt(source.value, path);
  if (value === undefined) return { ...source.locateKey(path), key, found: absent, expected };
  const written = source.written(path);
  if (path[0] === 'accounts' && path.length === 2 && typeof value === 'number') {
    const quoted = `"${written?.padStart(12, '0')}" in quotes: YAML reads a bare id as a number and drops leading zeros`;
    return {
      ...source.locate(path),
      key,
      found: `the number ${written}`,
      expected: /^\d{1,12}$/.test(written ?? '') ? quoted : expected,
    };
  }
  return { ...source.locate(path), key, found: describe(value, written), expected };
}

function unknownKey(around: YamlPath, name: string, source: YamlSource): FormProblem {
  const known = knownKeys(around);
  const suggestion = nearest(name, known);
  const place = { ...source.locateKey([...around, name]), key: formatYamlPath([...around, name]) };
  const found = 'not a key that is known';
  if (suggestion === undefined) return { ...place, found, expected: `one of ${known.join(', ')}` };
  return {
    ...place,
    found,
    expected: `\`${suggestion}\`, if that is what was meant`,
    meantKey: formatYamlPath([...around, suggestion]),
  };
}

/** The part of a zod schema that says what it consists of. */
interface SchemaDefinition {
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
}

function knownKeys(path: YamlPath): string[] {
  let definition = definitionOf(intentFileSchema);
  for (const part of path) {
    const next = typeof part === 'number' ? definition.element : (definition.shape?.[part] ?? definition.valueType);
    if (next === undefined) return [];
    definition = definitionOf(next);
  }
  return Object.keys(definition.shape ?? {});
}

/** Past `optional`, `nullable` and unions, whose last choice is the map. */
function definitionOf(schema: z.ZodType): SchemaDefinition {
  const definition = schema.def as SchemaDefinition;
  const inner = definition.innerType ?? definition.options?.at(-1);
  return inner === undefined ? definition : definitionOf(inner);
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown, written: string | undefined): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return JSON.stringify(value);
  return `the ${typeof value} ${written ?? String(value)}`;
}
