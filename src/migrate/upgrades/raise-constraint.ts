/** Raising version constraints in the style they are written in: exact stays exact, `~>` stays `~>`, bounds stay bounds. */

export interface Raise {
  /** The major version to leave, for example 4. */
  readonly from: number;
  /** The last release of the next major, for example `5.100.0`. */
  readonly to: string;
}

export type Raised =
  | { readonly kind: 'raised'; readonly constraint: string }
  /** The constraint lets the new major in as it is. */
  | { readonly kind: 'already' }
  /** Older than the major to leave: one major at a time, each with an empty plan. */
  | { readonly kind: 'too-old' }
  | { readonly kind: 'unknown' };

/** Source of the constraint syntax: https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
export function raiseConstraint(constraint: string, { from, to }: Raise): Raised {
  const [major, minor] = to.split('.') as [string, string];
  const parts: string[] = [];
  let raised = false;
  for (const part of constraint.split(',')) {
    const match = /^(\s*)(=|!=|>=|<=|>|<|~>)?(\s*)(v?)(\d+)((?:\.\d+)*)([-+].*)?\s*$/.exec(part);
    if (match === null) return { kind: 'unknown' };
    const [, lead = '', operator = '', space = '', , number = '', rest = ''] = match;
    const version = Number(number);
    const bounded = operator === '' || operator === '=' || operator === '~>' || operator === '<=';
    const whole = /^(\.0)*$/.test(rest);
    if (operator === '<' && version === from + 1 && whole) {
      parts.push(`${lead}<${space}${from + 2}${rest}`);
      raised = true;
    } else if (operator === '<' && version === from && whole) {
      return { kind: 'too-old' };
    } else if ((operator === '<=' || operator === '<') && version === from) {
      parts.push(`${lead}<${space}${from + 2}.0`);
      raised = true;
    } else if (bounded && version === from) {
      // `~> 4.67` lets minors in, `~> 4.67.0` only patches, `~> 4` any later major of the same.
      const depth = rest.split('.').length - 1;
      const newest = operator === '~>' && depth <= 1 ? (depth === 0 ? major : `${major}.${minor}`) : to;
      parts.push(`${lead}${operator}${space}${newest}`);
      raised = true;
    } else if ((bounded || operator === '<') && version < from) {
      return { kind: 'too-old' };
    } else {
      parts.push(part);
    }
  }
  return raised ? { kind: 'raised', constraint: parts.join(',') } : { kind: 'already' };
}
