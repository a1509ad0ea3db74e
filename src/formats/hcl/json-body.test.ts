/** Terraform's JSON syntax gives the tree that native syntax gives, as far as no schema is needed to tell. */
import { describe, expect, it } from 'vitest';
import { findAttribute, findBlocks, references, staticString } from './index.ts';
import { parseTerraformJson } from './json-body.ts';
import type { HclAttribute, HclBlock, HclBody, HclNode } from './syntax.ts';

const read = (data: unknown): { source: string; body: HclBody } => {
  const source = typeof data === 'string' ? data : JSON.stringify(data);
  const { body, problems } = parseTerraformJson(source);
  expect(problems).toEqual([]);
  return { source, body };
};
const first = <Item>(items: readonly Item[]): Item => items[0] as Item;
const attribute = (body: HclBody, name: string): HclAttribute => findAttribute(body, name) as HclAttribute;
const outline = (body: HclBody): unknown[] =>
  body.items.map((item) => {
    if (item.kind === 'attribute') return item.name;
    return item.kind === 'block'
      ? [item.type, ...item.labels.map(({ value }) => value), outline(item.body)]
      : item.kind;
  });

describe('parseTerraformJson', () => {
  it('reads the blocks of the language with their labels', () => {
    const { body } = read({
      '//': 'a remark',
      terraform: {
        required_version: '>= 1.5',
        required_providers: { aws: { source: 'hashicorp/aws' } },
        backend: { s3: { bucket: 'b', '//': 'a remark' } },
      },
      variable: { region: { type: 'string', validation: [{ condition: '${true}' }] } },
      locals: { a: { b: 1 } },
      module: { vpc: { source: './vpc', providers: { aws: 'aws.eu' } } },
      output: { x: { value: 1, precondition: { condition: true } } },
      data: { aws_caller_identity: { current: {} } },
    });
    expect(outline(body)).toEqual([
      ['terraform', ['required_version', ['required_providers', ['aws']], ['backend', 's3', ['bucket']]]],
      ['variable', 'region', ['type', ['validation', ['condition']]]],
      ['locals', ['a']],
      ['module', 'vpc', ['source', 'providers']],
      ['output', 'x', ['value', ['precondition', ['condition']]]],
      ['data', 'aws_caller_identity', 'current', []],
    ]);
  });

  it('reads arrays of objects at every level, as Terraform does', () => {
    const { body } = read([
      { provider: [{ aws: [{ region: 'a' }, { alias: 'b' }] }, { google: {} }] },
      { resource: { aws_vpc: [{ one: {} }, { two: [{}] }] } },
    ]);
    expect(outline(body)).toEqual([
      ['provider', 'aws', ['region']],
      ['provider', 'aws', ['alias']],
      ['provider', 'google', []],
      ['resource', 'aws_vpc', 'one', []],
      ['resource', 'aws_vpc', 'two', []],
    ]);
  });

  it('shows what may be a block or an attribute as both', () => {
    const { body } = read({ provider: { aws: { assume_role: [{ role_arn: 'r' }, { role_arn: 's' }] } } });
    const provider = first(findBlocks(body, 'provider', 'aws'));
    expect(attribute(provider.body, 'assume_role').expression.kind).toBe('tuple');
    const roles = findBlocks(provider.body, 'assume_role').map((role) =>
      staticString(attribute(role.body, 'role_arn').expression),
    );
    expect(roles).toEqual(['r', 's']);
  });

  it('reads dynamic blocks, lifecycle and provisioners', () => {
    const { body } = read({
      resource: {
        x: {
          y: {
            dynamic: { setting: { for_each: '${var.a}', content: { name: 'n' } } },
            lifecycle: { ignore_changes: ['tags'] },
            provisioner: [{ 'local-exec': { command: 'c' } }],
          },
        },
      },
    });
    expect(outline(body)).toEqual([
      [
        'resource',
        'x',
        'y',
        [
          ['dynamic', 'setting', ['for_each', ['content', ['name']]]],
          ['lifecycle', ['ignore_changes']],
          ['provisioner', 'local-exec', ['command']],
        ],
      ],
    ]);
  });

  it('takes strings for templates, with ranges in the JSON text', () => {
    const { source, body } = read({ locals: { a: '${var.region}-x$${y}', b: 'plain', c: '' } });
    const locals = first(body.items) as HclBlock;
    const a = attribute(locals.body, 'a').expression;
    const at = ({ start, end }: HclNode): string => source.slice(start, end);
    if (a.kind !== 'template' || a.parts[0]?.kind !== 'interpolation')
      throw new TypeError('an interpolation comes first');
    expect(at(a)).toBe('"${var.region}-x$${y}"');
    expect(at(a.parts[0])).toBe('${var.region}');
    expect(at(a.parts[0].expression)).toBe('var.region');
    expect(a.parts[1]).toMatchObject({ kind: 'text', value: '-x${y}' });
    expect(staticString(attribute(locals.body, 'b').expression)).toBe('plain');
    expect(staticString(attribute(locals.body, 'c').expression)).toBe('');
    const name = attribute(locals.body, 'b');
    expect(source.slice(name.nameStart, name.nameEnd)).toBe('b');
  });

  it('reads a template with JSON escapes, every node of it with the range of the string', () => {
    const { source, body } = read({ locals: { a: 'x\n${lookup(var.m, "k")}' } });
    const a = attribute((first(body.items) as HclBlock).body, 'a').expression;
    expect(references(a).length).toBeGreaterThan(0);
    if (a.kind !== 'template') throw new TypeError('a string is a template');
    expect(a.parts[0]).toMatchObject({ kind: 'text', value: 'x\n' });
    expect(a.parts.map(({ start, end }) => source.slice(start, end))).toEqual(
      Array(2).fill('"x\\n${lookup(var.m, \\"k\\")}"'),
    );
  });

  it('takes a broken template for text', () => {
    const { body } = read({ locals: { a: '${', b: '%{ if }' } });
    expect(staticString(attribute((first(body.items) as HclBlock).body, 'a').expression)).toBe('${');
  });

  it('reads a tfvars file as attributes', () => {
    const { body } = read({ access_key: 'x', list: [1, null, true], map: { a: 'b' }, module: 'a name like any other' });
    expect(outline(body)).toEqual(['access_key', 'list', 'map', 'module']);
    expect(attribute(body, 'list').expression).toMatchObject({
      kind: 'tuple',
      elements: [
        { kind: 'literal', value: 1 },
        { kind: 'literal', value: null },
        { kind: 'literal', value: true },
      ],
    });
    expect(attribute(body, 'map').expression).toMatchObject({ kind: 'object', items: [{ name: 'a' }] });
  });

  it('has no body and a problem where the text is no JSON, and a problem where a value cannot be', () => {
    expect(parseTerraformJson('{"a": }')).toMatchObject({ body: { items: [] }, problems: [{ start: 6 }] });
    expect(parseTerraformJson('"x"').problems).toHaveLength(1);
    expect(parseTerraformJson('{"provider": {"aws": {"region": "x"}, "google": "y"}}').problems).toEqual([]);
  });
});
