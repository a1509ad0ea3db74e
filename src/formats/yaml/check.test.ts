import { describe, expect, it } from 'vitest';
import {
  checkYamlEdit,
  insertEntry,
  isRefusal,
  mapEntry,
  nodeAt,
  parseYaml,
  removeEntry,
  setScalar,
  YamlEditor,
} from './index.ts';
import type { YamlEntry, YamlNode } from './syntax.ts';

const source = 'a: 1\nlist:\n  - x\n  - y: 2\n    z: 3\nb: { c: 4, d: 5 }\n';
const file = parseYaml(source);
const replace = (from: string, to: string) => [
  { start: source.indexOf(from), end: source.indexOf(from) + from.length, text: to },
];

describe('checkYamlEdit without a declared change', () => {
  it.each([
    ['a value', 'y: 2', 'y: 9'],
    ['a key', 'z: 3', 'q: 3'],
    ['a new item', '  - x\n', '  - x\n  - new\n'],
    ['an item less', '  - x\n', ''],
    ['a new entry in a flow map', 'c: 4', 'c: 4, e: 6'],
    ['an entry that goes', 'a: 1\n', ''],
    ['a comment', 'a: 1', 'a: 1 # one'],
  ])('accepts %s', (_, from, to) => {
    expect(checkYamlEdit(file, replace(from, to))).toMatchObject({ ok: true });
  });

  it.each([
    ['one that breaks the file', 'a: 1', 'a: [', 'sound YAML'],
    ['one that swallows what follows', 'list:', 'list: |', 'list'],
    ['one that moves a neighbour', '2\n    ', '2\n', 'list'],
    ['one that moves what follows to another level', 'list:', 'list:\n  sub:', 'list'],
    ['one that adds a document', 'a: 1', 'a: 1\n---', 'documents'],
    ['one that gives a key twice', 'a: 1', 'a: 1\nlist: 2', 'stands twice'],
  ])('refuses %s', (_, from, to, reason) => {
    const verdict = checkYamlEdit(file, replace(from, to));
    expect(verdict).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('checkYamlEdit with a declared change', () => {
  const node = nodeAt(file.documents[0], ['list', 1, 'y']) as YamlNode;

  it('accepts exactly that', () => {
    expect(checkYamlEdit(file, replace('y: 2', 'y: 9'), [{ kind: 'set', node, value: 9 }]).ok).toBe(true);
    expect(checkYamlEdit(file, replace('y: 2', "y: '9'"), [{ kind: 'set', node, value: '9' }]).ok).toBe(true);
  });

  it('names what else would change, or what would not', () => {
    const set = { kind: 'set', node, value: 9 } as const;
    expect(checkYamlEdit(file, replace('y: 2\n    z: 3', 'y: 9\n    z: 4'), [set])).toMatchObject({
      reason: 'it would also change list.1.z',
    });
    expect(checkYamlEdit(file, [], [set])).toMatchObject({ reason: 'it would also change list.1.y' });
    expect(checkYamlEdit(file, replace('y: 2', "y: '9'"), [set])).toMatchObject({ ok: false });
  });

  it('compares anchors and tags too', () => {
    expect(checkYamlEdit(file, replace('x', '&new x'), [])).toMatchObject({ reason: 'it would also change list.0' });
    expect(checkYamlEdit(file, replace('x', '!new x'), [])).toMatchObject({ ok: false });
  });

  it('follows several changes of one list in terms of the tree before', () => {
    const list = nodeAt(file.documents[0], ['list']);
    if (list?.kind !== 'sequence') throw new TypeError('list');
    const [first, second] = list.items;
    const edits = replace('  - x\n  - y', '  - new\n  - y');
    const insert = { kind: 'insert', into: list, before: second, key: undefined, value: 'new' } as const;
    expect(
      checkYamlEdit(file, edits, [{ kind: 'remove', member: first as NonNullable<typeof first> }, insert]).ok,
    ).toBe(true);
  });
});

describe('YamlEditor', () => {
  it('joins steps into splices of the original', () => {
    const editor = new YamlEditor(file);
    const entry = (now: typeof file, key: string) => mapEntry(now.documents[0]?.root, key) as YamlEntry;
    expect(editor.step((now) => removeEntry(now, entry(now, 'a')))).toBeUndefined();
    expect(
      editor.step((now) => insertEntry(now, now.documents[0]?.root as YamlNode, 'e', 'new', { after: 'list' })),
    ).toBeUndefined();
    expect(editor.step((now) => setScalar(now, entry(now, 'e').value, 'newer'))).toBeUndefined();
    const { text, edits } = editor.finish();
    expect(text).toBe('list:\n  - x\n  - y: 2\n    z: 3\ne: newer\nb: { c: 4, d: 5 }\n');
    expect(edits).toEqual([
      { start: 0, end: 5, text: '' },
      { start: source.indexOf('b:'), end: source.indexOf('b:'), text: 'e: newer\n' },
    ]);
  });

  it('is not changed by a step that is refused', () => {
    const editor = new YamlEditor(file);
    const answer = editor.step((now) => setScalar(now, now.documents[0]?.root as YamlNode, 'x'));
    expect(answer !== undefined && isRefusal(answer)).toBe(true);
    expect(editor.finish()).toEqual({ text: source, edits: [] });
  });
});
