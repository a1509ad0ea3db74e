/**
 * Credentials that never existed, drawn from a seed: shaped like AWS's, so that a search finds them, and made at run time, so
 * that none stands in this repository.
 */
import { createHash } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export interface GeneratedCredential {
  readonly keyId: string;
  readonly secret: string;
  readonly sessionToken: string;
}

/** The same seed gives the same credential. */
export function generateCredential(seed: number | string, prefix: string = 'AKIA'): GeneratedCredential {
  return {
    keyId: prefix + draw(`${seed} id`, base32, 16, (text) => /\d/.test(text)),
    secret: draw(`${seed} secret`, base64, 40, (text) => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)),
    sessionToken: draw(`${seed} token`, base64, 344, () => true),
  };
}

function draw(seed: string, alphabet: string, length: number, accept: (text: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    let text = '';
    for (let block = 0; text.length < length; block++) {
      const bytes = createHash('sha256').update(`${seed} ${attempt} ${block}`).digest();
      for (const byte of bytes) text += alphabet[byte % alphabet.length];
    }
    text = text.slice(0, length);
    if (accept(text)) return text;
  }
}
