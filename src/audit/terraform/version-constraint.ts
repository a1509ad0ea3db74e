/**
 * What a `required_version` says about the oldest and newest Terraform that may run the code.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */

/** Major and minor; patches decide nothing that is asked here. */
export type MinorVersion = readonly [major: number, minor: number];

/** No Terraform from `version` on satisfies the constraint. */
export function admitsOnlyBelow(constraint: string, version: MinorVersion): boolean {
  return termsOf(constraint).some(({ operator, parts }) => {
    const at = compare(parts, version);
    if (operator === '<') return at < 0 || (at === 0 && (parts[2] ?? 0) === 0);
    if (operator === '<=' || operator === '=') return at < 0;
    if (operator !== '~>') return false;
    // `~> 1.5.0` stays within 1.5; `~> 1.5` reaches every later 1.x.
    return parts.length > 2 ? at < 0 : (parts[0] ?? 0) < version[0];
  });
}

/** No Terraform below `version` satisfies the constraint. */
export function admitsOnlyFrom(constraint: string, version: MinorVersion): boolean {
  return termsOf(constraint).some(
    ({ operator, parts }) => ['>', '>=', '=', '~>'].includes(operator) && compare(parts, version) >= 0,
  );
}

interface Term {
  readonly operator: string;
  readonly parts: readonly number[];
}

function termsOf(constraint: string): readonly Term[] {
  return constraint.split(',').flatMap((term) => {
    const match = /^\s*(>=|<=|!=|~>|=|>|<)?\s*v?(\d+(?:\.\d+)*)/.exec(term);
    return match === null ? [] : [{ operator: match[1] ?? '=', parts: (match[2] as string).split('.').map(Number) }];
  });
}

function compare(parts: readonly number[], [major, minor]: MinorVersion): number {
  return (parts[0] ?? 0) - major || (parts[1] ?? 0) - minor;
}
