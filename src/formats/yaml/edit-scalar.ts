/** Replaces a value in place: its style stays where the new value allows it. */
import type { Edit } from '../edit.ts';
import { contentEnd, eolAt, lineStart } from '../whole-lines.ts';
import { refusalAt, refuse } from './guard.ts';
import { indentStyle } from './layout.ts';
import type { EditOptions, YamlAnswer } from './plan.ts';
import { isAmbiguous, isPlainSafe, renderLiteral, renderQuoted, renderScalar } from './render.ts';
import type { YamlFile, YamlNode, YamlScalar } from './syntax.ts';
import { containerOf, holderOf } from './walk.ts';

export interface SetScalarOptions extends EditOptions {
  /** The comment behind the value, without the `#`: replaced, or added. Default: stays as it is. */
  readonly comment?: string;
}

/**
 * Gives a scalar another value. A string stays a string: `'true'` is quoted. Anchor and comment stay. Refused for an
 * alias, a map, a sequence, a key and a tagged value.
 */
export function setScalar(
  file: YamlFile,
  node: YamlNode,
  value: string | number | boolean | null,
  options: SetScalarOptions = {},
): YamlAnswer {
  if (node.kind === 'alias') {
    return refuse(`it is the alias *${node.name}: what it repeats stands elsewhere`, node.start);
  }
  if (node.kind !== 'scalar') return refuse(`it is a ${node.kind}, not a single value`, node.start);
  const holder = holderOf(file, node);
  if (holder?.kind === 'entry' && holder.key === node) return refuse('it is a key', node.start);
  if (node.tag !== undefined) return refuse(`the tag ${node.tag} says how to read it`, node.outerStart);
  const refusal = refusalAt(file, holder ?? node, options) ?? refusalAt(file, node, options);
  if (refusal !== undefined) return refusal;
  const text = textFor(file, node, value);
  const edits: Edit[] =
    text === file.source.slice(node.start, node.end) ? [] : [{ start: node.start, end: node.end, text }];
  if (options.comment !== undefined) {
    const comment = commentEdit(file.source, node, options.comment);
    if (comment === undefined) return refuse('a comment would cut off what follows on its line', node.end);
    edits.push(comment);
  }
  return { edits, changes: [{ kind: 'set', node, value }] };
}

function textFor(file: YamlFile, node: YamlScalar, value: string | number | boolean | null): string {
  const place = inFlow(file, node) ? 'flow' : 'block';
  const space = node.start === node.end && needsSpace(file.source, node) ? ' ' : '';
  if (typeof value !== 'string') return space + renderScalar(value, place);
  if ((node.style === 'literal' || node.style === 'folded') && value.includes('\n')) {
    const literal = literalText(file, node, value);
    if (literal !== undefined) return literal;
  }
  if (node.style === 'single' || node.style === 'double') return space + renderQuoted(value, node.style);
  if (isPlainSafe(value, place) && !isAmbiguous(value)) return space + value;
  return space + renderQuoted(value, 'single');
}

/** In a place where nothing is written yet, right behind `:`, `-` or an anchor. */
function needsSpace(source: string, node: YamlScalar): boolean {
  return node.start > 0 && !/\s/.test(source[node.start - 1] ?? ' ');
}

/** As the text it replaces: in the same column, behind the same comment of the header. */
function literalText(file: YamlFile, node: YamlScalar, value: string): string | undefined {
  const { source } = file;
  const headerEnd = contentEnd(source, node.start);
  const first = /[^\r\n \t][^\r\n]*|$/.exec(source.slice(headerEnd, node.end));
  const textStart = headerEnd + (first?.index ?? 0);
  const parent = parentIndent(file, node);
  const column = textStart - lineStart(source, textStart);
  const step = column > parent ? column - parent : indentStyle(file).step;
  const literal = renderLiteral(value, parent, step);
  if (literal === undefined) return undefined;
  const comment = /[ \t]+#.*$/.exec(source.slice(node.start, headerEnd))?.[0] ?? '';
  return [literal.header + comment, ...literal.lines].join(eolAt(source, node.start));
}

/** The column that the text of a block scalar has to be indented against. */
function parentIndent(file: YamlFile, node: YamlNode): number {
  const holder = holderOf(file, node);
  if (holder === undefined) return -1;
  return holder.start - lineStart(file.source, holder.start);
}

export function inFlow(file: YamlFile, node: YamlNode): boolean {
  const container = containerOf(file, node);
  return container !== undefined && 'style' in container && container.style === 'flow';
}

function commentEdit(source: string, node: YamlScalar, comment: string): Edit | undefined {
  const isBlockText = node.style === 'literal' || node.style === 'folded';
  const from = isBlockText ? node.start : node.end;
  const end = contentEnd(source, from);
  const rest = source.slice(from, end);
  const found = /[ \t]#.*$/.exec(rest);
  if (isBlockText) return undefined;
  if (found === null) return rest.trim() === '' ? { start: from, end: from, text: ` # ${comment}` } : undefined;
  if (rest.slice(0, found.index).trim() !== '') return undefined;
  const sign = /^[ \t]#[ \t]*/.exec(found[0])?.[0] ?? ' # ';
  return { start: from + found.index + sign.length, end, text: sign.endsWith('#') ? ` ${comment}` : comment };
}
