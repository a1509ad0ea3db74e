/** Bytes of a request as text; what is no UTF-8 is refused, not guessed. */
const decoder = new TextDecoder('utf-8', { fatal: true });

/** `undefined` when the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
