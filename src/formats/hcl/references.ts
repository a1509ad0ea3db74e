/** Which names an expression refers to: `var.region`, `local.tags["a"]`, `aws_s3_bucket.state.arn`. */
import type { HclDirective, HclExpression, HclTemplatePart, HclTraversal } from './syntax.ts';
import { walkExpressions } from './walk-expressions.ts';

/**
 * Every traversal anywhere in the expression, in source order, those inside index keys, templates and function arguments
 * included. A bare name that is only the key of an object item is text and left out, and so are the names that an
 * enclosing `for` binds.
 */
export function references(expression: HclExpression): HclTraversal[] {
  const literalKeys = new Set<HclExpression>();
  const scopes: Scope[] = [];
  const found: HclTraversal[] = [];
  for (const inner of walkExpressions(expression)) {
    switch (inner.kind) {
      case 'object':
        for (const { key } of inner.items) {
          if (key.kind === 'traversal' && key.steps.length === 0) literalKeys.add(key);
        }
        break;
      case 'for':
        for (const name of inner.names) scopes.push({ name, start: inner.collection.end, end: inner.end });
        break;
      case 'template':
      case 'heredoc':
        for (const scope of directiveScopes(inner.parts)) scopes.push(scope);
        break;
      case 'traversal':
        if (!literalKeys.has(inner)) found.push(inner);
        break;
    }
  }
  if (scopes.length === 0) return found;
  const bound = mergeByName(scopes);
  return found.filter(({ root, start }) => !covers(bound.get(root), start));
}

/** Where a name means what a loop bound to it. */
interface Scope {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Each name of a `%{ for … }` up to its `%{ endfor }`. */
function directiveScopes(parts: readonly HclTemplatePart[]): Scope[] {
  const open: HclDirective[] = [];
  const scopes: Scope[] = [];
  for (const part of parts) {
    if (part.kind !== 'directive') continue;
    if (part.keyword === 'for') open.push(part);
    if (part.keyword !== 'endfor') continue;
    const loop = open.pop();
    for (const name of loop?.names ?? []) scopes.push({ name, start: loop?.end ?? 0, end: part.start });
  }
  return scopes;
}

/** Per name its scopes in order, those inside one another as the outermost. */
function mergeByName(scopes: readonly Scope[]): Map<string, Scope[]> {
  const merged = new Map<string, Scope[]>();
  for (const scope of [...scopes].sort((a, b) => a.start - b.start)) {
    const sofar = merged.get(scope.name);
    if (sofar === undefined) merged.set(scope.name, [scope]);
    else if (scope.start >= (sofar.at(-1)?.end ?? 0)) sofar.push(scope);
  }
  return merged;
}

function covers(scopes: readonly Scope[] | undefined, offset: number): boolean {
  if (scopes === undefined) return false;
  let low = 0;
  let high = scopes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scopes[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return (scopes[low]?.start ?? Number.POSITIVE_INFINITY) <= offset;
}

/** A traversal as written, without the white space and comments it may hold: `aws_instance.web[0].id`. */
export function traversalText(source: string, { root, steps }: HclTraversal): string {
  let text = root;
  for (const step of steps) {
    if (step.kind === 'attribute') text += `.${step.name}`;
    else if (step.kind === 'splat') text += step.full ? '[*]' : '.*';
    else if (source[step.start] === '.') text += `.${source.slice(step.key.start, step.key.end)}`;
    else text += `[${source.slice(step.key.start, step.key.end)}]`;
  }
  return text;
}
