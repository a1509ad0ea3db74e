/**
 * What a version constraint such as `>= 1.3, < 2.0` or `~> 1.6` lets in, as one range.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */

export type Version = readonly [major: number, minor: number, patch: number];

export interface VersionBounds {
  /** The oldest version it lets in; 0.0.0 when nothing bounds it below. */
  readonly oldest: Version;
  /** The first version above everything it lets in; `undefined` when nothing bounds it above. */
  readonly below: Version | undefined;
}

/** Terms that are no version are passed over, `!=` bounds nothing, and pre-releases count as their release. */
export function boundsOf(constraint: string): VersionBounds {
  let oldest: Version = [0, 0, 0];
  let below: Version | undefined;
  const raise = (version: Version) => {
    if (isBefore(oldest, version)) oldest = version;
  };
  const lower = (version: Version) => {
    if (below === undefined || isBefore(version, below)) below = version;
  };
  for (const part of constraint.split(',')) {
    const match = /^\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(part);
    if (match === null) continue;
    const [, operator = '=', major = '0', minor, patch] = match;
    const version: Version = [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
    switch (operator) {
      case '>=':
        raise(version);
        break;
      case '>':
        raise(next(version));
        break;
      case '<':
        lower(version);
        break;
      case '<=':
        lower(next(version));
        break;
      case '~>':
        raise(version);
        lower(patch === undefined ? [version[0] + 1, 0, 0] : [version[0], version[1] + 1, 0]);
        break;
      case '=':
        raise(version);
        lower(next(version));
        break;
    }
  }
  return { oldest, below };
}

/** No version from `version` on is let in. */
export function admitsOnlyBefore({ below }: VersionBounds, version: Version): boolean {
  return below !== undefined && !isBefore(version, below);
}

/** No version before `version` is let in. */
export function admitsOnlyFrom({ oldest }: VersionBounds, version: Version): boolean {
  return !isBefore(oldest, version);
}

export function isBefore(version: Version, other: Version): boolean {
  for (const part of [0, 1, 2] as const) {
    if (version[part] !== other[part]) return version[part] < other[part];
  }
  return false;
}

function next([major, minor, patch]: Version): Version {
  return [major, minor, patch + 1];
}
