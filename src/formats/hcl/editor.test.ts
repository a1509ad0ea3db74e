/**
 * The editor as a specification: each case turns `editor-fixtures/<name>.before.tf` into `<name>.after.tf`. Files
 * that `terraform fmt` accepts before are accepted after.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits, invertEdits } from '../edit.ts';
import { HclEditor } from './editor.ts';
import { findAttribute, parseHcl } from './index.ts';
import type { HclAttribute, HclBlock, HclBody, HclObject, HclObjectItem, HclTuple } from './syntax.ts';

const fixtures = join(import.meta.dirname, 'editor-fixtures');

const cases: Readonly<Record<string, (editor: HclEditor, body: HclBody) => void>> = {
  'set-value-realigns-nothing': (editor, body) => {
    editor.setValue(attribute(blocks(body)[0], 'required_version'), '">= 1.10.1"');
  },
  'set-value-to-several-lines-splits-the-run': (editor, body) => {
    editor.setValue(attribute(blocks(body)[0], 'destination'), '{\n  arn = "x"\n  longer = [\n    1,\n  ]\n}');
  },
  'rename-attribute-realigns-its-run': (editor, body) => {
    const [provider] = blocks(body);
    editor.renameAttribute(attribute(provider, 'shared_credentials_file'), 'shared_credentials_files');
    editor.setValue(attribute(provider, 'shared_credentials_file'), '["~/.aws/credentials"]');
  },
  'insert-attribute-after-the-last': (editor, body) => {
    editor.insertAttribute(blocks(body)[0].body, 'allowed_account_ids', '["123456789012"]');
  },
  'insert-attribute-before-a-named-one-with-comment': (editor, body) => {
    const backend = blocks(blocks(body)[0].body)[0].body;
    editor.insertAttribute(backend, 'use_lockfile', 'true', { before: 'dynamodb_table' });
    editor.insertAttribute(backend, 'encrypt', 'true', { after: 'bucket' });
  },
  'insert-attribute-into-empty-block': (editor, body) => {
    for (const block of blocks(body)) {
      editor.insertAttribute(block.body, 'region', '"eu-west-1"');
      editor.insertAttribute(block.body, 'allowed_account_ids', '["123456789012"]');
    }
  },
  'insert-attribute-opens-up-one-line-block': (editor, body) => {
    const [provider, module] = blocks(body);
    editor.insertAttribute(provider.body, 'allowed_account_ids', '["123456789012"]');
    editor.insertAttribute(blocks(module.body)[0].body, 'longer', '2', 'start');
  },
  'insert-attribute-before-the-first-block': (editor, body) => {
    editor.insertAttribute(blocks(body)[0].body, 'source', '"./vpc"');
  },
  'insert-attributes-with-comment-and-blank-line': (editor, body) => {
    const text =
      '\n# Defaults of 3.x, so that the plan stays empty.\nmanage_default_vpc = false # new default: true\nenable_dns = false # new default: true';
    editor.insert(blocks(body)[0].body, text, { after: 'version' });
  },
  'insert-object-value': (editor, body) => {
    editor.insertAttribute(
      blocks(blocks(body)[0].body)[0].body,
      'assume_role',
      '{\n  role_arn = "arn:aws:iam::123456789012:role/state"\n  tags = {\n    team = "a"\n  }\n}',
      { after: 'key' },
    );
  },
  'insert-heredoc-value': (editor, body) => {
    editor.insertAttribute(
      blocks(blocks(body)[0].body)[0].body,
      'policy',
      '<<-EOT\n  {\n    "Version": "2012-10-17"\n  }\nEOT',
    );
  },
  'insert-block-into-body': (editor, body) => {
    const terraform = blocks(body)[0].body;
    editor.insert(terraform, 'backend "s3" {\n  bucket = "state"\n  key = "app"\n}');
    editor.insert(
      terraform,
      'required_providers {\n  aws = {\n    source = "hashicorp/aws"\n    version = "~> 5.0"\n  }\n}',
      {
        before: 'backend',
      },
    );
  },
  'insert-block-at-end-of-file': (editor, body) => {
    editor.insert(body, '# One more.\nprovider "aws" {\n  alias = "b"\n}');
  },
  'insert-block-between-blocks': (editor, body) => {
    const [first, second] = blocks(body);
    editor.insert(body, 'locals {\n  a = 1\n}', { before: second });
    editor.insert(body, 'locals {\n  b = 1\n}', { before: first });
    editor.insert(body, 'locals {\n  c = 1\n}', { after: first });
  },
  'remove-static-keys': (editor, body) => {
    for (const name of ['access_key', 'secret_key', 'token']) editor.removeAttribute(attribute(blocks(body)[0], name));
  },
  'remove-keeps-comment-about-more': (editor, body) => {
    for (const name of ['access_key', 'secret_key', 'token']) editor.removeAttribute(attribute(blocks(body)[0], name));
  },
  'remove-comment-that-names-the-attribute': (editor, body) => {
    editor.removeAttribute(attribute(blocks(body)[0], 'access_key'));
  },
  'remove-whole-paragraph-with-its-comment': (editor, body) => {
    for (const name of ['access_key', 'secret_key']) editor.removeAttribute(attribute(blocks(body)[0], name));
  },
  'remove-first-and-last-paragraph': (editor, body) => {
    for (const name of ['secret_key', 'access_key']) editor.removeAttribute(attribute(blocks(body)[0], name));
  },
  'remove-everything-empties-the-block': (editor, body) => {
    for (const block of blocks(body)) {
      for (const item of block.body.items) editor.removeAttribute(item as HclAttribute);
    }
  },
  'remove-joins-runs': (editor, body) => {
    editor.removeAttribute(attribute(blocks(body)[0], 'tags'));
  },
  'remove-multi-line-and-heredoc': (editor, body) => {
    for (const name of ['policy', 'tags']) editor.removeAttribute(attribute(blocks(body)[0], name));
  },
  'remove-block-with-comments': (editor, body) => {
    const [region, accessKey, secretKey, token] = blocks(body);
    for (const block of [accessKey, region, token, secretKey]) editor.removeBlock(block);
  },
  'remove-nested-block': (editor, body) => {
    for (const provider of blocks(body)) editor.removeBlock(blocks(provider.body)[0]);
  },
  'group-flat-backend-arguments': (editor, body) => {
    const backend = blocks(blocks(body)[0].body)[0];
    editor.groupAttributes(
      'assume_role',
      [
        { attribute: attribute(backend, 'role_arn') },
        { attribute: attribute(backend, 'assume_role_duration_seconds'), as: 'duration' },
        { attribute: attribute(backend, 'external_id') },
        { attribute: attribute(backend, 'assume_role_policy'), as: 'policy' },
        { attribute: attribute(backend, 'assume_role_tags'), as: 'tags' },
      ],
      ['session_name = "keyless"'],
    );
    editor.setValue(attribute(backend, 'region'), '"eu-west-2"');
  },
  'block-to-attribute': (editor, body) => {
    editor.blockToAttribute(blocks(blocks(body)[0].body)[0]);
  },
  'object-items': (editor, body) => {
    const [remoteState, locals] = blocks(body);
    const config = object(remoteState, 'config');
    editor.removeItem(item(config, 'dynamodb_table'));
    editor.insertItem(config, 'use_lockfile', 'true', { after: 'bucket' });
    editor.renameItem(item(config, 'key'), '"key"');
    editor.setItemValue(item(config, 'bucket'), 'var.bucket');
    editor.insertItem(object(locals, 'one'), 'c', '3');
    editor.removeItem(item(object(locals, 'one'), 'a'));
    editor.insertItem(object(locals, 'empty'), 'a', '1');
    editor.insertItem(object(locals, 'empty'), 'bcd', '1', 'start');
    editor.insertItem(object(locals, 'commas'), 'c', '{\n  d = 1\n}');
    editor.removeItem(item(object(locals, 'commas'), 'a'));
    editor.insertItem(object(locals, 'colons'), '"b"', '2', { before: 'a' });
    editor.removeItem(item(object(locals, 'open'), 'b'));
    editor.insertItem(object(locals, 'open'), 'longer', '3');
  },
  'tuple-elements': (editor, body) => {
    const [locals] = blocks(body);
    const [a, b, c] = tuple(locals, 'inline').elements;
    editor.removeElement(defined(a));
    editor.removeElement(defined(c));
    editor.insertElement(tuple(locals, 'inline'), '"d"', { before: defined(b) });
    const [, second, third] = tuple(locals, 'lines').elements;
    editor.removeElement(defined(second));
    editor.insertElement(tuple(locals, 'lines'), '"d"');
    editor.insertElement(tuple(locals, 'lines'), '"e"', { before: defined(third) });
    editor.removeElement(defined(tuple(locals, 'only').elements[0]));
    editor.insertElement(tuple(locals, 'empty'), '{\n  a = 1\n}');
  },
  'replace-expression-in-place': (editor, body) => {
    const [module] = blocks(body);
    const name = attribute(module, 'name').expression;
    if (name.kind !== 'template' || name.parts[0]?.kind !== 'interpolation') throw new TypeError('not that fixture');
    editor.replaceExpression(name.parts[0].expression, 'local.prefix');
    const role = attribute(module, 'role').expression;
    if (role.kind !== 'call') throw new TypeError('not that fixture');
    editor.replaceExpression(defined(role.arguments[2]), 'null');
    editor.replaceExpression(
      attribute(module, 'source').expression,
      '"git::https://git.example.com/modules.git//bucket?ref=0123abc"',
    );
  },
  'set-label': (editor, body) => {
    const [data, resource] = blocks(body);
    editor.setLabel(data, 0, 'aws_subnets');
    editor.setLabel(resource, 1, 'b-2');
  },
  'run-out-of-line-is-left-alone': (editor, body) => {
    for (const provider of blocks(body)) {
      editor.removeAttribute(attribute(provider, 'access_key'));
      editor.insertAttribute(provider.body, 'profile', '"dev"', { after: 'region' });
    }
  },
  'unicode-columns': (editor, body) => {
    editor.setValue(attribute(blocks(body)[0], 'a'), '"👩‍👩‍👧 é"');
  },
};

const names = Object.keys(cases);
const results = new Map(names.map((name) => [name, run(name)]));

describe('HclEditor', () => {
  it.each(names)('%s', (name) => {
    const { before, text, edits } = defined(results.get(name));
    expect(text).toBe(readFileSync(join(fixtures, `${name}.after.tf`), 'utf8'));
    expect(applyEdits(before, edits)).toBe(text);
    expect(applyEdits(text, invertEdits(before, edits))).toBe(before);
  });

  it('has a case for every fixture', () => {
    const found = readdirSync(fixtures).map((file) => file.replace(/\.(before|after)\.tf$/, ''));
    expect([...new Set(found)].sort()).toEqual([...names].sort());
  });
});

function run(name: string): {
  before: string;
  text: string;
  edits: readonly { start: number; end: number; text: string }[];
} {
  const before = readFileSync(join(fixtures, `${name}.before.tf`), 'utf8');
  const file = parseHcl(before);
  const editor = new HclEditor(file);
  defined(cases[name])(editor, file.body);
  if (process.env['UPDATE']) writeFileSync(join(fixtures, `${name}.after.tf`), editor.finish().text);
  return { before, ...editor.finish() };
}

function blocks(body: HclBody): [HclBlock, HclBlock, HclBlock, HclBlock] {
  return body.items.filter((each) => each.kind === 'block') as [HclBlock, HclBlock, HclBlock, HclBlock];
}

function attribute(block: HclBlock, name: string): HclAttribute {
  return defined(findAttribute(block.body, name));
}

function object(block: HclBlock, name: string): HclObject {
  return attribute(block, name).expression as HclObject;
}

function item(of: HclObject, name: string): HclObjectItem {
  return defined(of.items.find((each) => each.name === name));
}

function tuple(block: HclBlock, name: string): HclTuple {
  return attribute(block, name).expression as HclTuple;
}

function defined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('the fixture does not hold that');
  return value;
}
