import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * Domain separation for fingerprints. It is public on purpose: a fingerprint has to be the same on every
 * machine so that baselines and suppressions can be shared. An AWS secret key carries 240 random bits, so a
 * keyed hash of it cannot be reversed by guessing; callers must not fingerprint low-entropy values (passwords).
 */
const FINGERPRINT_DOMAIN = 'keyless/fingerprint/v1';

/**
 * A value that cannot print itself: string conversion, JSON, template literals and `util.inspect` all give a
 * mask. Only `reveal()` returns the text, and only code that hands it to a process or compares it may call that.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Never pass the result to anything that logs, throws or renders. */
  reveal(): string {
    return this.#value;
  }

  get length(): number {
    return this.#value.length;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  /**
   * HMAC-SHA-256 over the value and a purpose (a rule id), as 32 hex digits. Independent of path, line and
   * commit, so it survives moves and rebases.
   */
  fingerprint(purpose: string): string {
    return createHmac('sha256', FINGERPRINT_DOMAIN).update(`${purpose}\0${this.#value}`).digest('hex').slice(0, 32);
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.toPrimitive](): string {
    return '[secret]';
  }
}

Object.defineProperty(Secret.prototype, inspect.custom, { value: () => '[secret]' });

/** `AKIA…7QXZ`: the prefix and the last four characters of an access key id, which are not enough to use it. */
export function maskKeyId(keyId: string): string {
  return keyId.length < 12 ? '…' : `${keyId.slice(0, 4)}…${keyId.slice(-4)}`;
}
