/**
 * What can be said of an expression by looking at it alone: its text if it has one, the names it refers to.
 */
import { staticString } from '../../formats/hcl/index.ts';
import type { HclExpression, HclTraversal, HclTraversalStep } from '../../formats/hcl/syntax.ts';

/** The string an expression is, without evaluating anything; numbers and booleans as Terraform would convert them. */
export function plainString(expression: HclExpression): string | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value === null ? undefined : String(expression.value);
    case 'parentheses':
      return plainString(expression.inner);
    default:
      return staticString(expression);
  }
}

/** `${x}` as the whole of a string is x, and so is a value in parentheses. */
export function unwrap(expression: HclExpression): HclExpression {
  if (expression.kind === 'parentheses') return unwrap(expression.inner);
  const only = expression.kind === 'template' && expression.parts.length === 1 ? expression.parts[0] : undefined;
  return only?.kind === 'interpolation' ? unwrap(only.expression) : expression;
}

/** The names along a traversal as far as they are known: `var.keys["live"].id` is `['var', 'keys', 'live', 'id']`. */
export function traversalPath(traversal: HclTraversal): readonly (string | undefined)[] {
  return [traversal.root, ...traversal.steps.map(stepName)];
}

/** The name a step leads to; `undefined` when it is computed or a splat. */
export function stepName(step: HclTraversalStep): string | undefined {
  if (step.kind === 'attribute') return step.name;
  return step.kind === 'index' ? plainString(step.key) : undefined;
}
