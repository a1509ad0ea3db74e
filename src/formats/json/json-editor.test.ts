import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeylessError } from '../../kernel/error.ts';
import { applyEdits, invertEdits } from '../edit.ts';
import { type JsonData, JsonEditor, type JsonOptions, jsonData } from './index.ts';

function edited(source: string, edit: (editor: JsonEditor) => void, options?: JsonOptions): string {
  const editor = new JsonEditor(source, options);
  edit(editor);
  const { text, edits } = editor.finish();
  expect(applyEdits(source, edits)).toBe(text);
  expect(applyEdits(text, invertEdits(source, edits))).toBe(source);
  return text;
}

const spread =
  '{\n  "provider": {\n    "aws": {\n      "region": "eu-west-1",\n      "access_key": "x",\n      "secret_key": "y"\n    }\n  }\n}\n';

describe('JsonEditor', () => {
  it('removes members with their lines and commas, first, middle and last', () => {
    expect(
      edited(spread, (editor) => {
        editor.remove(['provider', 'aws', 'access_key']);
        editor.remove(['provider', 'aws', 'secret_key']);
      }),
    ).toBe('{\n  "provider": {\n    "aws": {\n      "region": "eu-west-1"\n    }\n  }\n}\n');
    expect(edited(spread, (editor) => editor.remove(['provider', 'aws', 'region']))).toBe(
      '{\n  "provider": {\n    "aws": {\n      "access_key": "x",\n      "secret_key": "y"\n    }\n  }\n}\n',
    );
    expect(edited(spread, (editor) => editor.remove(['provider']))).toBe('{}\n');
    expect(
      edited('{"a": 1, "b": [1, 2, 3], "c": 2}', (editor) => {
        editor.remove(['a']);
        editor.remove(['b', 1]);
        editor.remove(['c']);
      }),
    ).toBe('{"b": [1, 3]}');
  });

  it('inserts members the way their neighbours are written', () => {
    expect(
      edited(spread, (editor) => {
        editor.insert(['provider', 'aws', 'allowed_account_ids'], ['123456789012'], { after: 'region' });
        editor.insert(['provider', 'aws', 'first'], true, 'start');
        editor.insert(['terraform'], { required_version: '>= 1.10' });
      }),
    ).toBe(
      '{\n  "provider": {\n    "aws": {\n      "first": true,\n      "region": "eu-west-1",\n      "allowed_account_ids": [\n        "123456789012"\n      ],\n      "access_key": "x",\n      "secret_key": "y"\n    }\n  },\n  "terraform": {\n    "required_version": ">= 1.10"\n  }\n}\n',
    );
    expect(
      edited('{"a":1,"b":{}}', (editor) => {
        editor.insert(['c'], { d: [1] });
        editor.insert(['b', 'e'], 2);
      }),
    ).toBe('{"a":1,"b":{"e":2},"c":{"d": [1]}}');
    expect(edited('{\r\n\t"a": {}\r\n}\r\n', (editor) => editor.insert(['a', 'b'], { c: 1 }))).toBe(
      '{\r\n\t"a": {\r\n\t\t"b": {\r\n\t\t\t"c": 1\r\n\t\t}\r\n\t}\r\n}\r\n',
    );
  });

  it('sets a value, or adds it when only the key is missing', () => {
    expect(
      edited('{"a": 1, "b": "x"}', (editor) => {
        editor.set(['a'], 'y');
        editor.set(['c'], null);
      }),
    ).toBe('{"a": "y", "b": "x", "c": null}');
    expect(edited('{"a": 1}', (editor) => editor.set(['a'], 1))).toBe('{"a": 1}');
  });

  it('renames keys and adds elements', () => {
    expect(
      edited('{"a": [1], "b": []}', (editor) => {
        editor.rename(['a'], 'c');
        editor.insertElement(['c'], 2);
        editor.insertElement(['c'], 0, 0);
        editor.insertElement(['b'], {});
      }),
    ).toBe('{"c": [0, 1, 2], "b": [{}]}');
  });

  it('keeps comments where there are some, and refuses to lose one', () => {
    const source = '{\n  // about a\n  "a": 1, // one\n  "b": 2\n}\n';
    expect(edited(source, (editor) => editor.insert(['c'], 3), { comments: true })).toBe(
      '{\n  // about a\n  "a": 1, // one\n  "b": 2,\n  "c": 3\n}\n',
    );
    expect(() => edited(source, (editor) => editor.remove(['a']), { comments: true })).toThrow(/comment/);
  });

  it.each<[string, string, (editor: JsonEditor) => void]>([
    ['a text that is no JSON', '{', () => {}],
    ['a path that leads nowhere', '{"a": 1}', (editor) => editor.set(['b', 'c'], 1)],
    ['a key that occurs twice', '{"a": 1, "a": 2}', (editor) => editor.set(['a'], 3)],
    ['a key that is taken', '{"a": 1, "b": 2}', (editor) => editor.insert(['a'], 3)],
    ['a new name that is taken', '{"a": 1, "b": 2}', (editor) => editor.rename(['a'], 'b')],
    ['an element of an object', '{"a": 1}', (editor) => editor.insertElement([], 3)],
    ['a member of an array', '[1]', (editor) => editor.insert(['a'], 3)],
    ['the whole text', '{}', (editor) => editor.remove([])],
  ])('refuses %s', (_, source, edit) => {
    expect(() => edit(new JsonEditor(source))).toThrow(KeylessError);
  });

  it('does to any text what it says, and back to the last byte', () => {
    const plain = fc.object({ maxDepth: 2, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)] });
    fc.assert(
      fc.property(plain, fc.constantFrom(0, 2, '\t'), fc.string(), fc.jsonValue(), (data, space, key, value) => {
        const source = JSON.stringify(data, null, space);
        const added = edited(source, (editor) => editor.set([key], value as JsonData));
        expect(JSON.parse(added)[key]).toEqual(JSON.parse(JSON.stringify(value)));
        edited(source, (editor) => {
          for (const name of Object.keys(data)) editor.remove([name]);
          expect(jsonData(editor.root)).toEqual({});
        });
      }),
    );
  });
});
