/**
 * The entries of a zip archive: saved plans are zips, and credentials in them are compressed and so invisible to a
 * search of the bytes. Reads the central directory (PKWARE APPNOTE 4.3.12); stored and deflated entries only.
 */
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** `undefined` when the entry is encrypted, damaged, packed in another way or larger than allowed. */
  readonly bytes: Uint8Array | undefined;
}

const endOfDirectory = 0x06054b50;
const directoryHeader = 0x02014b50;
const localHeader = 0x04034b50;

/** Entries in the order of the directory; `undefined` when the bytes are no zip archive. */
export function readZipEntries(bytes: Uint8Array, maxEntryBytes: number): readonly ZipEntry[] | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 22 || view.readUInt32LE(0) !== localHeader) return undefined;
  // The record is followed by a comment of at most 65,535 bytes.
  const end = view.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end === -1 || end + 22 > view.length || view.readUInt32LE(end) !== endOfDirectory) return undefined;
  const count = view.readUInt16LE(end + 10);
  let at = view.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== directoryHeader) return undefined;
    const nameLength = view.readUInt16LE(at + 28);
    const name = view.toString('utf8', at + 46, at + 46 + nameLength);
    if (!name.endsWith('/')) entries.push({ name, bytes: entryBytes(view, at, maxEntryBytes) });
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return entries;
}

function entryBytes(view: Buffer, header: number, maxBytes: number): Uint8Array | undefined {
  const encrypted = (view.readUInt16LE(header + 8) & 1) === 1;
  const method = view.readUInt16LE(header + 10);
  const packedLength = view.readUInt32LE(header + 20);
  const local = view.readUInt32LE(header + 42);
  if (encrypted || local + 30 > view.length || view.readUInt32LE(local) !== localHeader) return undefined;
  const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  const packed = view.subarray(start, start + packedLength);
  if (packed.length !== packedLength || packedLength > maxBytes) return undefined;
  if (method === 0) return packed;
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}
