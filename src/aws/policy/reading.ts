/** What the readers of a policy document's elements share: where refusals go, and the two shapes everything is made of. */
import type { JsonObject, JsonValue } from '../../formats/json/index.ts';
import type { PolicyKind, PolicyProblem } from './document.ts';
import { type Refusal, refuse, type Stage, stageOf } from './refusals.ts';

/** Collects refusals; what it is handed to goes on reading, so that all are found. */
export interface Reading {
  readonly kind: PolicyKind;
  readonly found: { readonly stage: Stage; readonly problem: PolicyProblem }[];
}

/** The members of an object by name. A name that stands twice, or is not one of `known`, is a syntax error. */
export function membersOf(
  reading: Reading,
  object: JsonObject,
  prefix: string,
  known: readonly string[] | undefined,
): ReadonlyMap<string, JsonValue> {
  const members = new Map<string, JsonValue>();
  for (const { key, value } of object.members) {
    const name = key.value;
    if (members.has(name) || (known !== undefined && !known.includes(name))) {
      report(reading, 'syntax', `${prefix}${name}`);
    }
    members.set(name, value);
  }
  return members;
}

/** A string or a list of strings. */
export function stringsOf(reading: Reading, value: JsonValue, path: string): readonly string[] {
  const elements = value.kind === 'array' ? value.elements : [value];
  const strings: string[] = [];
  for (const element of elements) {
    if (element.kind === 'string') strings.push(element.value);
    else report(reading, 'syntax', path);
  }
  return strings;
}

export function report(reading: Reading, refusal: Refusal, path: string): void {
  reportAs(reading, stageOf(refusal), refuse(reading.kind, refusal, path));
}

export function reportAs(reading: Reading, stage: Stage, problem: PolicyProblem): void {
  reading.found.push({ stage, problem });
}
