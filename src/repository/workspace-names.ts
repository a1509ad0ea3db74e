/**
 * Which workspaces a module's code knows of: the keys of maps it looks up by `terraform.workspace`, the names it compares
 * it with, the tfvars files named after one.
 */
import { type HclExpression, staticString, walkBodyExpressions, walkExpressions } from '../formats/hcl/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import { resolveByWorkspace } from './resolve-by-workspace.ts';
import type { Placed, TerraformModule } from './terraform-module.ts';

export interface WorkspaceName {
  readonly name: string;
  /** The map key, the compared string, the variable file (line 1). */
  readonly place: Location;
  readonly from: 'lookup' | 'comparison' | 'variable-file';
}

/** Names that one expression distinguishes, through the locals and variables it refers to. */
export function workspaceNamesIn(expression: Placed<HclExpression>, module: TerraformModule): readonly WorkspaceName[] {
  const names = new Map<string, WorkspaceName>();
  collect(expression, module, names, new Set());
  return [...names.values()];
}

/** Names that the module distinguishes anywhere, those of lookups first; each name once. */
export function workspaceNames(module: TerraformModule): readonly WorkspaceName[] {
  const names = new Map<string, WorkspaceName>();
  const seen = new Set<string>();
  for (const block of [
    ...module.providers,
    ...module.resources,
    ...module.calls,
    ...(module.backend === undefined ? [] : [module.backend]),
  ]) {
    for (const { file, node } of [block, ...block.overrides]) {
      for (const expression of walkBodyExpressions(node.body)) note({ file, node: expression }, module, names, seen);
    }
  }
  for (const local of module.locals.values()) collect(local, module, names, seen);
  for (const { file, automatic, workspaces, values } of module.variableFiles) {
    const declared = [...values.keys()].some((name) => module.variables.has(name));
    const [name] = workspaces;
    if (automatic || !declared || name === undefined) continue;
    const workspace = name === 'terraform' ? workspaces[1] : name;
    if (workspace !== undefined) add(names, { name: workspace, place: file.locationOf(0), from: 'variable-file' });
  }
  const rank = { lookup: 0, 'variable-file': 1, comparison: 2 };
  return [...names.values()].sort((a, b) => rank[a.from] - rank[b.from]);
}

function collect(
  { file, node }: Placed<HclExpression>,
  module: TerraformModule,
  names: Map<string, WorkspaceName>,
  seen: Set<string>,
): void {
  for (const inner of walkExpressions(node)) note({ file, node: inner }, module, names, seen);
}

/** What one expression, not those inside it, says of workspaces. `seen`: locals that have been looked into. */
function note(
  { file, node }: Placed<HclExpression>,
  module: TerraformModule,
  names: Map<string, WorkspaceName>,
  seen: Set<string>,
): void {
  const isWorkspace = (expression: HclExpression | undefined) =>
    expression !== undefined && denotesWorkspace({ file, node: expression }, module, 0);
  const addKeysOf = (map: HclExpression | undefined) => {
    const value = map && resolveByWorkspace({ file, node: map }, module, undefined);
    if (value?.kind !== 'map') return;
    for (const [name, entry] of value.entries) add(names, { name, place: entry?.place ?? value.place, from: 'lookup' });
  };
  const addLiteral = (expression: HclExpression) => {
    const name = staticString(expression);
    if (name !== undefined) add(names, { name, place: file.locationOf(expression.start), from: 'comparison' });
  };

  switch (node.kind) {
    case 'call': {
      const [first, second] = node.arguments;
      if (!isWorkspace(second)) return;
      if (node.name === 'lookup') addKeysOf(first);
      if (node.name === 'contains' && first?.kind === 'tuple') first.elements.forEach(addLiteral);
      return;
    }
    case 'binary':
      if (node.operator !== '==' && node.operator !== '!=') return;
      if (isWorkspace(node.left)) addLiteral(node.right);
      if (isWorkspace(node.right)) addLiteral(node.left);
      return;
    case 'traversal':
    case 'postfix': {
      for (const [index, step] of node.steps.entries()) {
        if (step.kind === 'index' && isWorkspace(step.key)) addKeysOf({ ...node, steps: node.steps.slice(0, index) });
      }
      const [first] = node.steps;
      if (node.kind !== 'traversal' || node.root !== 'local' || first?.kind !== 'attribute') return;
      const target = module.locals.get(first.name);
      if (target === undefined || seen.has(first.name)) return;
      seen.add(first.name);
      collect(target, module, names, seen);
    }
  }
}

/** A name that a lookup shows is a workspace for certain; one it is only compared with may be a leftover. */
function add(names: Map<string, WorkspaceName>, found: WorkspaceName): void {
  const known = names.get(found.name);
  if (known === undefined || (known.from === 'comparison' && found.from !== 'comparison')) names.set(found.name, found);
}

/** True for `terraform.workspace`, also in a template or through locals. */
function denotesWorkspace({ file, node }: Placed<HclExpression>, module: TerraformModule, depth: number): boolean {
  if (depth > 20) return false;
  const again = (expression: HclExpression) => denotesWorkspace({ file, node: expression }, module, depth + 1);
  switch (node.kind) {
    case 'parentheses':
      return again(node.inner);
    case 'template': {
      const [only] = node.parts;
      return node.parts.length === 1 && only?.kind === 'interpolation' && again(only.expression);
    }
    case 'traversal': {
      const [first] = node.steps;
      if (first?.kind !== 'attribute' || node.steps.length !== 1) return false;
      if (node.root === 'terraform') return first.name === 'workspace';
      const target = node.root === 'local' ? module.locals.get(first.name) : undefined;
      return target !== undefined && denotesWorkspace(target, module, depth + 1);
    }
    default:
      return false;
  }
}
