/**
 * Edits of Terraform configuration by argument, the same for native syntax and `*.tf.json`, so that a rule is written
 * once. Every step is proved by the editor of the format.
 */
import type { Edit } from '../../formats/edit.ts';
import { HclEditor } from '../../formats/hcl/editor.ts';
import type { HclBlock, HclBody, HclObject } from '../../formats/hcl/index.ts';
import {
  findValue,
  type JsonData,
  JsonEditor,
  type JsonNode,
  type JsonPath,
  type JsonValue,
  jsonData,
} from '../../formats/json/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import type { Argument, ArgumentGroup, NestedGroup } from './argument-group.ts';
import { expression, type Value } from './value.ts';

/** Beside the argument of that name; at the end when there is none. */
export type ArgumentPlace = { readonly after: string } | { readonly before: string };

export interface GroupMember {
  readonly argument: Argument;
  /** Its name in the new group. */
  readonly as: string;
  /** Its value there, when it changes. */
  readonly value?: Value;
}

export interface NewBlock {
  readonly type: string;
  readonly entries?: readonly (readonly [string, Value])[];
  readonly blocks?: readonly NewBlock[];
}

/** Nodes are those of the file it was made for. Methods throw `KeylessError` EDIT_REJECTED. */
export interface ConfigurationEditor {
  insertArgument(group: ArgumentGroup, name: string, value: Value, place?: ArgumentPlace): void;
  removeArgument(argument: Argument): void;
  removeNested(nested: NestedGroup): void;
  renameArgument(argument: Argument, name: string): void;
  setValue(argument: Argument, value: Value): void;
  /** `x` becomes `[x]`. */
  wrapInList(argument: Argument): void;
  /** Turns arguments of one group into one argument that is an object. */
  groupArguments(name: string, members: readonly GroupMember[]): void;
  /** Removes a block at the top of the file. */
  removeBlock(block: HclBlock): void;
  /** Adds a block without labels at the top of the file, before another. */
  insertBlock(block: NewBlock, before: HclBlock): void;
  /** Adds a block without labels inside another. */
  insertNested(group: ArgumentGroup, block: NewBlock): void;
  finish(): readonly Edit[];
}

export function editConfiguration(file: SourceFile): ConfigurationEditor {
  return file.format === 'terraform-json' || file.format === 'tfvars-json'
    ? new JsonConfigurationEditor(file)
    : new HclConfigurationEditor(file);
}

class HclConfigurationEditor implements ConfigurationEditor {
  readonly #file: SourceFile;
  readonly #editor: HclEditor;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#editor = new HclEditor(file.hcl());
  }

  insertArgument(group: ArgumentGroup, name: string, value: Value, place?: ArgumentPlace): void {
    if (group.node.kind === 'object') this.#editor.insertItem(group.node, name, value.hcl, place);
    else this.#editor.insertAttribute(group.node, name, value.hcl, place);
  }

  removeArgument({ node }: Argument): void {
    if ('separator' in node) this.#editor.removeItem(node);
    else this.#editor.removeAttribute(node);
  }

  removeNested({ whole }: NestedGroup): void {
    if ('group' in whole) this.removeArgument(whole);
    else this.#editor.removeBlock(whole);
  }

  renameArgument({ node }: Argument, name: string): void {
    if ('separator' in node) this.#editor.renameItem(node, name);
    else this.#editor.renameAttribute(node, name);
  }

  setValue({ node }: Argument, value: Value): void {
    if ('separator' in node) this.#editor.setItemValue(node, value.hcl);
    else this.#editor.setValue(node, value.hcl);
  }

  wrapInList(argument: Argument): void {
    const { start, end } = argument.value;
    this.setValue(argument, expression(`[${this.#file.text.slice(start, end)}]`));
  }

  groupArguments(name: string, members: readonly GroupMember[]): void {
    for (const { argument, value } of members) if (value !== undefined) this.setValue(argument, value);
    this.#editor.group(
      name,
      members.map(({ argument, as }) => ({ node: argument.node, as })),
    );
  }

  removeBlock(block: HclBlock): void {
    this.#editor.removeBlock(block);
  }

  insertBlock(block: NewBlock, before: HclBlock): void {
    this.#editor.insert(this.#file.hcl().body, blockText(block), { before });
  }

  insertNested(group: ArgumentGroup, block: NewBlock): void {
    this.#editor.insert(group.node as HclBody, blockText(block));
  }

  finish(): readonly Edit[] {
    return this.#editor.finish().edits;
  }
}

function blockText({ type, entries = [], blocks = [] }: NewBlock): string {
  const items = [...entries.map(([name, { hcl }]) => `${name} = ${hcl}`), ...blocks.map(blockText)];
  return `${type} {\n${items.map((item) => `  ${item.replaceAll('\n', '\n  ')}\n`).join('')}}`;
}

function blockData({ entries = [], blocks = [] }: NewBlock): Readonly<Record<string, JsonData>> {
  return Object.fromEntries([
    ...entries.map(([name, { json }]) => [name, json] as const),
    ...blocks.map((block) => [block.type, blockData(block)] as const),
  ]);
}

/** Nodes of the HCL view have the ranges of the JSON text, which is how they are found again. */
class JsonConfigurationEditor implements ConfigurationEditor {
  readonly #root: JsonValue;
  readonly #editor: JsonEditor;

  constructor(file: SourceFile) {
    this.#editor = new JsonEditor(file.text);
    this.#root = this.#editor.root;
  }

  insertArgument(group: ArgumentGroup, name: string, value: Value, place?: ArgumentPlace): void {
    this.#editor.insert([...this.#pathOfGroup(group.node), name], value.json, place);
  }

  removeArgument({ node }: Argument): void {
    this.#editor.remove(this.#pathOfMember(node.start));
  }

  removeNested({ whole }: NestedGroup): void {
    this.#editor.remove(this.#pathOfMember('group' in whole ? whole.node.start : whole.start));
  }

  renameArgument({ node }: Argument, name: string): void {
    this.#editor.rename(this.#pathOfMember(node.start), name);
  }

  setValue({ node }: Argument, value: Value): void {
    this.#editor.set(this.#pathOfMember(node.start), value.json);
  }

  wrapInList({ node }: Argument): void {
    const path = this.#pathOfMember(node.start);
    this.#editor.set(path, [jsonData(findValue(this.#root, path) as JsonValue)]);
  }

  groupArguments(name: string, members: readonly GroupMember[]): void {
    const [first] = members;
    if (first === undefined) throw new RangeError('no arguments to group');
    const owner = this.#pathOfGroup(first.argument.group.node);
    const entries = members.map(({ argument, as, value }) => {
      const path = this.#pathOfMember(argument.node.start);
      return [as, value?.json ?? jsonData(findValue(this.#root, path) as JsonValue)] as const;
    });
    this.#editor.insert([...owner, name], Object.fromEntries(entries), { before: first.argument.name });
    for (const { argument } of members) this.removeArgument(argument);
  }

  removeBlock(block: HclBlock): void {
    const path = this.#pathOfMember(block.start);
    const owner = findValue(this.#editor.root, path.slice(0, -1));
    const alone = owner?.kind === 'object' && owner.members.length === 1 && path.length > 1;
    this.#editor.remove(alone ? path.slice(0, -1) : path);
  }

  insertBlock(block: NewBlock, before: HclBlock): void {
    const data = blockData(block);
    if (findValue(this.#editor.root, [block.type])?.kind === 'object') {
      for (const [name, value] of Object.entries(data)) this.#editor.insert([block.type, name], value);
    } else {
      const [anchor] = this.#pathOfMember(before.start);
      this.#editor.insert([block.type], data, anchor === undefined ? 'end' : { before: String(anchor) });
    }
  }

  insertNested(group: ArgumentGroup, block: NewBlock): void {
    this.#editor.insert([...this.#pathOfGroup(group.node), block.type], blockData(block));
  }

  finish(): readonly Edit[] {
    return this.#editor.finish().edits;
  }

  #pathOfMember(start: number): JsonPath {
    return this.#path((node) => 'key' in node && node.start === start);
  }

  /** A body starts behind the brace of its object, the one of the whole file at 0. */
  #pathOfGroup(node: HclBody | HclObject): JsonPath {
    if (node.kind === 'body' && node.start === 0) return [];
    const start = node.kind === 'body' ? node.start - 1 : node.start;
    return this.#path((candidate) => !('key' in candidate) && candidate.start === start);
  }

  #path(matches: (node: JsonNode) => boolean): JsonPath {
    const found = pathTo(this.#root, matches, []);
    if (found === undefined) throw new RangeError('the node belongs to another file');
    return found;
  }
}

function pathTo(value: JsonValue, matches: (node: JsonNode) => boolean, path: JsonPath): JsonPath | undefined {
  if (matches(value)) return path;
  if (value.kind === 'object') {
    for (const member of value.members) {
      const inner = [...path, member.key.value];
      const found = matches(member) ? inner : pathTo(member.value, matches, inner);
      if (found !== undefined) return found;
    }
  }
  if (value.kind === 'array') {
    for (const [index, element] of value.elements.entries()) {
      const found = pathTo(element, matches, [...path, index]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
