/**
 * Follows nodes through the steps of an editor: a node of the tree it began with, or of any tree it handed out, leads to
 * the node that it is today, as long as the characters that make it what it is are still there.
 */
import { KeylessError } from '../../kernel/error.ts';
import type { Edit } from '../edit.ts';
import { childrenOf } from './editor-shape.ts';
import type { HclFile, HclNode } from './syntax.ts';

export class NodeTracker {
  #file: HclFile;
  readonly #steps: (readonly Edit[])[] = [];
  /** Trees whose nodes may come back, with the number of steps before them; the newest first. */
  readonly #handedOut: { readonly file: HclFile; readonly step: number }[];

  constructor(file: HclFile) {
    this.#file = file;
    this.#handedOut = [{ file, step: 0 }];
  }

  /** The tree of today. */
  get file(): HclFile {
    return this.#file;
  }

  /** The tree of today, for others to keep nodes of. */
  handOut(): HclFile {
    if (this.#handedOut[0]?.file !== this.#file)
      this.#handedOut.unshift({ file: this.#file, step: this.#steps.length });
    return this.#file;
  }

  /** Goes on to the tree that these lists of edits, one after the other, have led to. */
  advance(file: HclFile, steps: readonly (readonly Edit[])[]): void {
    this.#file = file;
    this.#steps.push(...steps);
  }

  /** Throws EDIT_REJECTED when the node is gone, RangeError when it is of another file. */
  current<Node extends HclNode>(node: Node): Node {
    if (pathTo(this.#file.body, node) !== undefined) return node;
    const origin = this.#handedOut.find(({ file }) => pathTo(file.body, node) !== undefined);
    if (origin === undefined) throw new RangeError('the node belongs to another file');
    const steps = this.#steps.slice(origin.step);
    const anchor = anchorOf(node, (offset) =>
      steps.reduce<number | undefined>((at, edits) => (at === undefined ? undefined : shifted(at, edits)), offset),
    );
    const found = anchor && findByAnchor(this.#file.body, anchor);
    if (found === undefined) {
      throw new KeylessError({
        code: 'EDIT_REJECTED',
        message: 'an edit was refused: the node was removed or replaced by an earlier step',
      });
    }
    return found as Node;
  }

  /** The node directly above a node of today. */
  parent(node: HclNode): HclNode | undefined {
    return pathTo(this.#file.body, node)?.at(-2);
  }
}

/** What identifies a node: an offset, and what must begin there. */
interface Anchor {
  readonly offset: number;
  readonly key: string;
}

/**
 * The character that makes a node what it is (`=`, `{`, the separator of an object item), for other expressions the
 * first and the last. `locate` says where a character is now; `undefined` when one of them is gone.
 */
function anchorOf(node: HclNode, locate: (offset: number) => number | undefined): Anchor | undefined {
  const kind = 'kind' in node ? String(node.kind) : 'part';
  const at = (offset: number, key: string): Anchor | undefined => {
    const found = locate(offset);
    return found === undefined ? undefined : { offset: found, key };
  };
  if ('equals' in node) return at(node.equals as number, 'attribute');
  if ('openBrace' in node) return at(node.openBrace as number, 'block');
  if ('separator' in node) return at(node.separator as number, 'item');
  if (kind === 'body') return node.start <= 1 ? { offset: 0, key: 'file' } : at(node.start - 1, 'body');
  const last = locate(node.end - 1);
  return last === undefined ? undefined : at(node.start, `${kind} to ${last}`);
}

function findByAnchor(node: HclNode, wanted: Anchor): HclNode | undefined {
  const anchor = anchorOf(node, (offset) => offset);
  if (anchor?.offset === wanted.offset && anchor.key === wanted.key) return node;
  for (const child of childrenOf(node)) {
    if (child.start > wanted.offset + 1 || child.end < wanted.offset) continue;
    const found = findByAnchor(child, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** From a node down to another below it. */
function pathTo(from: HclNode, node: HclNode): readonly HclNode[] | undefined {
  if (from === node) return [node];
  for (const child of childrenOf(from)) {
    if (child.start > node.start || child.end < node.end) continue;
    const path = pathTo(child, node);
    if (path !== undefined) return [from, ...path];
  }
  return undefined;
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
