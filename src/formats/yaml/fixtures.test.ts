/** Every fixture, as written and with other ends of line, a byte order mark and no final newline, under every edit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CST, Parser } from 'yaml';
import { applyEdits, invertEdits } from '../edit.ts';
import { applyYamlEdits } from './check.ts';
import {
  insertEntry,
  insertSequenceItem,
  isRefusal,
  memberLines,
  removeEntry,
  removeSequenceItem,
  renameKey,
  setScalar,
} from './index.ts';
import { parseYaml } from './parse.ts';
import type { YamlAnswer } from './plan.ts';
import type { YamlEntry, YamlFile, YamlItem, YamlMap, YamlNode, YamlSequence } from './syntax.ts';
import { pathOf, walkNodes } from './walk.ts';

const folder = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const variants: readonly (readonly [string, (text: string) => string])[] = [
  ['as written', (text) => text],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark', (text) => `\uFEFF${text}`],
  ['without a final newline', (text) => text.replace(/\n+$/, '')],
];
const cases = fixtures.flatMap(([name, text]) => variants.map(([how, vary]) => [name, how, vary(text)] as const));

const nodesOf = (file: YamlFile): YamlNode[] =>
  file.documents.flatMap(({ root }) => (root === undefined ? [] : [...walkNodes(root)]));
const membersOf = (node: YamlNode): readonly (YamlEntry | YamlItem)[] =>
  node.kind === 'map' ? node.entries : node.kind === 'sequence' ? node.items : [];

/** The same place in the file after an edit that moved nothing before it in the tree. */
function follow(after: YamlFile, before: YamlFile, node: YamlNode): YamlNode | undefined {
  const path = pathOf(before, node);
  const document = before.documents.findIndex(({ root }) => root !== undefined && [...walkNodes(root)].includes(node));
  let at = after.documents[document]?.root;
  for (const step of path ?? []) {
    if (at?.kind === 'map') at = at.entries.find((entry) => entry.name === step)?.value;
    else if (at?.kind === 'sequence') at = at.items[step as number]?.value;
  }
  return path === undefined ? undefined : at;
}

function expectUndone(file: YamlFile, answer: YamlAnswer): void {
  if (isRefusal(answer)) return;
  const after = applyEdits(file.source, answer.edits);
  expect(applyEdits(after, invertEdits(file.source, answer.edits))).toBe(file.source);
}

describe.each(cases)('%s %s', (name, _how, source) => {
  const file = parseYaml(source);
  const isSound = file.documents.every((document) => document.editable) && file.problems.length === 0;

  it('is told sound from unsound', () => {
    const unsound = ['lost-indentation.yml', 'jinja.yml', 'broken.yml', 'duplicates.yml'];
    expect(isSound).toBe(!unsound.includes(name));
  });

  it('is covered by its tokens', () => {
    expect([...new Parser().parse(source)].map((token) => CST.stringify(token)).join('')).toBe(source);
    expect(file.source).toBe(source);
  });

  it('has ranges that nest, in order', () => {
    for (const node of nodesOf(file)) {
      expect(node.start).toBeGreaterThanOrEqual(node.outerStart);
      expect(node.end).toBeGreaterThanOrEqual(node.start);
      let at = node.outerStart;
      for (const member of membersOf(node)) {
        expect(member.start).toBeGreaterThanOrEqual(at);
        expect(member.value.start).toBeGreaterThanOrEqual(member.start);
        at = member.end;
      }
      expect(at).toBeLessThanOrEqual(Math.max(node.end, at));
    }
  });

  it('refuses every edit where it is unsound, and says why', () => {
    if (isSound || name === 'duplicates.yml') return;
    for (const node of nodesOf(file)) {
      for (const member of membersOf(node)) {
        const answer = member.kind === 'entry' ? removeEntry(file, member) : removeSequenceItem(file, member);
        expect(answer).toMatchObject({ reason: expect.stringContaining('not sound YAML') });
      }
    }
  });

  const values = ['text', { a: 'b', c: ['d', { e: 'f: g' }] }, 'two\nlines\n', []] as const;

  it('gets its bytes back when an inserted entry is removed again', () => {
    const maps = nodesOf(file).filter((node): node is YamlMap => node.kind === 'map');
    for (const map of isSound ? maps : []) {
      const named = map.entries.filter((entry) => entry.name !== undefined && !entry.merge);
      const places = [
        'first',
        'last',
        ...named.flatMap(({ name: key }) => [{ after: key as string }, { before: key as string }]),
      ] as const;
      for (const [index, place] of places.entries()) {
        const value = values[index % values.length] as (typeof values)[number];
        const plan = insertEntry(file, map, 'inserted key', value, place, { affectsAliases: true });
        const after = applyYamlEdits(file, plan);
        expectUndone(file, plan);
        if (isRefusal(after)) {
          expect(after.reason).toMatch(/question mark|without braces/);
          continue;
        }
        const again = follow(after, file, map);
        const entry =
          again?.kind === 'map' ? again.entries.find((candidate) => candidate.name === 'inserted key') : undefined;
        if (again === undefined) continue;
        const options = { affectsAliases: true, whenEmpty: 'leave-empty' } as const;
        const back = applyYamlEdits(after, removeEntry(after, entry as YamlEntry, options));
        expect(isRefusal(back) ? back.reason : back.source).toBe(source);
      }
    }
  });

  it('gets its bytes back when an inserted item is removed again', () => {
    const sequences = nodesOf(file).filter((node): node is YamlSequence => node.kind === 'sequence');
    for (const sequence of isSound ? sequences : []) {
      for (let at = 0; at <= sequence.items.length; at += 1) {
        const value = values[at % values.length] as (typeof values)[number];
        const place = at === sequence.items.length ? 'last' : at % 2 === 0 ? { before: at } : { after: at - 1 };
        const plan = insertSequenceItem(file, sequence, value, place, { affectsAliases: true });
        const after = applyYamlEdits(file, plan);
        expectUndone(file, plan);
        expect(after).not.toHaveProperty('reason');
        if (isRefusal(after)) continue;
        const again = follow(after, file, sequence);
        const item = again?.kind === 'sequence' ? again.items[at] : undefined;
        const options = { affectsAliases: true, whenEmpty: 'leave-empty' } as const;
        const back = applyYamlEdits(after, removeSequenceItem(after, item as YamlItem, options));
        expect(isRefusal(back) ? back.reason : back.source).toBe(source);
      }
    }
  });

  it('loses any one member and nothing else, or keeps it for a reason', () => {
    for (const node of isSound ? nodesOf(file) : []) {
      for (const member of membersOf(node)) {
        const plan = member.kind === 'entry' ? removeEntry(file, member) : removeSequenceItem(file, member);
        const after = applyYamlEdits(file, plan);
        expectUndone(file, plan);
        if (isRefusal(after)) expect(after.reason).toMatch(/nothing would be left|anchor|aliases repeat|question mark/);
        else expect(after.source.length).toBeLessThan(source.length);
      }
    }
  });

  it('takes any other text in any scalar, in its style', () => {
    for (const node of isSound ? nodesOf(file) : []) {
      if (node.kind !== 'scalar') continue;
      for (const value of ['x', 'a: b # c', "it's", 'true', 'one\ntwo\n', '', ' edge ', 12, null]) {
        const plan = setScalar(file, node, value);
        const after = applyYamlEdits(file, plan);
        expectUndone(file, plan);
        if (isRefusal(after)) expect(after.reason).toMatch(/is a key|tag|aliases repeat/);
      }
    }
  });

  it('takes another name for any key', () => {
    for (const node of isSound ? nodesOf(file) : []) {
      for (const member of membersOf(node)) {
        if (member.kind !== 'entry') continue;
        const after = applyYamlEdits(file, renameKey(file, member, 'new: name'));
        if (isRefusal(after)) expect(after.reason).toMatch(/no plain name|aliases repeat/);
      }
    }
  });

  it('gives every line of a block member to it alone', () => {
    for (const node of nodesOf(file)) {
      if (node.kind !== 'map' || node.style !== 'block') continue;
      let at = 0;
      for (const entry of node.entries) {
        const lines = memberLines(file, entry);
        expect(lines.leadStart).toBeGreaterThanOrEqual(at);
        expect(lines.end).toBeGreaterThanOrEqual(entry.end);
        at = lines.end;
      }
    }
  });
});
