/**
 * The pure functions of the Terraform language that decide names, regions and accounts in real code.
 * https://developer.hashicorp.com/terraform/language/functions
 */
import type { Location } from '../kernel/diagnostic.ts';
import { convertToString, type StaticList, type StaticMap, type StaticValue, staticText } from './static-value.ts';

/** The result, or `undefined` for a function that is not in the table or arguments it does not take. */
export function callStatically(name: string, args: readonly StaticValue[], place: Location): StaticValue | undefined {
  return functions[name]?.(args, place);
}

type StaticFunction = (args: readonly StaticValue[], place: Location) => StaticValue | undefined;

/** A function of strings alone. Its value stands where its first argument does. */
function ofText(call: (...texts: string[]) => string | boolean | readonly string[] | undefined): StaticFunction {
  return (args, place) => {
    const texts = args.map(convertToString);
    if (!texts.every((text) => text !== undefined)) return undefined;
    const result = call(...texts);
    const from = args[0]?.place ?? place;
    if (result === undefined) return undefined;
    if (typeof result !== 'object') return { kind: 'scalar', value: result, place: from };
    return { kind: 'list', items: result.map((value) => ({ kind: 'scalar', value, place: from })), place: from };
  };
}

/** The same value, another type. */
const unchanged: StaticFunction = ([value]) => value;

const functions: Readonly<Record<string, StaticFunction>> = {
  coalesce: (args) => args.find((value) => value.kind !== 'scalar' || (value.value !== null && value.value !== '')),
  concat: (args, place) =>
    args.every(isList) ? { kind: 'list', items: args.flatMap(({ items }) => items), place } : undefined,
  contains: ([list, wanted], place) => {
    if (!isList(list) || wanted?.kind !== 'scalar') return undefined;
    const found = list.items.some((item) => item.kind === 'scalar' && item.value === wanted.value);
    return { kind: 'scalar', value: found, place };
  },
  element: ([list, index]) => {
    if (!isList(list) || index?.kind !== 'scalar' || typeof index.value !== 'number') return undefined;
    return list.items.at(index.value % list.items.length);
  },
  endswith: ofText((text, suffix) => (suffix === undefined ? undefined : text?.endsWith(suffix))),
  format: ofText((pattern, ...values) => format(pattern ?? '', values)),
  join: ([separator, list]) => {
    const between = staticText(separator);
    if (between === undefined || !isList(list)) return undefined;
    const parts = list.items.map(convertToString);
    if (!parts.every((part) => part !== undefined)) return undefined;
    return { kind: 'scalar', value: parts.join(between), place: list.items[0]?.place ?? list.place };
  },
  keys: ([map], place) =>
    isMap(map)
      ? {
          kind: 'list',
          items: [...map.entries]
            .sort(byKey)
            .map(([key, value]) => ({ kind: 'scalar', value: key, place: value?.place ?? map.place })),
          place,
        }
      : undefined,
  length: ([value], place) => {
    if (isList(value)) return { kind: 'scalar', value: value.items.length, place };
    if (isMap(value)) return { kind: 'scalar', value: value.entries.size, place };
    const text = staticText(value);
    return text === undefined ? undefined : { kind: 'scalar', value: text.length, place };
  },
  lower: ofText((text) => text?.toLowerCase()),
  merge: (args, place) =>
    args.every(isMap)
      ? { kind: 'map', entries: new Map(args.flatMap(({ entries }) => [...entries])), place }
      : undefined,
  nonsensitive: unchanged,
  one: ([list]) => (isList(list) && list.items.length === 1 ? list.items[0] : undefined),
  replace: ofText((text, wanted, by) => {
    if (text === undefined || wanted === undefined || by === undefined) return undefined;
    // Between slashes it is a regular expression of Go's kind, which is not JavaScript's.
    return wanted.length > 1 && wanted.startsWith('/') && wanted.endsWith('/')
      ? undefined
      : text.replaceAll(wanted, by);
  }),
  sensitive: unchanged,
  split: ofText((separator, text) => (separator === undefined ? undefined : text?.split(separator))),
  startswith: ofText((text, prefix) => (prefix === undefined ? undefined : text?.startsWith(prefix))),
  strcontains: ofText((text, part) => (part === undefined ? undefined : text?.includes(part))),
  substr: ([text, offset, length]) => {
    const whole = staticText(text);
    if (whole === undefined || text === undefined || offset?.kind !== 'scalar' || length?.kind !== 'scalar')
      return undefined;
    if (typeof offset.value !== 'number' || typeof length.value !== 'number') return undefined;
    const start = offset.value < 0 ? whole.length + offset.value : offset.value;
    const end = length.value < 0 ? whole.length : start + length.value;
    return { kind: 'scalar', value: whole.slice(start, end), place: text.place };
  },
  tolist: unchanged,
  tomap: unchanged,
  toset: ([value]) => (isList(value) ? { ...value, items: distinct(value.items) } : value),
  tostring: ofText((text) => text),
  trimprefix: ofText((text, prefix) =>
    prefix !== undefined && text?.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimspace: ofText((text) => text?.trim()),
  trimsuffix: ofText((text, suffix) =>
    suffix !== undefined && suffix !== '' && text?.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  upper: ofText((text) => text?.toUpperCase()),
  values: ([map], place) => {
    const items = isMap(map) ? [...map.entries].sort(byKey).map(([, value]) => value) : [undefined];
    return items.every((value) => value !== undefined) ? { kind: 'list', items, place } : undefined;
  },
};

/** `%s`, `%d`, `%v` and `%%`; any other verb makes the result unknown. */
function format(pattern: string, values: readonly string[]): string | undefined {
  let next = 0;
  let known = true;
  const text = pattern.replace(/%(.?)/gs, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[next++];
    if (!'sdv'.includes(verb) || verb === '' || value === undefined) known = false;
    return value ?? '';
  });
  return known ? text : undefined;
}

/** Sets are iterated in order of their strings. */
function distinct(items: readonly StaticValue[]): readonly StaticValue[] {
  const byText = new Map(items.map((item) => [convertToString(item) ?? '', item]));
  return [...byText].sort(byKey).map(([, item]) => item);
}

function isList(value: StaticValue | undefined): value is StaticList {
  return value?.kind === 'list';
}

function isMap(value: StaticValue | undefined): value is StaticMap {
  return value?.kind === 'map';
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
