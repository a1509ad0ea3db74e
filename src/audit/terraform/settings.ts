/**
 * One view of the two ways in which Terraform code groups arguments: a block's body and an object. `assume_role { }`,
 * `assume_role = { }`, `assume_role = [{ }, { }]`, `dynamic "assume_role" { content { } }` and the objects of
 * `*.tf.json` all answer the same questions here, so that a detector asks once.
 */
import type { HclBody, HclExpression, HclObject } from '../../formats/hcl/syntax.ts';

/** One argument: `name = value`, wherever it stands. */
export interface Setting {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly value: HclExpression;
}

export class Settings {
  readonly start: number;
  readonly end: number;
  /** Offset of `{`: no two groups of a file share it, while the blocks of a JSON list share their start. */
  readonly brace: number;
  readonly #node: HclBody | HclObject;

  /** `start` and `end` are those of the whole block or object, for reports. */
  constructor(node: HclBody | HclObject, range: { readonly start: number; readonly end: number } = node) {
    this.#node = node;
    this.start = range.start;
    this.end = range.end;
    this.brace = node.kind === 'object' ? node.start : node.start - 1;
  }

  /** The arguments in source order; nested blocks are not among them. */
  all(): readonly Setting[] {
    if (this.#node.kind === 'object') {
      return this.#node.items.flatMap((item) =>
        item.name === undefined
          ? []
          : [{ name: item.name, start: item.start, end: item.end, value: item.value } satisfies Setting],
      );
    }
    return this.#node.items.flatMap((item) =>
      item.kind === 'attribute'
        ? [{ name: item.name, start: item.start, end: item.end, value: item.expression } satisfies Setting]
        : [],
    );
  }

  /** The arguments of this group and of every block in it, however deep. */
  everything(): readonly Setting[] {
    const found = new Map(this.all().map((setting) => [setting.start, setting]));
    if (this.#node.kind === 'body') {
      for (const item of this.#node.items) {
        if (item.kind !== 'block') continue;
        for (const setting of new Settings(item.body, item).everything()) found.set(setting.start, setting);
      }
    }
    return [...found.values()];
  }

  /** The argument of that name; the last one where a broken file has several. `null` counts as absent, as it does for Terraform. */
  get(name: string): Setting | undefined {
    const found = this.all().findLast((setting) => setting.name === name);
    return found === undefined || isNull(found.value) ? undefined : found;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined || this.nested(name).length > 0;
  }

  /** Every group of that name: blocks, dynamic blocks' contents, an object, the objects of a list. */
  nested(name: string): readonly Settings[] {
    // In JSON a group is both a block and an attribute, because only a schema could tell; it is counted once.
    const found = new Map<number, Settings>();
    if (this.#node.kind === 'body') {
      for (const item of this.#node.items) {
        if (item.kind !== 'block') continue;
        const body = new Settings(item.body, item);
        if (item.type === name) found.set(body.brace, body);
        if (item.type === 'dynamic' && item.labels[0]?.value === name) {
          for (const content of body.nested('content')) found.set(content.brace, content);
        }
      }
    }
    for (const setting of this.all()) {
      if (setting.name !== name) continue;
      for (const group of settingsWithin(setting.value)) if (!found.has(group.brace)) found.set(group.brace, group);
    }
    return [...found.values()];
  }

  /** The blocks of that type under a label: `backend "s3" { }` inside `terraform`. */
  labelled(type: string, label: string): readonly Settings[] {
    if (this.#node.kind === 'object') return [];
    return this.#node.items.flatMap((item) =>
      item.kind === 'block' && item.type === type && item.labels[0]?.value === label
        ? [new Settings(item.body, item)]
        : [],
    );
  }
}

/** The objects that an expression can be without evaluating anything: itself, the elements of a list, both branches. */
export function settingsWithin(expression: HclExpression): readonly Settings[] {
  switch (expression.kind) {
    case 'object':
      return [new Settings(expression)];
    case 'tuple':
      return expression.elements.flatMap(settingsWithin);
    case 'parentheses':
      return settingsWithin(expression.inner);
    case 'conditional':
      return [...settingsWithin(expression.whenTrue), ...settingsWithin(expression.whenFalse)];
    case 'for':
      return settingsWithin(expression.value);
    case 'call':
      return ['merge', 'concat', 'tolist', 'tomap', 'try', 'sensitive', 'nonsensitive', 'compact'].includes(
        expression.name,
      )
        ? expression.arguments.flatMap(settingsWithin)
        : [];
    default:
      return [];
  }
}

function isNull(expression: HclExpression): boolean {
  return expression.kind === 'literal' && expression.value === null;
}
