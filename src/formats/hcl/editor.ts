/**
 * Edits an HCL file by logical steps (set, rename, insert, remove) and yields splices of the original text. Every
 * step is proved before the next: the file is parsed again and its structure must be the old one with exactly the
 * declared change. A file that `terraform fmt -check` accepts is accepted afterwards.
 */
import { KeylessError } from '../../kernel/error.ts';
import { applyEdits, type Edit, invertEdits, sortEdits } from '../edit.ts';
import { PieceTable } from '../piece-table.ts';
import { restoreLayout } from './editor-alignment.ts';
import { Fragment, heredocsIn } from './editor-fragment.ts';
import { type Enclosure, type Entry, SourceLayout, unfitted } from './editor-layout.ts';
import { insertIntoList, removeFromList } from './editor-list.ts';
import { childrenOf, type Delta, shapeOf, shapeOfFile } from './editor-shape.ts';
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
  /** What each step did to the text, and which step's tree a node belongs to: together they lead any node to today. */
  readonly #steps: (readonly Edit[])[] = [];
  readonly #stepOf = new WeakMap<HclNode, number>();
  readonly #eol: string;
  #file: HclFile;
  #layout: SourceLayout;
  #index: TreeIndex | undefined;

  constructor(file: HclFile) {
    this.#pieces = new PieceTable(file.source);
    this.#file = file;
    this.#eol = file.source.includes('\r\n') ? '\r\n' : '\n';
    this.#layout = new SourceLayout(file, this.#eol);
    this.#tree();
  }

  /** The tree after the steps so far. */
  get file(): HclFile {
    return this.#file;
  }

  /** The text after the steps so far. */
  get text(): string {
    return this.#file.source;
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
    this.#replace(this.#current(attribute).expression, Fragment.expression(value));
  }

  renameAttribute(attribute: HclAttribute, name: string): void {
    const current = this.#current(attribute);
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
    const current = this.#current(body);
    const holdsBlock = fragment.items.some(({ kind }) => kind === 'block');
    const spot = this.#spot(current.items, place, () =>
      holdsBlock ? current.items.length : current.items.findLastIndex(({ kind }) => kind === 'attribute') + 1,
    );
    const edits = this.#insertionIntoBody(current, { ...spot, atEnd: spot.atEnd && holdsBlock }, fragment);
    this.#commit(edits, inserted(current, spot.index, fragment), fragment);
  }

  /** Removes an attribute with its lines and the comments that are about it alone; see `SourceLayout.commentsThatGoWith`. */
  removeAttribute(attribute: HclAttribute): void {
    this.#removeItem(this.#current(attribute));
  }

  /** Removes a block with the comments directly above it. */
  removeBlock(block: HclBlock): void {
    this.#removeItem(this.#current(block));
  }

  /** Replaces an attribute or block by others; comments above and behind it stay. */
  replaceItem(item: HclAttribute | HclBlock, text: string): void {
    this.#replaceItem(this.#current(item), text, false);
  }

  /**
   * Turns flat attributes of one body into the items of one object attribute, which takes the place of the first of
   * them. Values and comments move along; `extra` lines are added at the end.
   */
  groupAttributes(
    name: string,
    members: readonly { readonly attribute: HclAttribute; readonly as?: string }[],
    extra: readonly string[] = [],
  ): void {
    const [first, ...others] = members;
    if (first === undefined) throw new RangeError('no attributes to group');
    const lines = [this.#asObjectItem(first.attribute, first.as, false)];
    for (const { attribute, as } of others) {
      lines.push(this.#asObjectItem(attribute, as, true));
      this.removeAttribute(attribute);
    }
    const nested = [...lines, ...extra].map((line) => Fragment.objectItem(line).nested());
    this.#replaceItem(this.#current(first.attribute), `${name} = {\n${nested.join('\n')}\n}`, true);
  }

  /** Turns a block without labels or nested blocks into an attribute with an object value. */
  blockToAttribute(block: HclBlock): void {
    const current = this.#current(block);
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
    const label = this.#current(block).labels[index];
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
    const current = this.#current(object);
    const separator =
      current.items.length > 0 && current.items.every((item) => this.text[item.separator] === ':') ? ':' : '=';
    const last = current.items.at(-1);
    const glued = separator === ':' && last !== undefined && last.key.end === last.separator;
    const fragment = Fragment.objectItem(`${key}${glued ? '' : ' '}${separator} ${value}`);
    const { index } = this.#spot(current.items, place, () => current.items.length);
    this.#insertIntoList(current, index, fragment);
  }

  removeItem(item: HclObjectItem): void {
    const current = this.#current(item);
    this.#removeFromList(current, this.#parent(current) as HclObject);
  }

  /** Replaces the key of an object item: `foo`, `"foo"`, `(var.key)`. */
  renameItem(item: HclObjectItem, key: string): void {
    this.#replace(this.#current(item).key, Fragment.objectKey(key));
  }

  setItemValue(item: HclObjectItem, value: string): void {
    this.#replace(this.#current(item).value, Fragment.expression(value));
  }

  insertElement(tuple: HclTuple, value: string, place: Place = 'end'): void {
    const current = this.#current(tuple);
    const { index } = this.#spot(current.elements, place, () => current.elements.length);
    this.#insertIntoList(current, index, Fragment.expression(value));
  }

  /** Removes an element of a tuple. */
  removeElement(element: HclExpression): void {
    const current = this.#current(element);
    const parent = this.#parent(current);
    if (kindOf(parent) !== 'tuple') throw new RangeError('the expression is not an element of a tuple');
    this.#removeFromList(current, parent as HclTuple);
  }

  /** Replaces any expression, wherever it stands. Rejected when the new text would read differently there. */
  replaceExpression(expression: HclExpression, text: string): void {
    this.#replace(this.#current(expression), Fragment.expression(text));
  }

  #replace(node: HclNode, fragment: Fragment): void {
    this.#refuseBroken(node);
    const indent = this.#layout.indentAt(node.start);
    const text = fragment.fit(this.#layout, indent, this.#layout.eolAt(node.start));
    this.#commit([{ start: node.start, end: node.end, text }], replaced(node, ...fragment.shapes), fragment);
  }

  #replaceItem(item: HclItem, text: string, withCommentBehind: boolean): void {
    this.#refuseBroken(item);
    const layout = this.#layout;
    const fragment = Fragment.body(text);
    const end = withCommentBehind && layout.beginsLine(item.start) ? layout.tail(item.end).end : item.end;
    const fitted = fragment.fit(layout, layout.indentAt(item.start), layout.eolAt(item.start));
    this.#commit([{ start: item.start, end, text: fitted }], replaced(item, ...fragment.shapes), fragment);
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
    const body = this.#parent(item) as HclBody;
    const entries = body.items.map(bodyEntry);
    const index = body.items.indexOf(item);
    const entry = entries[index] as Entry;
    const enclosure = this.#enclosure(body);
    const edit = this.#layout.ownsLines(entry)
      ? this.#layout.cut(entries, index, enclosure)
      : this.#cutInline(item, enclosure);
    this.#commit([edit], replaced(item));
  }

  /** The only item of a block on one line leaves `{}`; anything else that shares its line leaves the rest alone. */
  #cutInline({ start, end }: HclItem, { open, close }: Enclosure): Edit {
    const alone = this.#layout.skipSpace(open) === start && this.#layout.skipSpace(end) === close;
    return alone ? { start: open, end: close, text: '' } : { start, end, text: '' };
  }

  #insertionIntoBody(body: HclBody, spot: Spot, fragment: Fragment): Edit[] {
    const { open, close, root } = this.#enclosure(body);
    if (!root && !this.#layout.tail(open).clear) {
      return this.#openUp(open, close, spot.index === 0 && body.items.length > 0, fragment);
    }
    const previous = body.items[spot.index - 1];
    const next = body.items[spot.index];
    if (next !== undefined && (spot.before || previous === undefined))
      return this.#insertBefore(next, previous, fragment);
    if (previous !== undefined && !spot.atEnd) return this.#insertAfter(previous, next, fragment);
    return this.#append(body, fragment);
  }

  #insertBefore(next: HclItem, previous: HclItem | undefined, fragment: Fragment): Edit[] {
    const layout = this.#layout;
    const at = layout.startWithComments(next.start);
    const indent = layout.indentAt(next.start);
    const eol = layout.eolAt(next.start);
    const above = setOff(previous, fragment.items[0]) && !layout.blankAbove(at) ? eol : '';
    const tight =
      previous?.kind === 'attribute' && !layout.blankAbove(at) && fragment.items.at(-1)?.kind === 'attribute';
    const below = setOff(fragment.items.at(-1), next) && !tight ? eol : '';
    return [{ start: at, end: at, text: above + indent + fragment.fit(layout, indent, eol) + eol + below }];
  }

  #insertAfter(previous: HclItem, next: HclItem | undefined, fragment: Fragment): Edit[] {
    const layout = this.#layout;
    const tail = layout.tail(previous.end);
    const indent = layout.indentAt(previous.start);
    const eol = layout.eolAt(previous.start);
    const above = setOff(previous, fragment.items[0]) ? eol : '';
    // An attribute that stands right above a block does so without a blank line afterwards too.
    const tight = previous.kind === 'attribute' && fragment.items.at(-1)?.kind === 'attribute';
    const below = setOff(fragment.items.at(-1), next) && !tight && !layout.blankBelow(tail.next) ? eol : '';
    return [{ start: tail.end, end: tail.end, text: eol + above + indent + fragment.fit(layout, indent, eol) + below }];
  }

  /** After everything that stands in the body, comments included. */
  #append(body: HclBody, fragment: Fragment): Edit[] {
    const layout = this.#layout;
    const { open, close, root } = this.#enclosure(body);
    const indent =
      body.items.length > 0
        ? layout.indentAt((body.items.at(-1) as HclItem).start)
        : root
          ? ''
          : layout.indentAt(open) + layout.unit;
    const eol = layout.eolAt(open);
    const text = indent + fragment.fit(layout, indent, eol);
    const contentEnd = Math.max(layout.skipSpaceBack(close), open);
    if (contentEnd === open && root) {
      // An empty file, or one of white space only.
      return [{ start: open, end: open, text: text + eol }];
    }
    const blank = body.items.length > 0 || (root && fragment.items.some(({ kind }) => kind === 'block')) ? eol : '';
    return [{ start: contentEnd, end: contentEnd, text: eol + blank + text }];
  }

  /** A block on one line becomes one on several; what stood inside gets its own line. */
  #openUp(open: number, close: number, first: boolean, fragment: Fragment): Edit[] {
    const layout = this.#layout;
    const outer = layout.indentAt(open);
    const inner = outer + layout.unit;
    const eol = layout.eolAt(open);
    const line = eol + inner;
    const text = fragment.fit(layout, inner, eol);
    const contentStart = layout.skipSpace(open);
    if (contentStart >= close) return [{ start: open, end: close, text: line + text + eol + outer }];
    const contentEnd = layout.skipSpaceBack(close);
    return [
      { start: open, end: contentStart, text: first ? line + text + line : line },
      { start: contentEnd, end: close, text: first ? eol + outer : line + text + eol + outer },
    ];
  }

  /** An attribute as the line of an object, with the comments that move along. */
  #asObjectItem(attribute: HclAttribute, as: string | undefined, withCommentsAbove: boolean): string {
    const current = this.#current(attribute);
    this.#refuseBroken(current);
    const layout = this.#layout;
    const body = this.#parent(current) as HclBody;
    const { start, end } = current.expression;
    const indent = layout.indentAt(current.start);
    const heredocs = heredocsIn(current.expression, -start);
    const value = unfitted(this.text.slice(start, end), heredocs, { indent, unit: layout.unit });
    const behind = layout.beginsLine(current.start) ? this.text.slice(end, layout.tail(end).end).trim() : '';
    const above = withCommentsAbove
      ? layout.commentsThatGoWith(body.items.map(bodyEntry), body.items.indexOf(current))
      : [];
    const lines = above.map((comment) =>
      unfitted(this.text.slice(comment.start, comment.end), [], { indent, unit: layout.unit }),
    );
    return [...lines, `${as ?? current.name} = ${value}${behind === '' ? '' : ` ${behind}`}`].join('\n');
  }

  #enclosure(body: HclBody): Enclosure {
    if (body === this.#file.body) return { open: this.#layout.start, close: this.text.length, root: true };
    const block = this.#parent(body) as HclBlock;
    return { open: block.openBrace + 1, close: block.closeBrace, root: false };
  }

  #spot(nodes: readonly HclNode[], place: Place, end: () => number): Spot {
    if (place === 'start') return { index: 0, before: true, atEnd: false };
    const before = place !== 'end' && 'before' in place;
    const wanted = place === 'end' ? undefined : 'before' in place ? place.before : place.after;
    const index =
      typeof wanted === 'string'
        ? nodes.findIndex((node) => nameOf(node) === wanted)
        : wanted === undefined
          ? -1
          : nodes.indexOf(this.#current(wanted));
    if (index !== -1) return { index: before ? index : index + 1, before, atEnd: false };
    if (typeof wanted === 'object') throw new RangeError('the place is not in the body or list that is edited');
    return { index: end(), before: false, atEnd: true };
  }

  /** The node of the current tree that a node of this one or an earlier one has become. */
  #current<Node extends HclNode>(node: Node): Node {
    const { byAnchor, parents } = this.#tree();
    if (parents.has(node)) return node;
    const step = this.#stepOf.get(node);
    if (step === undefined) throw new RangeError('the node belongs to another file');
    const anchor = anchorOf(node, (offset) => {
      let at: number | undefined = offset;
      for (const edits of this.#steps.slice(step)) at = at === undefined ? undefined : shifted(at, edits);
      return at;
    });
    const found = anchor === undefined ? undefined : byAnchor.get(anchor);
    if (found === undefined) throw rejected('the node was removed or replaced by an earlier step');
    return found as Node;
  }

  #parent(node: HclNode): HclNode | undefined {
    return this.#tree().parents.get(node);
  }

  #tree(): TreeIndex {
    if (this.#index === undefined) {
      this.#index = indexTree(this.#file);
      for (const node of this.#index.parents.keys()) this.#stepOf.set(node, this.#steps.length);
    }
    return this.#index;
  }

  #refuseBroken(node: HclNode): void {
    if (everyNode(node).some((each) => kindOf(each) === 'broken' || kindOf(each) === 'broken-expression')) {
      throw rejected('the source there could not be parsed, so it is left alone');
    }
  }

  /** Applies splices of the current text, realigns what they touched, and proves the outcome against the delta. */
  #commit(unsorted: readonly Edit[], delta: Delta, fragment?: Fragment): void {
    const edits = sortEdits(this.text, unsorted);
    const before = this.#file;
    const edited = applyEdits(this.text, edits);
    const steps = [edits, ...restoreLayout(before.source, edited, edits)];
    let text = steps.reduce(applyEdits, before.source);
    let after = parseHcl(text);
    if (after.problems.length > before.problems.length && !text.endsWith('\n')) {
      // The marker of a heredoc needs a line break behind it, even at the end of a file that had none.
      steps.push([{ start: text.length, end: text.length, text: this.#eol }]);
      text += this.#eol;
      after = parseHcl(text);
    }
    if (after.problems.length > before.problems.length) {
      throw rejected(`the result does not parse: ${after.problems[0]?.message}`);
    }
    if (shapeOfFile(after) !== shapeOfFile(before, delta)) {
      throw rejected('the structure of the result is not the one declared');
    }
    if (!sameTexts(commentsOf(after), [...commentsKept(before, edits), ...(fragment?.comments ?? [])])) {
      throw rejected('a comment would be lost or made');
    }
    for (const step of steps) {
      this.#pieces.apply(step);
      this.#steps.push(step);
    }
    this.#file = after;
    this.#layout = new SourceLayout(after, this.#eol);
    this.#index = undefined;
  }
}

/** Where among the entries of a list something goes. */
interface Spot {
  /** Before the entry with this index. */
  readonly index: number;
  /** Close to that entry rather than to the one in front of it. */
  readonly before: boolean;
  /** The caller left the place open. */
  readonly atEnd: boolean;
}

/** A tree by the characters that identify its nodes, and by parent. */
interface TreeIndex {
  readonly byAnchor: ReadonlyMap<string, HclNode>;
  readonly parents: ReadonlyMap<HclNode, HclNode | undefined>;
}

function indexTree(file: HclFile): TreeIndex {
  const byAnchor = new Map<string, HclNode>();
  const parents = new Map<HclNode, HclNode | undefined>();
  const visit = (node: HclNode, parent: HclNode | undefined) => {
    parents.set(node, parent);
    const anchor = anchorOf(node, (offset) => offset);
    if (anchor !== undefined) byAnchor.set(anchor, node);
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(file.body, undefined);
  return { byAnchor, parents };
}

/**
 * What identifies a node across steps: the character that makes it what it is (`=`, `{`, the separator of an object
 * item), or for other expressions their first and last character. `undefined` when that is gone.
 */
function anchorOf(node: HclNode, locate: (offset: number) => number | undefined): string | undefined {
  const kind = kindOf(node);
  const at = (offset: number, prefix: string) => {
    const found = locate(offset);
    return found === undefined ? undefined : `${prefix} ${found}`;
  };
  if ('equals' in node) return at(node.equals as number, 'attribute');
  if ('openBrace' in node) return at(node.openBrace as number, 'block');
  if ('separator' in node) return at(node.separator as number, 'item');
  if (kind === 'body') return node.start <= 1 ? 'file' : at(node.start - 1, 'body');
  const start = locate(node.start);
  const end = locate(node.end - 1);
  return start === undefined || end === undefined ? undefined : `${kind} ${start} ${end}`;
}

/** Where a character stands after edits; `undefined` when they removed it. */
function shifted(offset: number, edits: readonly Edit[]): number | undefined {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (start > offset) break;
    if (offset < end) return undefined;
    shift += text.length - (end - start);
  }
  return offset + shift;
}

function everyNode(node: HclNode): HclNode[] {
  return [node, ...childrenOf(node).flatMap(everyNode)];
}

function kindOf(node: HclNode | undefined): string | undefined {
  return node !== undefined && 'kind' in node ? String(node.kind) : undefined;
}

function bodyEntry(item: HclItem): Entry {
  const names =
    item.kind === 'attribute'
      ? [item.name]
      : item.kind === 'block'
        ? [item.type, ...item.labels.map(({ value }) => value)]
        : [];
  return { start: item.start, end: item.end, fullEnd: item.end, names, ownsComments: item.kind === 'block' };
}

function inserted(list: HclNode, index: number, { shapes }: Fragment): Delta {
  return { inserted: new Map([[list, { index, shapes }]]) };
}

function replaced(node: HclNode, ...shapes: readonly string[]): Delta {
  return { replaced: new Map([[node, shapes]]) };
}

/** Blocks stand apart from what is around them by a blank line. */
function setOff(upper: HclItem | undefined, lower: HclItem | undefined): boolean {
  return upper !== undefined && lower !== undefined && (upper.kind === 'block' || lower.kind === 'block');
}

function nameOf(node: HclNode): string | undefined {
  if ('type' in node) return node.type as string;
  return 'name' in node ? (node.name as string | undefined) : undefined;
}

function commentsOf(file: HclFile): string[] {
  return file.comments.map(({ start, end }) => file.source.slice(start, end));
}

/** The comments that no splice takes away. */
function commentsKept(file: HclFile, edits: readonly Edit[]): string[] {
  return file.comments
    .filter((comment) => !edits.some((edit) => edit.start <= comment.start && comment.start < edit.end))
    .map(({ start, end }) => file.source.slice(start, end));
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  const normal = (texts: readonly string[]) => texts.map((text) => text.trim().replace(/\s+/g, ' ')).sort();
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}

function quote(value: string): string {
  return JSON.stringify(value).replace(/[$%](?=\{)/g, (mark) => mark + mark);
}

function rejected(reason: string): KeylessError {
  return new KeylessError({ code: 'EDIT_REJECTED', message: `an edit was refused: ${reason}` });
}
