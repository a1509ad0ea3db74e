// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL has templates of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findAttribute,
  findBlocks,
  type HclBody,
  type HclExpression,
  type HclFile,
  type HclItem,
  type HclNode,
  type HclTemplatePart,
  type HclTraversalStep,
  innerExpressions,
  lexHcl,
  parseHcl,
  parseHclExpression,
  walkBodyExpressions,
} from './index.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

function fixture(path: string): string {
  return readFileSync(join(fixtures, path), 'utf8');
}

const validFiles = readdirSync(join(fixtures, 'valid')).map((name) => [name, fixture(`valid/${name}`)] as const);

/** The structure of an expression with every grouping in parentheses. */
function shape(expression: HclExpression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'template':
      return `"${expression.parts.map(partShape).join('')}"`;
    case 'heredoc':
      return `<<${expression.flush ? '-' : ''}${expression.marker} ${expression.parts.map(partShape).join('')}`;
    case 'object':
      return `{${expression.items.map((item) => `${shape(item.key)}=${shape(item.value)}`).join(', ')}}`;
    case 'tuple':
      return `[${expression.elements.map(shape).join(', ')}]`;
    case 'traversal':
      return expression.root + expression.steps.map(stepShape).join('');
    case 'postfix':
      return `(${shape(expression.operand)})${expression.steps.map(stepShape).join('')}`;
    case 'call':
      return `${expression.name}(${expression.arguments.map(shape).join(', ')}${expression.expandFinal ? '...' : ''})`;
    case 'unary':
      return `(${expression.operator}${shape(expression.operand)})`;
    case 'binary':
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case 'conditional':
      return `(${shape(expression.condition)} ? ${shape(expression.whenTrue)} : ${shape(expression.whenFalse)})`;
    case 'parentheses':
      return `<${shape(expression.inner)}>`;
    case 'for': {
      const key = expression.key === undefined ? '' : `${shape(expression.key)} => `;
      const condition = expression.condition === undefined ? '' : ` if ${shape(expression.condition)}`;
      return `${expression.object ? 'object' : 'list'} for ${expression.names.join(', ')} in ${shape(expression.collection)}: ${key}${shape(expression.value)}${expression.group ? '...' : ''}${condition}`;
    }
    case 'broken-expression':
      return 'broken';
  }
}

function partShape(part: HclTemplatePart): string {
  if (part.kind === 'text') return part.value;
  if (part.kind === 'interpolation') return `\${${shape(part.expression)}}`;
  return `%{${[part.keyword, ...part.names, ...part.expressions.map(shape)].join(' ')}}`;
}

function stepShape(step: HclTraversalStep): string {
  if (step.kind === 'attribute') return `.${step.name}`;
  if (step.kind === 'splat') return step.full ? '[*]' : '.*';
  return `[${shape(step.key)}]`;
}

function shapeOf(source: string): string {
  const { expression, problems } = parseHclExpression(source);
  expect(problems).toEqual([]);
  return shape(expression);
}

/** The items of a body, one a line and indented: `name =`, `type "label"`, or `broken: text`. */
function outline(source: string, body: HclBody): string[] {
  return body.items.flatMap((item) => {
    if (item.kind === 'attribute') return [`${item.name} =`];
    if (item.kind === 'broken') return [`broken: ${source.slice(item.start, item.end)}`];
    const labels = item.labels.map(({ value }) => ` "${value}"`).join('');
    return [`${item.type}${labels}`, ...outline(source, item.body).map((line) => `  ${line}`)];
  });
}

function outlineOf(source: string): string[] {
  return outline(source, parseHcl(source).body);
}

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3 - 4', '((1 + (2 * 3)) - 4)'],
    ['1 * 2 + 3 % 4', '((1 * 2) + (3 % 4))'],
    ['a || b && c == d < e + f', '(a || (b && (c == (d < (e + f)))))'],
    ['a - b - c', '((a - b) - c)'],
    ['-a.b + !c[0]', '((-a.b) + (!c[0]))'],
    ['!!a', '(!(!a))'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['a ? b ? 1 : 2 : 3', '(a ? (b ? 1 : 2) : 3)'],
    ['a == b ? c : d', '((a == b) ? c : d)'],
    ['(a + b) * c', '(<(a + b)> * c)'],
    ['[1, [true, null], "x",]', '[1, [true, null], "x"]'],
    ['{ a = 1, "b" : 2, (c) = 3 }', '{a=1, "b"=2, <c>=3}'],
    ['f(1, g(), [2]...)', 'f(1, g(), [2]...)'],
    ['provider :: aws :: f(1)', 'provider::aws::f(1)'],
    ['a.b[0].c["d"][e.f].0.*.g[*].h', 'a.b[0].c["d"][e.f][0].*.g[*].h'],
    ['f(1).a[0]', '(f(1)).a[0]'],
    ['[1][0]', '([1])[0]'],
    ['"a".b', '("a").b'],
    ['true.a', '(true).a'],
    ['[for a in b : c if d]', 'list for a in b: c if d'],
    ['{ for k, v in m : k => v... if v != null }', 'object for k, v in m: k => v... if (v != null)'],
    ['"a${b}c${~ d ~}$${e}"', '"a${b}c${d}${e}"'],
    ['"%{ if a }b%{ else }c%{ endif }"', '"%{if a}b%{else}c%{endif}"'],
    ['"%{ for k, v in m }${v}%{ endfor }"', '"%{for k v m}${v}%{endfor}"'],
    ['<<-E\n  a\n  ${b}\n  E\n', '<<-E   a\n  ${b}\n'],
    ['1e3', '1000'],
    ['1.50', '1.5'],
  ])('%s', (source, expected) => {
    expect(shapeOf(source)).toBe(expected);
  });

  it('name the keys of an object that are known as they stand', () => {
    const { expression } = parseHclExpression(
      '{ a = 1, "b" = 2, true = 3, 4 = 4, ("c") = 5, (d) = 6, e.f = 7, "${g}" = 8 }',
    );
    expect(expression.kind === 'object' && expression.items.map(({ name }) => name)).toEqual([
      'a',
      'b',
      'true',
      '4',
      'c',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('end before blanks, comments and line ends', () => {
    const source = 'a = [1] /* b */ # c\nd = <<E\nx\n  E  \n';
    const { body } = parseHcl(source);
    const texts = ['a', 'd'].map((name) => {
      const { start, end } = findAttribute(body, name)?.expression ?? { start: 0, end: 0 };
      return source.slice(start, end);
    });
    expect(texts).toEqual(['[1]', '<<E\nx\n  E']);
  });

  it('alone are broken where anything follows', () => {
    for (const source of ['', '1 2', 'a = 1', '[', '"${"']) {
      const { expression, problems } = parseHclExpression(source);
      expect(problems).toHaveLength(1);
      expect(expression).toMatchObject({ kind: 'broken-expression', message: problems[0]?.message });
    }
  });
});

describe('items', () => {
  const source = 'resource "a\\"b" c { # d\n  e /* f */ = 1 // g\n}\n';
  const [block] = findBlocks(parseHcl(source).body, 'resource');

  it('hold their type and labels without quotes and escapes', () => {
    expect(block?.labels.map(({ value, quoted }) => [value, quoted])).toEqual([
      ['a"b', true],
      ['c', false],
    ]);
    expect(block?.labels.map(({ start, end }) => source.slice(start, end))).toEqual(['"a\\"b"', 'c']);
  });

  it('know where their braces, names and equals signs stand', () => {
    expect(block && source.slice(block.start, block.end)).toBe(source.trimEnd());
    expect(block && source[block.openBrace]).toBe('{');
    expect(block && source[block.closeBrace]).toBe('}');
    expect(block && source.slice(block.body.start, block.body.end)).toBe(' # d\n  e /* f */ = 1 // g\n');
    const attribute = block && findAttribute(block.body, 'e');
    expect(attribute && source.slice(attribute.start, attribute.end)).toBe('e /* f */ = 1');
    expect(attribute && source.slice(attribute.nameStart, attribute.nameEnd)).toBe('e');
    expect(attribute && source[attribute.equals]).toBe('=');
  });

  it('are offsets in UTF-16, the byte order mark counted', () => {
    const text = '\ufeff# 😀\na = "é😀" # b\n';
    const attribute = findAttribute(parseHcl(text).body, 'a');
    expect(attribute && text.slice(attribute.start, attribute.end)).toBe('a = "é😀"');
  });
});

describe('comments', () => {
  it('are found wherever they stand, without their line end', () => {
    const source = '# a\r\n// b\nc = [ /* d */ # e\n  1, "# no ${ f /* g */ }"\n] # h';
    const { comments } = parseHcl(source);
    expect(comments.map(({ start, end, style }) => [source.slice(start, end), style])).toEqual([
      ['# a', '#'],
      ['// b', '//'],
      ['/* d */', '/*'],
      ['# e', '#'],
      ['/* g */', '/*'],
      ['# h', '#'],
    ]);
  });

  it('are found once, also in what had to be read again', () => {
    const source = 'a { # one\n  b = 1 # two\n\nc { # three\n}\n# four\n';
    const { comments } = parseHcl(source);
    expect(comments.map(({ start, end }) => source.slice(start, end))).toEqual(['# one', '# two', '# three', '# four']);
  });
});

describe('problems', () => {
  it.each([
    ['a = 1 b = 2\n', 'b', /^Missing newline after argument: /],
    ['a = 1\na = 2\n', 'a', /^Attribute redefined: The argument "a" was already set/],
    ['a = "x\\dy"\n', '\\d', /^Invalid escape sequence: The symbol "d"/],
    ['a = 1.2.3\n', '1.2.3', /^Invalid number literal: /],
    ["a = 'b'\n", "'", /^Invalid character: Single quotes are not valid/],
    ['a = b & c\n', '&', /^Unsupported operator: /],
    ['a = "b\n', '"b', /^Invalid multi-line string: /],
    ['a = <<E\nb\n', '<<E\n', /^Unterminated template string: /],
    ['a = [for b in c : b...]\n', '...', /^Invalid 'for' expression: Grouping ellipsis/],
    ['a = "%{ if b }"\n', '%{ if b }', /^Unexpected end of template: /],
    ['b "c" {\n  d = 1\n', 'b "c" {', /^Unclosed configuration block: /],
    ['b {\n}\n}\n', '}', /^Argument or block definition required: /],
    ['/* a\n', '/* a\n', /^Unterminated comment: /],
  ])('of %j are at the place', (source, place, message) => {
    const [problem] = parseHcl(source).problems;
    expect(problem && source.slice(problem.start, problem.end)).toBe(place);
    expect(problem?.message).toMatch(message);
  });

  it('are told in order of place', () => {
    const { problems } = parseHcl('a = 1\nb {\n  c = \n}\na = "\\d"\n');
    expect(problems.map(({ start }) => start)).toEqual([16, 19, 24]);
  });

  it('leave an attribute usable when only its value is wrong', () => {
    expect(outlineOf('a = "\\d"\nb = 1.2.3\nc = 1\nc = 2\n')).toEqual(['a =', 'b =', 'c =', 'c =']);
  });
});

describe('what is broken', () => {
  it.each([
    [
      'half-written.tf',
      [
        'provider "aws"',
        '  region =',
        'resource "aws_s3_bucket" "state"',
        '  broken: bucket =',
        'resource "aws_s3_bucket" "logs"',
        '  bucket =',
        '  broken: tags = {\n    Name\n  }',
        '  broken: force_destroy =',
        'output "a"',
        '  broken: value = aws_s3_bucket.',
        'output "b"',
        '  value =',
      ],
    ],
    [
      'merge-conflict-in-attributes.tf',
      [
        'provider "aws"',
        '  broken: <<<<<<< HEAD',
        '  region =',
        '  broken: =======',
        '  region =',
        '  broken: >>>>>>> feature',
        '  profile =',
        'output "a"',
        '  value =',
      ],
    ],
    [
      'jinja.tf',
      [
        'terraform',
        '  backend "s3"',
        '    bucket =',
        '    broken: {% if region %}',
        '    region =',
        '    broken: {% endif %}',
        '    broken: key    = {{ key }}',
        '    encrypt =',
        'variable "a"',
        '  default =',
      ],
    ],
    [
      'missing-brace.tf',
      [
        'provider "aws"',
        '  region =',
        '  broken: assume_role {\n    role_arn = "arn:aws:iam::111122223333:role/x"',
        'resource "aws_s3_bucket" "state"',
        '  bucket =',
        '  versioning',
        '    enabled =',
        'output "a"',
        '  value =',
      ],
    ],
    [
      'missing-outer-brace.tf',
      ['broken: variable "a" {\n  default = 1', 'variable "b"', '  default =', 'variable "c"', '  default ='],
    ],
    ['stray-brace.tf', ['variable "a"', '  default =', 'broken: }', 'variable "b"', '  default =']],
    [
      'shell-in-heredoc.tf',
      [
        'resource "x" "y"',
        '  broken: user_data = <<-EOT\n    echo ${HOME:-/root}\n    name = "not an attribute"\n  EOT',
        '  after =',
        'output "a"',
        '  value =',
      ],
    ],
    ['unclosed-heredoc.tf', ['variable "a"', '  broken: default = <<EOT\ntext', 'variable "b"', '  default =']],
    [
      'unclosed-string.tf',
      [
        'provider "aws"',
        '  broken: region  = "eu-west-1',
        '  profile =',
        'output "a"',
        '  broken: value = "${var.x"',
        'output "b"',
        '  value =',
      ],
    ],
    [
      'two-arguments-on-a-line.tf',
      [
        'broken: variable "a" { type = string, default = "x" }',
        'variable "b"',
        '  type =',
        'provider "aws"',
        '  broken: region = "a" profile = "b"',
        '  alias =',
      ],
    ],
    ['brace-on-next-line.tf', ['broken: resource "x" "y"\n{\n  a = 1\n}', 'output "z"', '  value =']],
    ['bom-inside.tf', ['a =', 'broken: \ufeffb = 2', 'c =']],
  ])('stays within its item: %s', (name, expected) => {
    expect(outlineOf(fixture(`invalid/${name}`))).toEqual(expected);
  });

  it('carries the message of its problem', () => {
    const { body, problems } = parseHcl('a = \nb = 1\n');
    expect(body.items[0]).toMatchObject({ kind: 'broken', message: problems[0]?.message });
  });
});

describe('any text', () => {
  const pieces = [
    'a',
    'b = 1\n',
    'c {\n',
    '}\n',
    '}',
    '{',
    '[',
    ']',
    '(',
    ')',
    '"',
    '${',
    '%{',
    '~}',
    '%{ if x }',
    '<<E\n',
    'E\n',
    '\n',
    '\r',
    '=',
    '.',
    ',',
    ':',
    '?',
    '!',
    '-',
    '1',
    '*',
    '/*',
    '*/',
    '#',
    'for ',
    ' in ',
    '\\',
    '$',
    ' ',
    '  ',
    '@',
    'é',
    '😀',
    '\ud800',
    '\ufeff',
    "'",
  ];
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom(...validFiles.map(([, text]) => text)), fc.nat(), fc.constantFrom(...pieces))
      .map(([text, place, piece]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + piece + text.slice(at);
      }),
  );

  it('has a tree whose ranges lie in each other and in order', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        expect(misplacedNodes(parseHcl(source))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('has broken items only with problems, and problems only within the text', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        const { body, problems } = parseHcl(source);
        if (problems.length === 0) expect(allItems(body).filter(({ kind }) => kind === 'broken')).toEqual([]);
        for (const { start, end, message } of problems) {
          expect(0 <= start && start <= end && end <= source.length && message !== '').toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a valid file', () => {
  it.each(validFiles)('has nothing but blanks and comments between its items: %s', (_, source) => {
    const { body, comments } = parseHcl(source);
    const covered = [
      ...body.items,
      ...comments.filter((comment) => !body.items.some((item) => contains(item, comment))),
    ];
    covered.sort((a, b) => a.start - b.start);
    let rest = '';
    let position = 0;
    for (const { start, end } of covered) {
      rest += source.slice(position, start);
      position = end;
    }
    expect(rest + source.slice(position)).toMatch(/^\ufeff?[ \t\r\n]*$/);
  });

  it.each(validFiles)('has expressions that begin and end with tokens: %s', (_, source) => {
    const boundaries = new Set(lexHcl(source).starts);
    const split = [...walkBodyExpressions(parseHcl(source).body)].filter(
      ({ start, end, kind }) => !boundaries.has(start) || !(boundaries.has(end) || kind === 'heredoc'),
    );
    expect(split.map(({ start, end }) => source.slice(start, end))).toEqual([]);
  });
});

describe('extremes', () => {
  const many = 100_000;

  it.each([
    ['lists', '[', ']'],
    ['parentheses', '(', ')'],
    ['objects', '{a=', '}'],
    ['calls', 'f(', ')'],
    ['indexes', 'a[', ']'],
    ['strings', '"${', '}"'],
    ['heredocs', '<<E\n${', '}\nE\n'],
    ['negations', '!', ''],
    ['conditionals', 'a ? b : ', ''],
    ['fors', '[for a in b : ', ']'],
  ])('of nesting are a problem, not a stack overflow: %s', (_, open, close) => {
    const { problems, body } = parseHcl(`a = ${open.repeat(many)}1${close.repeat(many)}\nb = 1\n`);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^Nested too deeply: /)]);
    expect(body.items[0]?.kind).toBe('broken');
  });

  it('of nested blocks are a problem too', () => {
    const { problems } = parseHcl('a {\n'.repeat(many));
    expect(problems.length).toBeGreaterThan(0);
  });

  it('of long chains are none', () => {
    const source = `a = 1${' + 1'.repeat(many)}\nb = c${'.d'.repeat(many)}\n`;
    const { problems, body } = parseHcl(source);
    expect(problems).toEqual([]);
    expect([...walkBodyExpressions(body)]).toHaveLength(2 * many + 2);
  });

  // Each of these took minutes while something was searched to the end of the file again and again.
  it.each([
    ['heredocs without an end', 'a = <<E\n'],
    ['broken heredocs without an end', 'a = <<E\n${b c}\n'],
    ['blocks on one line after one without an end', 'a {\n} a {} '],
    ['comments without an end', 'a = 1 /* b\n'],
    ['blocks without an end', 'a {\n b = [\n'],
    ['strings without an end', 'a = "${b\n'],
    ['objects without an end', 'a = {\n'],
    ['stray braces', '}\n'],
  ])('of mistakes take linear time: %s', (_, line) => {
    expect(parseHcl(line.repeat(many)).problems.length).toBeGreaterThan(0);
  });
});

function contains(outer: HclNode, inner: HclNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function allItems(body: HclBody): HclItem[] {
  return body.items.flatMap((item) => (item.kind === 'block' ? [item, ...allItems(item.body)] : [item]));
}

/** Nodes that leave the one around them, or begin before the end of their neighbour. */
function misplacedNodes({ source, body }: HclFile): HclNode[] {
  const misplaced: HclNode[] = [];
  const check = (outer: HclNode, inner: readonly HclNode[]): void => {
    let position = outer.start;
    for (const node of inner) {
      if (node.start < position || node.end < node.start || node.end > outer.end) misplaced.push(node);
      position = node.end;
    }
  };
  check({ start: 0, end: source.length }, body.items);
  for (const item of allItems(body)) {
    if (item.kind === 'block') {
      check(item, [...item.labels, item.body]);
      check(item.body, item.body.items);
    } else if (item.kind === 'attribute') {
      check(item, [
        { start: item.nameStart, end: item.nameEnd },
        { start: item.equals, end: item.equals + 1 },
        item.expression,
      ]);
    }
  }
  for (const expression of walkBodyExpressions(body)) check(expression, innerExpressions(expression));
  return misplaced;
}
