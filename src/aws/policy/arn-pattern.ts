/**
 * ARN patterns: each of the six parts is compared by itself, so a `*` in one never reaches into the next; only the last,
 * the resource, may hold colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { type Glob, globOf, many, matchesGlob } from './glob.ts';
import type { ConditionContext } from './request.ts';
import { parseTemplate, resolveGlob, type Template } from './template.ts';

const parts = 6;

export interface ArnPattern {
  /** `*` alone. */
  readonly any: boolean;
  readonly parts: readonly (Glob | Template)[];
}

export interface ArnPatternOptions {
  readonly variables: boolean;
  /** Fill missing parts with `*`, as AWS does for `Resource`; otherwise such a pattern matches nothing. */
  readonly complete: boolean;
}

export function parseArnPattern(text: string, { variables, complete }: ArnPatternOptions): ArnPattern {
  if (text === '*') return { any: true, parts: [] };
  const texts = splitPattern(text);
  if (texts.length < parts && !complete) return { any: false, parts: [] };
  while (texts.length < parts) texts.push('*');
  return {
    any: false,
    parts: texts.map((part) => {
      const template = parseTemplate(part, { variables, wildcards: true });
      return template.dynamic ? template : (resolveGlob(template, noContext) as Glob);
    }),
  };
}

const noContext: ConditionContext = new Map();
const anything = globOf([many]);

/** The parts of an ARN, the last with its colons; `undefined` for what is none. */
export function splitArn(text: string): readonly string[] | undefined {
  const found: string[] = [];
  let from = 0;
  while (found.length < parts - 1) {
    const colon = text.indexOf(':', from);
    if (colon < 0) return undefined;
    found.push(text.slice(from, colon));
    from = colon + 1;
  }
  found.push(text.slice(from));
  return found[0] === 'arn' ? found : undefined;
}

export function matchesArn(
  pattern: ArnPattern,
  arn: readonly string[] | undefined,
  context: ConditionContext,
): boolean {
  if (pattern.any) return true;
  if (arn === undefined || pattern.parts.length !== parts) return false;
  // From the end: the resource is what differs most often.
  for (let index = parts - 1; index >= 0; index--) {
    const part = pattern.parts[index] ?? anything;
    const glob = 'runs' in part ? part : resolveGlob(part, context);
    if (glob === undefined || !matchesGlob(glob, arn[index] as string)) return false;
  }
  return true;
}

/** Splits at colons, but not at those inside `${…}`. */
function splitPattern(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length && found.length < parts - 1; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
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
