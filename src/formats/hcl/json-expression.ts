/**
 * A JSON value as an HCL expression. Strings are templates, as Terraform reads them: `${…}` and `%{…}` are parsed
 * with the ranges of the JSON text. In a string with JSON escapes the offsets of what stands inside are not those of
 * the source, so every node in it has the range of the whole string.
 */
import type { JsonString, JsonValue } from '../json/index.ts';
import { parseHcl } from './parse-hcl.ts';
import type { HclExpression, HclNode, HclObjectItem, HclTemplate, HclTemplatePart } from './syntax.ts';

export function jsonExpression(value: JsonValue, source: string): HclExpression {
  const { start, end } = value;
  switch (value.kind) {
    case 'string':
      return template(value);
    case 'number':
    case 'boolean':
      return { kind: 'literal', value: value.value, start, end };
    case 'null':
      return { kind: 'literal', value: null, start, end };
    case 'array':
      return { kind: 'tuple', elements: value.elements.map((element) => jsonExpression(element, source)), start, end };
    case 'object':
      return {
        kind: 'object',
        items: value.members.map(
          (member): HclObjectItem => ({
            key: template(member.key),
            name: member.key.value,
            separator: member.colon,
            value: jsonExpression(member.value, source),
            start: member.start,
            end: member.end,
          }),
        ),
        start,
        end,
      };
  }
}

function template(string: JsonString): HclTemplate {
  return { kind: 'template', parts: partsOf(string), start: string.start, end: string.end };
}

function partsOf(string: JsonString): readonly HclTemplatePart[] {
  const { value, start, end } = string;
  if (value === '') return [];
  if (!value.includes('${') && !value.includes('%{')) {
    return [{ kind: 'text', value, ...(string.escaped ? { start, end } : { start: start + 1, end: end - 1 }) }];
  }
  return parsedParts(string) ?? [{ kind: 'text', value, start, end }];
}

/**
 * The text is a template without quotes around it, in which a backslash and a quote are themselves: the inside of
 * a heredoc is the one place where native syntax has that.
 */
function parsedParts({ value, start, end, escaped }: JsonString): readonly HclTemplatePart[] | undefined {
  const marker = markerFor(value);
  const before = `x = <<${marker}\n`;
  const file = parseHcl(`${before}${value}\n${marker}\n`);
  const item = file.body.items[0];
  if (file.problems.length > 0 || item?.kind !== 'attribute' || item.expression.kind !== 'heredoc') return undefined;
  const by = start + 1 - before.length;
  const place = escaped ? (_: number, isEnd: boolean) => (isEnd ? end : start) : (at: number) => at + by;
  return withoutLastLineBreak(item.expression.parts).map((part) => placed(part, place));
}

/** A name that does not occur in the text. */
function markerFor(text: string): string {
  let marker = 'TEXT';
  while (text.includes(marker)) marker += '_';
  return marker;
}

/** Without the line break in front of the marker, which is not part of the text. */
function withoutLastLineBreak(parts: readonly HclTemplatePart[]): readonly HclTemplatePart[] {
  const last = parts.at(-1);
  if (last?.kind !== 'text') return parts;
  const kept = { ...last, value: last.value.slice(0, -1), end: last.end - 1 };
  return kept.value === '' ? parts.slice(0, -1) : [...parts.slice(0, -1), kept];
}

/** A copy of a node and all below with every offset put where it belongs; `value` is a literal's number, not an offset. */
function placed<Node extends HclNode>(node: Node, place: (offset: number, isEnd: boolean) => number): Node {
  const fields = Object.entries(node).map(([field, value]: [string, unknown]) => {
    if (typeof value === 'number' && field !== 'value')
      return [field, place(value, field === 'end' || field === 'nameEnd')];
    if (Array.isArray(value)) return [field, value.map((each: unknown) => (isNode(each) ? placed(each, place) : each))];
    return [field, isNode(value) ? placed(value, place) : value];
  });
  return Object.fromEntries(fields) as Node;
}

function isNode(value: unknown): value is HclNode {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
