/**
 * Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`, `${?}`, `${$}`. They exist
 * from version 2012-10-17 on, in resources and in the values of string and ARN conditions.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { type Glob, type GlobToken, globOf, tokensOf } from './glob.ts';
import type { ConditionContext } from './request.ts';

interface Variable {
  /** In lower case, as contexts have it. */
  readonly key: string;
  readonly fallback: string | undefined;
}

/** A text of a policy; `undefined` from `resolve*` when a variable has no value in this request. */
export interface Template {
  readonly tokens: readonly (GlobToken | Variable)[];
  readonly dynamic: boolean;
}

export interface TemplateOptions {
  readonly variables: boolean;
  readonly wildcards: boolean;
}

export function parseTemplate(text: string, { variables, wildcards }: TemplateOptions): Template {
  const tokens: (GlobToken | Variable)[] = [];
  const plain = (part: string): void => {
    if (wildcards) tokens.push(...tokensOf(part));
    else if (part !== '') tokens.push(part);
  };
  let from = 0;
  while (variables) {
    const start = text.indexOf('${', from);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    if (end < 0) break;
    plain(text.slice(from, start));
    tokens.push(variableOf(text.slice(start + 2, end)));
    from = end + 1;
  }
  plain(text.slice(from));
  return { tokens, dynamic: tokens.some((token) => typeof token === 'object') };
}

function variableOf(inner: string): string | Variable {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const comma = inner.indexOf(',');
  if (comma < 0) return { key: inner.trim().toLowerCase(), fallback: undefined };
  const quoted = inner.slice(comma + 1).trim();
  const closed = quoted.length >= 2 && quoted.startsWith("'") && quoted.endsWith("'");
  return { key: inner.slice(0, comma).trim().toLowerCase(), fallback: closed ? quoted.slice(1, -1) : undefined };
}

/** The pattern for one request. What a variable brings in is literal: a `*` in it stands for itself. */
export function resolveGlob({ tokens }: Template, context: ConditionContext): Glob | undefined {
  const resolved: GlobToken[] = [];
  for (const token of tokens) {
    if (typeof token !== 'object') resolved.push(token);
    else {
      const value = variableValue(token, context);
      if (value === undefined) return undefined;
      resolved.push(value);
    }
  }
  return globOf(resolved);
}

/** The text for one request, for operators without wildcards. */
export function resolveText({ tokens }: Template, context: ConditionContext): string | undefined {
  let text = '';
  for (const token of tokens) {
    const value = typeof token === 'object' ? variableValue(token, context) : token;
    if (typeof value !== 'string') return undefined;
    text += value;
  }
  return text;
}

/** A key with several values can be no variable. */
function variableValue({ key, fallback }: Variable, context: ConditionContext): string | undefined {
  const values = context.get(key);
  if (values === undefined || values.length === 0) return fallback;
  return values.length === 1 ? values[0] : undefined;
}
