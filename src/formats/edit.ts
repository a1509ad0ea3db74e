/**
 * Edits to a text as splices of UTF-16 ranges: the only way keyless changes a file it did not create. Bytes
 * outside the ranges stay what they were, which is what makes a diff trustworthy.
 */
export interface Edit {
  /** First UTF-16 offset that is replaced. */
  readonly start: number;
  /** Offset after the last one that is replaced; equal to `start` for an insertion. */
  readonly end: number;
  readonly text: string;
}

/** Edits in order of position; throws a RangeError when two overlap or one leaves the text. */
export function sortEdits(source: string, edits: readonly Edit[]): Edit[] {
  const sorted = edits.map((edit, index) => ({ edit, index }));
  sorted.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  let previousEnd = 0;
  for (const { edit } of sorted) {
    if (edit.start < previousEnd || edit.end < edit.start || edit.end > source.length) {
      throw new RangeError(
        `edit ${edit.start}..${edit.end} overlaps another or leaves the text (${source.length} characters)`,
      );
    }
    previousEnd = edit.end;
  }
  return sorted.map(({ edit }) => edit);
}

/** The text with all edits applied at once; offsets refer to `source`. Insertions at one offset keep their order. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of sortEdits(source, edits)) {
    result += source.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + source.slice(position);
}

/** The edits that turn `applyEdits(source, edits)` back into `source`. */
export function invertEdits(source: string, edits: readonly Edit[]): Edit[] {
  let shift = 0;
  return sortEdits(source, edits).map((edit) => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, text: source.slice(edit.start, edit.end) };
  });
}
