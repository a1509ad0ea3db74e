/**
 * Reads the members of an input shape as AWS's model describes them, and refuses what does not fit in AWS's words: a
 * missing member, a value outside its length, pattern or list.
 */
import { AwsError } from './aws-error.ts';
import { type Page, paginate } from './pagination.ts';
import type { Input } from './service.ts';

export interface StringRules {
  readonly min?: number;
  readonly max?: number;
  /** The whole value must match. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** Makes a service's refusal of an input: `ValidationException`, `InvalidInputException`. */
export type Refuse = (message: string) => AwsError;

export class ModelInput {
  readonly #input: Input;
  readonly #refuse: Refuse;
  readonly #path: string;

  constructor(input: Input, refuse: Refuse, path: string = '') {
    this.#input = input;
    this.#refuse = refuse;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#input[name] !== undefined && this.#input[name] !== null;
  }

  string(name: string, rules: StringRules = {}): string {
    return this.optionalString(name, rules) ?? this.#missing(name);
  }

  optionalString(name: string, rules: StringRules = {}): string | undefined {
    const value = this.#input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw wrongType(value, 'a String');
    const constraint = broken(value, rules);
    if (constraint !== undefined) throw this.#unfit(name, value, constraint);
    return value;
  }

  /** One of an enumeration, as its type. */
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value {
    return this.string(name, { oneOf: values }) as Value;
  }

  optionalOneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    return this.optionalString(name, { oneOf: values }) as Value | undefined;
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    const value = this.#input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, 'an Integer');
    if (value < min) throw this.#unfit(name, value, `Member must have value greater than or equal to ${min}`);
    if (value > max) throw this.#unfit(name, value, `Member must have value less than or equal to ${max}`);
    return value;
  }

  struct(name: string): ModelInput {
    return this.optionalStruct(name) ?? this.#missing(name);
  }

  optionalStruct(name: string): ModelInput | undefined {
    const value = this.#input[name];
    if (value === undefined || value === null) return undefined;
    return new ModelInput(record(value), this.#refuse, `${this.#at(name)}.`);
  }

  structs(name: string, min: number, max: number): readonly ModelInput[] {
    if (!this.has(name)) return this.#missing(name);
    return this.#list(name, min, max).map(
      (item, index) => new ModelInput(record(item), this.#refuse, `${this.#at(name)}.${index + 1}.member.`),
    );
  }

  strings(name: string, min: number, max: number, rules: StringRules = {}): readonly string[] {
    if (!this.has(name)) return this.#missing(name);
    return this.#list(name, min, max).map((item) => {
      if (typeof item !== 'string') throw wrongType(item, 'a String');
      const constraint = broken(item, rules);
      if (constraint !== undefined) throw this.#unfit(name, item, constraint);
      return item;
    });
  }

  /** The value as it was sent: for members that are stored and given back. */
  raw(name: string): unknown {
    return this.#input[name];
  }

  /** The page that `MaxResults` and `NextToken` ask for. */
  page<Item>(items: readonly Item[], size: number = 100, maximum: number = size): Page<Item> {
    const asked = this.optionalInteger('MaxResults', 1, maximum) ?? size;
    return paginate(items, asked, this.optionalString('NextToken'), () => this.#refuse('Invalid NextToken.'));
  }

  #list(name: string, min: number, max: number): readonly unknown[] {
    const value = this.#input[name];
    if (!Array.isArray(value)) throw wrongType(value, 'a List');
    if (value.length < min) {
      throw this.#unfit(name, value, `Member must have length greater than or equal to ${min}`);
    }
    if (value.length > max) throw this.#unfit(name, value, `Member must have length less than or equal to ${max}`);
    return value;
  }

  #missing(name: string): never {
    throw this.#unfit(name, null, 'Member must not be null');
  }

  #unfit(name: string, value: unknown, constraint: string): AwsError {
    const shown = value === null ? 'null' : `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`;
    return this.#refuse(
      `1 validation error detected: Value ${shown.slice(0, 300)} at '${this.#at(name)}' failed to satisfy constraint: ${constraint}`,
    );
  }

  /** Members are named with a small first letter in these messages. */
  #at(name: string): string {
    return `${this.#path}${name[0]?.toLowerCase()}${name.slice(1)}`;
  }
}

function broken(value: string, { min, max, pattern, oneOf }: StringRules): string | undefined {
  if (oneOf !== undefined && !oneOf.includes(value)) return `Member must satisfy enum value set: [${oneOf.join(', ')}]`;
  if (min !== undefined && value.length < min) return `Member must have length greater than or equal to ${min}`;
  if (max !== undefined && value.length > max) return `Member must have length less than or equal to ${max}`;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(value)) {
    return `Member must satisfy regular expression pattern: ${pattern.source}`;
  }
  return undefined;
}

function record(value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(value, 'a Structure');
  return value as Input;
}

function wrongType(value: unknown, wanted: string): AwsError {
  const given = Array.isArray(value) ? 'LIST_VALUE' : `${typeof value}_VALUE`.toUpperCase();
  return new AwsError('SerializationException', `${given} can not be converted to ${wanted}`, 400);
}
