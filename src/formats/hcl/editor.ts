/**
 * Edits an HCL file by logical steps (set, rename, insert, remove) and yields splices of the original text. Every
 * step is proved before the next: the file is parsed again and its structure must be the old one with exactly the
 * declared change. A file that `terraform fmt -check` accepts is accepted afterwards.
 */
import { applyEdits, type Edit, invertEdits, sortEdits } from '../edit.ts';
import { PieceTable } from '../piece-table.ts';
import { restoreLayout } from './editor-alignment.ts';
import { entriesOfBody, holdsBlock, insertIntoBody, removeFromBody, type Spot } from './editor-body.ts';
import { Fragment } from './editor-fragment.ts';
import { asObjectItem, endWithComment, objectOf } from './editor-group.ts';
import { type Enclosure, type Entry, SourceLayout } from './editor-layout.ts';
import { entriesOfList, insertIntoList, removeFromList } from './editor-list.ts';
import { NodeTracker } from './editor-nodes.ts';
import { prove, regionOf, rejected } from './editor-proof.ts';
import { childrenOf, type Delta, shapeOf } from './editor-shape.ts';
import { parseHcl } from './index.ts';
import type {
  HclAttribute,
  HclBlock,
  HclBody,
  HclExpression,
  HclFile,
  HclItem,
  HclNode,
  HclObject,
  HclObjectItem,
  HclTuple,
} from './syntax.ts';

/**
 * Where an insertion goes. `before` and `after` name an attribute, object key or block type, or are the node itself; a
 * name that is not there means `end`. `end` is after the last attribute for attributes, after everything for blocks.
 */
export type Place = 'start' | 'end' | { readonly before: string | HclNode } | { readonly after: string | HclNode };

export interface EditResult {
  readonly text: string;
  /** Splices of the original text; empty when nothing changed. */
  readonly edits: readonly Edit[];
}

/**
 * Collects edits to one file. Nodes are those of the file it was made with, or of `file` at any step; they stay good
 * however many steps are taken since. Text to insert is written with `\n` and two spaces a level; it gets the line breaks,
 * indentation and alignment of the place it goes to.
 *
 * Throws `KeylessError` EDIT_REJECTED for an edit of a node that is gone or broken, for text that does not parse, and
 * when the result is not what the step declared; RangeError for a node of another file.
 *
 * @example
 * const editor = new HclEditor(file);
 * editor.removeAttribute(accessKey);
 * editor.insertAttribute(provider.body, 'allowed_account_ids', '["123456789012"]', { after: 'region' });
 * const { text, edits } = editor.finish();
 */
export class HclEditor {
  readonly #pieces: PieceTable;
  readonly #nodes: NodeTracker;
  /** The line break of the file, even when all its lines are gone. */
  readonly #eol: string;
  #layout: SourceLayout;

  constructor(file: HclFile) {
    this.#pieces = new PieceTable(file.source);
    this.#nodes = new NodeTracker(file);
    this.#eol = file.source.includes('\r\n') ? '\r\n' : '\n';
    this.#layout = new SourceLayout(file, this.#eol);
  }

  /** The tree after the steps so far. */
  get file(): HclFile {
    return this.#nodes.handOut();
  }

  /** The text after the steps so far. */
  get text(): string {
    return this.#nodes.file.source;
  }

  /** The new text and the splices that make it. The editor can be used further. */
  finish(): EditResult {
    const { original, text } = this.#pieces;
    const edits = this.#pieces.edits();
    if (applyEdits(original, edits) !== text || applyEdits(text, invertEdits(original, edits)) !== original) {
      throw rejected('the splices do not lead from the original to the result and back');
    }
    return { text, edits };
  }

  /** Replaces the value of an attribute. */
  setValue(attribute: HclAttribute, value: string): void {
    this.#replace(this.#nodes.current(attribute).expression, Fragment.expression(value));
  }

  renameAttribute(attribute: HclAttribute, name: string): void {
    const current = this.#nodes.current(attribute);
    this.#commit(
      [{ start: current.nameStart, end: current.nameEnd, text: name }],
      replaced(current, shapeOf({ ...current, name } as HclNode, this.text)),
    );
  }

  /** Inserts `name = value` into a body: by default after its last attribute. */
  insertAttribute(body: HclBody, name: string, value: string, place: Place = 'end'): void {
    this.insert(body, `${name} = ${value}`, place);
  }

  /**
   * Inserts attributes and blocks, with comments and blank lines as written. Blocks are set off by blank lines, and
   * a block written on one line is opened up.
   */
  insert(body: HclBody, text: string, place: Place = 'end'): void {
    const fragment = Fragment.body(text);
    const current = this.#nodes.current(body);
    const spot = this.#spot(current.items, place, () =>
      holdsBlock(fragment) ? current.items.length : current.items.findLastIndex(({ kind }) => kind === 'attribute') + 1,
    );
    const edits = insertIntoBody(this.#layout, current, this.#enclosure(current), spot, fragment);
    this.#commit(edits, inserted(current, spot.index, fragment), fragment);
  }

  /** Removes an attribute with its lines and the comments that are about it alone; see `SourceLayout.commentsThatGoWith`. */
  removeAttribute(attribute: HclAttribute): void {
    this.#removeItem(this.#nodes.current(attribute));
  }

  /** Removes a block with the comments directly above it. */
  removeBlock(block: HclBlock): void {
    this.#removeItem(this.#nodes.current(block));
  }

  /** Replaces an attribute or block by others; comments above and behind it stay. */
  replaceItem(item: HclAttribute | HclBlock, text: string): void {
    this.#replace(this.#nodes.current(item), Fragment.body(text));
  }

  /**
   * Turns flat attributes of one body, or items of one object, into the items of one object that takes the place of the
   * first of them. Values and comments move along; `extra` lines are added at the end.
   */
  group(
    name: string,
    members: readonly { readonly node: HclAttribute | HclObjectItem; readonly as?: string }[],
    extra: readonly string[] = [],
  ): void {
    const [first, ...others] = members;
    if (first === undefined) throw new RangeError('nothing to group');
    const lines = [this.#asObjectItem(first, false)];
    for (const member of others) {
      lines.push(this.#asObjectItem(member, true));
      if ('separator' in member.node) this.removeItem(member.node);
      else this.removeAttribute(member.node);
    }
    const node: HclNode = this.#nodes.current(first.node);
    const { entries, index } = this.#entriesAround(node);
    const entry = entries[index] as Entry;
    const layout = this.#layout;
    const text = objectOf(name, [...lines, ...extra], !layout.beginsLine(node.start));
    const fragment = 'separator' in node ? Fragment.objectItem(text) : Fragment.body(text);
    const fitted = fragment.fit(layout, layout.indentAt(node.start), layout.eolAt(node.start));
    const edits = [
      { start: node.start, end: node.end, text: fitted },
      { start: entry.fullEnd, end: endWithComment(layout, entry), text: '' },
    ];
    this.#commit(edits, replaced(node, ...fragment.shapes), fragment);
  }

  /** Turns a block without labels or nested blocks into an attribute with an object value. */
  blockToAttribute(block: HclBlock): void {
    const current = this.#nodes.current(block);
    this.#refuseBroken(current);
    if (current.labels.length > 0 || current.body.items.some(({ kind }) => kind !== 'attribute')) {
      throw rejected(`block "${current.type}" has labels or nested blocks, which an object cannot hold`);
    }
    const typeEnd = current.start + current.type.length;
    const text = `${current.type} = ${this.text.slice(current.openBrace, current.end)}`;
    this.#commit(
      [{ start: typeEnd, end: current.openBrace, text: ' = ' }],
      replaced(current, ...Fragment.body(text).shapes),
    );
  }

  /** Sets a label; it stays unquoted only where it was and can be. */
  setLabel(block: HclBlock, index: number, value: string): void {
    const label = this.#nodes.current(block).labels[index];
    if (label === undefined) throw new RangeError(`block "${block.type}" has no label ${index}`);
    const quoted = label.quoted || !/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(value);
    const text = quoted ? quote(value) : value;
    this.#commit(
      [{ start: label.start, end: label.end, text }],
      replaced(label, shapeOf({ ...label, value } as HclNode, this.text)),
    );
  }

  /** Inserts `key = value` into an object expression; an empty one is opened up over several lines. */
  insertItem(object: HclObject, key: string, value: string, place: Place = 'end'): void {
    const current = this.#nodes.current(object);
    const separator =
      current.items.length > 0 && current.items.every((item) => this.text[item.separator] === ':') ? ':' : '=';
    const last = current.items.at(-1);
    const glued = separator === ':' && last !== undefined && last.key.end === last.separator;
    const fragment = Fragment.objectItem(`${key}${glued ? '' : ' '}${separator} ${value}`);
    const { index } = this.#spot(current.items, place, () => current.items.length);
    this.#insertIntoList(current, index, fragment);
  }

  removeItem(item: HclObjectItem): void {
    const current = this.#nodes.current(item);
    this.#removeFromList(current, this.#nodes.parent(current) as HclObject);
  }

  /** Replaces the key of an object item: `foo`, `"foo"`, `(var.key)`. */
  renameItem(item: HclObjectItem, key: string): void {
    this.#replace(this.#nodes.current(item).key, Fragment.objectKey(key));
  }

  setItemValue(item: HclObjectItem, value: string): void {
    this.#replace(this.#nodes.current(item).value, Fragment.expression(value));
  }

  insertElement(tuple: HclTuple, value: string, place: Place = 'end'): void {
    const current = this.#nodes.current(tuple);
    const { index } = this.#spot(current.elements, place, () => current.elements.length);
    this.#insertIntoList(current, index, Fragment.expression(value));
  }

  /** Removes an element of a tuple. */
  removeElement(element: HclExpression): void {
    const current = this.#nodes.current(element);
    const parent = this.#nodes.parent(current);
    if (kindOf(parent) !== 'tuple') throw new RangeError('the expression is not an element of a tuple');
    this.#removeFromList(current, parent as HclTuple);
  }

  /** Replaces any expression, wherever it stands. Rejected when the new text would read differently there. */
  replaceExpression(expression: HclExpression, text: string): void {
    this.#replace(this.#nodes.current(expression), Fragment.expression(text));
  }

  #replace(node: HclNode, fragment: Fragment): void {
    this.#refuseBroken(node);
    const indent = this.#layout.indentAt(node.start);
    const text = fragment.fit(this.#layout, indent, this.#layout.eolAt(node.start));
    this.#commit([{ start: node.start, end: node.end, text }], replaced(node, ...fragment.shapes), fragment);
  }

  #insertIntoList(list: HclObject | HclTuple, index: number, fragment: Fragment): void {
    this.#commit(insertIntoList(this.#layout, list, index, fragment), inserted(list, index, fragment), fragment);
  }

  #removeFromList(node: HclNode, list: HclObject | HclTuple): void {
    this.#refuseBroken(node);
    const nodes: readonly HclNode[] = list.kind === 'object' ? list.items : list.elements;
    this.#commit(removeFromList(this.#layout, list, nodes.indexOf(node)), replaced(node));
  }

  #removeItem(item: HclItem): void {
    this.#refuseBroken(item);
    const body = this.#nodes.parent(item) as HclBody;
    this.#commit([removeFromBody(this.#layout, body, this.#enclosure(body), item)], replaced(item));
  }

  #asObjectItem({ node, as }: { node: HclAttribute | HclObjectItem; as?: string }, commentsAbove: boolean): string {
    const current = this.#nodes.current(node);
    this.#refuseBroken(current);
    const { entries, index } = this.#entriesAround(current);
    const [name, value] =
      'separator' in current
        ? [this.text.slice(current.key.start, current.key.end), current.value]
        : [current.name, current.expression];
    return asObjectItem(this.#layout, entries, index, value, { name: as ?? name, commentsAbove });
  }

  /** The list that a node of today is in. */
  #entriesAround(node: HclNode): { readonly entries: readonly Entry[]; readonly index: number } {
    const list = this.#nodes.parent(node) as HclBody | HclObject;
    const entries = list.kind === 'body' ? entriesOfBody(list) : entriesOfList(list, this.#layout);
    return { entries, index: (list.items as readonly HclNode[]).indexOf(node) };
  }

  #enclosure(body: HclBody): Enclosure {
    if (body === this.#nodes.file.body) return { open: this.#layout.start, close: this.text.length, root: true };
    const block = this.#nodes.parent(body) as HclBlock;
    return { open: block.openBrace + 1, close: block.closeBrace, root: false };
  }

  #spot(nodes: readonly HclNode[], place: Place, end: () => number): Spot {
    if (place === 'start') return { index: 0, before: true, open: false };
    const before = place !== 'end' && 'before' in place;
    const wanted = place === 'end' ? undefined : 'before' in place ? place.before : place.after;
    const index =
      typeof wanted === 'string'
        ? nodes.findIndex((node) => nameOf(node) === wanted)
        : wanted === undefined
          ? -1
          : nodes.indexOf(this.#nodes.current(wanted));
    if (index !== -1) return { index: before ? index : index + 1, before, open: false };
    if (typeof wanted === 'object') throw new RangeError('the place is not in the body or list that is edited');
    return { index: end(), before: false, open: true };
  }

  #refuseBroken(node: HclNode): void {
    if (everyNode(node).some((each) => kindOf(each) === 'broken' || kindOf(each) === 'broken-expression')) {
      throw rejected('the source there could not be parsed, so it is left alone');
    }
  }

  /** Applies splices of the current text, puts right the white space they touched, and proves the outcome. */
  #commit(unsorted: readonly Edit[], delta: Delta, fragment?: Fragment): void {
    const edits = sortEdits(this.text, unsorted);
    const before = this.#nodes.file;
    const region = regionOf(before, edits);
    const steps = [edits, ...restoreLayout(before.source, edits, region)];
    let text = steps.reduce(applyEdits, before.source);
    let after = parseHcl(text);
    if (after.problems.length > before.problems.length && !text.endsWith('\n')) {
      // The marker of a heredoc needs a line break behind it, even at the end of a file that had none.
      steps.push([{ start: text.length, end: text.length, text: this.#eol }]);
      text += this.#eol;
      after = parseHcl(text);
    }
    prove({ before, after, region, edits, delta, comments: fragment?.comments ?? [] });
    for (const step of steps) this.#pieces.apply(step);
    this.#nodes.advance(after, steps);
    this.#layout = new SourceLayout(after, this.#eol);
  }
}

function everyNode(node: HclNode): HclNode[] {
  return [node, ...childrenOf(node).flatMap(everyNode)];
}

function kindOf(node: HclNode | undefined): string | undefined {
  return node !== undefined && 'kind' in node ? String(node.kind) : undefined;
}

function inserted(list: HclNode, index: number, { shapes }: Fragment): Delta {
  return { inserted: new Map([[list, { index, shapes }]]) };
}

function replaced(node: HclNode, ...shapes: readonly string[]): Delta {
  return { replaced: new Map([[node, shapes]]) };
}

function nameOf(node: HclNode): string | undefined {
  if ('type' in node) return node.type as string;
  return 'name' in node ? (node.name as string | undefined) : undefined;
}

function quote(value: string): string {
  return JSON.stringify(value).replace(/[$%](?=\{)/g, (mark) => mark + mark);
}
