/**
 * Holds what a service returns to the model that the AWS SDK carries: a member the shape does not have, a value of another
 * type, a required member that is missing, an error the model does not know. The SDK itself drops what it doesn't know.
 */
import { AwsError } from '../../src/sandbox/core/aws-error.ts';
import type { Operation, Output, Service, WireResponse } from '../../src/sandbox/core/service.ts';

/** The module of one client package, which exports a schema for each operation and shape: `ListUsers$`, `User$`. */
export type SdkModule = Readonly<Record<string, unknown>>;

/** Of every service, beside those in its model. */
const commonErrors: ReadonlySet<string> = new Set(['SerializationException', 'UnknownOperationException']);

/**
 * The service with every output and error checked. What does not fit is thrown as a plain Error, which the frame reports as
 * a problem. `unmodelled`: operations that are ours, such as pages, and error codes that AWS answers without a model.
 */
export function withCheckedShapes(service: Service, sdk: SdkModule, unmodelled: readonly string[] = []): Service {
  const check = (name: string, operation: Operation): Operation => ({
    ...operation,
    handle: async (call, input) => {
      try {
        const output = await operation.handle(call, input);
        if (!unmodelled.includes(name)) checkOutput(name, output, sdk);
        return output;
      } catch (error) {
        if (error instanceof AwsError) checkError(name, error, sdk, unmodelled);
        throw error;
      }
    },
  });
  return { ...service, operations: new Map([...service.operations].map(([name, one]) => [name, check(name, one)])) };
}

/** Smithy's types as the SDK writes them: a number, `unit`, `[kind, namespace, name, traits, …]`, or a function that gives one. */
type Schema = number | 'unit' | readonly unknown[] | (() => Schema);

const kind = { simple: 0, list: 1, map: 2, structure: 3, union: 4, error: -3, operation: 9 } as const;

function checkOutput(operation: string, output: Output, sdk: SdkModule): void {
  const schema = sdk[`${operation}$`] as readonly unknown[] | undefined;
  if (schema?.[0] !== kind.operation) throw new Error(`${operation} is no operation of the SDK`);
  const body = isWireResponse(output) ? String(output.body) : undefined;
  const value = body === undefined ? (output ?? {}) : body === '' ? {} : (JSON.parse(body) as unknown);
  complain(misfits(schema[5] as Schema, value, operation));
}

function checkError(operation: string, error: AwsError, sdk: SdkModule, unmodelled: readonly string[]): void {
  if (commonErrors.has(error.code) || unmodelled.includes(error.code)) return;
  const schema = sdk[`${error.code}$`] as readonly unknown[] | undefined;
  if (schema?.[0] !== kind.error) throw new Error(`${operation}: the SDK does not know the error ${error.code}`);
  complain(misfitsOfMembers(schema, error.members, `${operation}: ${error.code}`));
}

function complain(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function misfits(given: Schema, value: unknown, path: string): readonly string[] {
  let schema = given;
  while (typeof schema === 'function') schema = schema();
  if (schema === 'unit') return isRecord(value) && Object.keys(value).length === 0 ? [] : [`${path} should be empty`];
  if (typeof schema === 'number') {
    // 64 and 128 make a list or a map of the simple type below them.
    if (schema & 64) return misfitsOfList(schema & ~64, value, path);
    if (schema & 128) return misfitsOfMap(schema & ~128, value, path);
    return isOfType(schema, value) ? [] : [`${path} is ${JSON.stringify(value)}, which is not of type ${schema}`];
  }
  const [head] = schema;
  // A member with traits: [schema, traits].
  if (schema.length === 2) return misfits(head as Schema, value, path);
  switch (head) {
    case kind.simple:
      return misfits(schema[4] as Schema, value, path);
    case kind.list:
      return misfitsOfList(schema[4] as Schema, value, path);
    case kind.map:
      return misfitsOfMap(schema[5] as Schema, value, path);
    case kind.structure:
    case kind.union:
      return [...misfitsOfMembers(schema, value, path), ...missing(schema, value, path)];
    default:
      return [`${path}: a schema of kind ${String(head)} is not understood`];
  }
}

function misfitsOfMembers(schema: readonly unknown[], value: unknown, path: string): readonly string[] {
  if (!isRecord(value)) return [`${path} is no structure`];
  const names = schema[4] as readonly string[];
  const members = schema[5] as readonly Schema[];
  return Object.entries(value).flatMap(([name, member]) => {
    if (member === undefined) return [];
    const expected = members[names.indexOf(name)];
    return expected === undefined ? [`${path} has no member ${name}`] : misfits(expected, member, `${path}.${name}`);
  });
}

/** The required members stand first; the schema says how many they are. */
function missing(schema: readonly unknown[], value: unknown, path: string): readonly string[] {
  const required = (schema[4] as readonly string[]).slice(0, (schema[6] as number | undefined) ?? 0);
  return required
    .filter((name) => !isRecord(value) || value[name] === undefined)
    .map((name) => `${path}.${name} is missing`);
}

function misfitsOfList(item: Schema, value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${path} is no list`];
  return value.flatMap((one, index) => misfits(item, one, `${path}[${index}]`));
}

function misfitsOfMap(item: Schema, value: unknown, path: string): readonly string[] {
  if (!isRecord(value)) return [`${path} is no map`];
  return Object.entries(value).flatMap(([key, one]) => misfits(item, one, `${path}.${key}`));
}

/** Numbers of the SDK: 0 string, 1 number, 2 boolean, 4 to 7 timestamp, 15 document, 17 and 19 big numbers, 21 and 42 bytes. */
function isOfType(type: number, value: unknown): boolean {
  if (type === 0) return typeof value === 'string';
  if (type === 1) return typeof value === 'number';
  if (type === 2) return typeof value === 'boolean';
  if (type >= 4 && type <= 7) return value instanceof Date || typeof value === 'number';
  if (type === 15) return true;
  if (type === 21 || type === 42) return value instanceof Uint8Array;
  return typeof value === 'bigint' || typeof value === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWireResponse(output: Output): output is WireResponse {
  return typeof output === 'object' && 'status' in output && 'headers' in output && 'body' in output;
}
