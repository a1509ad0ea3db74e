import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryObjectStore } from './object-store.ts';
import type { ObjectVersion } from './state.ts';

function version(versionId: string, deleteMarker: boolean = false): ObjectVersion {
  return {
    versionId,
    createdAt: 0,
    deleteMarker,
    body: new Uint8Array(),
    etag: '',
    contentType: '',
    metadata: {},
    headers: {},
    checksum: undefined,
    encryption: { algorithm: 'AES256', kmsKeyArn: undefined, bucketKey: false },
    tags: [],
  };
}
const ids = (versions: Iterable<ObjectVersion>): string[] => [...versions].map(({ versionId }) => versionId);

describe('the store of a bucket', () => {
  it('keeps versions newest first, and the one before becomes the latest when the newest goes', () => {
    const store = new MemoryObjectStore();
    for (const id of ['1', '2', '3']) store.add('key', version(id));
    expect(ids(store.get('key'))).toEqual(['3', '2', '1']);
    store.remove('key', '3');
    expect(store.latest('key')?.versionId).toBe('2');
    store.remove('key', '1');
    store.remove('key', '2');
    expect(store.latest('key')).toBeUndefined();
    expect(store.isEmpty).toBe(true);
  });

  it('has one version for an id: the null version is replaced and becomes the newest', () => {
    const store = new MemoryObjectStore();
    for (const id of ['null', '1', 'null']) store.add('key', version(id));
    expect(ids(store.get('key'))).toEqual(['null', '1']);
  });

  it('agrees with a list of all versions, whatever is added and removed', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'a/b', 'b', 'é'),
      id: fc.constantFrom('null', '1', '2', '3'),
      what: fc.constantFrom('add', 'mark', 'remove'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = new MemoryObjectStore();
        let model: { key: string; id: string; marker: boolean }[] = [];
        for (const { key, id, what } of steps) {
          model = model.filter((entry) => entry.key !== key || entry.id !== id);
          if (what === 'remove') store.remove(key, id);
          else {
            store.add(key, version(id, what === 'mark'));
            model.unshift({ key, id, marker: what === 'mark' });
          }
        }
        const keys = [...new Set(model.map(({ key }) => key))].sort((a, b) => (a < b ? -1 : 1));
        expect([...store.keys()]).toEqual(keys);
        expect([...store.keysFrom({ at: '' }, 'live')]).toEqual(
          keys.filter((key) => model.find((entry) => entry.key === key)?.marker === false),
        );
        for (const key of keys) {
          const own = model.filter((entry) => entry.key === key).map(({ id }) => id);
          expect(ids(store.get(key))).toEqual(own);
          expect(ids(store.versionsFrom(key, own[0]))).toEqual(own.slice(1));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds, adds and removes one of 20,000 versions of a key without looking at the others', () => {
    const store = new MemoryObjectStore();
    for (let index = 0; index < 20_000; index++) store.add('a/terraform.tfstate', version(String(index)));
    const before = store.comparisons;
    store.add('a/terraform.tfstate', version('new'));
    expect(store.latest('a/terraform.tfstate')?.versionId).toBe('new');
    expect(store.find('a/terraform.tfstate', '10000')?.versionId).toBe('10000');
    const page = store.versionsFrom('a/terraform.tfstate', '10000');
    expect(page.next().value?.versionId).toBe('9999');
    store.remove('a/terraform.tfstate', '10000');
    expect(store.find('a/terraform.tfstate', '10000')).toBeUndefined();
    expect(store.comparisons - before).toBe(0);
  });
});
