/** Visits every expression in an expression or body, however deep, without recursion. */
import type { HclBody, HclExpression, HclTemplatePart, HclTraversalStep } from './syntax.ts';

/** `root` and every expression inside it, parents first and in source order. */
export function* walkExpressions(root: HclExpression): Generator<HclExpression> {
  const pending: HclExpression[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    const inner = innerExpressions(next);
    for (let index = inner.length - 1; index >= 0; index--) pending.push(inner[index] as HclExpression);
  }
}

/** Every expression of a body and of the blocks inside it. */
export function* walkBodyExpressions(body: HclBody): Generator<HclExpression> {
  for (const item of body.items) {
    if (item.kind === 'attribute') yield* walkExpressions(item.expression);
    else if (item.kind === 'block') yield* walkBodyExpressions(item.body);
  }
}

/** The expressions directly inside one, in source order. */
export function innerExpressions(expression: HclExpression): readonly HclExpression[] {
  switch (expression.kind) {
    case 'literal':
    case 'broken-expression':
      return [];
    case 'template':
    case 'heredoc':
      return expression.parts.flatMap(expressionsOfPart);
    case 'object':
      return expression.items.flatMap(({ key, value }) => [key, value]);
    case 'tuple':
      return expression.elements;
    case 'traversal':
      return keysOf(expression.steps);
    case 'postfix':
      return [expression.operand, ...keysOf(expression.steps)];
    case 'call':
      return expression.arguments;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'parentheses':
      return [expression.inner];
    case 'for':
      return [expression.collection, expression.key, expression.value, expression.condition].filter(
        (inner) => inner !== undefined,
      );
  }
}

function expressionsOfPart(part: HclTemplatePart): readonly HclExpression[] {
  if (part.kind === 'text') return [];
  return part.kind === 'interpolation' ? [part.expression] : part.expressions;
}

function keysOf(steps: readonly HclTraversalStep[]): HclExpression[] {
  return steps.flatMap((step) => (step.kind === 'index' ? [step.key] : []));
}
