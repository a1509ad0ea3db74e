/** What every finding about the user's files says of itself: where it stands and how severe it is. */

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

/** Orders by path, then line, then column. */
export function compareLocations(a: Location, b: Location): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
