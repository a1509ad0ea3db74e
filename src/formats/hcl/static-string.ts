/** The string an expression stands for, where that is known without evaluating anything. */
import { isSpace } from './character-class.ts';
import type { HclExpression, HclTemplatePart } from './syntax.ts';

/**
 * The value of a quoted string or heredoc without interpolations and directives, also in parentheses; undefined for
 * everything else. A flush heredoc (`<<-`) has the indentation of its least indented line taken away. Composed as
 * Terraform composes strings (Unicode NFC).
 */
export function staticString(expression: HclExpression): string | undefined {
  let inner = expression;
  while (inner.kind === 'parentheses') inner = inner.inner;
  if (inner.kind !== 'template' && inner.kind !== 'heredoc') return undefined;
  const text = literalText(inner.parts);
  if (text === undefined) return undefined;
  return (inner.kind === 'heredoc' && inner.flush ? withoutIndentation(text) : text).normalize();
}

function literalText(parts: readonly HclTemplatePart[]): string | undefined {
  let text = '';
  for (const part of parts) {
    if (part.kind !== 'text') return undefined;
    text += part.value;
  }
  return text;
}

/** Blank lines neither count nor change (hashicorp/hcl, flushHeredocTemplateParts). */
function withoutIndentation(text: string): string {
  const lines = text.split(/(?<=\n)/);
  let smallest = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const width = indentation(line);
    if (width < line.length) smallest = Math.min(smallest, width);
  }
  return lines.map((line) => (indentation(line) < line.length ? line.slice(smallest) : line)).join('');
}

function indentation(line: string): number {
  let width = 0;
  while (width < line.length && isSpace(line.charCodeAt(width))) width++;
  return width;
}
