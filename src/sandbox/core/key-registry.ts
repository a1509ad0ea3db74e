/** The keys of the world by access key id: what a signature is checked against. */
import type { IssuedKey } from './caller.ts';

export class KeyRegistry {
  readonly #keys = new Map<string, IssuedKey>();

  find(accessKeyId: string): IssuedKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  put(key: IssuedKey): void {
    this.#keys.set(key.accessKeyId, key);
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }
}
