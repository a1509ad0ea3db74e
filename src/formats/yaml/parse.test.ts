import { describe, expect, it } from 'vitest';
import { mapEntry, nodeAt, parseYaml, pathOf, scalarText, walkEntries, walkNodes } from './index.ts';
import type { YamlNode, YamlScalar } from './syntax.ts';

const rootOf = (source: string) => parseYaml(source).documents[0]?.root as YamlNode;
const at = (source: string, ...path: (string | number)[]) => nodeAt(rootOf(source), path) as YamlScalar;
const written = (source: string, node: { start: number; end: number }) => source.slice(node.start, node.end);

describe('a scalar', () => {
  it.each([
    ['plain text', 'plain', 'plain text', 'plain text'],
    ["'it''s'", 'single', "it's", "it's"],
    ['"a\\tb"', 'double', 'a\tb', 'a\tb'],
    ['012345678901', 'plain', '012345678901', 12345678901],
    ['on', 'plain', 'on', 'on'],
    ['yes', 'plain', 'yes', 'yes'],
    ['true', 'plain', 'true', true],
    ['~', 'plain', '~', null],
    [`\${{ vars.ROLE }}`, 'plain', `\${{ vars.ROLE }}`, `\${{ vars.ROLE }}`],
  ])('%s is a %s one', (text, style, value, resolved) => {
    const source = `key: ${text} # comment\n`;
    const node = at(source, 'key');
    expect(node).toMatchObject({ kind: 'scalar', style, value, resolved });
    expect(written(source, node)).toBe(text);
  });

  it('that is not written has an empty range behind its colon', () => {
    const source = 'key: # comment\nother: 1\n';
    expect(at(source, 'key')).toMatchObject({ value: '', resolved: null, start: 4, end: 4 });
    expect(scalarText(at(source, 'key'))).toBeUndefined();
  });

  it.each([
    ['|\n  a\n\n  b\n\n\n', 'literal', 'a\n\nb\n', '|\n  a\n\n  b'],
    ['|-\n  a\n', 'literal', 'a', '|-\n  a'],
    ['|+\n  a\n\n', 'literal', 'a\n\n', '|+\n  a\n'],
    ['>\n  a\n  b\n', 'folded', 'a b\n', '>\n  a\n  b'],
    ['|2\n    a\n', 'literal', '  a\n', '|2\n    a'],
    ['| # why\n  a\n', 'literal', 'a\n', '| # why\n  a'],
  ])('%j ends with its text, not with the blank lines behind', (text, style, value, range) => {
    const source = `key: ${text}other: 1\n`;
    const node = at(source, 'key');
    expect(node).toMatchObject({ style, value });
    expect(written(source, node)).toBe(range);
  });

  it('keeps its anchor and tag in front of it', () => {
    const source = 'key: &name !custom text\n';
    const node = at(source, 'key');
    expect(node).toMatchObject({ anchor: 'name', tag: '!custom' });
    expect(source.slice(node.outerStart, node.start)).toBe('&name !custom ');
  });
});

describe('an entry', () => {
  it('knows its key, colon and value', () => {
    const source = 'a:\n  "b c" : 1\n';
    const entry = mapEntry(at(source, 'a'), 'b c');
    expect(entry).toMatchObject({ name: 'b c', start: 5, colon: 11, end: 14, merge: false });
  });

  it.each([
    ['{ a: 1, b }', ['a', 'b']],
    ['{ "a" : 1, ? b : 2 }', ['a', 'b']],
    ['\n  a: 1\n  ? b\n  : 2\n', ['a', 'b']],
  ])('is found in %j', (text, names) => {
    const source = `map: ${text}\n`;
    expect([...walkEntries(parseYaml(source))].slice(1).map((entry) => entry.name)).toEqual(names);
  });

  it('with a key that is no scalar has no name', () => {
    const [entry] = walkEntries(parseYaml('? [a]\n: 1\n'));
    expect(entry).toMatchObject({ name: undefined, key: { kind: 'sequence' } });
  });
});

describe('aliases and merge keys', () => {
  const source =
    'base: &base\n  a: 1\n  b: 2\nuse:\n  <<: *base\n  b: 3\ncopy: *base\nmany:\n  <<: [*base, { c: 4 }]\n';

  it('are followed by paths', () => {
    expect(at(source, 'copy', 'a').value).toBe('1');
    const root = rootOf(source);
    expect(nodeAt(root, ['copy'])).toBe(nodeAt(root, ['base']));
  });

  it('merge what a map does not have itself', () => {
    expect(at(source, 'use', 'a').value).toBe('1');
    expect(at(source, 'use', 'b').value).toBe('3');
    expect(at(source, 'many', 'c').value).toBe('4');
    expect(at(source, 'many', 'd')).toBeUndefined();
  });

  it('are told from other entries', () => {
    const merges = [...walkEntries(parseYaml(source))].filter((entry) => entry.merge);
    expect(merges.map(({ value }) => value.kind)).toEqual(['alias', 'sequence']);
  });

  it('mean the last anchor of their name before them', () => {
    const twice = 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n';
    expect([at(twice, 'b').value, at(twice, 'd').value]).toEqual(['1', '2']);
  });

  it('need an anchor', () => {
    expect(parseYaml('a: *none\n').problems).toMatchObject([
      { kind: 'syntax', message: expect.stringContaining('&none') },
    ]);
    expect(parseYaml('a: &a\n  b: *a\n').problems).toHaveLength(1);
  });
});

describe('documents', () => {
  it('are read one by one, those of comments only have no root', () => {
    const { documents } = parseYaml('a: 1\n---\n# nothing\n---\n- b\n...\n');
    expect(documents.map(({ root }) => root?.kind)).toEqual(['map', undefined, 'sequence']);
  });

  it('are none in an empty file', () => {
    expect(parseYaml('').documents).toEqual([]);
  });

  it('have anchors of their own', () => {
    expect(parseYaml('a: &x 1\n---\nb: *x\n').problems).toHaveLength(1);
  });
});

describe('a problem', () => {
  it.each([
    ['a:\n\tb: 1\n', 'syntax', 'Tabs'],
    ['a: [1\n', 'syntax', ']'],
    ['a: b: c\n', 'syntax', 'Nested mappings'],
    ['a: "open\n', 'syntax', 'quote'],
    ['a: 1\nb: 2\na: 3\n', 'duplicate-key', '"a" stands twice'],
    ['a: {{ b }}\n', 'template', 'template'],
    ['on: push\njobs:\nbuild:\nsteps:\n- uses: x\nwith:\na: 1\n', 'lost-indentation', 'lost their indentation'],
  ])('in %j is a %s', (source, kind, message) => {
    const [problem] = parseYaml(source).problems;
    expect(problem).toMatchObject({ kind, message: expect.stringContaining(message) });
  });

  it.each([
    'on:\n  push:\n  pull_request:\njobs:\n- a\n',
    `a: \${{ b }}\n`,
    'first:\nsecond:\nthird: 1\n',
    'name: x\nlist:\n- a: 1\n  b: 2\nempty:\nother:\n',
    '<<: &a {}\n',
  ])('is none in %j', (source) => {
    expect(parseYaml(source).problems).toEqual([]);
  });

  it('leaves a document readable, but not editable, unless it is a key given twice', () => {
    expect(parseYaml('a: 1\nb: {{ c }}\n').documents[0]).toMatchObject({ editable: false });
    expect(parseYaml('a: 1\na: 2\n').documents[0]).toMatchObject({ editable: true });
  });

  it('in one document leaves the others editable', () => {
    const { documents } = parseYaml('a: 1\n---\nb: [\n');
    expect(documents.map(({ editable }) => editable)).toEqual([true, false]);
  });

  it('of a text nested beyond the stack is one problem', () => {
    expect(parseYaml('['.repeat(50_000)).problems).toMatchObject([{ message: 'nested too deeply to be read' }]);
    expect(parseYaml('['.repeat(50)).problems).toHaveLength(1);
  });
});

describe('pathOf', () => {
  it('leads back to every node that no alias or odd key is on the way to', () => {
    const source = 'a:\n  - b: 1\n    c: [2, { d: 3 }]\n';
    const file = parseYaml(source);
    const paths = [...walkNodes(rootOf(source))].length;
    expect(paths).toBe(12);
    for (const node of walkNodes(file.documents[0]?.root as YamlNode)) {
      const holder = file.parents.get(node);
      if (holder?.kind === 'entry' && holder.key === node) continue;
      expect(nodeAt(file.documents[0], pathOf(file, node) ?? ['no path'])).toBe(node);
    }
  });
});
