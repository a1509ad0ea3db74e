/** What the value of a variable or local reaches inside its module: a provider of AWS, resources only, or other things. */
import { walkBodyExpressions, walkExpressions } from '../../formats/hcl/index.ts';
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import type { ConfigurationBlock } from './configuration-block.ts';
import type { ModuleCode } from './module-code.ts';

/**
 * `provider`: a `provider "aws"` takes it. `resources`: nothing but arguments of resources and data sources do, none of
 * which hands it to a program as AWS's own variables. `elsewhere`: anything else, nothing at all included.
 */
export type NameReach = 'provider' | 'resources' | 'elsewhere';

export function reachOf(root: 'var' | 'local', name: string, module: ModuleCode): NameReach {
  const users = usersOf(root, name, module, new Set());
  if (users.some(({ type, labels: [label] }) => type === 'provider' && (label === 'aws' || label === 'awscc'))) {
    return 'provider';
  }
  return users.length > 0 && users.every(takesForItself) ? 'resources' : 'elsewhere';
}

/** The blocks that refer to it, through any number of locals. */
function usersOf(root: string, name: string, module: ModuleCode, seen: Set<string>): readonly ConfigurationBlock[] {
  const key = `${root}.${name}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const refersToIt = (expression: HclExpression) =>
    expression.kind === 'traversal' &&
    expression.root === root &&
    expression.steps[0]?.kind === 'attribute' &&
    expression.steps[0].name === name;
  return module.blocks.flatMap((block) => {
    if (block.type !== 'locals') return [...walkBodyExpressions(block.node.body)].some(refersToIt) ? [block] : [];
    return block.settings
      .all()
      .filter(({ value }) => [...walkExpressions(value)].some(refersToIt))
      .flatMap((local) => usersOf('local', local.name, module, seen));
  });
}

function takesForItself({ type, file, node }: ConfigurationBlock): boolean {
  if (type !== 'resource' && type !== 'data') return false;
  const text = file.text.slice(node.start, node.end);
  return !/\b(TF_VAR_)?AWS_[A-Z_]+|\bprovisioner\b|\buser_data|templatefile|<<-?[A-Z]/.test(text);
}
