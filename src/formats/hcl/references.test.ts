// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL has templates of its own.
import { describe, expect, it } from 'vitest';
import { parseHclExpression, references, traversalText } from './index.ts';

function referencesIn(source: string): string[] {
  const { expression, problems } = parseHclExpression(source);
  expect(problems).toEqual([]);
  return references(expression).map((reference) => traversalText(source, reference));
}

describe('references', () => {
  it.each([
    ['a name', 'a', ['a']],
    ['a traversal', 'var.region', ['var.region']],
    ['a traversal with every kind of step', 'a.b[0].c["d"].0.*.e[*].f', ['a.b[0].c["d"].0.*.e[*].f']],
    ['both sides of an operator', 'var.a + !var.b', ['var.a', 'var.b']],
    ['all three parts of a conditional', 'var.a ? var.b : var.c', ['var.a', 'var.b', 'var.c']],
    ['arguments of calls', 'merge(var.a, f(local.b)...)', ['var.a', 'local.b']],
    ['index keys', 'var.a[local.b[var.c]]', ['var.a[local.b[var.c]]', 'local.b[var.c]', 'var.c']],
    ['steps on a call', 'f(var.a).b[var.c]', ['var.a', 'var.c']],
    ['interpolations', '"a${var.b}c${"${var.d}"}"', ['var.b', 'var.d']],
    ['heredocs', '(<<E\n${var.a}\nE\n)', ['var.a']],
    ['directives', '"%{ if var.a }${var.b}%{ else }%{ endif }"', ['var.a', 'var.b']],
    ['lists and objects', '[var.a, { b = var.c, (var.d) = 1, "${var.e}" = 2 }]', ['var.a', 'var.c', 'var.d', 'var.e']],
    ['object keys with steps', '{ a.b = 1 }', ['a.b']],
    ['parentheses', '(var.a)', ['var.a']],
  ])('come from %s', (_, source, expected) => {
    expect(referencesIn(source)).toEqual(expected);
  });

  it('leave out the keys of objects, which are text', () => {
    expect(referencesIn('{ region = var.region }')).toEqual(['var.region']);
  });

  it('leave out literals', () => {
    expect(referencesIn('[true, false, null, 1, "a"]')).toEqual([]);
  });

  it('leave out what a for binds, in its scope only', () => {
    expect(referencesIn('[for a, b in b.c : "${a}${b.d}${c}" if a != ""]')).toEqual(['b.c', 'c']);
    expect(referencesIn('f([for a in var.b : a], a)')).toEqual(['var.b', 'a']);
    expect(referencesIn('{ for a in var.b : a => [for a in a : a] }')).toEqual(['var.b']);
  });

  it('leave out what a for directive binds, in its scope only', () => {
    expect(referencesIn('"${a}%{ for a in var.b }${a}%{ for a in a }${a}%{ endfor }${a}%{ endfor }${a}"')).toEqual([
      'a',
      'var.b',
      'a',
    ]);
  });
});

describe('the text of a traversal', () => {
  it('is without the blanks and comments inside it', () => {
    expect(referencesIn('var /* which */ . region [ 0 ] \n . id')).toEqual(['var.region[0].id']);
  });
});
