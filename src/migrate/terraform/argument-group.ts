/**
 * A group of arguments with the nodes to edit them by, however it is written: the body of a block, an object, or
 * an object of `*.tf.json`. Providers, backends, readers of remote state and partial configuration files are all read so.
 */
import {
  type HclAttribute,
  type HclBlock,
  type HclBody,
  type HclExpression,
  type HclObject,
  type HclObjectItem,
  staticString,
} from '../../formats/hcl/index.ts';
import type { SourceFile } from '../../repository/index.ts';

export interface ArgumentGroup {
  readonly file: SourceFile;
  readonly node: HclBody | HclObject;
  /** Where the block or object begins, for messages. */
  readonly start: number;
}

export interface Argument {
  readonly group: ArgumentGroup;
  readonly name: string;
  readonly node: HclAttribute | HclObjectItem;
  readonly value: HclExpression;
}

/** A group inside another: `assume_role { }`, `assume_role = { }`, `dynamic "assume_role" { content { } }`. */
export interface NestedGroup extends ArgumentGroup {
  readonly outer: ArgumentGroup;
  /** What goes when the group goes. */
  readonly whole: HclBlock | Argument;
  readonly dynamic: boolean;
}

export function groupOfBlock(file: SourceFile, block: HclBlock): ArgumentGroup {
  return { file, node: block.body, start: block.start };
}

export function groupOfObject(file: SourceFile, object: HclObject): ArgumentGroup {
  return { file, node: object, start: object.start };
}

/** The arguments at the top of a file: tfvars, partial backend configuration. */
export function groupOfFile(file: SourceFile): ArgumentGroup | undefined {
  const body = file.terraformBody();
  return body === undefined ? undefined : { file, node: body, start: 0 };
}

/** The arguments in source order. In `*.tf.json` nested groups are among them. */
export function argumentsOf(group: ArgumentGroup): readonly Argument[] {
  if (group.node.kind === 'object') {
    return group.node.items.flatMap((node) =>
      node.name === undefined ? [] : [{ group, name: node.name, node, value: node.value }],
    );
  }
  return group.node.items.flatMap((node) =>
    node.kind === 'attribute' ? [{ group, name: node.name, node, value: node.expression }] : [],
  );
}

export function argumentOf(group: ArgumentGroup, name: string): Argument | undefined {
  return argumentsOf(group).find((argument) => argument.name === name);
}

/** Those of the given names that are there, in source order. */
export function argumentsNamed(group: ArgumentGroup, names: Iterable<string>): readonly Argument[] {
  const wanted = new Set(names);
  return argumentsOf(group).filter(({ name }) => wanted.has(name));
}

/** `null`, `""` and `[]` count as not set, as they do for Terraform's AWS settings. */
export function isUnset({ value }: Argument): boolean {
  if (value.kind === 'literal') return value.value === null;
  return value.kind === 'tuple' ? value.elements.length === 0 : staticString(value) === '';
}

/** Every group of that name directly inside. */
export function nestedGroups(group: ArgumentGroup, name: string): readonly NestedGroup[] {
  const { file, node } = group;
  const blocks = node.kind === 'body' ? node.items.filter((item) => item.kind === 'block') : [];
  const found = blocks.flatMap((block): NestedGroup[] => {
    if (block.type === name) return [{ ...groupOfBlock(file, block), outer: group, whole: block, dynamic: false }];
    if (block.type !== 'dynamic' || block.labels[0]?.value !== name) return [];
    return block.body.items.flatMap((item) =>
      item.kind === 'block' && item.type === 'content'
        ? [{ ...groupOfBlock(file, item), outer: group, whole: block, dynamic: true }]
        : [],
    );
  });
  // In *.tf.json a nested block is an argument as well.
  if (found.length > 0) return found;
  const argument = argumentOf(group, name);
  if (argument === undefined) return [];
  return objectsIn(argument.value).map((each) => ({
    ...groupOfObject(file, each),
    outer: group,
    whole: argument,
    dynamic: false,
  }));
}

/** The object an expression is, or the objects of a list. */
function objectsIn(expression: HclExpression): readonly HclObject[] {
  switch (expression.kind) {
    case 'object':
      return [expression];
    case 'parentheses':
      return objectsIn(expression.inner);
    case 'tuple':
      return expression.elements.flatMap(objectsIn);
    default:
      return [];
  }
}
