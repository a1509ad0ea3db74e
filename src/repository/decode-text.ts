/**
 * Bytes as text. UTF-8 where they are valid UTF-8; UTF-16 by its byte order mark or its pattern of zero bytes (what
 * PowerShell 5 writes by default); otherwise latin1, which maps every byte to one character and so loses nothing.
 */
import { isUtf8 } from 'node:buffer';
import type { Encoding } from './source-file.ts';

export interface DecodedText {
  /** With its byte order mark, where it has one. */
  readonly text: string;
  readonly encoding: Encoding;
}

/** The text, or `undefined` for binary content: a NUL in the first 8 KiB, as git decides it. */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const wide = utf16EncodingOf(bytes);
  if (wide !== undefined) {
    return { text: new TextDecoder(wide, { ignoreBOM: true }).decode(bytes), encoding: wide };
  }
  if (hasNulAtStart(bytes)) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer)
    ? { text: buffer.toString('utf8'), encoding: 'utf-8' }
    : { text: buffer.toString('latin1'), encoding: 'latin1' };
}

const startLength = 8192;

function hasNulAtStart(bytes: Uint8Array): boolean {
  const nul = bytes.indexOf(0);
  return nul !== -1 && nul < startLength;
}

function utf16EncodingOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes[2] === 0 && bytes[3] === 0)) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return utf16WithoutMark(bytes.subarray(0, startLength));
}

/** Text of western alphabets in UTF-16 has a zero in nearly every second byte and none in between. */
function utf16WithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 16 || bytes.length % 2 !== 0) return undefined;
  const zeros = [0, 0];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
  const [even, odd] = zeros as [number, number];
  const most = (bytes.length / 2) * 0.9;
  if (even === 0 && odd >= most) return 'utf-16le';
  return odd === 0 && even >= most ? 'utf-16be' : undefined;
}
