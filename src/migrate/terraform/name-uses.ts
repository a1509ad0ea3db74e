/** Where a module uses its variables and locals, and which of them nothing uses any more once some arguments are gone. */
import {
  type HclBlock,
  type HclBody,
  type HclExpression,
  type HclTraversal,
  references,
} from '../../formats/hcl/index.ts';
import {
  type Placed,
  type Repository,
  type SourceFile,
  type TerraformModule,
  terraformModules,
} from '../../repository/index.ts';
import { type Argument, argumentOf, argumentsNamed, argumentsOf, groupOfBlock, groupOfFile } from './argument-group.ts';
import type { EditFile } from './changes.ts';

/** `var.x` or `local.x`. */
export interface Name {
  readonly root: 'var' | 'local';
  readonly name: string;
}

export interface LocalArgument extends Argument {
  readonly block: HclBlock;
}

export interface Orphans {
  /** Names of variables that had no other use. */
  readonly variables: readonly string[];
  /** Arguments of `locals` blocks that had no other use. */
  readonly locals: readonly LocalArgument[];
  /** Names that stay because something else uses them, with the first such place. */
  readonly used: readonly (Name & { readonly place: Placed<HclTraversal> })[];
}

/** What else can go with `removed`, the arguments of one module: names they use which nothing else does. */
export function orphansOf(repository: Repository, module: TerraformModule, removed: readonly Argument[]): Orphans {
  const gone = [...removed];
  const pending = removed.flatMap(({ value }) => namesIn(value));
  const seen = new Set<string>();
  const variables: string[] = [];
  const locals: LocalArgument[] = [];
  const used: (Name & { readonly place: Placed<HclTraversal> })[] = [];
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    const key = `${name.root}.${name.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = usesOf(repository, module, name).find(
      ({ file, node }) => !gone.some((argument) => holds(argument, file, node)),
    );
    if (place !== undefined) {
      used.push({ ...name, place });
    } else if (name.root === 'var') {
      variables.push(name.name);
    } else {
      const local = localArgument(repository, module, name.name);
      if (local === undefined) continue;
      locals.push(local);
      gone.push(local);
      pending.push(...namesIn(local.value));
    }
  }
  return { variables, locals, used };
}

/** Removes locals; a block that holds nothing else goes whole. */
export function removeLocals(edit: EditFile, locals: readonly LocalArgument[]): void {
  for (const [block, removed] of Map.groupBy(locals, (local) => local.block)) {
    const [{ group }] = removed as [LocalArgument];
    if (block.body.items.length === removed.length) edit(group.file).removeBlock(block);
    else for (const local of removed) edit(group.file).removeArgument(local);
  }
}

/** Every reference to a name in the code and tests of a module. */
export function usesOf(
  repository: Repository,
  module: TerraformModule,
  { root, name }: Name,
): readonly Placed<HclTraversal>[] {
  return repository
    .inDirectory(module.directory)
    .filter(({ format }) => format.startsWith('terraform'))
    .flatMap((file) =>
      rootExpressions(file.terraformBody())
        .flatMap(references)
        .filter(({ root: candidate, steps }) => {
          const [first] = steps;
          return candidate === root && first?.kind === 'attribute' && first.name === name;
        })
        .map((node) => ({ file, node })),
    );
}

/** Module calls that pass a value for a variable of this module. */
export function inputsOf(repository: Repository, module: TerraformModule, variable: string): readonly Argument[] {
  return terraformModules(repository).flatMap(({ calls }) =>
    calls
      .filter(({ directory }) => directory === module.directory)
      .flatMap(({ file, node }) => argumentOf(groupOfBlock(file, node), variable) ?? []),
  );
}

/** Values that tfvars files give a variable of this module, those in folders that belong to no module included. */
export function variableValues(repository: Repository, module: TerraformModule, variable: string): readonly Argument[] {
  const owned = new Set(
    terraformModules(repository).flatMap((each) => (each === module ? [] : each.variableFiles.map(({ file }) => file))),
  );
  const declaredElsewhere = terraformModules(repository).some(
    (each) => each !== module && each.variables.has(variable),
  );
  const own = new Set(module.variableFiles.map(({ file }) => file));
  return repository.files
    .filter(
      (file) =>
        (file.format === 'tfvars' || file.format === 'tfvars-json') &&
        !owned.has(file) &&
        (own.has(file) || !declaredElsewhere),
    )
    .flatMap((file) => {
      const group = groupOfFile(file);
      return group === undefined ? [] : argumentsOf(group).filter(({ name }) => name === variable);
    });
}

export function namesIn(expression: HclExpression): readonly Name[] {
  return references(expression).flatMap(({ root, steps }): Name[] => {
    const [first] = steps;
    return (root === 'var' || root === 'local') && first?.kind === 'attribute' ? [{ root, name: first.name }] : [];
  });
}

function localArgument(repository: Repository, module: TerraformModule, name: string): LocalArgument | undefined {
  return repository.inDirectory(module.directory).flatMap((file) => {
    if (file.format !== 'terraform' && file.format !== 'terraform-json') return [];
    return (file.terraformBody()?.items ?? []).flatMap((item) =>
      item.kind === 'block' && item.type === 'locals'
        ? argumentsNamed(groupOfBlock(file, item), [name]).map((argument) => ({ ...argument, block: item }))
        : [],
    );
  })[0];
}

function holds({ group, node }: Argument, file: SourceFile, inner: HclTraversal): boolean {
  return group.file === file && node.start <= inner.start && inner.end <= node.end;
}

function rootExpressions(body: HclBody | undefined): readonly HclExpression[] {
  return (body?.items ?? []).flatMap((item) =>
    item.kind === 'attribute' ? [item.expression] : item.kind === 'block' ? rootExpressions(item.body) : [],
  );
}
