/** Looks a value up in a JSON tree by the keys and indices that lead to it. */
import type { JsonData, JsonMember, JsonObject, JsonPath, JsonValue } from './syntax.ts';

/** The value at a path; of equal keys the last counts, as for `JSON.parse`. */
export function findValue(root: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let value = root;
  for (const step of path) {
    if (value?.kind === 'object') value = findMember(value, String(step))?.value;
    else if (value?.kind === 'array' && typeof step === 'number') value = value.elements[step];
    else return undefined;
  }
  return value;
}

/** The last member with this key. */
export function findMember(object: JsonObject, key: string): JsonMember | undefined {
  return object.members.findLast((member) => member.key.value === key);
}

/** The value as JavaScript has it, like `JSON.parse`. */
export function jsonData(value: JsonValue): JsonData {
  switch (value.kind) {
    case 'object':
      return Object.fromEntries(value.members.map((member) => [member.key.value, jsonData(member.value)]));
    case 'array':
      return value.elements.map(jsonData);
    case 'null':
      return null;
    default:
      return value.value;
  }
}
