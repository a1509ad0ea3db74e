/** A value to be written into configuration, in both of Terraform's syntaxes. */
import type { JsonData } from '../../formats/json/index.ts';

export interface Value {
  /** As native syntax, with two spaces a level. */
  readonly hcl: string;
  /** As it stands in `*.tf.json`. */
  readonly json: JsonData;
}

/** A string that holds no references: `${` is escaped. */
export function text(value: string): Value {
  const escaped = value.replaceAll('${', '$${').replaceAll('%{', '%%{');
  return { hcl: JSON.stringify(escaped), json: escaped };
}

export function flag(value: boolean): Value {
  return { hcl: String(value), json: value };
}

/** An expression such as `local.account_ids[terraform.workspace]`. */
export function expression(source: string): Value {
  return { hcl: source, json: `\${${source}}` };
}

export function list(...elements: readonly Value[]): Value {
  return { hcl: `[${elements.map(({ hcl }) => hcl).join(', ')}]`, json: elements.map(({ json }) => json) };
}

/** An object over several lines, its `=` aligned. */
export function object(entries: readonly (readonly [string, Value])[]): Value {
  const keys = entries.map(([key]) => (isIdentifier(key) ? key : JSON.stringify(key)));
  const width = Math.max(0, ...keys.map((key) => key.length));
  const lines = entries.map(
    ([, { hcl }], index) => `  ${(keys[index] as string).padEnd(width)} = ${hcl.replaceAll('\n', '\n  ')}\n`,
  );
  return {
    hcl: entries.length === 0 ? '{}' : `{\n${lines.join('')}}`,
    json: Object.fromEntries(entries.map(([key, { json }]) => [key, json])),
  };
}

function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(text);
}
