/**
 * A finding about the user's files: a value that is collected, sorted and rendered at the edge.
 */

/** Where something stands. `path` is relative to the audited root and uses `/`; line and column count from 1. */
export interface Location {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** How many steps `severity` is below `critical`: 0 for critical, 4 for info. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export interface Diagnostic {
  /** Id of the catalogue entry that produced it. */
  readonly id: string;
  readonly severity: Severity;
  /** Fixed text a reader learns to recognise. */
  readonly summary: string;
  /** Names the thing, says why it matters, ends with what to do. */
  readonly detail: string;
  readonly location: Location;
  readonly fix: string;
}

/** Orders by path, then line, then column. */
export function compareLocations(a: Location, b: Location): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
