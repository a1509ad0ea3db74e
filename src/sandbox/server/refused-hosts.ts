/** Hosts that clients wanted and did not get: the proof that nothing left the machine. */
export interface RefusedHost {
  readonly host: string;
  readonly port: number;
  /** How often it was asked for. */
  readonly count: number;
}

/** More different names than any run of a client asks for. */
const maximum = 1000;

export class RefusedHosts {
  readonly #counts = new Map<string, RefusedHost>();

  add(host: string, port: number): void {
    const key = `${host.toLowerCase()}:${port}`;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= maximum) return;
    this.#counts.set(key, { host: host.toLowerCase(), port, count: (known?.count ?? 0) + 1 });
  }

  /** In the order in which they were asked for first. */
  list(): readonly RefusedHost[] {
    return [...this.#counts.values()];
  }
}
