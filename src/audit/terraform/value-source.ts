/**
 * Where the value of a slot that takes a credential comes from: a literal, or names that the linker can follow through
 * the modules of the tree.
 */

import type { HclExpression, HclTemplatePart, HclTraversal } from '../../formats/hcl/syntax.ts';
import { Secret } from '../../kernel/secret.ts';
import { readPlainCredential } from '../credential-value.ts';
import type { ValueName, ValueSource } from '../detector.ts';
import { localName, variableName } from '../value-names.ts';
import { plainString, traversalPath, unwrap } from './expression.ts';
import type { ModuleCode } from './module-code.ts';

/**
 * Every source that can reach a slot. Both branches of a condition and all arguments of `coalesce` count; an empty
 * string, a placeholder and an emulator's dummy are nothing. A value that comes from a resource, a data source or a computed string has no source here.
 */
export function valueSources(expression: HclExpression, module: ModuleCode): readonly ValueSource[] {
  const inner = unwrap(expression);
  switch (inner.kind) {
    case 'template':
    case 'heredoc': {
      const text = plainString(inner);
      if (text === undefined) return inner.parts.flatMap((part) => pieceSources(part, module));
      const value = readPlainCredential(text);
      return value.kind === 'literal' ? [{ kind: 'literal', value: value.value }] : [];
    }
    case 'traversal':
      return traversalNames(inner, module).map((name): ValueSource => ({ kind: 'name', name }));
    case 'conditional':
      return [...valueSources(inner.whenTrue, module), ...valueSources(inner.whenFalse, module)];
    case 'call':
      return passThrough.has(inner.name) ? inner.arguments.flatMap((each) => valueSources(each, module)) : [];
    default:
      return [];
  }
}

/** A key may be put together from pieces; none of them is the key, but all of them have to stay out of reports. */
function pieceSources(part: HclTemplatePart, module: ModuleCode): readonly ValueSource[] {
  if (part.kind === 'interpolation') return valueSources(part.expression, module);
  return part.kind === 'text' ? [{ kind: 'literal', value: new Secret(part.value) }] : [];
}

const passThrough: ReadonlySet<string> = new Set([
  'coalesce',
  'nonsensitive',
  'sensitive',
  'tostring',
  'trimspace',
  'try',
]);

/** `var.aws.access_key` is the name `aws.access_key`; `var.keys[terraform.workspace]` is every key of the map. */
function traversalNames(traversal: HclTraversal, module: ModuleCode): readonly ValueName[] {
  const [root, name, ...rest] = traversalPath(traversal);
  if (name === undefined || (root !== 'var' && root !== 'local')) return [];
  const nameOf = root === 'var' ? variableName : localName;
  const values = (root === 'var' ? module.variables : module.locals).get(name) ?? [];
  let paths: string[] = [name];
  let level = values.map(({ node }) => node);
  for (const step of rest) {
    const keys = step === undefined ? [...new Set(level.flatMap(keysOf))] : [step];
    paths = paths.flatMap((path) => keys.map((key) => `${path}.${key}`));
    level = level.flatMap((each) => keys.flatMap((key) => memberOf(each, key)));
  }
  return paths.map((path) => nameOf(module.directory, path));
}

function keysOf(expression: HclExpression): readonly string[] {
  return expression.kind === 'object'
    ? expression.items.flatMap((item) => (item.name === undefined ? [] : [item.name]))
    : [];
}

function memberOf(expression: HclExpression, key: string): readonly HclExpression[] {
  return expression.kind === 'object'
    ? expression.items.filter((item) => item.name === key).map((item) => item.value)
    : [];
}
