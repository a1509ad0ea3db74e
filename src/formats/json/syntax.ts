/**
 * The tree of a JSON text. Every node carries the UTF-16 range it covers, because edits are splices of those ranges;
 * nothing is ever printed from the tree.
 */

export interface JsonNode {
  /** First UTF-16 offset. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

export interface JsonProblem extends JsonNode {
  readonly message: string;
}

export interface JsonFile {
  readonly source: string;
  /** `undefined` when the text is not JSON; `problems` then says where it stops being so. */
  readonly root: JsonValue | undefined;
  readonly problems: readonly JsonProblem[];
  /** Comments, where they are allowed (`comments: true`). */
  readonly comments: readonly JsonNode[];
}

export type JsonValue = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

export interface JsonObject extends JsonNode {
  readonly kind: 'object';
  /** In source order; a key may occur more than once. */
  readonly members: readonly JsonMember[];
}

export interface JsonMember extends JsonNode {
  readonly key: JsonString;
  /** Offset of `:`. */
  readonly colon: number;
  readonly value: JsonValue;
}

export interface JsonArray extends JsonNode {
  readonly kind: 'array';
  readonly elements: readonly JsonValue[];
}

export interface JsonString extends JsonNode {
  readonly kind: 'string';
  readonly value: string;
  /** The source holds escapes, so that offsets in `value` are not offsets in the source. */
  readonly escaped: boolean;
}

export interface JsonNumber extends JsonNode {
  readonly kind: 'number';
  readonly value: number;
}

export interface JsonBoolean extends JsonNode {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface JsonNull extends JsonNode {
  readonly kind: 'null';
}

/** Keys and indices from the root down. */
export type JsonPath = readonly (string | number)[];

/** A value as JavaScript has it. */
export type JsonData = string | number | boolean | null | readonly JsonData[] | { readonly [key: string]: JsonData };
