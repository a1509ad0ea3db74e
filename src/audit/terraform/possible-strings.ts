/**
 * Which strings an expression can be, found by following locals, variables' defaults and tfvars, map lookups and
 * conditions, without running Terraform. A role chosen by `terraform.workspace` yields all roles of the map.
 */
import type { HclExpression, HclTraversalStep } from '../../formats/hcl/syntax.ts';
import type { PossibleValue } from '../../repository/index.ts';
import { plainString, stepName } from './expression.ts';
import { type ModuleCode, moduleCode } from './module-code.ts';

/** A string an expression can be; what stays unknown stands in it as written, `${var.account_id}`. */
export interface PossibleString {
  readonly text: string;
  readonly complete: boolean;
}

/** A step into a map or list: a name, or any (a computed index, a splat). */
type Step = string | typeof any;
const any: unique symbol = Symbol('any');

const maximumDepth = 24;
const maximumAlternatives = 64;

/** The strings, without duplicates, complete ones first. Empty when nothing can be said. */
export function possibleStrings(
  expression: HclExpression,
  module: ModuleCode,
  source: string,
): readonly PossibleString[] {
  const unique = new Map<string, PossibleString>();
  for (const each of evaluate({ expression, source }, [], module, 0)) unique.set(each.text, each);
  return [...unique.values()].sort((a, b) => Number(b.complete) - Number(a.complete));
}

/** What an expression can be, ready to be shown: known strings, and expressions as written where nothing is known. */
export function possibleTexts(expression: HclExpression, module: ModuleCode, source: string): readonly string[] {
  const found = possibleStrings(expression, module, source).filter(({ text }) => text !== '');
  if (found.length === 0) return [source.slice(expression.start, expression.end).replaceAll(/\s+/g, ' ')];
  return found.map(({ text }) => /^\$\{([^{}]*)\}$/.exec(text)?.[1] ?? text);
}

/** An expression with the text that its ranges point into. */
interface Sourced {
  readonly expression: HclExpression;
  readonly source: string;
}

function evaluate(
  { expression, source }: Sourced,
  steps: readonly Step[],
  module: ModuleCode,
  depth: number,
): readonly PossibleString[] {
  if (depth > maximumDepth) return [];
  const into = (inner: HclExpression, further: readonly Step[] = steps): readonly PossibleString[] =>
    evaluate({ expression: inner, source }, further, module, depth + 1);
  const union = (all: readonly HclExpression[]): readonly PossibleString[] => limit(all.flatMap((each) => into(each)));

  switch (expression.kind) {
    case 'literal': {
      const text = steps.length === 0 ? plainString(expression) : undefined;
      return text === undefined ? [] : [{ text, complete: true }];
    }
    case 'template':
    case 'heredoc': {
      const [only] = expression.parts;
      if (expression.parts.length === 1 && only?.kind === 'interpolation') return into(only.expression);
      if (steps.length > 0) return [];
      return product(
        expression.parts.map((part) => {
          if (part.kind === 'text') return [{ text: part.value, complete: true }];
          const values = part.kind === 'interpolation' ? into(part.expression) : [];
          return values.length > 0 ? values : [asWritten(source.slice(part.start, part.end))];
        }),
      );
    }
    case 'parentheses':
      return into(expression.inner);
    case 'conditional':
      return union([expression.whenTrue, expression.whenFalse]);
    case 'object': {
      const [step, ...rest] = steps;
      if (step === undefined) return [];
      const items = expression.items.filter((item) => step === any || item.name === step);
      return limit(items.flatMap((item) => into(item.value, rest)));
    }
    case 'tuple': {
      const [step, ...rest] = steps;
      if (step === undefined) return [];
      const elements =
        typeof step === 'string' && /^\d+$/.test(step)
          ? expression.elements.slice(Number(step), Number(step) + 1)
          : expression.elements;
      return limit(elements.flatMap((element) => into(element, rest)));
    }
    case 'traversal': {
      const values = followTraversal(expression.root, expression.steps.map(stepOf), steps, module, depth);
      return values.length > 0 ? values : [asWritten(`\${${source.slice(expression.start, expression.end)}}`)];
    }
    case 'postfix':
      return into(expression.operand, [...expression.steps.map(stepOf), ...steps]);
    case 'call':
      return evaluateCall(expression.name, expression.arguments, steps, into, union, source);
    default:
      return [];
  }
}

function followTraversal(
  root: string,
  own: readonly Step[],
  steps: readonly Step[],
  module: ModuleCode,
  depth: number,
): readonly PossibleString[] {
  const [name, ...rest] = own;
  if (typeof name !== 'string') return [];
  const values = namedValues(module, root, name);
  return limit(
    values.flatMap((value) =>
      evaluate(
        { expression: value.node, source: value.file.text },
        [...rest, ...steps],
        value.directory === module.directory ? module : moduleCode(module.repository, value.directory),
        depth + 1,
      ),
    ),
  );
}

function namedValues(module: ModuleCode, root: string, name: string): readonly PossibleValue[] {
  if (root === 'var') return module.variables.get(name) ?? [];
  return root === 'local' ? (module.locals.get(name) ?? []) : [];
}

function evaluateCall(
  name: string,
  given: readonly HclExpression[],
  steps: readonly Step[],
  into: (expression: HclExpression, steps?: readonly Step[]) => readonly PossibleString[],
  union: (expressions: readonly HclExpression[]) => readonly PossibleString[],
  source: string,
): readonly PossibleString[] {
  const [first, second, third] = given;
  if (first === undefined) return [];
  switch (name) {
    case 'lookup':
      return [
        ...into(first, [second === undefined ? any : (plainString(second) ?? any), ...steps]),
        ...(third === undefined ? [] : into(third)),
      ];
    case 'element':
    case 'one':
      return into(first, [any, ...steps]);
    case 'values':
      return into(first, [any, ...steps.slice(1)]);
    case 'merge':
    case 'coalesce':
    case 'concat':
    case 'coalescelist':
    case 'try':
      return union(given);
    case 'tostring':
    case 'tomap':
    case 'tolist':
    case 'toset':
    case 'compact':
    case 'distinct':
    case 'flatten':
    case 'sensitive':
    case 'nonsensitive':
    case 'trimspace':
      return into(first);
    case 'formatlist':
    case 'format': {
      const pattern = plainString(first);
      const inner: readonly Step[] = name === 'formatlist' ? [any] : [];
      if (pattern === undefined) return [];
      const verbs = pattern.split(/(%[-+ #0-9.]*[a-zA-Z])/);
      let next = 1;
      return product(
        verbs.map((piece) => {
          if (!piece.startsWith('%')) return [{ text: piece.replaceAll('%%', '%'), complete: true }];
          const argument = given[next++];
          const values = argument === undefined ? [] : into(argument, inner);
          if (values.length > 0) return values;
          return [asWritten(argument === undefined ? piece : `\${${source.slice(argument.start, argument.end)}}`)];
        }),
      );
    }
    default:
      return [];
  }
}

function product(parts: readonly (readonly PossibleString[])[]): readonly PossibleString[] {
  let all: readonly PossibleString[] = [{ text: '', complete: true }];
  for (const part of parts) {
    all = limit(
      all.flatMap((left) =>
        part.map((right) => ({ text: left.text + right.text, complete: left.complete && right.complete })),
      ),
    );
  }
  return all;
}

function limit(values: readonly PossibleString[]): readonly PossibleString[] {
  return values.length > maximumAlternatives ? values.slice(0, maximumAlternatives) : values;
}

function asWritten(text: string): PossibleString {
  return { text, complete: false };
}

function stepOf(step: HclTraversalStep): Step {
  return stepName(step) ?? any;
}
