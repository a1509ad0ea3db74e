/** What is wrong with a from-until window: instants that do not exist, an end before the beginning. */
import type { IntentProblem } from './intent-problem.ts';
import { part, problem } from './written-values.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

/** Epoch milliseconds; open ends are infinite. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

export function windowProblems(source: YamlSource, path: YamlPath): IntentProblem[] {
  const problems = (['from', 'until'] as const).flatMap((key) => {
    const value = part(source.value, ...path, key);
    if (typeof value !== 'string' || instantOf(value) !== undefined || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return [];
    return [problem(source, [...path, key], JSON.stringify(value), 'an instant that the calendar has')];
  });
  const { from, until } = intervalAt(source.value, path);
  if (problems.length > 0 || from < until) return problems;
  const written = part(source.value, ...path, 'from');
  return [
    problem(
      source,
      [...path, 'until'],
      JSON.stringify(part(source.value, ...path, 'until')),
      `an instant after \`from\`, which is ${JSON.stringify(written)}`,
    ),
  ];
}

export function intervalAt(file: unknown, path: YamlPath): Interval {
  const at = (key: string) => {
    const value = part(file, ...path, key);
    return typeof value === 'string' ? instantOf(value) : undefined;
  };
  return { from: at('from') ?? Number.NEGATIVE_INFINITY, until: at('until') ?? Number.POSITIVE_INFINITY };
}

/** `undefined` for a day or an hour that does not exist: `Date.parse` makes 31 February the 3rd of March. */
function instantOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|[+-](\d{2}):(\d{2}))$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
