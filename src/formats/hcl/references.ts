/** Which names an expression refers to: `var.region`, `local.tags["a"]`, `aws_s3_bucket.state.arn`. */
import type { HclExpression, HclTemplatePart, HclTraversal } from './syntax.ts';
import { walkExpressions } from './walk-expressions.ts';

/**
 * Every traversal anywhere in the expression, in source order, those inside index keys, templates and function arguments
 * included. A bare name that is only the key of an object item is text and left out, and so are the names that an
 * enclosing `for` binds.
 */
export function references(expression: HclExpression): HclTraversal[] {
  const literalKeys = new Set<HclExpression>();
  const bound: { name: string; start: number; end: number }[] = [];
  const found: HclTraversal[] = [];
  for (const inner of walkExpressions(expression)) {
    switch (inner.kind) {
      case 'object':
        for (const { key } of inner.items) {
          if (key.kind === 'traversal' && key.steps.length === 0) literalKeys.add(key);
        }
        break;
      case 'for':
        for (const name of inner.names) bound.push({ name, start: inner.collection.end, end: inner.end });
        break;
      case 'template':
      case 'heredoc':
        bound.push(...boundByDirectives(inner.parts));
        break;
      case 'traversal':
        if (!literalKeys.has(inner)) found.push(inner);
        break;
    }
  }
  if (bound.length === 0) return found;
  return found.filter(
    ({ root, start }) => !bound.some(({ name, start: from, end }) => name === root && start >= from && start < end),
  );
}

/** Names of `%{ for … }` with the range up to their `%{ endfor }`. */
function boundByDirectives(parts: readonly HclTemplatePart[]): { name: string; start: number; end: number }[] {
  const open: { names: readonly string[]; start: number }[] = [];
  const bound: { name: string; start: number; end: number }[] = [];
  for (const part of parts) {
    if (part.kind !== 'directive') continue;
    if (part.keyword === 'for') open.push({ names: part.names, start: part.end });
    if (part.keyword !== 'endfor') continue;
    const loop = open.pop();
    for (const name of loop?.names ?? []) bound.push({ name, start: loop?.start ?? 0, end: part.start });
  }
  return bound;
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
