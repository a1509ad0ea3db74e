/**
 * ARN patterns. Each of the six parts is compared by itself; only the last, the resource, may hold colons. In conditions no
 * wildcard leaves its part. In `Resource` a `*` that ends a part may run on over the colons after it, and parts that are
 * missing at the end are completed with `*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { type Glob, many, matchesGlob } from './glob.ts';
import type { ConditionContext } from './request.ts';
import { parseTemplate, resolveGlob, type Template } from './template.ts';

const partCount = 6;

export interface ArnPattern {
  /** `*` alone. */
  readonly any: boolean;
  /** Ways to read the pattern, of which one must match; none matches nothing. */
  readonly readings: readonly (readonly Part[])[];
}

interface Part {
  readonly pattern: Glob | Template;
  /** Not the last part, and may take colons at its end. */
  readonly runsOn: boolean;
}

/** An ARN, and its parts; the last with its colons. */
export interface SplitArn {
  readonly text: string;
  readonly parts: readonly string[];
}

export interface ArnPatternOptions {
  readonly variables: boolean;
  /** `Resource` or a condition. */
  readonly of: 'resource' | 'condition';
}

export function parseArnPattern(text: string, { variables, of }: ArnPatternOptions): ArnPattern {
  if (text === '*') return { any: true, readings: [] };
  const templates = splitPattern(text, variables).map((part) => parseTemplate(part, { variables, wildcards: true }));
  const given = templates.map((template, index) => ({
    pattern: template.dynamic ? template : (resolveGlob(template, noContext) as Glob),
    runsOn: of === 'resource' && index < partCount - 1 && template.tokens.at(-1) === many,
  }));
  if (given.length === partCount) return { any: false, readings: [given] };
  if (of === 'condition') return { any: false, readings: [] };
  // Both are documented: `arn:aws:sqs` is every queue, and so is `arn:aws:sqs:*`; `arn:aws:sqs:*:jobs` is one of any account.
  const missing = Array.from({ length: partCount - given.length }, (): Part => ({ pattern: anything, runsOn: true }));
  const asGiven = given.some(({ runsOn }) => runsOn) ? [given] : [];
  return { any: false, readings: [[...given, ...missing], ...asGiven] };
}

const noContext: ConditionContext = new Map();
const anything = resolveGlob(parseTemplate('*', { variables: false, wildcards: true }), noContext) as Glob;

/** `undefined` for what is no ARN. */
export function splitArn(text: string): SplitArn | undefined {
  const found: string[] = [];
  let from = 0;
  while (found.length < partCount - 1) {
    const colon = text.indexOf(':', from);
    if (colon < 0) return undefined;
    found.push(text.slice(from, colon));
    from = colon + 1;
  }
  found.push(text.slice(from));
  return found[0] === 'arn' ? { text, parts: found } : undefined;
}

export function matchesArn(pattern: ArnPattern, arn: SplitArn | undefined, context: ConditionContext): boolean {
  if (pattern.any) return true;
  if (arn === undefined) return false;
  return pattern.readings.some((parts) =>
    parts.some(({ runsOn }) => runsOn)
      ? matchesFrom(parts, 0, arn.text, 0, context, new Set())
      : matchesEach(parts, arn.parts, context),
  );
}

function matchesEach(parts: readonly Part[], arn: readonly string[], context: ConditionContext): boolean {
  // From the end: the resource is what differs most often.
  for (let index = partCount - 1; index >= 0; index--) {
    if (!matchesPart((parts[index] as Part).pattern, arn[index] as string, context)) return false;
  }
  return true;
}

/**
 * Places are tried from left to right. `exhausted` holds the parts that ran on over every colon without success: starting
 * them further right can't help, so each runs on once.
 */
function matchesFrom(
  parts: readonly Part[],
  index: number,
  arn: string,
  from: number,
  context: ConditionContext,
  exhausted: Set<number>,
): boolean {
  const { pattern, runsOn } = parts[index] as Part;
  if (index === parts.length - 1) return matchesPart(pattern, arn.slice(from), context);
  if (exhausted.has(index)) return false;
  let colon = arn.indexOf(':', from);
  if (colon < 0 || !matchesPart(pattern, arn.slice(from, colon), context)) return false;
  if (!runsOn) return matchesFrom(parts, index + 1, arn, colon + 1, context, exhausted);
  for (; colon >= 0; colon = arn.indexOf(':', colon + 1)) {
    if (matchesFrom(parts, index + 1, arn, colon + 1, context, exhausted)) return true;
  }
  exhausted.add(index);
  return false;
}

function matchesPart(pattern: Glob | Template, text: string, context: ConditionContext): boolean {
  const glob = 'runs' in pattern ? pattern : resolveGlob(pattern, context);
  return glob !== undefined && matchesGlob(glob, text);
}

/** Splits at colons, but not at those inside variables. */
function splitPattern(text: string, variables: boolean): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length && found.length < partCount - 1; at++) {
    if (variables && text[at] === '$' && text[at + 1] === '{') {
      const close = text.indexOf('}', at);
      if (close < 0) break;
      at = close;
    } else if (text[at] === ':') {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  found.push(text.slice(from));
  return found;
}
