/** Edits of generated files, with the `yaml` library's own reading as the judge of what they did. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  applyYamlEdits,
  insertEntry,
  insertSequenceItem,
  isRefusal,
  nodeAt,
  parseYaml,
  pathOf,
  removeEntry,
  removeSequenceItem,
  setScalar,
  walkNodes,
  type YamlValue,
} from './index.ts';
import type { YamlFile, YamlNode } from './syntax.ts';

const read = (source: string): unknown => parseAllDocuments(source, { uniqueKeys: false })[0]?.toJS() ?? null;

/** Texts that tempt a writer to get quoting, indentation or line ends wrong. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '0',
      ' ',
      ':',
      '#',
      '-',
      "'",
      '"',
      '\\',
      '{',
      ']',
      ',',
      '&',
      '*',
      '!',
      '%',
      '@',
      '`',
      '|',
      '>',
      '?',
      '~',
      '=',
      '.',
      'é',
      '😀',
    ),
    maxLength: 8,
  }),
  fc.constantFrom(
    'true',
    'no',
    'null',
    '~',
    '1e3',
    '0x1',
    '12:30',
    '2001-01-01',
    '<<',
    '- a',
    'a: b',
    'a #b',
    ' a',
    'a ',
    '\t',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const lines = fc
  .array(fc.constantFrom('a', '', '  b', '# c', '- d', '\te', 'f:'), { minLength: 1, maxLength: 5 })
  .map((all) => all.join('\n'));
const key = fc.oneof(fc.constantFrom('a', 'b', 'on', 'with space', 'c-d'), text);
const { value } = fc.letrec<{ value: YamlValue; leaf: YamlValue }>((tie) => ({
  leaf: fc.oneof(text, lines, fc.boolean(), fc.integer({ min: -99, max: 99 }), fc.constant(null)),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 3, selector: ([name]) => name })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

/** How a generated file is laid out: a number that is used up choice by choice. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  roll(sides: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    return (this.#state >>> 8) % sides;
  }
}

/** A file in a style that differs from line to line, as files that many people edit do. */
function write(node: Readonly<Record<string, unknown>> | readonly unknown[], dice: Dice, indent: number): string[] {
  const out: string[] = [];
  const margin = ' '.repeat(indent);
  const noise = () => {
    if (dice.roll(5) === 0 && out.length > 0) out.push(dice.roll(3) === 0 ? `${margin} ` : '');
    if (dice.roll(5) === 0) out.push(`${margin}# note`);
  };
  const tail = () => (dice.roll(4) === 0 ? ' # tail' : '');
  const scalar = (item: unknown) => (typeof item === 'string' ? JSON.stringify(item) : String(item));
  const put = (head: string, item: unknown, below: number) => {
    if (typeof item !== 'object' || item === null) out.push(`${head} ${scalar(item)}${tail()}`);
    else if (Object.keys(item).length === 0 || dice.roll(4) === 0) out.push(`${head} ${JSON.stringify(item)}${tail()}`);
    else {
      const inner = write(item as Readonly<Record<string, unknown>>, dice, below);
      const isItem = head.trimStart().startsWith('-');
      if (isItem && dice.roll(3) > 0 && !/^\s*(#|$)/.test(inner[0] ?? ''))
        out.push(head + (inner[0] as string).slice(head.length), ...inner.slice(1));
      else out.push(head + tail(), ...inner);
    }
  };
  if (Array.isArray(node)) {
    const gap = 1 + dice.roll(3);
    for (const item of node) {
      noise();
      put(`${margin}-${' '.repeat(gap - 1)}`, item, indent + 1 + gap);
    }
  } else {
    for (const [name, item] of Object.entries(node)) {
      noise();
      const isFlush = Array.isArray(item) && dice.roll(2) === 0;
      put(`${margin}${JSON.stringify(name)}:`, item, indent + (isFlush ? 0 : 1 + dice.roll(4)));
    }
  }
  return out;
}

const plainKey = fc.constantFrom('a', 'b', 'c', 'd e', 'on');
const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.constantFrom('x', 'y z', '# no', ''), fc.integer({ min: 0, max: 9 }), fc.boolean()),
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    tie('leaf'),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(plainKey, tie('tree'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  ),
}));
const source = fc
  .tuple(
    fc.dictionary(plainKey, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
    fc.nat(),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([content, seed, eol, open]) => write(content, new Dice(seed), 0).join(eol) + (open ? '' : eol));

const containersOf = (file: YamlFile) =>
  [...walkNodes(file.documents[0]?.root as YamlNode)].filter((node) => node.kind === 'map' || node.kind === 'sequence');

/** A copy of plain data in which one place was changed. */
function changed(
  data: unknown,
  path: readonly (string | number)[],
  change: (container: Record<string, unknown> | unknown[]) => void,
): unknown {
  const copy = structuredClone(data);
  let at = copy;
  for (const step of path) at = (at as Record<string | number, unknown>)[step];
  change(at as Record<string, unknown> | unknown[]);
  return copy;
}

describe('any generated file', () => {
  it('is sound', () => {
    fc.assert(
      fc.property(source, (text) => {
        expect(parseYaml(text).problems).toEqual([]);
      }),
    );
  });

  it('takes any value at any place, and gives its bytes back when that is removed', () => {
    fc.assert(
      fc.property(source, value, fc.nat(), fc.nat(), (before, inserted, where, place) => {
        const file = parseYaml(before);
        const containers = containersOf(file);
        const container = containers[where % containers.length] as YamlNode;
        const path = pathOf(file, container) ?? [];
        if (container.kind === 'map') {
          const names = container.entries.map((entry) => entry.name as string);
          const places = [
            'first',
            'last',
            ...names.map((after) => ({ after })),
            ...names.map((name) => ({ before: name })),
          ] as const;
          const plan = insertEntry(file, container, 'new key', inserted, places[place % places.length] as 'first');
          const after = applyYamlEdits(file, plan);
          if (isRefusal(after)) throw new TypeError(`${after.reason}: ${before}`);
          expect(read(after.source)).toEqual(
            changed(read(before), path, (map) => Object.assign(map, { 'new key': inserted })),
          );
          const map = nodeAt(after.documents[0], path);
          const entry = map?.kind === 'map' ? map.entries.find(({ name }) => name === 'new key') : undefined;
          if (entry === undefined) throw new TypeError('the new key is not there');
          const back = applyYamlEdits(after, removeEntry(after, entry));
          expect(isRefusal(back) ? back.reason : back.source).toBe(before);
        } else if (container.kind === 'sequence') {
          const index = place % (container.items.length + 1);
          const plan = insertSequenceItem(
            file,
            container,
            inserted,
            index === container.items.length ? 'last' : { before: index },
          );
          const after = applyYamlEdits(file, plan);
          if (isRefusal(after)) throw new TypeError(`${after.reason}: ${before}`);
          expect(read(after.source)).toEqual(
            changed(read(before), path, (list) => (list as unknown[]).splice(index, 0, inserted)),
          );
          const list = nodeAt(after.documents[0], path);
          const item = list?.kind === 'sequence' ? list.items[index] : undefined;
          if (item === undefined) throw new TypeError('the new item is not there');
          const back = applyYamlEdits(after, removeSequenceItem(after, item));
          expect(isRefusal(back) ? back.reason : back.source).toBe(before);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('loses what is removed and nothing else', () => {
    fc.assert(
      fc.property(
        source,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('leave-empty', 'remove-parent'),
        (before, where, which, whenEmpty) => {
          const file = parseYaml(before);
          const containers = containersOf(file);
          const container = containers[where % containers.length] as YamlNode;
          const members =
            container.kind === 'map' ? container.entries : container.kind === 'sequence' ? container.items : [];
          const member = members[which % Math.max(1, members.length)];
          if (member === undefined) return;
          const plan =
            member.kind === 'entry'
              ? removeEntry(file, member, { whenEmpty })
              : removeSequenceItem(file, member, { whenEmpty });
          const after = applyYamlEdits(file, plan);
          if (isRefusal(after)) {
            expect(after.reason).toContain('nothing would be left');
            return;
          }
          if (members.length === 1 && whenEmpty === 'remove-parent') return;
          const path = pathOf(file, container) ?? [];
          const expected = changed(read(before), path, (data) => {
            if (Array.isArray(data)) data.splice(which % members.length, 1);
            else if (member.kind === 'entry') delete data[member.name as string];
          });
          expect(read(after.source)).toEqual(expected);
          const blank = (body: string) => /\n[ \t]*\r?\n[ \t]*\r?\n/.test(body);
          expect(blank(after.source) && !blank(before)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes any text in place of any scalar', () => {
    fc.assert(
      fc.property(source, fc.oneof(text, lines, fc.boolean(), fc.integer()), fc.nat(), (before, replacement, which) => {
        const file = parseYaml(before);
        const scalars = [...walkNodes(file.documents[0]?.root as YamlNode)].filter((node) => {
          const holder = file.parents.get(node);
          return node.kind === 'scalar' && !(holder?.kind === 'entry' && holder.key === node);
        });
        const scalar = scalars[which % Math.max(1, scalars.length)];
        if (scalar === undefined) return;
        const after = applyYamlEdits(file, setScalar(file, scalar, replacement));
        if (isRefusal(after)) throw new TypeError(`${after.reason}: ${before}`);
        const path = pathOf(file, scalar) ?? [];
        const expected = changed(read(before), path.slice(0, -1), (data) =>
          Object.assign(data, { [path.at(-1) as string]: replacement }),
        );
        expect(read(after.source)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});

describe('any text at all', () => {
  const anything = fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r',
      '\t',
      ':',
      '-',
      '{',
      '}',
      '[',
      ']',
      ',',
      '#',
      '"',
      "'",
      '|',
      '>',
      '&',
      '*',
      '!',
      '?',
      '%',
      '\uFEFF',
      '😀',
    ),
    maxLength: 60,
  });

  it('is read without an exception, with every range inside it', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const file = parseYaml(text);
        expect(file.source).toBe(text);
        for (const { start, end } of file.problems) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        for (const { root } of file.documents) {
          for (const node of root === undefined ? [] : walkNodes(root)) {
            expect([node.outerStart <= node.start, node.start <= node.end, node.end <= text.length]).toEqual([
              true,
              true,
              true,
            ]);
          }
        }
      }),
      { numRuns: 1000, examples: [['[-\n&']] },
    );
  });

  it('is edited right or not at all', () => {
    fc.assert(
      fc.property(anything, text, (source, inserted) => {
        const file = parseYaml(source);
        for (const { root } of file.documents) {
          for (const node of root === undefined ? [] : walkNodes(root)) {
            if (node.kind === 'map') applyYamlEdits(file, insertEntry(file, node, 'new', inserted, 'last'));
            const members = node.kind === 'map' ? node.entries : node.kind === 'sequence' ? node.items : [];
            for (const member of members) {
              const plan = member.kind === 'entry' ? removeEntry(file, member) : removeSequenceItem(file, member);
              const after = applyYamlEdits(file, plan);
              if (!isRefusal(after)) expect(after.problems.length).toBeLessThanOrEqual(file.problems.length);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
