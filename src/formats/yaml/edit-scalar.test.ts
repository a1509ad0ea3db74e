import { describe, expect, it } from 'vitest';
import {
  applyYamlEdits,
  isRefusal,
  nodeAt,
  parseYaml,
  type SetScalarOptions,
  setScalar,
  type YamlNode,
  type YamlPath,
} from './index.ts';

function set(
  source: string,
  path: YamlPath,
  value: string | number | boolean | null,
  options: SetScalarOptions = {},
): string {
  const file = parseYaml(source);
  const holder = nodeAt(file.documents[0], path.slice(0, -1));
  const step = path.at(-1);
  const own = holder?.kind === 'map' ? holder.entries.find((entry) => entry.name === step)?.value : undefined;
  const node = own ?? (nodeAt(file.documents[0], path) as YamlNode);
  const after = applyYamlEdits(file, setScalar(file, node, value, options));
  return isRefusal(after) ? `refused: ${after.reason}` : after.source;
}

describe('setScalar', () => {
  it.each([
    ['k: old # c\n', 'new', 'k: new # c\n'],
    ["k: 'old'\n", "it's", "k: 'it''s'\n"],
    ['k: "old"\n', 'a "b"', 'k: "a \\"b\\""\n'],
    ['k: old\n', 'a: b', "k: 'a: b'\n"],
    ['k: old\n', 'true', "k: 'true'\n"],
    ['k: old\n', true, 'k: true\n'],
    ['k: &x old\n', 'new', 'k: &x new\n'],
    ['k:\n', 'new', 'k: new\n'],
    ['k: # c\n', 'new', 'k: new # c\n'],
    ['k: &x\n', 'new', 'k: &x new\n'],
    ['{ k: old }\n', 'a, b', "{ k: 'a, b' }\n"],
    ['k: over\n  lines\n', 'one', 'k: one\n'],
    ['k: |\n  old\nb: 1\n', 'one\ntwo\n', 'k: |\n  one\n  two\nb: 1\n'],
    ['k: |  # c\n    old\n', 'one\n\ntwo', 'k: |-  # c\n    one\n\n    two\n'],
    ['- k: |\r\n    old\r\n', 'one\ntwo\n', '- k: |\r\n    one\r\n    two\r\n'],
  ] as const)('%j becomes %j', (source, value, expected) => {
    expect(set(source, source.startsWith('-') ? [0, 'k'] : ['k'], value)).toBe(expected);
  });

  it('leaves a text that is the same as it is', () => {
    expect(set("k: 'same'\n", ['k'], 'same')).toBe("k: 'same'\n");
  });

  it('replaces or adds the comment behind', () => {
    expect(set('k: a@1 # v1\n', ['k'], 'a@2', { comment: 'v2' })).toBe('k: a@2 # v2\n');
    expect(set('k: a@1   #v1\n', ['k'], 'a@2', { comment: 'v2' })).toBe('k: a@2   # v2\n');
    expect(set('k: a@1\n', ['k'], 'a@2', { comment: 'v2' })).toBe('k: a@2 # v2\n');
    expect(set('{ k: a, b: c }\n', ['k'], 'x', { comment: 'v2' })).toMatch(/^refused: a comment would cut off/);
  });

  it.each([
    ['a: &x 1\nk: *x\n', 'refused: it is the alias *x: what it repeats stands elsewhere'],
    ['k: &x 1\nb: *x\n', 'refused: it is part of &x, which aliases repeat elsewhere: each of them would change too'],
    ['k: !secret abc\n', 'refused: the tag !secret says how to read it'],
    ['k: [a]\n', 'refused: it is a sequence, not a single value'],
    ['k: 1\nk: 2\n', 'refused: the key k stands 2 times in its map'],
  ])('in %j is refused', (source, expected) => {
    expect(set(source, ['k'], 'new')).toBe(expected);
  });
});
