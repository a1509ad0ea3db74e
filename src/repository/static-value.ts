/** A value of the Terraform language that is known from the code alone, every part with the place it was written at. */
import type { Location } from '../kernel/diagnostic.ts';

export type StaticValue = StaticScalar | StaticList | StaticMap;

export interface StaticScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** Where the literal that decided it stands. */
  readonly place: Location;
}

export interface StaticList {
  readonly kind: 'list';
  readonly items: readonly StaticValue[];
  readonly place: Location;
}

/** An object or a map. All its keys are known; the value of an entry may not be. */
export interface StaticMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, StaticValue | undefined>;
  readonly place: Location;
}

/** The element of a list or map; `undefined` where there is none or it cannot be known. */
export function atKey(value: StaticValue, key: string | number): StaticValue | undefined {
  if (value.kind === 'map') return value.entries.get(String(key));
  return value.kind === 'list' ? value.items[Number(key)] : undefined;
}

/** True when Terraform would find nothing there; false when something is there, known or not. */
export function certainlyLacks(value: StaticValue, key: string | number): boolean {
  if (value.kind === 'map') return !value.entries.has(String(key));
  return value.kind === 'list' ? !(Number(key) in value.items) : true;
}

/** The string it is. */
export function staticText(value: StaticValue | undefined): string | undefined {
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** The string Terraform makes of it where it wants one; lists, maps and null make none. */
export function convertToString(value: StaticValue): string | undefined {
  return value.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
}

/** The condition it is; Terraform takes `"true"` for true. */
export function staticBoolean(value: StaticValue | undefined): boolean | undefined {
  if (value?.kind !== 'scalar') return undefined;
  if (value.value === true || value.value === 'true') return true;
  return value.value === false || value.value === 'false' ? false : undefined;
}
