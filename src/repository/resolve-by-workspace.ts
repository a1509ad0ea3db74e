/**
 * What an expression of a Terraform module comes to in a workspace, found without running Terraform: literals, locals,
 * variables with their defaults and tfvars, maps looked up by `terraform.workspace`, conditions, templates and the pure
 * functions people use for names. What depends on AWS, on a plan or on the environment stays unknown.
 */
import type { HclExpression, HclObjectItem, HclTemplatePart, HclTraversalStep } from '../formats/hcl/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { SourceFile } from './source-file.ts';
import { callStatically } from './static-functions.ts';
import {
  atKey,
  certainlyLacks,
  convertToString,
  type StaticList,
  type StaticMap,
  type StaticValue,
  staticBoolean,
  staticText,
} from './static-value.ts';
import { attributeOf, type Placed, type TerraformModule, type VariableFile } from './terraform-module.ts';

/** What a part of a template comes to when it cannot be known, in a partial result. */
export const unknownPart = '\uFFFD';

export interface ResolveOptions {
  /** Unknown interpolations become `unknownPart` instead of making the whole string unknown. */
  readonly partial?: boolean;
}

/**
 * The value in a workspace, or `undefined` where it is not in the code. `workspace: undefined` asks for what holds in
 * every workspace. A value remembers where its deciding literal stands.
 */
export function resolveByWorkspace(
  expression: Placed<HclExpression>,
  module: TerraformModule,
  workspace: string | undefined,
  options: ResolveOptions = {},
): StaticValue | undefined {
  return new Resolver(module, workspace, options.partial === true).resolve(expression);
}

/** The string in a workspace and where it stands; numbers and booleans as Terraform converts them. */
export function resolveText(
  expression: Placed<HclExpression>,
  module: TerraformModule,
  workspace: string | undefined,
  options: ResolveOptions = {},
): { readonly text: string; readonly place: Location } | undefined {
  const value = resolveByWorkspace(expression, module, workspace, options);
  const text = value === undefined ? undefined : convertToString(value);
  return value === undefined || text === undefined ? undefined : { text, place: value.place };
}

/** Where a variable gets its value in a workspace; `undefined` when nothing in the repository gives it one. */
export function variableInput(
  module: TerraformModule,
  name: string,
  workspace: string | undefined,
): Placed<HclExpression> | undefined {
  const inForce = (file: VariableFile) =>
    file.automatic || (workspace !== undefined && file.workspaces.includes(workspace));
  const given = module.variableFiles.findLast((file) => inForce(file) && file.values.has(name))?.values.get(name);
  if (given !== undefined) return given;
  const declared = module.variables.get(name);
  const fallback = declared === undefined ? undefined : attributeOf(declared, 'default');
  return fallback === undefined ? undefined : { file: fallback.file, node: fallback.node.expression };
}

/** More than any real configuration nests; a chain of references past it is a circle. */
const deepest = 200;

class Resolver {
  readonly #module: TerraformModule;
  readonly #workspace: string | undefined;
  readonly #partial: boolean;
  /** References that are being followed, so that a circle ends. */
  readonly #following = new Set<string>();
  /** Values of the names of a `for` in scope. */
  #bound: ReadonlyMap<string, StaticValue> = new Map();
  #depth = 0;
  /** Terraform would stop here with an error, which `try` catches: unlike a value that cannot be known from the code. */
  #failed = false;

  constructor(module: TerraformModule, workspace: string | undefined, partial: boolean) {
    this.#module = module;
    this.#workspace = workspace;
    this.#partial = partial;
  }

  resolve({ file, node }: Placed<HclExpression>): StaticValue | undefined {
    if (this.#depth >= deepest) return undefined;
    this.#depth += 1;
    try {
      return this.#evaluate(node, file);
    } finally {
      this.#depth -= 1;
    }
  }

  #evaluate(node: HclExpression, file: SourceFile): StaticValue | undefined {
    const place = () => file.locationOf(node.start);
    const inner = (expression: HclExpression) => this.resolve({ file, node: expression });
    switch (node.kind) {
      case 'literal':
        return { kind: 'scalar', value: node.value, place: place() };
      case 'parentheses':
        return inner(node.inner);
      case 'template':
      case 'heredoc':
        return this.#template(node.parts, file, place());
      case 'tuple': {
        const items = node.elements.map(inner);
        return items.every((item) => item !== undefined) ? { kind: 'list', items, place: place() } : undefined;
      }
      case 'object':
        return this.#object(node.items, file, place());
      case 'conditional': {
        const condition = staticBoolean(inner(node.condition));
        return condition === undefined ? undefined : inner(condition ? node.whenTrue : node.whenFalse);
      }
      case 'unary': {
        const operand = inner(node.operand);
        if (operand?.kind !== 'scalar') return undefined;
        if (node.operator === '-') {
          return typeof operand.value === 'number' ? { ...operand, value: -operand.value } : undefined;
        }
        const truth = staticBoolean(operand);
        return truth === undefined ? undefined : { kind: 'scalar', value: !truth, place: operand.place };
      }
      case 'binary':
        return this.#binary(node.operator, node.left, node.right, file, place());
      case 'call':
        return node.expandFinal ? undefined : this.#call(node.name, node.arguments, file, place());
      case 'traversal':
        return this.#traversal(node.root, node.steps, file, place());
      case 'postfix':
        return this.#stepThrough(inner(node.operand), node.steps, file);
      case 'for':
        return this.#for(node, file, place());
      case 'broken-expression':
        return undefined;
    }
  }

  #template(parts: readonly HclTemplatePart[], file: SourceFile, place: Location): StaticValue | undefined {
    const [only] = parts;
    if (parts.length === 1 && only?.kind === 'interpolation') return this.resolve({ file, node: only.expression });
    let text = '';
    let deciding: Location | undefined;
    for (const part of parts) {
      if (part.kind === 'text') {
        text += part.value;
        continue;
      }
      const value = part.kind === 'interpolation' ? this.resolve({ file, node: part.expression }) : undefined;
      const piece = value === undefined ? undefined : convertToString(value);
      if (piece === undefined && !this.#partial) return undefined;
      text += piece ?? unknownPart;
      if (piece !== undefined) deciding ??= value?.place;
    }
    return { kind: 'scalar', value: text, place: deciding ?? place };
  }

  /** An object keeps what is known of it: an entry that depends on AWS does not hide its neighbours. */
  #object(items: readonly HclObjectItem[], file: SourceFile, place: Location): StaticValue | undefined {
    const entries = new Map<string, StaticValue | undefined>();
    for (const item of items) {
      const name = item.name ?? staticText(this.resolve({ file, node: item.key }));
      if (name === undefined) return undefined;
      entries.set(name, this.resolve({ file, node: item.value }));
    }
    return { kind: 'map', entries, place };
  }

  #binary(
    operator: string,
    left: HclExpression,
    right: HclExpression,
    file: SourceFile,
    place: Location,
  ): StaticValue | undefined {
    const a = this.resolve({ file, node: left });
    if (operator === '&&' || operator === '||') {
      const first = staticBoolean(a);
      const decided = operator === '||';
      if (first === decided) return { kind: 'scalar', value: decided, place };
      const second = staticBoolean(this.resolve({ file, node: right }));
      if (second === decided) return { kind: 'scalar', value: decided, place };
      return first === undefined || second === undefined ? undefined : { kind: 'scalar', value: !decided, place };
    }
    const b = this.resolve({ file, node: right });
    if (a?.kind !== 'scalar' || b?.kind !== 'scalar') return undefined;
    if (operator === '==') return { kind: 'scalar', value: a.value === b.value, place };
    if (operator === '!=') return { kind: 'scalar', value: a.value !== b.value, place };
    if (typeof a.value !== 'number' || typeof b.value !== 'number') return undefined;
    const value = arithmetic(operator, a.value, b.value);
    return value === undefined ? undefined : { kind: 'scalar', value, place };
  }

  #call(name: string, args: readonly HclExpression[], file: SourceFile, place: Location): StaticValue | undefined {
    const inner = (expression: HclExpression) => this.resolve({ file, node: expression });
    if (name === 'try') return this.#try(args, file);
    const values = args.map(inner);
    if (name === 'lookup') {
      const [map, key] = values;
      const text = staticText(key);
      if (map === undefined || text === undefined) return undefined;
      if (!certainlyLacks(map, text)) return atKey(map, text);
      if (values[2] === undefined) this.#failed = true;
      return values[2];
    }
    return values.every((value) => value !== undefined) ? callStatically(name, values, place) : undefined;
  }

  #try(args: readonly HclExpression[], file: SourceFile): StaticValue | undefined {
    for (const argument of args) {
      this.#failed = false;
      const value = this.resolve({ file, node: argument });
      if (value !== undefined || !this.#failed) return value;
    }
    return undefined;
  }

  #traversal(
    root: string,
    steps: readonly HclTraversalStep[],
    file: SourceFile,
    place: Location,
  ): StaticValue | undefined {
    const bound = this.#bound.get(root);
    if (bound !== undefined) return this.#stepThrough(bound, steps, file);
    const [first, ...rest] = steps;
    const name = first?.kind === 'attribute' ? first.name : undefined;
    if (name === undefined) return undefined;
    return this.#stepThrough(this.#named(root, name, place), rest, file);
  }

  #named(root: string, name: string, place: Location): StaticValue | undefined {
    switch (root) {
      case 'terraform':
        return name === 'workspace' && this.#workspace !== undefined
          ? { kind: 'scalar', value: this.#workspace, place }
          : undefined;
      case 'local':
        return this.#follow(`local.${name}`, this.#module.locals.get(name));
      case 'var':
        return this.#follow(`var.${name}`, variableInput(this.#module, name, this.#workspace));
      default:
        return undefined;
    }
  }

  #follow(reference: string, target: Placed<HclExpression> | undefined): StaticValue | undefined {
    if (target === undefined || this.#following.has(reference)) return undefined;
    const bound = this.#bound;
    this.#following.add(reference);
    this.#bound = new Map();
    try {
      return this.resolve(target);
    } finally {
      this.#following.delete(reference);
      this.#bound = bound;
    }
  }

  #stepThrough(
    value: StaticValue | undefined,
    steps: readonly HclTraversalStep[],
    file: SourceFile,
  ): StaticValue | undefined {
    let at = value;
    for (const step of steps) {
      if (at === undefined || step.kind === 'splat') return undefined;
      const key = step.kind === 'attribute' ? step.name : staticKey(this.resolve({ file, node: step.key }));
      if (key === undefined) return undefined;
      const next = atKey(at, key);
      if (next === undefined && certainlyLacks(at, key)) this.#failed = true;
      at = next;
    }
    return at;
  }

  #for(node: HclExpression & { kind: 'for' }, file: SourceFile, place: Location): StaticValue | undefined {
    const collection = this.resolve({ file, node: node.collection });
    if (collection === undefined || collection.kind === 'scalar' || node.group) return undefined;
    const pairs = pairsOf(collection);
    const outer = this.#bound;
    const items: StaticValue[] = [];
    const entries = new Map<string, StaticValue>();
    try {
      for (const [key, value] of pairs) {
        if (value === undefined) return undefined;
        const [first, second] = node.names;
        const bound = new Map(outer);
        if (second !== undefined && first !== undefined) bound.set(first, key).set(second, value);
        else if (first !== undefined) bound.set(first, value);
        this.#bound = bound;
        if (node.condition !== undefined) {
          const wanted = staticBoolean(this.resolve({ file, node: node.condition }));
          if (wanted === undefined) return undefined;
          if (!wanted) continue;
        }
        const result = this.resolve({ file, node: node.value });
        if (result === undefined) return undefined;
        const name = node.key === undefined ? undefined : staticText(this.resolve({ file, node: node.key }));
        if (name !== undefined) entries.set(name, result);
        else if (node.object) return undefined;
        items.push(result);
      }
    } finally {
      this.#bound = outer;
    }
    return node.object ? { kind: 'map', entries, place } : { kind: 'list', items, place };
  }
}

function pairsOf(collection: StaticList | StaticMap): readonly (readonly [StaticValue, StaticValue | undefined])[] {
  if (collection.kind === 'list') {
    return collection.items.map((value, index) => [{ kind: 'scalar', value: index, place: value.place }, value]);
  }
  return [...collection.entries].map(([key, value]) => [
    { kind: 'scalar', value: key, place: value?.place ?? collection.place },
    value,
  ]);
}

function staticKey(value: StaticValue | undefined): string | number | undefined {
  if (value?.kind !== 'scalar' || value.value === null || typeof value.value === 'boolean') return undefined;
  return value.value;
}

function arithmetic(operator: string, a: number, b: number): number | boolean | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}
