/**
 * A text under edit that remembers which of its characters come from the original. Several edits made one after the
 * other, each in terms of the text as it then is, come out as one minimal list of splices of the original.
 */
import type { Edit } from './edit.ts';

/** A stretch of the current text; `origin` is where it stands in the original, `undefined` for what was inserted. */
interface Piece {
  readonly text: string;
  readonly origin: number | undefined;
}

export class PieceTable {
  readonly original: string;
  #pieces: readonly Piece[];
  #text: string;

  constructor(original: string) {
    this.original = original;
    this.#pieces = original === '' ? [] : [{ text: original, origin: 0 }];
    this.#text = original;
  }

  /** The text as it is now. */
  get text(): string {
    return this.#text;
  }

  /** Applies edits whose offsets refer to the current text; they are sorted and do not overlap. */
  apply(edits: readonly Edit[]): void {
    const next: Piece[] = [];
    let at = 0;
    for (const edit of edits) {
      this.#copy(at, edit.start, next);
      if (edit.text !== '') next.push({ text: edit.text, origin: undefined });
      at = edit.end;
    }
    this.#copy(at, this.#text.length, next);
    this.#pieces = next;
    this.#text = next.map((piece) => piece.text).join('');
  }

  /** The splices that turn the original into the current text, each as short as it can be. */
  edits(): Edit[] {
    const edits: Edit[] = [];
    let start = 0;
    let inserted = '';
    const close = (end: number) => {
      const edit = trimmed(this.original, { start, end, text: inserted });
      if (edit.start !== edit.end || edit.text !== '') edits.push(edit);
      inserted = '';
    };
    for (const { text, origin } of this.#pieces) {
      if (origin === undefined) {
        inserted += text;
        continue;
      }
      close(origin);
      start = origin + text.length;
    }
    close(this.original.length);
    return edits;
  }

  #copy(start: number, end: number, into: Piece[]): void {
    let at = 0;
    for (const { text, origin } of this.#pieces) {
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, text.length);
      if (from < to)
        into.push({ text: text.slice(from, to), origin: origin === undefined ? undefined : origin + from });
      at += text.length;
    }
  }
}

/** The same edit without the characters that it replaces by themselves, at either end. Surrogate pairs stay whole. */
function trimmed(source: string, { start, end, text }: Edit): Edit {
  let head = 0;
  const shorter = Math.min(end - start, text.length);
  while (head < shorter && source[start + head] === text[head]) head++;
  if (head > 0 && isHighSurrogate(text.charCodeAt(head - 1))) head--;
  let tail = 0;
  while (tail < shorter - head && source[end - 1 - tail] === text[text.length - 1 - tail]) tail++;
  if (tail > 0 && isLowSurrogate(text.charCodeAt(text.length - tail))) tail--;
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
