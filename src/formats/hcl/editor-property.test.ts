/**
 * Random edits of random files: nothing is refused that should go, the way back restores every byte, and what
 * `terraform fmt` has made stays as it would make it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeylessError } from '../../kernel/error.ts';
import { applyEdits, invertEdits } from '../edit.ts';
import { HclEditor, type Place } from './editor.ts';
import { childrenOf } from './editor-shape.ts';
import { parseHcl } from './index.ts';
import type { HclAttribute, HclBlock, HclBody, HclNode, HclObject, HclTuple } from './syntax.ts';

/** Picks a number below a bound; what a step does is decided by a list of such numbers. */
type Choose = (below: number) => number;

const value = fc.constantFrom(
  '1',
  'true',
  '"x"',
  'var.some.thing',
  '["a", "b"]',
  '{ a = 1, b = "c" }',
  '"${var.a}-é"',
  'f(1, [2])',
  '[]',
  '{}',
);
const severalLines = fc.constantFrom(
  '{\n a = 1\n long_name = 2 # why\n # about c\n c = { d = 1 }\n}',
  '{\n a = 1,\n bb = [1, 2],\n}',
  '[\n 1, # one\n "two",\n {\n a = 1\n bcd = 2\n },\n]',
  '<<-EOT\n    text ${var.x}\n      more\n  EOT',
  '<<EOT\n{ a = 1\nEOT',
  'merge(var.tags, {\n Name = "x"\n Other = 2\n})',
  '(\n var.a ? 1 : 2\n)',
);
const comment = fc.constantFrom('', '', '', ' # why', ' // so', ' # access key', ' /* in line */');
const name = fc.constantFrom('a', 'bb', 'access_key', 'region', 'ünï', 'very_long_name_of_something', 'k9');

interface Lines {
  readonly lines: readonly string[];
}

const { body } = fc.letrec<{ body: Lines; item: Lines }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(name, fc.nat(4), value, comment)
      .map(([n, pad, v, c]) => ({ lines: [`${n}${' '.repeat(pad)}= ${v}${c}`] })),
    fc.tuple(name, value, comment).map(([n, v, c]) => ({ lines: [`${n} = ${v}${c}`] })),
    fc.tuple(name, severalLines).map(([n, v]) => ({ lines: [`${n} = ${v}`] })),
    fc
      .constantFrom(
        '# a remark',
        '// Another remark',
        '# the region',
        '# -----------',
        '/* one */',
        '/* over\n   lines */',
      )
      .map((text) => ({ lines: [text] })),
    fc.constant({ lines: [''] }),
    fc.tuple(name, fc.constantFrom('{}', '{ a = 1 }', '"label" {\n}')).map(([n, v]) => ({ lines: [`${n} ${v}`] })),
    fc.tuple(name, fc.constantFrom('', ' "l"', ' "l" "m"'), comment, tie('body')).map(([n, labels, c, inner]) => ({
      lines: [`${n}${labels} {${c.startsWith(' /*') ? '' : c}`, ...inner.lines, '}'],
    })),
  ),
  body: fc.array(tie('item'), { maxLength: 7 }).map((items) => ({ lines: withUniqueAttributes(items) })),
}));
const file = fc
  .tuple(body, fc.boolean())
  .map(([{ lines }, newline]) => lines.join('\n') + (newline || lines.at(-1)?.endsWith('EOT') ? '\n' : ''));
const choices = fc.array(fc.nat(), { minLength: 12, maxLength: 60 });

it('takes any edit of any file, and back to the last byte', () => {
  fc.assert(
    fc.property(
      file,
      choices,
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '\uFEFF'),
      (lines, steps, eol, mark) => {
        const source = mark + lines.replaceAll('\n', eol);
        const { text } = editAtRandom(source, steps);
        if (source.includes('\n') && eol === '\r\n') expect(text.replaceAll('\r\n', '')).not.toContain('\n');
        expect(text.startsWith('\uFEFF')).toBe(mark !== '');
      },
    ),
    { numRuns: 300 },
  );
});

it('leaves a file that terraform fmt accepts as one that it accepts', (context) => {
  if (spawnSync('terraform', ['version']).status !== 0) return context.skip('terraform is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'keyless-fmt-'));
  try {
    const samples = fc.sample(fc.tuple(file, choices), {
      seed: Number(process.env.SEED ?? 20_261_121),
      numRuns: 200,
    });
    for (const [index, [source]] of samples.entries()) writeFileSync(join(folder, `${index}.tf`), source);
    expect(terraformFmt(folder, '-list=false').stderr).toBe('');
    // What it makes of odd input it may format once more; that is no file that was accepted.
    const unstable = new Set(
      terraformFmt(folder, '-check')
        .stdout.split('\n')
        .map((path) => basename(path)),
    );
    const stories: string[] = [];
    for (const [index, [, steps]] of samples.entries()) {
      const path = join(folder, `${index}.tf`);
      const { text, story } = editAtRandom(readFileSync(path, 'utf8'), steps);
      if (unstable.has(basename(path))) rmSync(path);
      else writeFileSync(path, text);
      stories.push(`${index}.tf: ${story.join('; ')}`);
    }
    expect(unstable.size).toBeLessThan(samples.length / 4);
    const { stdout } = terraformFmt(folder, '-check', '-diff');
    const unhappy = stories.filter((story) => stdout.includes(`/${story.split(':')[0]}`));
    expect(stdout, unhappy.join('\n')).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function terraformFmt(folder: string, ...options: readonly string[]): { stdout: string; stderr: string } {
  const env = { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1' };
  return spawnSync('terraform', ['fmt', ...options, folder], { encoding: 'utf8', env });
}

function editAtRandom(source: string, numbers: readonly number[]): { text: string; story: readonly string[] } {
  let used = 0;
  const choose: Choose = (below) => (numbers[used++ % numbers.length] as number) % below;
  const editor = new HclEditor(parseHcl(source));
  const story: string[] = [];
  for (let step = 0; step < 1 + numbers.length / 12; step++) story.push(...editOnce(editor, choose, step));
  const { text, edits } = editor.finish();
  expect(text).toBe(editor.text);
  expect(applyEdits(source, edits)).toBe(text);
  expect(applyEdits(text, invertEdits(source, edits))).toBe(source);
  expect(parseHcl(text).problems).toEqual([]);
  return { text, story };
}

const newValues = ['2', '"a longer value"', '[\n  1,\n  2\n]', '{\n  a = 1\n}', '<<-EOT\n  x\n    y\nEOT'];

function editOnce(editor: HclEditor, choose: Choose, step: number): string[] {
  const nodes = below(editor.file.body);
  const bodies = [editor.file.body, ...nodes.filter((node): node is HclBody => kindOf(node) === 'body')];
  const attributes = nodes.filter((node): node is HclAttribute => kindOf(node) === 'attribute' && 'equals' in node);
  const blocks = nodes.filter((node): node is HclBlock => kindOf(node) === 'block');
  const objects = nodes.filter((node): node is HclObject => kindOf(node) === 'object');
  const tuples = nodes.filter((node): node is HclTuple => kindOf(node) === 'tuple');
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[choose(Math.max(items.length, 1))];
  const fresh = `new_${'x'.repeat(choose(9))}${step}`;
  const newValue = pick(newValues) as string;
  const attribute = pick(attributes);
  const block = pick(blocks);
  const target = pick(bodies) as HclBody;
  const object = pick(objects);
  const tuple = pick(tuples);
  const spot = (among: readonly HclNode[]): Place => {
    const neighbour = pick(among);
    if (neighbour === undefined || choose(3) === 0) return choose(2) === 0 ? 'start' : 'end';
    return choose(2) === 0 ? { before: neighbour } : { after: neighbour };
  };
  const steps: readonly (() => string | undefined)[] = [
    () => attribute && did(editor.setValue(attribute, newValue), `set ${attribute.name} to ${newValue}`),
    () => attribute && did(editor.renameAttribute(attribute, fresh), `rename ${attribute.name} to ${fresh}`),
    () => attribute && did(editor.removeAttribute(attribute), `remove ${attribute.name}`),
    () => attribute && did(editor.removeAttribute(attribute), `remove ${attribute.name}`),
    () => block && did(editor.removeBlock(block), `remove block ${block.type}`),
    () => {
      editor.insertAttribute(target, fresh, newValue, spot(target.items));
      return `insert ${fresh} = ${newValue}`;
    },
    () => {
      editor.insert(target, `# New.\n${fresh} = 1 # one\nother_${step} = 2`, spot(target.items));
      return `insert two attributes`;
    },
    () => {
      editor.insert(
        target,
        `${fresh} "label" {\n  a = 1\n\n  b {\n    cde = 2 # c\n    f = 3 # g\n  }\n}`,
        spot(target.items),
      );
      return `insert block ${fresh}`;
    },
    () => {
      const two = target.items.filter((item): item is HclAttribute => item.kind === 'attribute').slice(0, 2);
      if (two.length < 2 || oneLine(editor, target)) return undefined;
      editor.group(
        fresh,
        two.map((node, index) => ({ node, as: `g${index}` })),
      );
      return `group ${two.map((each) => each.name)} into ${fresh}`;
    },
    () => object && did(editor.insertItem(object, fresh, '[1, 2]', spot(object.items)), `insert item ${fresh}`),
    () =>
      object &&
      did(editor.insertItem(object, fresh, '{\n  a = 1\n}', spot(object.items)), `insert object item ${fresh}`),
    () => {
      const two = object?.items.slice(0, 2) ?? [];
      if (two.length < 2) return undefined;
      return did(
        editor.group(
          fresh,
          two.map((node, index) => ({ node, as: `g${index}` })),
        ),
        `group items into ${fresh}`,
      );
    },
    () => {
      const item = object && pick(object.items);
      return item && did(editor.removeItem(item), `remove item ${item.name}`);
    },
    () => {
      const item = object && pick(object.items);
      return item && did(editor.renameItem(item, `"${fresh}"`), `rename item ${item.name}`);
    },
    () => tuple && did(editor.insertElement(tuple, '{ a = 1 }', spot(tuple.elements)), 'insert element'),
    () => {
      const element = tuple && pick(tuple.elements);
      return element && did(editor.removeElement(element), 'remove element');
    },
  ];
  const before = editor.text;
  try {
    const done = (pick(steps) as () => string | undefined)();
    return done === undefined ? [] : [done];
  } catch (thrown) {
    // No comment, comma or brace can follow a heredoc on its line.
    if (!(thrown instanceof KeylessError) || !newValue.startsWith('<<')) throw thrown;
    expect(editor.text).toBe(before);
    return [];
  }
}

function did(_: unknown, what: string): string {
  return what;
}

function oneLine(editor: HclEditor, { start, end }: HclBody): boolean {
  return !editor.text.slice(start, end).includes('\n');
}

function below(node: HclNode): HclNode[] {
  return childrenOf(node).flatMap((child) => [child, ...below(child)]);
}

function kindOf(node: HclNode): unknown {
  return 'kind' in node ? node.kind : undefined;
}

/** Drops attributes whose name the same body has already; nested bodies come as whole items. */
function withUniqueAttributes(items: readonly Lines[]): string[] {
  const seen = new Set<string>();
  return items.flatMap(({ lines }) => {
    const attribute = /^([^\s{"]+) *=/.exec(lines[0] as string)?.[1];
    if (attribute !== undefined && seen.has(attribute)) return [];
    if (attribute !== undefined) seen.add(attribute);
    return lines;
  });
}
