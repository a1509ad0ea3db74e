// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL has templates of its own.
/**
 * Held to the accept/reject verdict of `terraform fmt`: where HCL's grammar is easy to get wrong, as a table; whole files
 * in `fixtures/`; and random texts made from both. The table and the files carry their verdict (recorded from Terraform
 * 1.11.4), so they are checked without Terraform too.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAttribute, findBlocks, lexHcl, parseHcl } from './index.ts';

type Verdict = 'valid' | 'invalid';

const valid: readonly (readonly [name: string, text: string])[] = [
  ['an empty file', ''],
  ['a file of blanks', ' \t\n\r\n  '],
  ['a byte order mark', '\ufeffa = 1\n'],
  ['only a byte order mark', '\ufeff'],
  ['no final newline after an attribute', 'a = 1'],
  ['no final newline after a block', 'b {\n}'],
  ['no final newline after a comment', 'a = 1 # done'],
  ['CRLF throughout', 'b {\r\n  a = 1\r\n}\r\n'],
  ['tabs as indentation and around the equals sign', '\ta\t=\t1\n'],
  ['no blanks at all', 'a=1\nb"c"{d=1}\n'],
  ['comments of all three kinds', '# one\n// two\n/* three\nlines */\na = 1 /* four */ # five\n'],
  ['a comment between every token', '/**/a/**/=/**/1/**/\n/**/b/**/"c"/**/{/**/}/**/\n'],
  ['a block comment before the end of a one-line block', 'b { a = 1 /* c */ }\n'],
  ['a block comment that holds a line comment', '/* # // */ a = 1\n'],
  ['a line comment that opens a block comment', '# /*\na = 1\n'],
  ['a line comment with a lone carriage return', '# a\rb\na = 1\n'],
  ['a comment with a byte order mark and controls', '# \ufeff\u0001\u2028\u0085\n'],
  ['a block without labels', 'terraform {}\n'],
  ['a block with bare labels', 'resource aws_instance web {}\n'],
  ['a block with an empty label', 'b "" {}\n'],
  ['a label with escapes', 'b "a\\"b\\n\\u00e9" {}\n'],
  ['a label with doubled marks', 'b "$${x} %%{y}" {}\n'],
  ['a label with a lone dollar', 'b "a$" {}\n'],
  ['an empty block on one line', 'b {}\n'],
  ['an empty block on two lines', 'b {\n}\n'],
  ['a block with a line comment after its brace', 'b { # c\n  a = 1\n}\n'],
  ['a block with a block comment after its brace', 'b { /* c */\n  a = 1\n}\n'],
  ['a block with a block comment before its one argument', 'b { /* c */ a = 1 }\n'],
  ['a one-line block with an object over several lines', 'b { a = {\n  x = 1\n} }\n'],
  ['a one-line block with a list over several lines', 'b { a = [\n1,\n] }\n'],
  ['nested blocks', 'a {\n  b {\n    c {}\n  }\n}\n'],
  ['an attribute and a block of one name', 'a = 1\na {}\n'],
  ['the same block twice', 'a {}\na {}\n'],
  ['the same attribute in two blocks', 'b {\n  a = 1\n}\nb {\n  a = 1\n}\n'],
  ['keywords as attribute names', 'for = 1\nif = 2\nin = 3\ntrue = 4\nnull = 5\n'],
  ['keywords as block types', 'for {}\nin {}\n'],
  ['a name with dashes', 'a-b--c- = 1\n'],
  ['a name of one underscore', '_ = 1\n'],
  ['a name beyond ASCII', 'ärger = 1\n名前 = ärger\n'],
  ['a name with a combining mark', 'e\u0301 = 1\n'],
  ['composed and decomposed names beside each other', '\u00e9 = 1\ne\u0301 = 2\n'],
  ['a name from beyond the basic plane', '𝒳 = 1\n'],
  ['integers, fractions and exponents', 'a = [0, 007, 1.5, 1e5, 1E5, 1e+5, 1.5e-5, 1.e5]\n'],
  ['an exponent without a dot', 'a = 1e5\n'],
  ['a number of a thousand digits', `a = ${'9'.repeat(1000)}\n`],
  ['a large exponent that still fits', 'a = 1e100000\n'],
  ['zero with an enormous exponent', 'a = 0e9999999999\n'],
  ['a range of two numbers and an ellipsis', 'a = f([1]...)\n'],
  ['every binary operator', 'a = 1 + 2 - 3 * 4 / 5 % 6 == 7 != 8 < 9 > 10 <= 11 >= 12 && 13 || 14\n'],
  ['operators without blanks', 'a = b+c*d/e%f\n'],
  ['a name that swallows a minus', 'a = b-c\n'],
  ['unary operators stacked', 'a = !!b\nc = - - -d\ne = !-f\n'],
  ['a comparison after a negation', 'a = !b == c\n'],
  ['a conditional', 'a = b ? c : d\n'],
  ['nested conditionals', 'a = b ? c ? 1 : 2 : d ? 3 : 4\n'],
  ['a conditional over lines in parentheses', 'a = (\n  b\n  ? c\n  : d\n)\n'],
  ['an operator at the line end in parentheses', 'a = (1 +\n2)\n'],
  ['an operator at the line end in a list', 'a = [1 +\n2]\n'],
  ['comments as line ends in parentheses', 'a = ( # one\n  1 // two\n  + 2 /* three */\n)\n'],
  ['an empty list', 'a = []\n'],
  ['an empty list over lines', 'a = [\n\n]\n'],
  ['a list with a trailing comma', 'a = [1, 2,]\n'],
  ['a list with commas on their own lines', 'a = [\n1\n,\n2\n]\n'],
  ['a list that ends with a comment', 'a = [\n  1, # one\n  # two\n]\n'],
  ['an empty object', 'a = {}\n'],
  ['an empty object over lines', 'a = {\n\n}\n'],
  ['an object with newlines', 'a = {\n  b = 1\n  c = 2\n}\n'],
  ['an object with commas', 'a = { b = 1, c = 2 }\n'],
  ['an object with a trailing comma', 'a = { b = 1, }\n'],
  ['an object with commas and newlines', 'a = {\n  b = 1,\n\n  c = 2,\n}\n'],
  ['an object with colons', 'a = { b : 1, "c" : 2 }\n'],
  ['an object with colons and no blanks', 'a={b:1,"c":2}\n'],
  ['an object whose comments end its items', 'a = {\n  b = 1 # one\n  c = 2 // two\n}\n'],
  ['an object with a repeated key', 'a = { b = 1, b = 2 }\n'],
  ['an object with a key in parentheses', 'a = { (b) = 1 }\n'],
  ['a key in parentheses after a bare name', 'a = {\n  x = foo\n  (y) = 2\n}\n'],
  ['a list after a bare name in an object', 'a = {\n  x = foo\n  "y" = [0]\n}\n'],
  ['an object with a traversal for a key', 'a = { b.c = 1 }\n'],
  ['an object with a number for a key', 'a = { 1 = 2 }\n'],
  ['an object with a template for a key', 'a = { "b${c}" = 1 }\n'],
  ['an object with a conditional for a key', 'a = { b ? c : d = 1 }\n'],
  ['an object with keywords for keys', 'a = { if = 1, in = 2, true = 3, null = 4 }\n'],
  ['an object with a quoted for', 'a = { "for" = 1 }\n'],
  ['an object whose second key is for', 'a = {\n  b = 1\n  for = 2\n}\n'],
  ['an object in parentheses keeps its newlines', 'a = ({\n  b = 1\n  c = 2\n})\n'],
  ['an object closed on the line of its last item', 'a = {\n  b = 1 }\n'],
  ['a name alone', 'a = b\n'],
  ['traversals of all kinds', 'a = b.c[0].d["e"].0.f.*.g.0[*].h[i]\n'],
  ['a legacy index', 'a = b.0\nc = b.0.d\n'],
  ['a legacy index with an exponent', 'a = b.0e1\n'],
  ['blanks in a traversal', 'a = b . c [ 0 ] [ * ] . d\n'],
  ['a traversal over lines in parentheses', 'a = (b\n.c\n[0]\n.d)\n'],
  ['an index over lines', 'a = b[\n0\n]\n'],
  ['a splat over lines in parentheses', 'a = (b[\n*\n])\n'],
  ['a full splat after an attribute splat', 'a = b.*[*]\n'],
  ['an attribute splat after a full splat', 'a = b[*].*.c\n'],
  ['attribute splats with an index between', 'a = b.*.c[0].*.d\n'],
  ['steps on things that are no names', 'a = [1, 2][0]\nb = {}.c\nc = f(1).d\nd = (e).f\ne = "g".h\nf = 1.g\n'],
  ['steps on literals', 'a = true.b\nb = null[0]\n'],
  ['a call without arguments', 'a = f()\n'],
  ['a call over lines', 'a = f(\n  1,\n  2,\n)\n'],
  ['a call with its comma on the next line', 'a = f(1\n, 2)\n'],
  ['a call that expands its last argument', 'a = f(1, b...)\n'],
  ['a call that expands over lines', 'a = f(b...\n)\n'],
  ['a call with a blank before its parenthesis', 'a = f (1)\n'],
  ['a call over a newline in parentheses', 'a = (f\n(1))\n'],
  ['a call of a function nobody has', 'a = no_such_function(1)\n'],
  ['a call of a keyword', 'a = true(1)\nb = null()\n'],
  ['a provider function', 'a = provider::aws::arn_parse(b)\n'],
  ['a provider function with blanks', 'a = provider :: aws :: f (1)\n'],
  ['a for list', 'a = [for b in c : b]\n'],
  ['a for list with two names and a condition', 'a = [for b, c in d : "${b}-${c}" if c != null]\n'],
  ['a for list over lines', 'a = [\n  for b in c :\n  b\n  if b\n]\n'],
  ['a for object', 'a = { for b, c in d : b => c }\n'],
  ['a for object over lines', 'a = {\n\n  for b in c :\n  b\n  =>\n  1\n}\n'],
  ['a for object that groups', 'a = { for b in c : b => b... if b }\n'],
  ['a for over a conditional', 'a = [for b in c ? d : e : b]\n'],
  ['nested fors', 'a = [for b in c : [for d in b : { for e in d : e => e }]]\n'],
  ['for as a name', 'a = for\n'],
  ['for in parentheses at the start of a list', 'a = [(for)]\n'],
  ['for later in a list', 'a = [b, for]\n'],
  ['an empty string', 'a = ""\n'],
  ['every escape', 'a = "\\n\\r\\t\\"\\\\\\u00e9\\U0001F600"\n'],
  ['a NUL in a string', 'a = "\0"\n'],
  ['a NUL in a comment', '# \0\n'],
  ['controls and blanks in a string', 'a = "\u0001\t\u000b\f\u00a0\u2028\ufeff"\n'],
  ['dollars and percents in a string', 'a = "$ $$ $x % %% 100% $"\n'],
  ['doubled marks in a string', 'a = "$${b} %%{c} $$${d} $${~e}"\n'],
  ['three dollars before a brace', 'a = "$$${b}"\n'],
  ['braces in a string', 'a = "{}}{"\n'],
  ['comment marks in a string', 'a = "# // /* */"\n'],
  ['an interpolation', 'a = "b${c}d"\n'],
  ['an interpolation alone', 'a = "${b}"\n'],
  ['interpolations side by side', 'a = "${b}${c}"\n'],
  ['interpolations that strip', 'a = "b ${~ c ~} d"\n'],
  ['a strip mark beside the brace', 'a = "${~b~}"\n'],
  ['a string in an interpolation in a string', 'a = "${f("${g("b")}")}"\n'],
  ['an object in an interpolation', 'a = "${{ b = 1 }.b}"\n'],
  ['newlines in an interpolation', 'a = "${\n  b\n}"\n'],
  ['a comment in an interpolation', 'a = "${ b # }\n}"\n'],
  ['a heredoc in an interpolation', 'a = "${<<E\nb\nE\n}"\n'],
  ['an if directive', 'a = "%{ if b }c%{ endif }"\n'],
  ['an if and else directive', 'a = "%{ if b }c%{ else }d%{ endif }"\n'],
  ['a for directive', 'a = "%{ for b in c }${b}%{ endfor }"\n'],
  ['a for directive with two names', 'a = "%{ for b, c in d }${b}${c}%{ endfor }"\n'],
  ['directives that strip', 'a = "%{~ if b ~} c %{~ else ~} d %{~ endif ~}"\n'],
  ['nested directives', 'a = "%{ for b in c }%{ if b }x%{ else }%{ for d in e }y%{ endfor }%{ endif }%{ endfor }"\n'],
  ['a directive over lines', 'a = "%{\n  if\n  b\n}c%{ endif }"\n'],
  ['a heredoc', 'a = <<E\nb\nE\n'],
  ['an empty heredoc', 'a = <<E\nE\n'],
  ['a flush heredoc', 'a = <<-E\n    b\n  c\n  E\n'],
  ['a heredoc whose end is indented', 'a = <<E\nb\n    E\n'],
  ['a heredoc whose end has blanks after it', 'a = <<E\nb\nE \t\nb = 1\n'],
  ['a heredoc whose end stands among no-break spaces', 'a = <<E\nb\n\u00a0E\u2003\n'],
  ['a heredoc with CRLF', 'a = <<E\r\nb\r\nE\r\n'],
  ['a heredoc that mixes line ends', 'a = <<E\nb\r\nE\r\nb = 1\n'],
  ['a heredoc with lines that only look like its end', 'a = <<EOT\nEOTX\nEOT foo\nXEOT\nEO T\nEOT\n'],
  ['a heredoc with a long marker', `a = <<${'M'.repeat(300)}\nb\n${'M'.repeat(300)}\n`],
  ['a heredoc whose marker has a dash', 'a = <<E-T\nb\nE\nE-T\n'],
  ['a heredoc whose marker is beyond ASCII', 'a = <<ÉÉ\nb\nÉÉ\n'],
  ['a heredoc of quotes, braces and backslashes', 'a = <<E\n"{\\n\\\\}" \' ` # /* \nE\n'],
  ['a heredoc with unescaped backslash sequences', 'a = <<E\n\\d \\u12 \\${b}\nE\n'],
  ['a heredoc with templates', 'a = <<E\n${b} %{ if c }\nd\n%{ endif }\nE\n'],
  ['a heredoc with doubled marks', 'a = <<E\n$${b} %%{c}\nE\n'],
  ['a heredoc with lines that end with a dollar', 'a = <<E\n^b$\nc %\n\n$\nE\n'],
  ['a heredoc with its marker in an interpolation', 'a = <<E\n${\nE\n}\nE\n'],
  ['a heredoc in a heredoc', 'a = <<E\n${<<F\nE\nF\n}\nE\n'],
  ['heredocs of one marker in each other', 'a = <<E\n${<<E\nb\nE\n}\nE\n'],
  ['a heredoc in a list', 'a = [<<E\nb\nE\n, 1]\n'],
  ['a heredoc as the last argument', 'a = f(<<E\nb\nE\n)\n'],
  ['a heredoc in an object', 'a = {\n  b = <<E\nc\nE\n  d = 1\n}\n'],
  ['a step on a heredoc in parentheses', 'a = (<<E\nb\nE\n.c)\n'],
  ['a heredoc in a conditional in parentheses', 'a = (b ? <<E\nc\nE\n: d)\n'],
  ['HCL inside a heredoc', 'a = <<E\nterraform {\n  backend "s3" {\n}\nE\n'],
  ['a type expression', 'variable "a" {\n  type = object({ b = optional(map(any), {}) })\n}\n'],
  ['a moved block', 'moved {\n  from = a.b\n  to   = module.c["d"].a.b\n}\n'],
  ['forty levels of lists', `a = ${'['.repeat(40)}${']'.repeat(40)}\n`],
];

const invalid: readonly (readonly [name: string, text: string])[] = [
  ['two byte order marks', '\ufeff\ufeffa = 1\n'],
  ['a byte order mark inside', 'a = 1\n\ufeffb = 2\n'],
  ['a no-break space between tokens', 'a\u00a0= 1\n'],
  ['a line separator for a newline', 'a = 1\u2028b = 2\n'],
  ['a form feed', 'a = 1\f\n'],
  ['a vertical tab', 'a = 1\u000b\n'],
  ['a NUL between tokens', 'a = 1\0\n'],
  ['a lone carriage return for a newline', 'a = 1\rb = 2\n'],
  ['a lone carriage return before CRLF', 'a = 1\r\r\n'],
  ['a name alone', 'a\n'],
  ['a name alone at the end', 'a'],
  ['a number for a name', '1 = 1\n'],
  ['a quoted name', '"a" = 1\n'],
  ['a dotted name', 'a.b = 1\n'],
  ['a colon for the equals sign', 'a : 1\n'],
  ['a double equals sign', 'a == 1\n'],
  ['no value', 'a =\n'],
  ['no value at the end', 'a ='],
  ['two attributes on one line', 'a = 1 b = 2\n'],
  ['two attributes with a comma', 'a = 1, b = 2\n'],
  ['a trailing comma', 'a = 1,\n'],
  ['a trailing semicolon', 'a = 1;\n'],
  ['two attributes with a semicolon', 'a = 1; b = 2\n'],
  ['a newline before the equals sign', 'a\n= 1\n'],
  ['a newline after the equals sign', 'a =\n1\n'],
  ['a line comment after the equals sign', 'a = # c\n1\n'],
  ['the same attribute twice', 'a = 1\na = 2\n'],
  ['the same attribute twice in a block', 'b {\n  a = 1\n  c = 1\n  a = 2\n}\n'],
  ['single quotes', "a = 'b'\n"],
  ['backticks', 'a = `b`\n'],
  ['curly quotes', 'a = \u201cb\u201d\n'],
  ['an at sign', 'a = @b\n'],
  ['a backslash', 'a = \\\n1\n'],
  ['a dollar outside a string', 'a = $b\n'],
  ['a bare interpolation', 'a = ${b}\n'],
  ['bitwise operators', 'a = b & c\n'],
  ['a bitwise or', 'a = b | c\n'],
  ['a bitwise xor', 'a = b ^ c\n'],
  ['a bitwise not', 'a = ~b\n'],
  ['an exponentiation', 'a = 2 ** 3\n'],
  ['a plus before a number', 'a = +1\n'],
  ['a character that joined Unicode after version 9', '\u{16f00}\u{1e2c0} = 1\n'],
  ['a symbol as a name', '€ = 1\n'],
  ['a smiley as a name', '😀 = 1\n'],
  ['a name that starts with a dash', '-a = 1\n'],
  ['an operator at the line end', 'a = 1 +\n2\n'],
  ['an operator at the line start', 'a = 1\n+ 2\n'],
  ['an operator without a right side', 'a = 1 + \n'],
  ['a conditional over lines', 'a = b\n? c\n: d\n'],
  ['a conditional split after its question mark', 'a = b ?\nc : d\n'],
  ['a conditional without its second half', 'a = b ? c\n'],
  ['a number with two dots', 'a = 1.2.3\n'],
  ['a number with dots side by side', 'a = 1..2\n'],
  ['a number that ends with a dot', 'a = 1.\n'],
  ['a number that starts with a dot', 'a = .5\n'],
  ['a number with a bare exponent', 'a = 1e\n'],
  ['a number with two exponents', 'a = 1e5e5\n'],
  ['a hexadecimal number', 'a = 0x10\n'],
  ['a number with underscores', 'a = 1_000\n'],
  ['a number with a unit', 'a = 10GB\n'],
  ['an exponent beyond all bounds', 'a = 1e9999999999\n'],
  ['an open list', 'a = [1, 2\n'],
  ['a list closed by a brace', 'a = [1, 2}\n'],
  ['a list without commas', 'a = [1 2]\n'],
  ['a list with newlines for commas', 'a = [\n  1\n  2\n]\n'],
  ['a list with two commas', 'a = [1,, 2]\n'],
  ['a list of one comma', 'a = [,]\n'],
  ['an open object', 'a = {\n  b = 1\n'],
  ['object items without a comma', 'a = { b = 1 c = 2 }\n'],
  ['an object with two commas', 'a = { b = 1,, c = 2 }\n'],
  ['an object of one comma', 'a = {,}\n'],
  ['an object with a comma at the line start', 'a = {\n  b = 1\n  , c = 2\n}\n'],
  ['an object with semicolons', 'a = { b = 1; c = 2 }\n'],
  ['an object with a fat arrow', 'a = { b => 1 }\n'],
  ['an object with a key alone', 'a = { b }\n'],
  ['an object with a newline before its value', 'a = {\n  b =\n  1\n}\n'],
  ['an object with a newline before its equals sign', 'a = {\n  b\n  = 1\n}\n'],
  ['an object with a newline before its equals sign, in parentheses', 'a = ({\n  b\n  = 1\n})\n'],
  ['an object with a conditional over lines', 'a = {\n  b = c\n    ? 1 : 2\n}\n'],
  ['an object whose first key is for', 'a = { for = 1 }\n'],
  ['an object whose first key is for, on the next line', 'a = {\n  for = 1\n}\n'],
  ['a block in an object', 'a = {\n  b {\n  }\n}\n'],
  ['a list whose first element is for', 'a = [for]\n'],
  ['a list that starts with for and a comma', 'a = [for, b]\n'],
  ['an open parenthesis', 'a = (1\n'],
  ['empty parentheses', 'a = ()\n'],
  ['two values in parentheses', 'a = (1, 2)\n'],
  ['a stray closing parenthesis', 'a = 1)\n'],
  ['a stray closing bracket', 'a = 1]\n'],
  ['a traversal over lines', 'a = b\n.c\n'],
  ['a traversal split after its dot', 'a = b.\nc\n'],
  ['a trailing dot', 'a = b.\n'],
  ['two dots', 'a = b..c\n'],
  ['a dot before a string', 'a = b."c"\n'],
  ['a dot before a bracket', 'a = b.[0]\n'],
  ['legacy indexes in a chain', 'a = b.0.1\n'],
  ['legacy indexes in a chain after a splat', 'a = b.*.0.1\n'],
  ['an attribute splat in an attribute splat', 'a = b.*.c.*\n'],
  ['two attribute splats', 'a = b.*.*\n'],
  ['an empty index', 'a = b[]\n'],
  ['two values in an index', 'a = b[0, 1]\n'],
  ['an open index', 'a = b[0\n'],
  ['a splat index with more in it', 'a = b[*0]\n'],
  ['a splat index over lines', 'a = b[\n*\n]\n'],
  ['a splat index closed on the next line', 'a = b[*\n]\n'],
  ['an open call', 'a = f(1\n'],
  ['a call without commas', 'a = f(1 2)\n'],
  ['a call of one comma', 'a = f(,)\n'],
  ['a call with two commas', 'a = f(1,,2)\n'],
  ['a call that expands nothing', 'a = f(...)\n'],
  ['a call that expands too early', 'a = f(b..., 1)\n'],
  ['a call with a comma after its expansion', 'a = f(b...,)\n'],
  ['a call on the next line', 'a = f\n(1)\n'],
  ['a call of a call', 'a = f(1)(2)\n'],
  ['a call of a member', 'a = b.f(1)\n'],
  ['a provider function without a call', 'a = provider::aws::f\n'],
  ['a provider function without a name', 'a = provider::(1)\n'],
  ['a provider function with a single colon', 'a = provider:f(1)\n'],
  ['a for list without in', 'a = [for b c : b]\n'],
  ['a for list without a colon', 'a = [for b in c b]\n'],
  ['a for list without a value', 'a = [for b in c :]\n'],
  ['a for list with three names', 'a = [for b, c, d in e : b]\n'],
  ['a for list with a key', 'a = [for b in c : b => b]\n'],
  ['a for list that groups', 'a = [for b in c : b...]\n'],
  ['a for list with a trailing comma', 'a = [for b in c : b,]\n'],
  ['a for object without a key', 'a = { for b in c : b }\n'],
  ['a for object that groups after its condition', 'a = { for b in c : b => b if b... }\n'],
  ['a for object closed by a bracket', 'a = { for b in c : b => b ]\n'],
  ['an open string', 'a = "b\n'],
  ['an open string at the end', 'a = "b'],
  ['a newline in a string', 'a = "b\nc"\n'],
  ['a carriage return in a string', 'a = "b\rc"\n'],
  ['an escaped newline in a string', 'a = "b\\\nc"\n'],
  ['an unknown escape', 'a = "\\d"\n'],
  ['an escaped dollar', 'a = "\\${b}"\n'],
  ['an escaped single quote', 'a = "\\\'"\n'],
  ['a short unicode escape', 'a = "\\u12"\n'],
  ['a short long unicode escape', 'a = "\\U1F600"\n'],
  ['a unicode escape that is half a pair', 'a = "\\ud83d\\ude00"\n'],
  ['a unicode escape beyond Unicode', 'a = "\\U00110000"\n'],
  ['an unknown escape in a label', 'b "\\d" {}\n'],
  ['an empty interpolation', 'a = "${}"\n'],
  ['an open interpolation', 'a = "${b"\n'],
  ['an interpolation with more than one expression', 'a = "${b c}"\n'],
  ['an interpolation for a shell', 'a = "${b:-c}"\n'],
  ['an object closed by a strip mark', 'a = "${ { b = 1 ~} }"\n'],
  ['a strip mark apart from its brace', 'a = "${b ~ }"\n'],
  ['a strip mark outside a template', 'a = { b = 1 ~}\n'],
  ['a newline in a string in an interpolation', 'a = "${"b\n"}"\n'],
  ['an interpolation in a label', 'b "${c}" {}\n'],
  ['a directive in a label', 'b "%{ if c }%{ endif }" {}\n'],
  ['an empty directive', 'a = "%{}"\n'],
  ['an unknown directive', 'a = "%{ while b }"\n'],
  ['a directive that is a string', 'a = "%{ "if" }"\n'],
  ['an if directive without a condition', 'a = "%{ if }%{ endif }"\n'],
  ['an if directive without its end', 'a = "%{ if b }c"\n'],
  ['an end without its if', 'a = "%{ endif }"\n'],
  ['an else without its if', 'a = "%{ else }"\n'],
  ['two elses', 'a = "%{ if b }%{ else }%{ else }%{ endif }"\n'],
  ['an else if', 'a = "%{ if b }%{ else if c }%{ endif }"\n'],
  ['an else in a for', 'a = "%{ for b in c }%{ else }%{ endfor }"\n'],
  ['a for ended as an if', 'a = "%{ for b in c }%{ endif }"\n'],
  ['an if ended as a for', 'a = "%{ if b }%{ endfor }"\n'],
  ['directives that cross', 'a = "%{ if b }%{ for c in d }%{ endif }%{ endfor }"\n'],
  ['a for directive without in', 'a = "%{ for b of c }%{ endfor }"\n'],
  ['more after endif', 'a = "%{ if b }%{ endif b }"\n'],
  ['a directive left open across a string in an interpolation', 'a = "%{ if b }${"%{ endif }"}"\n'],
  ['a heredoc without its end', 'a = <<E\nb\n'],
  ['a heredoc that ends with the file', 'a = <<E\nb\nE'],
  ['a heredoc with a blank before its marker', 'a = << E\nb\nE\n'],
  ['a heredoc with a blank after its marker', 'a = <<E \nb\nE\n'],
  ['a heredoc with a comment after its marker', 'a = <<E # c\nb\nE\n'],
  ['a heredoc with a quoted marker', 'a = <<"E"\nb\nE\n'],
  ['a heredoc with a number for a marker', 'a = <<1\nb\n1\n'],
  ['a heredoc with a tilde', 'a = <<~E\nb\nE\n'],
  ['a heredoc with two dashes', 'a = <<--E\nb\nE\n'],
  ['a heredoc whose end has a comment after it', 'a = <<E\nb\nE # c\nb = 1\n'],
  ['a heredoc whose end has a comma after it', 'a = [<<E\nb\nE,\n1]\n'],
  ['a heredoc whose end has a parenthesis after it', 'a = f(<<E\nb\nE)\n'],
  ['a heredoc whose end follows an interpolation', 'a = <<E\n${b}E\n'],
  ['a heredoc in a one-line block', 'b { a = <<E\nc\nE\n}\n'],
  ['a heredoc in a conditional without parentheses', 'a = b ? <<E\nc\nE\n: d\n'],
  ['a heredoc with a lone carriage return', 'a = <<E\nb\rc\nE\n'],
  ['a heredoc whose end has a lone carriage return', 'a = <<E\nb\n\rE\nb = 1\n'],
  ['a heredoc with an open interpolation', 'a = <<E\n${b\nE\n'],
  ['a heredoc with a shell variable in braces', 'a = <<E\n${b:-c}\nE\n'],
  ['a heredoc with an if without its end', 'a = <<E\n%{ if b }\nE\n'],
  ['an open block', 'b {\n  a = 1\n'],
  ['an open block at its brace', 'b {'],
  ['a stray closing brace', '}\n'],
  ['a closing brace too many', 'b {\n}\n}\n'],
  ['a brace on the next line', 'b\n{\n}\n'],
  ['a brace on the next line after a label', 'b "c"\n{\n}\n'],
  ['a label without a block', 'b "c"\n'],
  ['two names without a block', 'b c\n'],
  ['a block with an equals sign before its label', 'b = "c" {\n}\n'],
  ['a block with an equals sign after its label', 'b "c" = {\n}\n'],
  ['a block with a number for a label', 'b 1 {}\n'],
  ['a block with a traversal for a label', 'b c.d {}\n'],
  ['a block with a comma between labels', 'b "c", "d" {}\n'],
  ['a block with a newline in its label', 'b "c\nd" {}\n'],
  ['a block with an open label', 'b "c {\n}\n'],
  ['two arguments in a one-line block', 'b { a = 1, c = 2 }\n'],
  ['two arguments in a one-line block without a comma', 'b { a = 1 c = 2 }\n'],
  ['a trailing comma in a one-line block', 'b { a = 1, }\n'],
  ['a one-line block closed on the next line', 'b { a = 1\n}\n'],
  ['a one-line block with a line comment', 'b { a = 1 # c\n}\n'],
  ['a one-line block that goes on', 'b { a = 1\n  c = 2\n}\n'],
  ['a block in a one-line block', 'b { c {} }\n'],
  ['a block with labels in a one-line block', 'b { c "d" {} }\n'],
  ['a name in a one-line block', 'b { c }\n'],
  ['a string in a one-line block', 'b { "c" }\n'],
  ['a closing brace on the line of the last attribute', 'b {\n  a = 1 }\n'],
  ['two blocks on one line', 'b {} c {}\n'],
  ['an attribute after a block on one line', 'b {} a = 1\n'],
  ['a comma after a block', 'b {},\n'],
  ['a block closed by a bracket', 'b {\n]\n'],
  ['an open block comment', '/* a = 1\n'],
  ['an open block comment after a value', 'a = 1 /* b\n'],
  ['a block comment in a block comment', '/* /* */ */\n'],
  ['a block comment closed by its own star', '/*/\na = 1\n'],
  ['two attributes with a block comment between', 'a = 1 /*\n*/ b = 2\n'],
  ['merge markers', '<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n'],
  ['a Jinja template', 'a = {{ b }}\n'],
  ['a Jinja block', '{% if b %}\na = 1\n{% endif %}\n'],
  ['a JSON object', '{ "a": 1 }\n'],
  ['a JSON object without blanks', '{"terraform":{"backend":{}}}\n'],
  ['YAML', 'a: 1\nb:\n  - c\n'],
  ['INI', '[default]\nregion = eu-west-1\n'],
];

const folder = join(import.meta.dirname, 'fixtures');

function fixtures(verdict: Verdict): (readonly [name: string, text: string])[] {
  return readdirSync(join(folder, verdict)).map((name) => [name, readFileSync(join(folder, verdict, name), 'utf8')]);
}

const recorded: readonly { readonly name: string; readonly text: string; readonly verdict: Verdict }[] = [
  ...[...valid, ...fixtures('valid')].map(([name, text]) => ({ name, text, verdict: 'valid' as const })),
  ...[...invalid, ...fixtures('invalid')].map(([name, text]) => ({ name, text, verdict: 'invalid' as const })),
];

describe.each(['valid', 'invalid'] as const)('%s for terraform fmt, and for us', (verdict) => {
  it.each(recorded.filter((text) => text.verdict === verdict))('$name', ({ text }) => {
    expect(ourVerdict(text)).toBe(verdict);
  });
});

describe('text that is invalid', () => {
  // A brace too many closes the block around it, and a heredoc at the end of a file has its end once more follows.
  const changesItsSurroundings = /closing brace|heredoc that ends with the file/;
  const snippets = invalid.filter(([name]) => !changesItsSurroundings.test(name));

  it.each(snippets)('leaves the blocks around it usable: %s', (_, text) => {
    const source = `first {\n  a = 1\n}\n${text}\nlast "x" {\n  b = 2\n}\n`;
    const { body, problems } = parseHcl(source);
    expect(problems).not.toEqual([]);
    expect(findBlocks(body, 'first').map(({ body }) => findAttribute(body, 'a')?.name)).toEqual(['a']);
    expect(findBlocks(body, 'last', 'x').map(({ body }) => findAttribute(body, 'b')?.name)).toEqual(['b']);
  });

  it.each(snippets)('leaves the blocks around it usable when indented in a block: %s', (_, text) => {
    const indented = text.replace(/^(?=.)/gm, '  ');
    const source = `outer {\n  first {\n  }\n${indented}\n  last "x" {\n    b = 2\n  }\n}\nafter {\n}\n`;
    const { body } = parseHcl(source);
    const inner = findBlocks(body, 'outer').flatMap((block) => findBlocks(block.body, 'last', 'x'));
    expect(inner.map(({ body }) => findAttribute(body, 'b')?.name)).toEqual(['b']);
    expect(findBlocks(body, 'after')).toHaveLength(1);
  });
});

describe('terraform fmt itself', () => {
  it('gives the recorded verdicts', (context) => {
    const texts = recorded.map(({ text }) => text);
    const verdicts = terraformVerdicts(texts) ?? context.skip('neither terraform nor tofu is on the PATH');
    const different = recorded.filter(({ verdict }, index) => verdicts[index] !== verdict);
    expect(different.map(({ name }) => name)).toEqual([]);
  });

  it('agrees on random texts', (context) => {
    const texts = fc.sample(fc.oneof({ arbitrary: mutatedText, weight: 4 }, tokenSoup), {
      seed: 20261121,
      numRuns: 1500,
    });
    const verdicts = terraformVerdicts(texts) ?? context.skip('neither terraform nor tofu is on the PATH');
    expect(verdicts.filter((verdict) => verdict === 'valid').length).toBeGreaterThan(150);
    const different = texts.filter((text, index) => verdicts[index] !== ourVerdict(text));
    expect(different).toEqual([]);
  });
});

function ourVerdict(text: string): Verdict {
  return parseHcl(text).problems.length === 0 ? 'valid' : 'invalid';
}

function isSmall({ text }: { readonly text: string }): boolean {
  return text.length < 2000;
}

/** Pieces of the recorded texts: their tokens, and whole lines. */
const pieces: readonly string[] = [
  ...new Set(
    recorded
      .filter(isSmall)
      .flatMap(({ text }) => {
        const { count, starts } = lexHcl(text);
        const tokens = Array.from({ length: count }, (_, index) => text.slice(starts[index], starts[index + 1]));
        return [...tokens, ...text.split(/(?<=\n)/)];
      })
      .filter((piece) => piece.length < 40),
  ),
];

const piece = fc.constantFrom(...pieces);

const tokenSoup = fc
  .tuple(fc.constantFrom('', 'a = ', 'b {\n', 'a = "', 'a = <<E\n'), fc.array(piece, { minLength: 1, maxLength: 8 }))
  .map(([opening, parts]) => opening + parts.join(''));

/** A valid text with a place or two cut, doubled or filled with a piece of another. */
const mutatedText = fc
  .tuple(
    fc.constantFrom(...recorded.filter(isSmall).flatMap(({ text, verdict }) => (verdict === 'valid' ? [text] : []))),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.option(piece)), { minLength: 1, maxLength: 2 }),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [place, length, filling]) => {
      const start = place % (changed.length + 1);
      const removed = changed.slice(start, start + length);
      return changed.slice(0, start) + (filling ?? removed + removed) + changed.slice(start + (filling ? length : 0));
    }, text),
  );

/** Verdicts of the real thing on many texts in one run; undefined where it is not installed. */
function terraformVerdicts(texts: readonly string[]): Verdict[] | undefined {
  const { PATH = '' } = process.env;
  const env = { PATH, CHECKPOINT_DISABLE: '1' };
  const binary = ['terraform', 'tofu'].find((name) => spawnSync(name, ['version'], { env }).status === 0);
  if (binary === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'keyless-hcl-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(directory, `${index}.tf`), text);
    const { stderr } = spawnSync(binary, ['fmt', '-check', '-list=false', '-no-color', directory], {
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const rejected = new Set([...stderr.matchAll(/^.? *on .*?(\d+)\.tf line /gm)].map((match) => Number(match[1])));
    return texts.map((_, index) => (rejected.has(index) ? 'invalid' : 'valid'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
