import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../edit.ts';
import { isRefusal, parseShellAssignments, removeAssignments } from './index.ts';
import type { ShellDialect } from './syntax.ts';

function without(source: string, names: string | readonly string[], dialect: ShellDialect = 'shell'): string {
  const wanted = typeof names === 'string' ? [names] : names;
  const found = parseShellAssignments(source, dialect).filter(({ name }) => wanted.includes(name));
  const edits = removeAssignments(source, dialect, found);
  return isRefusal(edits) ? `refused: ${edits.reason}` : applyEdits(source, edits);
}

describe('removing a statement', () => {
  it.each([
    ['takes its line and the comment behind it', 'a\nexport A=1 # why\nb\n', 'a\nb\n'],
    ['takes its lines where it goes on', 'a\nA="x\ny"\nb\n', 'a\nb\n'],
    ['takes continued lines', 'a\nexport \\\n  A=1\nb\n', 'a\nb\n'],
    ['takes the semicolon behind it', 'A=1; b\n', 'b\n'],
    ['takes the semicolon in front of it at the end of a line', 'a; A=1\nb\n', 'a\nb\n'],
    ['leaves a comment that is about what stays', 'A=1; b # why\n', 'b # why\n'],
    ['works in a function', 'f() {\n  export A=1\n\n  b\n}\n', 'f() {\n  b\n}\n'],
    ['works on one line of a function', 'f() { A=1; b; }\n', 'f() { b; }\n'],
    ['keeps CRLF', 'a\r\nexport A=1\r\nb\r\n', 'a\r\nb\r\n'],
    ['keeps a missing final newline', 'a\nexport A=1', 'a'],
    ['keeps what continues over lines', 'a; \\\n  A=1; \\\n  b\n', 'a; \\\n  b\n'],
    ['takes a printed line', 'a\necho "A=1" >> "$FILE"\nb\n', 'a\nb\n'],
    ['takes a pipeline to tee', 'a\necho "A=1" | tee -a "$FILE"\nb\n', 'a\nb\n'],
    ['takes a line of a heredoc', 'cat <<E >> f\nA=1\n\nB=2\nE\n', 'cat <<E >> f\n\nB=2\nE\n'],
    ['takes a statement that is switched off', 'a\n# export A=1\nb\n', 'a\nb\n'],
    ['takes an unset', 'a\nunset A\nb\n', 'a\nb\n'],
  ])('%s', (_, source, expected) => {
    expect(without(source, 'A')).toBe(expected);
  });

  it('takes the comment above when nothing it is about stays', () => {
    const source = '#!/bin/sh\n\n# keys\nexport A=1\nexport B=2\n\nc\n';
    expect(without(source, 'A')).toBe('#!/bin/sh\n\n# keys\nexport B=2\n\nc\n');
    expect(without(source, ['A', 'B'])).toBe('#!/bin/sh\n\nc\n');
  });

  it('leaves a comment at the top of the file and a setting that is switched off', () => {
    expect(without('# my settings\nA=1\n\nb\n', 'A')).toBe('# my settings\n\nb\n');
    expect(without('x\n# export B=2\nexport A=1\n\ny\n', 'A')).toBe('x\n# export B=2\n\ny\n');
  });

  it('leaves one blank line where two would meet', () => {
    expect(without('a\n\nexport A=1\n\nb\n', 'A')).toBe('a\n\nb\n');
    expect(without('a\n\nexport A=1\nexport B=2\n\nb\n', ['A', 'B'])).toBe('a\n\nb\n');
  });

  it.each([
    ['A=1 && b\n', "A can't be cut out: it is joined to another command by &&"],
    ['a || A=1\n', "A can't be cut out: it is joined to another command by ||"],
    [
      'if a; then\n  A=1\nfi\n',
      "A can't be cut out: it is the only command of a block, which would be empty without it",
    ],
    ['x=$(A=1; b)\n', "A can't be cut out: it stands in a command substitution"],
    ['! A=1\n', "A can't be cut out: its result is used"],
    ['echo "A=1\nB=2" >> f\n', 'it is one of several lines of the same text'],
    ['echo "A=1\ntext" >> f\n', "A can't be cut out: its text holds other lines too"],
  ])('is refused in %j', (source, reason) => {
    expect(without(source, 'A')).toBe(`refused: ${reason}`);
  });

  it('takes a text of several lines when all of them go', () => {
    expect(without('a\necho "A=1\nB=2" >> f\nb\n', ['A', 'B'])).toBe('a\nb\n');
  });
});

describe('removing words', () => {
  it.each([
    ['export A=1 B=2 C=3\n', 'A', 'export B=2 C=3\n'],
    ['export A=1 B=2 C=3\n', 'B', 'export A=1 C=3\n'],
    ['export A=1 B=2 C=3\n', ['B', 'C'], 'export A=1\n'],
    ['export A=1 B=2 C=3\n', ['A', 'C'], 'export B=2\n'],
    ['export A=1 \\\n  B=2 \\\n  C=3\n', 'A', 'export B=2 \\\n  C=3\n'],
    ['export A=1 \\\n  B=2 \\\n  C=3\n', 'C', 'export A=1 \\\n  B=2\n'],
    ['export A=1 "$B"\n', 'A', 'export "$B"\n'],
    ['A=1 B=2 cmd && x\n', 'A', 'B=2 cmd && x\n'],
    ['A=1 B=2 cmd\n', ['A', 'B'], 'cmd\n'],
    ['A=1 \\\n  cmd\n', 'A', 'cmd\n'],
    ['env -i A=1 B=2 cmd\n', 'A', 'env -i B=2 cmd\n'],
    ['env A=1 cmd\n', 'A', 'env cmd\n'],
    ['export A=1 B=2 && x\n', 'A', 'export B=2 && x\n'],
  ])('%j loses %j', (source, names, expected) => {
    expect(without(source, names)).toBe(expected);
  });
});

describe('in other dialects', () => {
  it.each<[ShellDialect, string, string | string[], string]>([
    ['dotenv', '# top\n\n# keys\nA="x\ny" # why\nB=2\n', ['A', 'B'], '# top\n'],
    ['dotenv', 'A=1\nB=2', 'B', 'A=1'],
    ['makefile', 'A := 1\nexport A B\nall:\n\tA=1 cmd\n', 'A', 'export B\nall:\n\tcmd\n'],
    ['makefile', 'all:\n\t@export A=1\n\tcmd\n', 'A', 'all:\n\tcmd\n'],
    ['makefile', 'all:\n\tA=1; \\\n\tcmd\n', 'A', 'all:\n\tcmd\n'],
    ['dockerfile', 'FROM x\nENV A=1 \\\n    B=2\nRUN y\n', 'A', 'FROM x\nENV B=2\nRUN y\n'],
    ['dockerfile', 'FROM x\nENV A=1 \\\n    B=2\nRUN y\n', ['A', 'B'], 'FROM x\nRUN y\n'],
    ['dockerfile', 'FROM x\nENV A 1\nARG A\nRUN y\n', 'A', 'FROM x\nRUN y\n'],
    ['dockerfile', 'FROM x\nRUN export A=1\nRUN y\n', 'A', 'FROM x\nRUN y\n'],
    ['dockerfile', 'FROM x\nRUN --mount=z \\\n  export A=1\nRUN y\n', 'A', 'FROM x\nRUN y\n'],
    ['dockerfile', 'FROM x\nRUN export A=1; y\n', 'A', 'FROM x\nRUN y\n'],
    ['dockerfile', 'RUN export A=1 && y\n', 'A', "refused: A can't be cut out: it is joined to another command by &&"],
    ['powershell', '$env:A = "1"\r\nx\r\n', 'A', 'x\r\n'],
    ['powershell', 'x; $env:A = "1"; y\n', 'A', 'x; y\n'],
  ])('%s: %j loses %j', (dialect, source, names, expected) => {
    expect(without(source, names, dialect)).toBe(expected);
  });
});

describe('any script', () => {
  const statement = fc.constantFrom(
    'export A=1',
    'B="x y" # note',
    'export C=1 D=$A E',
    'F=1 G=2 cmd "$F"',
    'unset H',
    'echo "I=1" >> "$OUT"',
    'cat <<EOF > f\nJ=1\n\nK=$A\nEOF',
    '# L=1',
    '# about it',
    '',
    'if cmd; then\n  M=1\n  cmd\nfi',
    'N=1; cmd; O=2',
    'cmd && P=1',
    'f() {\n  local Q=1\n}',
    'R=$(S=1 cmd)',
    'T=1 \\\n  U=2',
  );
  const script = fc
    .tuple(fc.array(statement, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, eol, open]) => (lines.join('\n') + (open ? '' : '\n')).replaceAll('\n', eol));
  const dialect = fc.constantFrom<ShellDialect>('shell', 'dotenv', 'makefile', 'dockerfile', 'powershell');

  it('loses exactly what is removed', () => {
    fc.assert(
      fc.property(script, dialect, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (source, which, picks) => {
        const all = parseShellAssignments(source, which);
        if (all.length === 0) return;
        const gone = [...new Set(picks.map((pick) => all[pick % all.length] as (typeof all)[number]))];
        const edits = removeAssignments(source, which, gone);
        if (isRefusal(edits)) {
          expect(edits.reason).toMatch(
            /joined|only command|substitution|several lines|other lines|goes on|also change/,
          );
          return;
        }
        const inside = (start: number) => edits.some((edit) => edit.start <= start && start < edit.end);
        const kept = all.filter((one) => !gone.includes(one) && !inside(one.nameStart));
        const left = parseShellAssignments(applyEdits(source, edits), which);
        expect(left.map(({ name, value }) => [name, value])).toEqual(kept.map(({ name, value }) => [name, value]));
      }),
      { numRuns: 3000 },
    );
  });
});
