/**
 * What can be said of an expression by looking at it alone: its text if it has one, the names it refers to.
 */
import { staticString } from '../../formats/hcl/index.ts';
import type { HclExpression, HclTemplatePart, HclTraversal, HclTraversalStep } from '../../formats/hcl/syntax.ts';

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

/** Every traversal in an expression, however deep, those in template strings and index keys included. */
export function traversalsIn(expression: HclExpression): readonly HclTraversal[] {
  const found: HclTraversal[] = [];
  visit(expression, (each) => {
    if (each.kind === 'traversal') found.push(each);
  });
  return found;
}

/** Calls `see` for an expression and everything in it. */
export function visit(expression: HclExpression, see: (expression: HclExpression) => void): void {
  see(expression);
  for (const child of childrenOf(expression)) visit(child, see);
}

function childrenOf(expression: HclExpression): readonly HclExpression[] {
  switch (expression.kind) {
    case 'template':
    case 'heredoc':
      return expression.parts.flatMap(partExpressions);
    case 'object':
      return expression.items.flatMap((item) =>
        // A bare word as a key is a name, not a reference.
        item.key.kind === 'traversal' && item.key.steps.length === 0 ? [item.value] : [item.key, item.value],
      );
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
        (child) => child !== undefined,
      );
    case 'literal':
    case 'broken-expression':
      return [];
  }
}

function partExpressions(part: HclTemplatePart): readonly HclExpression[] {
  if (part.kind === 'interpolation') return [part.expression];
  return part.kind === 'directive' ? part.expressions : [];
}

function keysOf(steps: readonly HclTraversalStep[]): readonly HclExpression[] {
  return steps.flatMap((step) => (step.kind === 'index' ? [step.key] : []));
}
