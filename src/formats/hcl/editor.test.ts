/**
 * The editor as a specification: each case turns `editor-fixtures/<name>.before.tf` into `<name>.after.tf`. Files
 * that `terraform fmt` accepts before are accepted after.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeylessError } from '../../kernel/error.ts';
import { applyEdits, invertEdits } from '../edit.ts';
import { HclEditor } from './editor.ts';
import { findAttribute, parseHcl } from './index.ts';
import type { HclAttribute, HclBlock, HclBody, HclItem, HclObject, HclObjectItem, HclTuple } from './syntax.ts';

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
    editor.group(
      'assume_role',
      [
        { node: attribute(backend, 'role_arn') },
        { node: attribute(backend, 'assume_role_duration_seconds'), as: 'duration' },
        { node: attribute(backend, 'external_id') },
        { node: attribute(backend, 'assume_role_policy'), as: 'policy' },
        { node: attribute(backend, 'assume_role_tags'), as: 'tags' },
      ],
      ['session_name = "keyless"'],
    );
    editor.setValue(attribute(backend, 'region'), '"eu-west-2"');
  },
  'group-object-items': (editor, body) => {
    for (const state of blocks(body)) {
      const config = object(state, 'config');
      editor.group('assume_role', [{ node: item(config, 'role_arn') }, { node: item(config, 'external_id') }]);
    }
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

it('leaves every fixture that terraform fmt accepts as one that it accepts', (context) => {
  if (spawnSync('terraform', ['version']).status !== 0) return context.skip('terraform is not installed');
  const env = { PATH: process.env.PATH, HOME: fixtures, CHECKPOINT_DISABLE: '1' };
  const { stdout } = spawnSync('terraform', ['fmt', '-check', '-write=false', fixtures], { encoding: 'utf8', env });
  const refused = stdout.split('\n').flatMap((path) => /([^/]+)\.after\.tf$/.exec(path)?.[1] ?? []);
  expect(refused).toEqual(['run-out-of-line-is-left-alone']);
});

describe('the text around an edit', () => {
  const edited = (source: string, edit: (editor: HclEditor, body: HclBody) => void): string => {
    const file = parseHcl(source);
    const editor = new HclEditor(file);
    edit(editor, file.body);
    const { text, edits } = editor.finish();
    expect(applyEdits(text, invertEdits(source, edits))).toBe(source);
    return text;
  };

  it('gives its line breaks to what is inserted', () => {
    const text = edited('provider "aws" {\r\n  region = "x"\r\n}\r\n', (editor, body) => {
      editor.insertAttribute(blocks(body)[0].body, 'a', '{\n  b = <<EOT\nx\nEOT\n}');
      editor.insert(body, 'locals {\n  a = 1\n}');
    });
    expect(text).toBe(
      'provider "aws" {\r\n  region = "x"\r\n  a = {\r\n    b = <<EOT\r\nx\r\nEOT\r\n  }\r\n}\r\n\r\nlocals {\r\n  a = 1\r\n}\r\n',
    );
  });

  it('gives its tabs and its depth of indentation', () => {
    expect(
      edited('provider "aws" {\n\tregion = "x"\n\tnested {}\n}\n', (editor, body) => {
        editor.insertAttribute(blocks(body)[0].body, 'a', '{\n  b = 1\n}');
        editor.insertAttribute(blocks(blocks(body)[0].body)[0].body, 'c', '1');
      }),
    ).toBe('provider "aws" {\n\tregion = "x"\n\ta = {\n\t\tb = 1\n\t}\n\tnested {\n\t\tc = 1\n\t}\n}\n');
    expect(
      edited('a {\n    b {\n    }\n}\n', (editor, body) =>
        editor.insertAttribute(blocks(blocks(body)[0].body)[0].body, 'c', '1'),
      ),
    ).toBe('a {\n    b {\n        c = 1\n    }\n}\n');
  });

  it('keeps a byte-order mark in front and the end of the file as it was', () => {
    expect(edited('\uFEFFa = 1', (editor, body) => editor.insertAttribute(body, 'bcd', '2', 'start'))).toBe(
      '\uFEFFbcd = 2\na   = 1',
    );
    expect(
      edited('a   = 1\nbcd = 2', (editor, body) => editor.removeAttribute(defined(findAttribute(body, 'bcd')))),
    ).toBe('a = 1');
    expect(edited('a = 1', (editor, body) => editor.insert(body, 'b {\n}'))).toBe('a = 1\n\nb {\n}');
    expect(edited('', (editor, body) => editor.insertAttribute(body, 'a', '1'))).toBe('a = 1\n');
    expect(edited('# Only this.\n', (editor, body) => editor.insertAttribute(body, 'a', '1'))).toBe(
      '# Only this.\na = 1\n',
    );
  });

  it('ends with a line break when a heredoc comes last', () => {
    expect(edited('a = 1', (editor, body) => editor.insertAttribute(body, 'b', '<<EOT\nx\nEOT'))).toBe(
      'a = 1\nb = <<EOT\nx\nEOT\n',
    );
  });

  it('is not changed by setting what is there already', () => {
    const file = parseHcl('a   = "x" # c\nbcd = [1,2]\n');
    const editor = new HclEditor(file);
    editor.setValue(defined(findAttribute(file.body, 'a')), '"x"');
    expect(editor.finish().edits).toEqual([]);
  });
});

describe('nodes', () => {
  it('stay good however often the text around them has changed', () => {
    const file = parseHcl('a {\n  b = { c = [1, 2] }\n}\n');
    const [block] = blocks(file.body);
    const list = (object(block, 'b').items[0] as HclObjectItem).value as HclTuple;
    const editor = new HclEditor(file);
    editor.renameAttribute(attribute(block, 'b'), 'long_name');
    const later = editor.file;
    editor.insertAttribute(file.body, 'x', '1', 'start');
    editor.insertElement(list, '3');
    editor.renameItem(item(object(block, 'b'), 'c'), 'd');
    editor.setValue(attribute(blocks(later.body)[0], 'long_name'), 'null');
    expect(editor.text).toBe('x = 1\n\na {\n  long_name = null\n}\n');
    expect(rejection(() => editor.insertElement(list, '4'))).toContain('removed or replaced');
  });

  it('of another file are a mistake of the caller', () => {
    const editor = new HclEditor(parseHcl('a = 1\n'));
    const foreign = defined(findAttribute(parseHcl('a = 1\n').body, 'a'));
    expect(() => editor.setValue(foreign, '2')).toThrow(RangeError);
  });
});

describe('an edit is refused', () => {
  const attempt = (source: string, edit: (editor: HclEditor, body: HclBody) => void): string => {
    const file = parseHcl(source);
    const editor = new HclEditor(file);
    const message = rejection(() => edit(editor, file.body));
    expect(editor.finish()).toEqual({ text: source, edits: [] });
    return message;
  };

  it('when the text does not parse, or holds more than it should', () => {
    expect(attempt('a = 1\n', (editor, body) => editor.setValue(defined(findAttribute(body, 'a')), '[1'))).toContain(
      'text to insert',
    );
    expect(
      attempt('a = 1\n', (editor, body) => editor.setValue(defined(findAttribute(body, 'a')), '1\nb = 2')),
    ).toContain('text to insert');
    expect(attempt('a = 1\n', (editor, body) => editor.insert(body, '# only a comment'))).toContain('text to insert');
  });

  it('when it would read differently where it goes', () => {
    const message = attempt('a = 2 * b\n', (editor, body) => {
      const product = defined(findAttribute(body, 'a')).expression;
      if (product.kind === 'binary') editor.replaceExpression(product.right, '1 + c');
    });
    expect(message).toContain('not the one declared');
  });

  it('when the name is taken or is none', () => {
    expect(
      attempt('a = 1\nb = 2\n', (editor, body) => editor.renameAttribute(defined(findAttribute(body, 'a')), 'b')),
    ).toContain('does not parse');
    expect(
      attempt('a = 1\n', (editor, body) => editor.renameAttribute(defined(findAttribute(body, 'a')), 'b c')),
    ).toContain('refused');
    expect(attempt('a = 1\n', (editor, body) => editor.insertAttribute(body, 'a', '2'))).toContain('does not parse');
  });

  it('when a block with labels or blocks inside is to become an attribute', () => {
    expect(attempt('a "l" {\n}\n', (editor, body) => editor.blockToAttribute(blocks(body)[0]))).toContain('labels');
    expect(attempt('a {\n  b {}\n}\n', (editor, body) => editor.blockToAttribute(blocks(body)[0]))).toContain('nested');
  });

  it('inside source that could not be parsed, while the blocks around it can be edited', () => {
    const source = 'a {\n  b = 1\n}\n\nc {\n  d = = 2\n}\n\ne {\n  f = 3\n}\n';
    const file = parseHcl(source);
    expect(file.problems).toHaveLength(1);
    const editor = new HclEditor(file);
    const intact = file.body.items.filter((each) => each.kind === 'block').filter(({ type }) => type !== 'c');
    for (const block of intact) editor.insertAttribute(block.body, 'longer', '4');
    expect(editor.text).toBe(
      'a {\n  b      = 1\n  longer = 4\n}\n\nc {\n  d = = 2\n}\n\ne {\n  f      = 3\n  longer = 4\n}\n',
    );
    const broken = everything(file.body).filter((each) => each.kind === 'broken');
    expect(broken.length).toBeGreaterThan(0);
    expect(rejection(() => editor.removeAttribute(broken[0] as never))).toContain('could not be parsed');
  });
});

function rejection(action: () => void): string {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof KeylessError && thrown.code === 'EDIT_REJECTED') return thrown.message;
    throw thrown;
  }
  throw new TypeError('nothing was refused');
}

function everything(body: HclBody): readonly HclItem[] {
  return body.items.flatMap((each) => (each.kind === 'block' ? [each, ...everything(each.body)] : [each]));
}

function run(name: string): {
  before: string;
  text: string;
  edits: readonly { start: number; end: number; text: string }[];
} {
  const before = readFileSync(join(fixtures, `${name}.before.tf`), 'utf8');
  const file = parseHcl(before);
  const editor = new HclEditor(file);
  defined(cases[name])(editor, file.body);
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
