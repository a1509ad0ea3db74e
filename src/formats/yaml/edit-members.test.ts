import { describe, expect, it } from 'vitest';
import {
  applyYamlEdits,
  commented,
  type EditRefusal,
  type EntryPlace,
  type ItemPlace,
  insertEntry,
  insertSequenceItem,
  isRefusal,
  nodeAt,
  parseYaml,
  type RemoveOptions,
  removeEntry,
  removeSequenceItem,
  renameKey,
  type YamlAnswer,
  type YamlFile,
  type YamlNode,
  type YamlPath,
  type YamlValue,
} from './index.ts';
import type { YamlEntry, YamlItem } from './syntax.ts';

/** The text after an edit, or the reason for none. */
function result(source: string, plan: (file: YamlFile) => YamlAnswer): string {
  const file = parseYaml(source);
  const after = applyYamlEdits(file, plan(file));
  return isRefusal(after) ? `refused: ${after.reason}` : after.source;
}

const nodeOf = (file: YamlFile, path: YamlPath) => nodeAt(file.documents[0], path) as YamlNode;

function memberOf(file: YamlFile, path: YamlPath): YamlEntry | YamlItem {
  const container = nodeOf(file, path.slice(0, -1));
  const step = path.at(-1);
  const member =
    container.kind === 'map'
      ? container.entries.find((entry) => entry.name === step)
      : container.kind === 'sequence'
        ? container.items[step as number]
        : undefined;
  return member as YamlEntry | YamlItem;
}

const without = (source: string, path: YamlPath, options: RemoveOptions = {}) =>
  result(source, (file) => {
    const member = memberOf(file, path);
    return member.kind === 'entry' ? removeEntry(file, member, options) : removeSequenceItem(file, member, options);
  });
const withEntry = (source: string, path: YamlPath, key: string, value: YamlValue, place: EntryPlace = 'last') =>
  result(source, (file) => insertEntry(file, nodeOf(file, path), key, value, place));
const withItem = (source: string, path: YamlPath, value: YamlValue, place: ItemPlace = 'last') =>
  result(source, (file) => insertSequenceItem(file, nodeOf(file, path), value, place));

describe('removing an entry of a block map', () => {
  it('takes its line and the comment behind it', () => {
    expect(without('a: 1\nb: 2 # two\nc: 3\n', ['b'])).toBe('a: 1\nc: 3\n');
  });

  it('takes all lines of its value, and comments indented below it', () => {
    const source = 'a: 1\nb:\n  c: 2\n\n  # was here\n  # d: 3\ne: 4\n';
    expect(without(source, ['b'])).toBe('a: 1\ne: 4\n');
  });

  it('takes the comment above when that is about it alone', () => {
    expect(without('a: 1\n# about b\nb: 2\n\nc: 3\n', ['b'])).toBe('a: 1\n\nc: 3\n');
    expect(without('a: 1\n# about b\nb: 2\n# about c\nc: 3\n', ['b'])).toBe('a: 1\n# about c\nc: 3\n');
    expect(without('x: 0\n# about a\na:\n  b: 1\nc: 3\n', ['a'])).toBe('x: 0\nc: 3\n');
  });

  it('leaves the comment above a run of settings of which others stay', () => {
    const source = 'x: 0\n# keys\na: 1\nb: 2\n\nc: 3\n';
    expect(without(source, ['a'])).toBe('x: 0\n# keys\nb: 2\n\nc: 3\n');
  });

  it('leaves a comment that a blank line sets apart, and one at the top of the file', () => {
    expect(without('a: 1\n# part two\n\nb: 2\nc: 3\n', ['b'])).toBe('a: 1\n# part two\n\nc: 3\n');
    expect(without('# the file\na: 1\n\nb: 2\n', ['a'])).toBe('# the file\nb: 2\n');
  });

  it('leaves one blank line where there was one on each side', () => {
    expect(without('a: 1\n\nb: 2\n\nc: 3\n', ['b'])).toBe('a: 1\n\nc: 3\n');
    expect(without('a: 1\n\nb: 2\n', ['b'])).toBe('a: 1\n');
    expect(without('a:\n  b: 1\n\n  c: 2\n\nd: 3\n', ['a', 'c'])).toBe('a:\n  b: 1\n\nd: 3\n');
    expect(without('a:\n  b: 1\n\n  c: 2\n', ['a', 'b'])).toBe('a:\n  c: 2\n');
  });

  it('moves the second entry of an item up behind the dash', () => {
    expect(without('- a: 1 # one\n  b: 2\n', [0, 'a'])).toBe('- b: 2\n');
    expect(without('- a: 1\n  # about b\n  b: 2\n', [0, 'a'])).toBe('- # about b\n  b: 2\n');
  });

  it('keeps the end of line and the missing final newline', () => {
    expect(without('a: 1\r\nb: 2\r\nc: 3', ['c'])).toBe('a: 1\r\nb: 2');
    expect(without('\uFEFFa: 1\r\nb: 2\r\n', ['a'])).toBe('\uFEFFb: 2\r\n');
  });

  it('does not take the blank lines that a block scalar above keeps', () => {
    const source = 'a: |+\n  text\n\nb: 1\n\nc: 2\n';
    expect(without(source, ['b'])).toMatch(/^a: \|\+\n {2}text\n\n(c|refused)/);
  });
});

describe('removing the only entry', () => {
  const source = 'job:\n  env:\n    A: 1\n  run: x\n';

  it('is refused unless told what to do', () => {
    expect(without(source, ['job', 'env', 'A'])).toBe('refused: nothing would be left in its map');
  });

  it('leaves an empty map', () => {
    expect(without(source, ['job', 'env', 'A'], { whenEmpty: 'leave-empty' })).toBe('job:\n  env: {}\n  run: x\n');
    expect(without('a: &x # c\n  b: 1\n', ['a', 'b'], { whenEmpty: 'leave-empty' })).toBe('a: &x {} # c\n');
    expect(without('a: { b: 1 }\n', ['a', 'b'], { whenEmpty: 'leave-empty' })).toBe('a: {}\n');
    expect(without('a:\n  - b: 1\n', ['a', 0, 'b'], { whenEmpty: 'leave-empty' })).toBe('a:\n  - {}\n');
  });

  it('takes the entries above that would be left with nothing', () => {
    expect(without(source, ['job', 'env', 'A'], { whenEmpty: 'remove-parent' })).toBe('job:\n  run: x\n');
    expect(without('a: 1\nb:\n  c:\n    d: 1\n', ['b', 'c', 'd'], { whenEmpty: 'remove-parent' })).toBe('a: 1\n');
  });

  it('takes no item of a list along, as that would move the others', () => {
    expect(without('- a: 1\n- b\n', [0, 'a'], { whenEmpty: 'remove-parent' })).toMatch(
      /^refused: nothing would be left/,
    );
  });
});

describe('removing a member of a flow collection', () => {
  it.each([
    ['{ a: 1, b: 2, c: 3 }', 'a', '{ b: 2, c: 3 }'],
    ['{ a: 1, b: 2, c: 3 }', 'b', '{ a: 1, c: 3 }'],
    ['{ a: 1, b: 2, c: 3 }', 'c', '{ a: 1, b: 2 }'],
    ['{a: 1,b: 2}', 'b', '{a: 1}'],
    ['{ a: 1, b: 2, }', 'b', '{ a: 1, }'],
    ['{\n  a: 1,\n  b: 2\n}', 'b', '{\n  a: 1\n}'],
    ['{\n  a: 1, # one\n  b: 2 # two\n}', 'a', '{\n  b: 2 # two\n}'],
    ['{\n  a: 1, # one\n  b: 2 # two\n}', 'b', '{\n  a: 1, # one\n}'],
  ])('%j without %s', (map, key, expected) => {
    expect(without(`m: ${map}\n`, ['m', key])).toBe(`m: ${expected}\n`);
  });

  it('works in lists', () => {
    expect(without('l: [a, b, c]\n', ['l', 1])).toBe('l: [a, c]\n');
    expect(without('l: [a]\n', ['l', 0], { whenEmpty: 'leave-empty' })).toBe('l: []\n');
  });
});

describe('inserting an entry', () => {
  const source = 'job:\n    first: 1\n\n    # about second\n    second: 2 # two\n';

  it('copies the indentation and stands where it is told to', () => {
    expect(withEntry(source, ['job'], 'new', 'x')).toBe(
      'job:\n    first: 1\n\n    # about second\n    second: 2 # two\n\n    new: x\n',
    );
    expect(withEntry(source, ['job'], 'new', 'x', 'first')).toBe(`job:\n    new: x\n\n${source.slice(5)}`);
    expect(withEntry('a: 1\n# about b\nb: 2\nc: 3\n', [], 'new', 'x', { before: 'b' })).toBe(
      'a: 1\nnew: x\n# about b\nb: 2\nc: 3\n',
    );
    expect(withEntry('a: 1 # one\nb: 2\nc: 3\n', [], 'new', 'x', { after: 'a' })).toBe(
      'a: 1 # one\nnew: x\nb: 2\nc: 3\n',
    );
  });

  it('sets it off by a blank line where all neighbours are', () => {
    expect(withEntry('a: 1\n\nb: 2\n\nc: 3\n', [], 'new', 'x', { after: 'a' })).toBe(
      'a: 1\n\nnew: x\n\nb: 2\n\nc: 3\n',
    );
    expect(withEntry('a: 1\n\nb: 2\nc: 3\n', [], 'new', 'x', { after: 'a' })).toBe('a: 1\nnew: x\n\nb: 2\nc: 3\n');
  });

  it('stays below the comment at the top of the file', () => {
    expect(withEntry('# the file\na: 1\n', [], 'new', 'x', 'first')).toBe('# the file\nnew: x\na: 1\n');
  });

  it('takes the place behind the dash', () => {
    expect(withEntry('-   a: 1\n    b: 2\n', [0], 'new', 'x', 'first')).toBe('-   new: x\n    a: 1\n    b: 2\n');
  });

  it('stands behind comments that belong to the entry before', () => {
    expect(withEntry('a:\n  b: 1\n  # c: 2\nd: 3\n', [], 'new', 'x', { after: 'a' })).toBe(
      'a:\n  b: 1\n  # c: 2\nnew: x\nd: 3\n',
    );
  });

  it('writes maps and lists as the file does', () => {
    const value = { permissions: { contents: 'read' }, steps: [{ uses: 'x', with: { a: 1 } }, 'text'] };
    const indented = 'a:\n  - b\n';
    expect(withEntry(indented, [], 'job', value)).toBe(
      'a:\n  - b\njob:\n  permissions:\n    contents: read\n  steps:\n    - uses: x\n      with:\n        a: 1\n    - text\n',
    );
    const flush = 'a:\n- b\nc:\n    d: 1\n';
    expect(withEntry(flush, [], 'job', value)).toBe(
      'a:\n- b\nc:\n    d: 1\njob:\n    permissions:\n        contents: read\n    steps:\n    - uses: x\n      with:\n          a: 1\n    - text\n',
    );
  });

  it('writes comments above and behind a value', () => {
    const value = { uses: commented('actions/checkout@8f4b7f8', { trailing: 'v4.1.0', leading: ['the code'] }) };
    expect(withEntry('a: 1\n', [], 'step', value)).toBe(
      'a: 1\nstep:\n  # the code\n  uses: actions/checkout@8f4b7f8 # v4.1.0\n',
    );
  });

  it.each<[YamlValue, string]>([
    ['plain', 'plain'],
    [`\${{ vars.ROLE }}`, `\${{ vars.ROLE }}`],
    ['true', "'true'"],
    ['012', "'012'"],
    ['no', "'no'"],
    ['12:30', "'12:30'"],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ["it's: x", "'it''s: x'"],
    ['', "''"],
    ['tab\there', '"tab\\there"'],
    [true, 'true'],
    [12, '12'],
    [{}, '{}'],
    [[], '[]'],
    ['one\ntwo\n', '|\n  one\n  two'],
    ['one\ntwo', '|-\n  one\n  two'],
    ['  one\n', '|2\n    one'],
  ])('writes %j as %s', (value, expected) => {
    expect(withEntry('a: 1\n', [], 'k', value)).toBe(`a: 1\nk: ${expected}\n`);
  });

  it('goes below a key without a value, in place of null', () => {
    expect(withEntry('env: # later\nb: 1\n', ['env'], 'A', 'x')).toBe('env: # later\n  A: x\nb: 1\n');
    expect(withEntry('env: null # later\nb: 1\n', ['env'], 'A', 'x')).toBe('env: # later\n  A: x\nb: 1\n');
    expect(withEntry('env:', ['env'], 'A', 'x')).toBe('env:\n  A: x');
  });

  it('goes into a flow map', () => {
    expect(withEntry('m: { a: 1 }\n', ['m'], 'k', 'x')).toBe('m: { a: 1, k: x }\n');
    expect(withEntry('m: { a: 1 }\n', ['m'], 'k', { b: [1, 'c, d'] }, 'first')).toBe(
      "m: { k: { b: [1, 'c, d'] }, a: 1 }\n",
    );
    expect(withEntry('m: {}\n', ['m'], 'k', 'x')).toBe('m: { k: x }\n');
    expect(withEntry('m: {}\n', ['m'], 'k', { a: 1 })).toBe('m:\n  k:\n    a: 1\n');
    expect(withEntry('m: {\n  a: 1, # one\n  b: 2 # two\n}\n', ['m'], 'k', 'x')).toBe(
      'm: {\n  a: 1, # one\n  b: 2, # two\n  k: x\n}\n',
    );
    expect(withEntry('m: {\n  a: 1,\n}\n', ['m'], 'k', 'x')).toBe('m: {\n  a: 1,\n  k: x,\n}\n');
  });

  it('quotes for a flow map what only block style may leave plain', () => {
    expect(withEntry('m: { a: 1 }\n', ['m'], 'k', `\${{ x }}`)).toBe(`m: { a: 1, k: '\${{ x }}' }\n`);
  });

  it('keeps the end of line and the missing final newline', () => {
    expect(withEntry('a: 1\r\nb:\r\n  c: 2\r\n', ['b'], 'd', { e: 'f' })).toBe(
      'a: 1\r\nb:\r\n  c: 2\r\n  d:\r\n    e: f\r\n',
    );
    expect(withEntry('a: 1', [], 'b', '2')).toBe("a: 1\nb: '2'");
  });

  it.each([
    ['a: 1\n', [], 'a', 'refused: the map has the key a already'],
    ['a: [1]\n', ['a'], 'b', 'refused: it is a sequence, not a map'],
    ['a: text\n', ['a'], 'b', 'refused: it is a scalar, not a map'],
    ['? a\n: 1\n', [], 'b', 'refused: its keys are written with a question mark'],
    ['[a: 1]\n', [0], 'b', 'refused: a pair in a list without braces can hold one key only'],
  ] as const)('into %j at %j is refused', (text, path, key, expected) => {
    expect(withEntry(text, path, key, 'x')).toBe(expected);
  });

  it('beside a key that is not there is refused', () => {
    expect(withEntry('a: 1\n', [], 'b', 'x', { after: 'z' })).toBe('refused: the map has no key z');
  });
});

describe('inserting an item', () => {
  it('copies the dash, also where dashes stand below their key', () => {
    expect(withItem('a:\n- one\n- two\nb: 1\n', ['a'], 'new', { after: 0 })).toBe('a:\n- one\n- new\n- two\nb: 1\n');
    expect(withItem('a:\n  -   one\n', ['a'], { b: 1, c: 2 })).toBe('a:\n  -   one\n  -   b: 1\n      c: 2\n');
  });

  it('sets a step off as the others are', () => {
    const steps = 'steps:\n  - uses: a\n\n  # about b\n  - uses: b\n';
    expect(withItem(steps, ['steps'], { uses: 'new' }, { before: 1 })).toBe(
      'steps:\n  - uses: a\n\n  - uses: new\n\n  # about b\n  - uses: b\n',
    );
  });

  it('starts a list below a key without a value, or in place of []', () => {
    expect(withItem('a:\nb: 1\n', ['a'], 'x')).toBe('a:\n  - x\nb: 1\n');
    expect(withItem('a: []\n', ['a'], 'x')).toBe('a: [x]\n');
  });

  it('goes into a flow list', () => {
    expect(withItem('a: [b, c]\n', ['a'], 'x', { before: 1 })).toBe('a: [b, x, c]\n');
    expect(withItem('a: [b, c]\n', ['a'], { d: 1 })).toBe('a: [b, c, { d: 1 }]\n');
  });

  it('at an index that is not there is refused', () => {
    expect(withItem('- a\n', [], 'x', { after: 3 })).toBe('refused: the sequence has no item with that index');
  });
});

describe('removing an item', () => {
  it('takes its lines and the comment above', () => {
    const source = '- a: 1\n\n# about b\n- b: 2\n  c: 3\n\n- d: 4\n';
    expect(without(source, [1])).toBe('- a: 1\n\n- d: 4\n');
  });

  it('moves the next one up in a list within a list', () => {
    expect(without('- - a\n  - b\n', [0, 0])).toBe('- - b\n');
  });
});

describe('renaming a key', () => {
  const renamed = (source: string, path: YamlPath, name: string) =>
    result(source, (file) => renameKey(file, memberOf(file, path) as YamlEntry, name));

  it('keeps everything else, quotes included', () => {
    expect(renamed('a : 1 # one\n', ['a'], 'b')).toBe('b : 1 # one\n');
    expect(renamed('"a": 1\n', ['a'], 'b c')).toBe('"b c": 1\n');
    expect(renamed('on: 1\n', ['on'], 'true')).toBe("'true': 1\n");
    expect(renamed('{ a: 1 }\n', ['a'], 'b, c')).toBe("{ 'b, c': 1 }\n");
  });

  it('is refused where the name is taken, and for a merge key', () => {
    expect(renamed('a: 1\nb: 2\n', ['a'], 'b')).toBe('refused: the map has the key b already');
    expect(renamed('x: &x {}\n<<: *x\n', ['<<'], 'b')).toBe('refused: its key is no plain name');
  });
});

describe('anchors and aliases', () => {
  const source = 'base: &base\n  a: 1\n  b: 2\nuse: *base\nother:\n  <<: *base\n  c: 3\n';

  it('protect what they repeat', () => {
    expect(without(source, ['base', 'a'])).toMatch(/^refused: it is part of &base, which aliases repeat elsewhere/);
    expect(withEntry(source, ['base'], 'd', 'x')).toMatch(/^refused: it is part of &base/);
  });

  it('yield when told that all of them may change', () => {
    expect(without(source, ['base', 'a'], { affectsAliases: true })).toBe(source.replace('  a: 1\n', ''));
  });

  it('never lose what they need', () => {
    expect(without(source, ['base'], { affectsAliases: true })).toBe(
      'refused: it holds the anchor &base, which an alias needs',
    );
  });

  it('can go themselves', () => {
    expect(without(source, ['use'])).toBe(source.replace('use: *base\n', ''));
    expect(without(source, ['other', '<<'])).toBe(source.replace('  <<: *base\n', ''));
  });

  it('are not entered by an edit', () => {
    const answer = result(source, (file) => {
      const use = memberOf(file, ['use']);
      return insertEntry(file, use.value, 'd', 'x', 'last');
    });
    expect(answer).toBe('refused: it is the alias *base: what it repeats stands elsewhere');
  });

  it('that nothing uses protect nothing', () => {
    expect(without('a: &x\n  b: 1\n  c: 2\n', ['a', 'b'])).toBe('a: &x\n  c: 2\n');
  });
});

describe('a key given twice', () => {
  it('is not removed or renamed, as readers differ on which one counts', () => {
    const source = 'a: 1\nb: 2\na: 3\n';
    expect(without(source, ['a'])).toBe('refused: the key a stands 2 times in its map');
    expect(without(source, ['b'])).toBe('a: 1\na: 3\n');
  });
});

describe('a refusal', () => {
  it('says where the obstacle stands', () => {
    const file = parseYaml('a: 1\nb: {{ c }}\n');
    const answer = removeEntry(file, memberOf(file, ['a']) as YamlEntry) as EditRefusal;
    expect(answer.start).toBe(8);
    expect(answer.reason).toContain('template');
  });
});
