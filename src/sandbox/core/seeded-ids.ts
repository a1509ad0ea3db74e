/** Identifiers from a seed: SHA-256 in counter mode under a key that the seed gives, so that one seed gives one world. */
import { createHmac } from 'node:crypto';
import type { Ids } from './ids.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const lowerAlphanumeric = 'abcdefghijklmnopqrstuvwxyz0123456789';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const hexDigits = '0123456789abcdef';

export class SeededIds implements Ids {
  readonly #seed: string;
  #counter = 0;
  #block: Uint8Array = new Uint8Array();
  #position = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  iam(prefix: Parameters<Ids['iam']>[0]): string {
    // Key ids hold their account in the first digits; 17 characters is the length of those of IAM.
    return prefix + this.#text(base32, prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17);
  }

  uuid(): string {
    const digits = this.hex(32);
    const variant = hexDigits[8 + (Number.parseInt(digits[16] as string, 16) % 4)];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  hex(digits: number): string {
    return this.#text(hexDigits, digits);
  }

  alphanumeric(length: number): string {
    return this.#text(lowerAlphanumeric, length);
  }

  secret(length: number): string {
    return this.#text(base64, length);
  }

  #text(alphabet: string, length: number): string {
    // Bytes above the last multiple of the alphabet's length would make its first letters likelier.
    const fair = 256 - (256 % alphabet.length);
    let text = '';
    while (text.length < length) {
      const byte = this.#byte();
      if (byte < fair) text += alphabet[byte % alphabet.length];
    }
    return text;
  }

  #byte(): number {
    if (this.#position === this.#block.length) {
      this.#block = createHmac('sha256', this.#seed)
        .update(String(this.#counter++))
        .digest();
      this.#position = 0;
    }
    return this.#block[this.#position++] as number;
  }
}
