/** What is wrong with keyless.yaml: one value a problem, told with its place, what was found and what was expected. */
import type { Location } from '../kernel/diagnostic.ts';

export interface IntentProblem extends Location {
  /** `accounts.dev`; empty for the file as a whole. */
  readonly key: string;
  /** What stands there. */
  readonly found: string;
  readonly expected: string;
}

/** One line for a reader: `keyless.yaml:7:9 accounts.dev is the number 5: expected twelve digits in quotes`. */
export function renderIntentProblem(problem: IntentProblem): string {
  const what = problem.key === '' ? problem.found : `${problem.key} is ${problem.found}`;
  return `${problem.path}:${problem.line}:${problem.column} ${what}: expected ${problem.expected}`;
}
