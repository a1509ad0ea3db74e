/**
 * Edits a JSON text by path and yields splices of the original. New members copy the indentation, the spacing and the
 * one-line or many-line form of their neighbours; everything else stays as it was, byte for byte.
 */
import { KeylessError } from '../../kernel/error.ts';
import { applyEdits, type Edit, invertEdits, sortEdits } from '../edit.ts';
import { PieceTable } from '../piece-table.ts';
import { findValue } from './find-value.ts';
import { type JsonOptions, parseJson } from './parse-json.ts';
import type { JsonArray, JsonData, JsonFile, JsonMember, JsonNode, JsonObject, JsonPath, JsonValue } from './syntax.ts';

/** Where a new member goes among the others; a key that is not there means `end`. */
export type JsonPlace = 'start' | 'end' | { readonly before: string } | { readonly after: string };

/**
 * Paths are those of the text as it is after the steps so far. Throws `KeylessError` EDIT_REJECTED for a text that is
 * not JSON, a path that leads nowhere or through a key that occurs twice, and when the result is not what the step
 * declared.
 */
export class JsonEditor {
  readonly #pieces: PieceTable;
  readonly #options: JsonOptions;
  #file: JsonFile;

  constructor(source: string, options: JsonOptions = {}) {
    this.#pieces = new PieceTable(source);
    this.#options = options;
    this.#file = parseJson(source, options);
    const problem = this.#file.problems[0];
    if (problem !== undefined) throw rejected(`the text is not JSON: ${problem.message}`);
  }

  get text(): string {
    return this.#pieces.text;
  }

  /** The tree after the steps so far. */
  get root(): JsonValue {
    return this.#file.root as JsonValue;
  }

  /** Replaces the value at a path, or adds it as the last member when only its key is missing. */
  set(path: JsonPath, value: JsonData): void {
    const key = path.at(-1);
    const owner = key === undefined ? undefined : this.#find(path.slice(0, -1));
    if (owner?.kind === 'object' && !owner.members.some((member) => member.key.value === String(key))) {
      this.insert(path, value);
      return;
    }
    const current = this.#find(path);
    const text = render(value, this.#styleAt(current));
    this.#commit([{ start: current.start, end: current.end, text }], {
      replaced: new Map([[current, [shapeOfData(value)]]]),
    });
  }

  /** Adds a member (the path ends with its key) to an object that has none of that name. */
  insert(path: JsonPath, value: JsonData, place: JsonPlace = 'end'): void {
    const key = String(path.at(-1));
    const object = this.#find(path.slice(0, -1));
    if (object.kind !== 'object') throw rejected(`"${path.slice(0, -1).join('.')}" is not an object`);
    if (object.members.some((member) => member.key.value === key))
      throw rejected(`"${path.join('.')}" is there already`);
    const style = this.#styleAt(object);
    const colon = colonStyle(this.text, object, this.root);
    const render_ = (inner: Style) => `${JSON.stringify(key)}${colon}${render(value, inner)}`;
    const index = memberIndex(object.members, place);
    const edits = this.#insertion(object, object.members, index, style, render_);
    this.#commit(edits, { inserted: new Map([[object, { index, shapes: [memberShape(key, shapeOfData(value))] }]]) });
  }

  /** Adds an element to an array, before the one with this index (by default last). */
  insertElement(path: JsonPath, value: JsonData, index?: number): void {
    const array = this.#find(path);
    if (array.kind !== 'array') throw rejected(`"${path.join('.')}" is not an array`);
    const at = index ?? array.elements.length;
    const edits = this.#insertion(array, array.elements, at, this.#styleAt(array), (inner) => render(value, inner));
    this.#commit(edits, { inserted: new Map([[array, { index: at, shapes: [shapeOfData(value)] }]]) });
  }

  /** Removes a member or element with its comma and, where it has one to itself, its line. */
  remove(path: JsonPath): void {
    const step = path.at(-1);
    if (step === undefined) throw rejected('the whole text cannot be removed');
    const owner = this.#find(path.slice(0, -1));
    const node = this.#find(path);
    if (owner.kind !== 'object' && owner.kind !== 'array') throw rejected(`"${path.join('.')}" is not there`);
    const entries: readonly JsonNode[] = owner.kind === 'object' ? owner.members : owner.elements;
    const index = entries.findIndex((entry) => entry === node || ('value' in entry && entry.value === node));
    const entry = entries[index] as JsonNode;
    this.#commit([cut(this.text, owner, entries, index)], { replaced: new Map([[entry, []]]) });
  }

  /** Gives a member another key. */
  rename(path: JsonPath, key: string): void {
    const owner = this.#find(path.slice(0, -1));
    const value = this.#find(path);
    const member = owner.kind === 'object' ? owner.members.find((each) => each.value === value) : undefined;
    if (owner.kind !== 'object' || member === undefined)
      throw rejected(`"${path.join('.')}" is not a member of an object`);
    if (owner.members.some((each) => each.key.value === key)) throw rejected(`"${key}" is there already`);
    this.#commit([{ start: member.key.start, end: member.key.end, text: JSON.stringify(key) }], {
      replaced: new Map([[member, [memberShape(key, shapeOf(member.value, this.text, {}))]]]),
    });
  }

  /** The new text and the splices that make it. The editor can be used further. */
  finish(): { readonly text: string; readonly edits: readonly Edit[] } {
    const { original, text } = this.#pieces;
    const edits = this.#pieces.edits();
    if (applyEdits(original, edits) !== text || applyEdits(text, invertEdits(original, edits)) !== original) {
      throw rejected('the splices do not lead from the original to the result and back');
    }
    return { text, edits };
  }

  #find(path: JsonPath): JsonValue {
    for (let length = 0; length < path.length; length++) {
      const owner = findValue(this.root, path.slice(0, length));
      const key = String(path[length]);
      if (owner?.kind === 'object' && owner.members.filter((member) => member.key.value === key).length > 1) {
        throw rejected(`the key "${key}" occurs more than once`);
      }
    }
    const found = findValue(this.root, path);
    if (found === undefined) throw rejected(`"${path.join('.')}" is not there`);
    return found;
  }

  #insertion(
    list: JsonObject | JsonArray,
    entries: readonly JsonNode[],
    index: number,
    style: Style,
    text: (style: Style) => string,
  ): Edit[] {
    const previous = entries[index - 1];
    const next = entries[index];
    const line = style.eol + style.indent + style.unit;
    if (previous === undefined && next === undefined) {
      const inner = style.spread ? text(inside(style)) : text(style);
      const filled = style.spread ? `${line}${inner}${style.eol}${style.indent}` : inner;
      const open = list.start + 1;
      const rest = this.text.slice(open, list.end - 1);
      if (rest.trim() !== '') throw rejected('the empty object holds a comment');
      return [{ start: open, end: list.end - 1, text: filled }];
    }
    const neighbour = (previous ?? next) as JsonNode;
    const spread = beginsLine(this.text, neighbour.start);
    const nested = this.#styleAt(neighbour);
    if (previous !== undefined) {
      const separator = spread ? `,${nested.eol}${nested.indent}` : commaStyle(this.text, entries);
      return [{ start: previous.end, end: previous.end, text: separator + text({ ...nested, spread }) }];
    }
    const separator = spread ? `,${nested.eol}${nested.indent}` : commaStyle(this.text, entries);
    return [{ start: neighbour.start, end: neighbour.start, text: text({ ...nested, spread }) + separator }];
  }

  /** How text is written around a node. */
  #styleAt(node: JsonNode): Style {
    const lineStart = this.text.lastIndexOf('\n', node.start - 1) + 1;
    const indent = /^[ \t]*/.exec(this.text.slice(lineStart, node.start))?.[0] ?? '';
    const root = this.root;
    const first = root.kind === 'object' ? root.members[0] : root.kind === 'array' ? root.elements[0] : undefined;
    const spread = first === undefined ? true : beginsLine(this.text, first.start);
    const unit =
      first !== undefined && spread ? this.text.slice(this.text.lastIndexOf('\n', first.start) + 1, first.start) : '  ';
    return { indent, unit: unit === '' ? '  ' : unit, eol: this.text.includes('\r\n') ? '\r\n' : '\n', spread };
  }

  #commit(edits: readonly Edit[], delta: Delta): void {
    const expected = shapeOf(this.root, this.text, delta);
    const after = parseJson(applyEdits(this.text, edits), this.#options);
    if (after.root === undefined || shapeOf(after.root, after.source, {}) !== expected) {
      throw rejected('the structure of the result is not the one declared');
    }
    if (after.comments.length !== this.#file.comments.length) throw rejected('a comment would be lost');
    this.#pieces.apply(sortEdits(this.text, edits));
    this.#file = after;
  }
}

interface Style {
  readonly indent: string;
  readonly unit: string;
  readonly eol: string;
  /** Each entry on a line of its own. */
  readonly spread: boolean;
}

function inside(style: Style): Style {
  return { ...style, indent: style.indent + style.unit };
}

function render(value: JsonData, style: Style): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = inside(style);
  const parts = Array.isArray(value)
    ? value.map((element: JsonData) => render(element, inner))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${render(member, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0 || !style.spread) return `${open}${parts.join(', ')}${close}`;
  const line = style.eol + inner.indent;
  return `${open}${line}${parts.join(`,${line}`)}${style.eol}${style.indent}${close}`;
}

/** What stands between key and value in this object, else in the file. */
function colonStyle(text: string, object: JsonObject, root: JsonValue): string {
  const member = object.members[0] ?? (root.kind === 'object' ? root.members[0] : undefined);
  const found = member && text.slice(member.key.end, member.value.start);
  return found !== undefined && /^[ \t]*:[ \t]*$/.test(found) ? found : ': ';
}

/** What stands between entries on one line. */
function commaStyle(text: string, entries: readonly JsonNode[]): string {
  const [first, second] = entries;
  const found = first && second && text.slice(first.end, second.start);
  return found !== undefined && /^[ \t]*,[ \t]*$/.test(found) ? found : ', ';
}

function memberIndex(members: readonly JsonMember[], place: JsonPlace): number {
  if (place === 'start') return 0;
  if (place === 'end') return members.length;
  const wanted = 'before' in place ? place.before : place.after;
  const index = members.findIndex((member) => member.key.value === wanted);
  if (index === -1) return members.length;
  return 'before' in place ? index : index + 1;
}

/** From the entry to the next, or from the previous one's end; the only entry takes all white space with it. */
function cut(text: string, list: JsonNode, entries: readonly JsonNode[], index: number): Edit {
  const entry = entries[index] as JsonNode;
  const next = entries[index + 1];
  const previous = entries[index - 1];
  if (next !== undefined) return { start: entry.start, end: next.start, text: '' };
  if (previous !== undefined) return { start: previous.end, end: entry.end, text: '' };
  const alone =
    text.slice(list.start + 1, entry.start).trim() === '' && text.slice(entry.end, list.end - 1).trim() === '';
  return alone
    ? { start: list.start + 1, end: list.end - 1, text: '' }
    : { start: entry.start, end: entry.end, text: '' };
}

function beginsLine(text: string, offset: number): boolean {
  const lineBreak = text.lastIndexOf('\n', offset - 1);
  return lineBreak !== -1 && text.slice(lineBreak, offset).trim() === '';
}

interface Delta {
  readonly replaced?: ReadonlyMap<JsonNode, readonly string[]>;
  readonly inserted?: ReadonlyMap<JsonNode, { readonly index: number; readonly shapes: readonly string[] }>;
}

/** The structure without its layout; numbers and literals by their text. */
function shapeOf(node: JsonNode, text: string, delta: Delta): string {
  return shapes(node, text, delta).join(',');
}

function shapes(node: JsonNode, text: string, delta: Delta): readonly string[] {
  const replaced = delta.replaced?.get(node);
  if (replaced !== undefined) return replaced;
  if ('key' in node) {
    const member = node as JsonMember;
    return [memberShape(member.key.value, shapeOf(member.value, text, delta))];
  }
  const value = node as JsonValue;
  if (value.kind === 'string') return [JSON.stringify(value.value)];
  if (value.kind !== 'object' && value.kind !== 'array') return [text.slice(value.start, value.end)];
  const entries: readonly JsonNode[] = value.kind === 'object' ? value.members : value.elements;
  const insertion = delta.inserted?.get(value);
  const parts = entries.flatMap((entry, index) => [
    ...(insertion?.index === index ? insertion.shapes : []),
    ...shapes(entry, text, delta),
  ]);
  if (insertion !== undefined && insertion.index >= entries.length) parts.push(...insertion.shapes);
  return [value.kind === 'object' ? `{${parts.join(',')}}` : `[${parts.join(',')}]`];
}

function shapeOfData(value: JsonData): string {
  const text = JSON.stringify(value);
  return shapeOf(parseJson(text).root as JsonValue, text, {});
}

function memberShape(key: string, value: string): string {
  return `${JSON.stringify(key)}:${value}`;
}

function rejected(reason: string): KeylessError {
  return new KeylessError({ code: 'EDIT_REJECTED', message: `a JSON edit was refused: ${reason}` });
}
