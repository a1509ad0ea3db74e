/** The objects of one bucket in memory: an index of keys, and for each key its versions as a chain with an index by id. */
import { SortedKeys } from './key-order.ts';
import type { KeyPosition, ObjectStore, ObjectVersion } from './state.ts';

interface Link {
  readonly version: ObjectVersion;
  older: Link | undefined;
  newer: Link | undefined;
}

class VersionChain {
  newest: Link | undefined;
  readonly #byId = new Map<string, Link>();

  find(versionId: string): Link | undefined {
    return this.#byId.get(versionId);
  }

  add(version: ObjectVersion): void {
    this.remove(version.versionId);
    const link: Link = { version, older: this.newest, newer: undefined };
    if (this.newest !== undefined) this.newest.newer = link;
    this.newest = link;
    this.#byId.set(version.versionId, link);
  }

  remove(versionId: string): void {
    const link = this.#byId.get(versionId);
    if (link === undefined) return;
    this.#byId.delete(versionId);
    if (link.older !== undefined) link.older.newer = link.newer;
    if (link.newer === undefined) this.newest = link.older;
    else link.newer.older = link.older;
  }
}

export class MemoryObjectStore implements ObjectStore {
  readonly #chains = new Map<string, VersionChain>();
  readonly #all = new SortedKeys();
  readonly #live = new SortedKeys();

  get isEmpty(): boolean {
    return this.#all.isEmpty;
  }

  get(key: string): readonly ObjectVersion[] {
    return [...this.versionsFrom(key)];
  }

  latest(key: string): ObjectVersion | undefined {
    return this.#chains.get(key)?.newest?.version;
  }

  find(key: string, versionId: string): ObjectVersion | undefined {
    return this.#chains.get(key)?.find(versionId)?.version;
  }

  keys(): IterableIterator<string> {
    return this.#all.from({ at: '' });
  }

  keysFrom(from: KeyPosition, which: 'all' | 'live'): IterableIterator<string> {
    return (which === 'all' ? this.#all : this.#live).from(from);
  }

  *versionsFrom(key: string, afterVersionId?: string): IterableIterator<ObjectVersion> {
    const chain = this.#chains.get(key);
    let link = afterVersionId === undefined ? chain?.newest : chain?.find(afterVersionId)?.older;
    for (; link !== undefined; link = link.older) yield link.version;
  }

  add(key: string, version: ObjectVersion): void {
    let chain = this.#chains.get(key);
    if (chain === undefined) {
      chain = new VersionChain();
      this.#chains.set(key, chain);
      this.#all.add(key);
    }
    const wasLive = isLive(chain);
    chain.add(version);
    this.#follow(key, wasLive, isLive(chain));
  }

  remove(key: string, versionId: string): void {
    const chain = this.#chains.get(key);
    if (chain === undefined) return;
    const wasLive = isLive(chain);
    chain.remove(versionId);
    this.#follow(key, wasLive, isLive(chain));
    if (chain.newest !== undefined) return;
    this.#chains.delete(key);
    this.#all.remove(key);
  }

  /** Comparisons of keys so far: what a test of growth counts. */
  get comparisons(): number {
    return this.#all.comparisons + this.#live.comparisons;
  }

  #follow(key: string, wasLive: boolean, live: boolean): void {
    if (live && !wasLive) this.#live.add(key);
    if (wasLive && !live) this.#live.remove(key);
  }
}

function isLive(chain: VersionChain): boolean {
  return chain.newest !== undefined && !chain.newest.version.deleteMarker;
}
