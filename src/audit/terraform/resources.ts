/** Resources by type, and which other blocks of a module refer to one. */
import { type HclExpression, references } from '../../formats/hcl/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { blocksOfType, type ConfigurationBlock } from './configuration-block.ts';
import { traversalPath } from './expression.ts';
import type { ModuleCode } from './module-code.ts';

/** The resources of these types in a file, in source order. */
export function resourcesOfType(file: SourceFile, ...types: string[]): readonly ConfigurationBlock[] {
  return blocksOfType(file, 'resource').filter((block) => types.includes(block.labels[0] ?? ''));
}

/** `aws_iam_user.deployment`, `data.aws_iam_policy.admin`, `output "key"`. */
export function addressOf(block: ConfigurationBlock): string {
  switch (block.type) {
    case 'resource':
      return block.labels.join('.');
    case 'data':
    case 'module':
      return [block.type, ...block.labels].join('.');
    default:
      return [block.type, ...block.labels.map((label) => `"${label}"`)].join(' ');
  }
}

/** The blocks of a module that refer to a resource, other than itself. */
export function dependentsOf(block: ConfigurationBlock, module: ModuleCode): readonly ConfigurationBlock[] {
  return module.blocks.filter((other) => other !== block && refersTo(other, block));
}

/** A sentence that names everything that refers to a resource, with its place; empty when nothing does. */
export function describeDependents(block: ConfigurationBlock, module: ModuleCode): string {
  const places = dependentsOf(block, module).map((other) => {
    const { path, line } = other.file.locationOf(other.start);
    return `${addressOf(other)} (${path}:${line})`;
  });
  if (places.length === 0) return '';
  return ` What depends on it: ${places.join(', ')}.`;
}

function refersTo(block: ConfigurationBlock, target: ConfigurationBlock): boolean {
  const [type, name] = target.labels;
  return block.settings.everything().some((setting) =>
    references(setting.value).some((traversal) => {
      const path = traversalPath(traversal);
      return path[0] === type && path[1] === name;
    }),
  );
}

/** The resource of a type that an expression refers to, in the same module. */
export function referredResource(
  expression: HclExpression,
  type: string,
  module: ModuleCode,
): ConfigurationBlock | undefined {
  for (const traversal of references(expression)) {
    const path = traversalPath(traversal);
    const [kind, labels] = path[0] === 'data' ? (['data', path.slice(1)] as const) : (['resource', path] as const);
    if (labels[0] !== type) continue;
    const found = module.blocks.find(
      (block) => block.type === kind && block.labels[0] === type && block.labels[1] === labels[1],
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
