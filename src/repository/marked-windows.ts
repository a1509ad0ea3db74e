/**
 * The parts of a file that is not held as a whole (too large, or binary): the text around every marker, with the
 * line it starts on. Memory stays bounded by the windows kept, however long the file is.
 */

export interface MarkedWindow {
  /** Line on which the window starts, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

export interface MarkedWindows {
  readonly windows: readonly MarkedWindow[];
  /** False when the search stopped because more than `maxWindowBytes` were kept. */
  readonly complete: boolean;
}

/** Bytes kept before and after a marker. */
const reach = 1024;
/** Kept per file at most. */
export const maxWindowBytes: number = 4 * 1024 * 1024;

/**
 * Reads the chunks to the end. Windows that touch become one. Markers are ASCII.
 */
export async function findMarkedWindows(
  chunks: AsyncIterable<Uint8Array>,
  markers: readonly string[],
  onChunk: (bytes: number) => void = () => {},
): Promise<MarkedWindows> {
  const windows: MarkedWindow[] = [];
  let kept = 0;
  let carried = Buffer.alloc(0);
  let searchedTo = 0;
  let line = 1;
  const search = (buffer: Buffer, until: number): void => {
    let position = 0;
    for (const { start, end } of rangesAround(buffer, markers, searchedTo, until)) {
      line += newlinesIn(buffer, position, start);
      position = start;
      windows.push({ line, bytes: Uint8Array.from(buffer.subarray(start, end)) });
      kept += end - start;
    }
    // What the next chunk's windows may reach back to stays; its newlines are counted when it goes.
    const carryFrom = Math.max(position, until - 2 * reach, 0);
    line += newlinesIn(buffer, position, carryFrom);
    carried = Buffer.from(buffer.subarray(carryFrom));
    searchedTo = until - carryFrom;
  };
  for await (const chunk of chunks) {
    onChunk(chunk.length);
    const buffer = Buffer.concat([carried, chunk]);
    // A window needs `reach` bytes after its marker, so the last ones wait for the next chunk.
    search(buffer, Math.max(searchedTo, buffer.length - reach));
    if (kept > maxWindowBytes) return { windows, complete: false };
  }
  search(carried, carried.length);
  return { windows, complete: true };
}

function rangesAround(
  buffer: Buffer,
  markers: readonly string[],
  from: number,
  until: number,
): { start: number; end: number }[] {
  const hits: number[] = [];
  for (const marker of markers) {
    for (let at = buffer.indexOf(marker, from, 'latin1'); at !== -1 && at < until; ) {
      hits.push(at);
      at = buffer.indexOf(marker, at + marker.length, 'latin1');
    }
  }
  hits.sort((a, b) => a - b);
  const ranges: { start: number; end: number }[] = [];
  for (const hit of hits) {
    const last = ranges.at(-1);
    const start = Math.max(0, hit - reach);
    const end = Math.min(buffer.length, hit + reach);
    if (last !== undefined && start <= last.end) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}

function newlinesIn(buffer: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (buffer[at] === 0x0a) count++;
  return count;
}
