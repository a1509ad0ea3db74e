/**
 * Text that a caller wants to put into a file: parsed on its own first, so that its structure is known and nothing
 * that is not whole can get in. It is written with `\n`, two spaces a level, and no indentation of its own.
 */
import { KeylessError } from '../../kernel/error.ts';
import { fitted, type HeredocRange, type SourceLayout } from './editor-layout.ts';
import { childrenOf, shapeOf } from './editor-shape.ts';
import { parseHcl } from './index.ts';
import type { HclExpression, HclFile, HclHeredoc, HclItem, HclNode, HclObjectItem } from './syntax.ts';

export class Fragment {
  readonly text: string;
  /** The shapes of the nodes it consists of, in order. */
  readonly shapes: readonly string[];
  /** Attributes and blocks, when it is a piece of a body. */
  readonly items: readonly HclItem[];
  readonly comments: readonly string[];
  readonly #heredocs: readonly HeredocRange[];

  private constructor(text: string, frame: Frame, file: HclFile, nodes: readonly HclNode[]) {
    this.text = text;
    this.shapes = nodes.map((node) => shapeOf(node, file.source));
    this.items = file.body.items;
    this.comments = file.comments.map(({ start, end }) => file.source.slice(start, end));
    this.#heredocs = heredocsIn(file.body, -frame.before.length);
  }

  /** Attributes and blocks, with comments and blank lines as they should stand. */
  static body(text: string): Fragment {
    return Fragment.#parse(text, { before: '', after: '\n' }, (file) =>
      file.body.items.length > 0 ? file.body.items : undefined,
    );
  }

  static expression(text: string): Fragment {
    return Fragment.#parse(text, { before: 'x = ', after: '\n' }, (file) => {
      const value = onlyValue(file);
      return value && [value];
    });
  }

  /** `key = value` or `key : value`. */
  static objectItem(text: string): Fragment {
    return Fragment.#parse(text, { before: 'x = {\n', after: '\n}\n' }, (file) => {
      const item = onlyObjectItem(file);
      return item && [item];
    });
  }

  /** The key of an object item. */
  static objectKey(text: string): Fragment {
    return Fragment.#parse(text, { before: 'x = {\n', after: ' = 0\n}\n' }, (file) => {
      const item = onlyObjectItem(file);
      return item && [item.key];
    });
  }

  /** The text as it reads at this indentation in a file; the first line gets none. */
  fit(layout: SourceLayout, indent: string, eol: string): string {
    return fitted(this.text, this.#heredocs, { indent, unit: layout.unit, eol });
  }

  /** The text one level deeper, as a line of an object or block that is itself a fragment. */
  nested(): string {
    return `  ${fitted(this.text, this.#heredocs, { indent: '  ', unit: '  ', eol: '\n' })}`;
  }

  static #parse(raw: string, frame: Frame, find: (file: HclFile) => readonly HclNode[] | undefined): Fragment {
    const text = raw.replaceAll('\r\n', '\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '');
    const file = parseHcl(frame.before + text + frame.after);
    const nodes = file.problems.length === 0 ? find(file) : undefined;
    if (nodes === undefined) {
      throw new KeylessError({
        code: 'EDIT_REJECTED',
        message: `the text to insert is not what it should be: ${file.problems[0]?.message ?? 'it holds something else'}`,
        details: { lines: text.split('\n').length },
      });
    }
    return new Fragment(text, frame, file, nodes);
  }
}

/** Every heredoc at or below a node, with its offsets moved. */
export function heredocsIn(node: HclNode, by: number): readonly HeredocRange[] {
  if ('flush' in node) {
    const { start, end, flush } = node as HclHeredoc;
    return [{ start: start + by, end: end + by, flush }];
  }
  return childrenOf(node).flatMap((child) => heredocsIn(child, by));
}

interface Frame {
  readonly before: string;
  readonly after: string;
}

function onlyValue(file: HclFile): HclExpression | undefined {
  const [item, ...others] = file.body.items;
  return item?.kind === 'attribute' && others.length === 0 ? item.expression : undefined;
}

function onlyObjectItem(file: HclFile): HclObjectItem | undefined {
  const value = onlyValue(file);
  return value?.kind === 'object' && value.items.length === 1 ? value.items[0] : undefined;
}
