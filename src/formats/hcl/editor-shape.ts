/**
 * The structure of a tree without its layout, as text that can be compared: the proof that an edit changed what it
 * declared and nothing else. Two files have the same shape when Terraform reads the same from both.
 */
import type { HclFile, HclHeredoc, HclNode } from './syntax.ts';

/** What an edit says it changes, in terms of the tree before it. */
export interface Delta {
  /** The shapes that stand where a node stood; none when it is removed. */
  readonly replaced?: ReadonlyMap<HclNode, readonly string[]>;
  /** Shapes that appear in a body, object or tuple, before its entry with this index. */
  readonly inserted?: ReadonlyMap<HclNode, { readonly index: number; readonly shapes: readonly string[] }>;
}

/** The shapes of the top-level items from one index up to another, or those they must have after this delta. */
export function shapesOfItems({ body, source }: HclFile, from: number, to: number, delta: Delta): string {
  const insertion = delta.inserted?.get(body);
  const parts: string[] = [];
  for (let index = from; index <= to; index++) {
    if (insertion?.index === index) parts.push(...insertion.shapes);
    if (index < to) parts.push(...shapes(body.items[index] as HclNode, source, delta));
  }
  return parts.join(',');
}

export function shapeOf(node: HclNode, source: string, delta: Delta = {}): string {
  return shapes(node, source, delta).join(',');
}

/** The nodes directly below one, in source order of their fields. */
export function childrenOf(node: HclNode): HclNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

function shapes(node: HclNode, source: string, delta: Delta): readonly string[] {
  const replaced = delta.replaced?.get(node);
  if (replaced !== undefined) return replaced;
  const kind = 'kind' in node ? String(node.kind) : 'part';
  if (opaque.has(kind)) return [leafShape(kind, textOf(node, source))];
  if (kind === 'heredoc' && (node as HclHeredoc).flush) return [flushHeredocShape(node as HclHeredoc, source, delta)];
  if ('quoted' in node && 'value' in node) return [`{label ${JSON.stringify(node.value)}}`];
  const isObjectItem = 'separator' in node;
  const fields: string[] = [];
  for (const [field, value] of Object.entries(node) as [string, unknown][]) {
    // Numbers are offsets. An object item's `name` only repeats its key.
    if (field === 'kind' || typeof value === 'number' || (isObjectItem && field === 'name')) continue;
    fields.push(`${field}:${fieldShape(value, node, source, delta)}`);
  }
  return [`{${[kind, ...fields].join(' ')}}`];
}

function fieldShape(value: unknown, owner: HclNode, source: string, delta: Delta): string {
  if (isNode(value)) return shapeOf(value, source, delta);
  if (!Array.isArray(value)) return JSON.stringify(value) ?? 'none';
  const insertion = delta.inserted?.get(owner);
  const parts: string[] = [];
  value.forEach((element: unknown, index) => {
    if (insertion?.index === index) parts.push(...insertion.shapes);
    parts.push(...(isNode(element) ? shapes(element, source, delta) : [JSON.stringify(element)]));
  });
  if (insertion !== undefined && insertion.index >= value.length) parts.push(...insertion.shapes);
  return `[${parts.join(',')}]`;
}

/** `<<-` takes the common indentation away, so its text is the same text at any depth. */
function flushHeredocShape(heredoc: HclHeredoc, source: string, delta: Delta): string {
  const lines = source.slice(heredoc.start, heredoc.end).split('\n').slice(1, -1);
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/[^ \t]/));
  const indentation = new RegExp(`^[ \\t]{0,${depths.length === 0 ? 0 : Math.min(...depths)}}`, 'gm');
  const parts = heredoc.parts.flatMap((part) => {
    if (part.kind !== 'text') return shapes(part, source, delta);
    // The bar keeps white space behind an interpolation from being taken for indentation.
    const text = (source[part.start - 1] === '\n' ? '' : '|') + textOf(part, source);
    return [leafShape('text', text.replace(/^[ \t]+$(?=\n)/gm, '').replace(indentation, ''))];
  });
  return `{heredoc flush marker:${heredoc.marker} parts:[${parts.join(',')}]}`;
}

function leafShape(kind: string, text: string): string {
  return `{${kind} ${JSON.stringify(text)}}`;
}

const opaque: ReadonlySet<string> = new Set(['literal', 'text', 'broken', 'broken-expression']);

function textOf(node: HclNode, source: string): string {
  return source.slice(node.start, node.end).replaceAll('\r\n', '\n');
}

function isNode(value: unknown): value is HclNode {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
