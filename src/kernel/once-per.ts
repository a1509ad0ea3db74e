/**
 * Computes once for every key and remembers the answer for as long as the key lives. For what follows from a file or a
 * repository alone, both of which never change.
 */
export function oncePer<Key extends WeakKey, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const remembered = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let known = remembered.get(key);
    if (known === undefined) {
      known = { value: compute(key) };
      remembered.set(key, known);
    }
    return known.value;
  };
}
