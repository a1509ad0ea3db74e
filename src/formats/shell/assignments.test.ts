import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShellAssignments } from './index.ts';
import type { ShellAssignment, ShellDialect } from './syntax.ts';

const read = (source: string, dialect: ShellDialect = 'shell') => parseShellAssignments(source, dialect);
const brief = ({ form, name, value }: ShellAssignment) => `${form} ${name}=${value ?? '?'}`;
const flags = ({ exported, inComment, inHeredoc }: ShellAssignment) =>
  [exported && 'exported', inComment && 'comment', inHeredoc && 'heredoc'].filter(Boolean).join(' ');

describe('a script', () => {
  it.each([
    ['A=b', ['variable A=b']],
    ['A=', ['variable A=']],
    ['A=1 B=2', ['variable A=1', 'variable B=2']],
    ['export A=b C="d e"', ['export A=b', 'export C=d e']],
    ['export A', ['export A=?']],
    ['declare -x A=b', ['export A=b']],
    ["readonly A='b'", ['export A=b']],
    ['A=1 B=2 cmd C=3', ['prefix A=1', 'prefix B=2']],
    ['env -u X A=1 cmd', ['prefix A=1']],
    ['A+=b', ['variable A=b']],
    ['A=(1 2)', ['variable A=?']],
    ['A=$(B=1 cmd)', ['variable A=?', 'prefix B=1']],
    ['set -gx A b', ['fish A=b']],
    ['set -x A "b c"', ['fish A=b c']],
    ['set -euo pipefail; set -x', []],
    ['set -- a b', []],
    ['$env:A = "b"', ['powershell A=b']],
    ['$Env:A="b"', ['powershell A=b']],
    ['setx A "b c" /M', ['windows A=b c']],
    ['set A=b', ['windows A=b']],
    ['set "A=b c"', ['windows A=b c']],
    ['unset A B', ['unset A=?', 'unset B=?']],
    ['unset -f A', []],
    ['export -n A', ['unset A=?']],
    ['echo "A=b c" >> "$FILE"', ['file-line A=b c']],
    ['echo A=b >> file', ['file-line A=b']],
    ["printf 'A=b\\n' | tee -a file", ['file-line A=b\\n']],
    ['{ echo "A=1"; echo "B=2"; } >> file', ['file-line A=1', 'file-line B=2']],
    ['echo "A=b"', []],
    ['echo "export A=b" > ~/.profile', ['file-line A=b']],
    ['cmd A=b', []],
    ['[ "$A" = b ]', []],
  ])('%j assigns %j', (source, expected) => {
    expect(read(source).map(brief)).toEqual(expected);
  });

  it('knows where a name and its value stand', () => {
    const source = 'export FOO="a b" # c';
    const [found] = read(source) as [ShellAssignment];
    expect(source.slice(found.nameStart, found.nameEnd)).toBe('FOO');
    expect(source.slice(found.valueStart, found.valueEnd)).toBe('"a b"');
    expect(found.statement).toMatchObject({ start: 0, end: 16, lines: { start: 0, end: source.length } });
  });

  it('says what a value reads', () => {
    const [found] = read(`export A="$B-\${{ secrets.C }}"`);
    expect(found).toMatchObject({ literal: false, value: undefined, references: ['B'], templates: ['secrets.C'] });
  });

  it('says which file a printed line goes to', () => {
    expect(read('echo "A=b" >> "$GITHUB_ENV"')[0]?.target).toBe('"$GITHUB_ENV"');
    expect(read('echo "A=b" | tee -a out')[0]?.target).toBe('out');
  });

  it('tells exported names from others', () => {
    expect(read('A=1\nexport B=2\nC=3 cmd\nlocal D=4').map(flags)).toEqual(['', 'exported', 'exported', '']);
  });

  it('finds what a heredoc holds', () => {
    const found = read("cat > f <<EOF\n[default]\nkey_id = $A\nexport B='c'\nEOF\n");
    expect(found.map((one) => [brief(one), flags(one), one.references])).toEqual([
      ['file-line key_id=?', 'exported heredoc', ['A']],
      ['file-line B=c', 'exported heredoc', []],
    ]);
    expect(read("cat <<'EOF'\nA=$B\nEOF\n")[0]).toMatchObject({ value: '$B', literal: true });
  });

  it.each([
    ['# export A=b', ['export A=b']],
    ['#A=b', ['variable A=b']],
    ['## A=1 B=2', ['variable A=1', 'variable B=2']],
    ['cmd # A=b', ['variable A=b']],
    ['# set A=b to try', []],
    ['# A=b is the default', []],
    ['# unset A', []],
  ])('finds what %j switches off, not what it tells', (source, expected) => {
    const found = read(source);
    expect(found.map(brief)).toEqual(expected);
    expect(found.every(({ inComment }) => inComment)).toBe(true);
  });
});

describe('a dotenv file', () => {
  it.each([
    ['A=b', 'b'],
    ['A = b ', 'b'],
    ['export A=b', 'b'],
    ['A: b', 'b'],
    ['A="b # c" # d', 'b # c'],
    ["A='b\\n$c'", 'b\\n$c'],
    ['A="b\\nc"', 'b\nc'],
    ['A="two\nlines"', 'two\nlines'],
    ['A=b # c', 'b'],
    ['A=b#c', 'b#c'],
    ['A=', ''],
    ['A="open', '"open'],
    ['A="x"y', '"x"y'],
    ['\uFEFFA=b', 'b'],
    ['A=b\r\nB=c', 'b'],
    ['a.b-c=d', 'd'],
  ])('%j gives %j', (source, value) => {
    expect(read(source, 'dotenv')[0]).toMatchObject({ form: 'dotenv', value, literal: true, exported: true });
  });

  it('notes what a value reads', () => {
    expect(read('A="$B"\nC=${D}/e\nF=\'$G\'\nH=\\$I', 'dotenv').map(({ references }) => references)).toEqual([
      ['B'],
      ['D'],
      [],
      [],
    ]);
  });

  it('finds settings that are switched off, and no prose', () => {
    expect(
      read('# A=b\n#export C=d\n# note: text\n# no setting', 'dotenv').map((one) => [one.name, one.inComment]),
    ).toEqual([
      ['A', true],
      ['C', true],
    ]);
  });

  it('passes over what is none', () => {
    expect(read('just text\n=b\n1A=b\nhttp://x\n', 'dotenv')).toEqual([]);
  });
});

describe('a Makefile', () => {
  it.each([
    ['A = b # c', ['make A=b']],
    ['A:=b', ['make A=b']],
    ['A ?= $(B)', ['make A=?']],
    ['export A := b', ['make A=b']],
    ['override A += b', ['make A=b']],
    ['A != date', ['make A=?']],
    ['all: A = b', ['make A=b']],
    ['all: export A := b', ['make A=b']],
    ['A = x \\\n  y', ['make A=x y']],
    ['all: dep', []],
    ['unexport A B', ['unset A=?', 'unset B=?']],
    ['all:\n\t@A=1 cmd', ['prefix A=1']],
    ['all:\n\texport A=$(B); \\\n\tcmd', ['export A=?']],
    ['# A = b', ['make A=b']],
    ['ifeq ($(A),b)\nendif', []],
  ])('%j assigns %j', (source, expected) => {
    expect(read(source, 'makefile').map(brief)).toEqual(expected);
  });

  it("reads its own names and, behind two dollars, the shell's", () => {
    expect(
      read('all:\n\tA=$(B) C=$$D E=$$(f $$G) H=$(call i,$(J)) cmd', 'makefile').map(({ references }) => references),
    ).toEqual([['B'], ['D'], ['G'], ['J']]);
  });

  it('exports what it says it exports', () => {
    expect(read('A = 1\nB = 2\nexport B', 'makefile').map(flags)).toEqual(['', 'exported', 'exported']);
    expect(read('export\nA = 1', 'makefile').map(flags)).toEqual(['exported']);
    expect(read('A = 1\nall:\n\tA=2 cmd', 'makefile').map(flags)).toEqual(['', 'exported']);
  });
});

describe('a Dockerfile', () => {
  it.each([
    ['ENV A=b C="d e"', ['docker-env A=b', 'docker-env C=d e']],
    ['ENV A b c', ['docker-env A=b c']],
    ['env A=b', ['docker-env A=b']],
    ['ENV A=1 \\\n    # note\n    B=2', ['docker-env A=1', 'docker-env B=2']],
    ['ARG A', ['docker-arg A=?']],
    ['ARG A=b', ['docker-arg A=b']],
    ['ENV A=$B', ['docker-env A=?']],
    ['RUN export A=1 && cmd', ['export A=1']],
    ['RUN --mount=type=cache,target=/x A=1 cmd', ['prefix A=1']],
    ['RUN <<EOF\nexport A=1\nEOF\nENV B=2', ['export A=1', 'docker-env B=2']],
    ['RUN cat <<EOF > f\nA=1\nEOF\n', ['file-line A=1']],
    ['RUN ["sh", "A=1"]', []],
    ['# ENV A=b', ['docker-env A=b']],
    ['# escape=`\nENV A=1 `\n    B=2', ['docker-env A=1', 'docker-env B=2']],
    ['LABEL A=b', []],
  ])('%j assigns %j', (source, expected) => {
    expect(read(source, 'dockerfile').map(brief)).toEqual(expected);
  });
});

describe('PowerShell', () => {
  it.each([
    ['$env:A = "b`"c"', ['powershell A=b"c']],
    ["$env:A='it''s'", ["powershell A=it's"]],
    ['${env:A} = $env:B', ['powershell A=?']],
    ['Remove-Item Env:A', ['unset A=?']],
    ['Remove-Item Env:\\A', ['unset A=?']],
    ['[Environment]::SetEnvironmentVariable("A", "b", "User")', ['powershell A=b']],
    ['@{ A=b }', []],
    ['# $env:A = "b"', ['powershell A=b']],
  ])('%j assigns %j', (source, expected) => {
    expect(read(source, 'powershell').map(brief)).toEqual(expected);
  });
});

describe('any text in any dialect', () => {
  const dialect = fc.constantFrom<ShellDialect>('shell', 'dotenv', 'makefile', 'dockerfile', 'powershell');
  const anything = fc.string({
    unit: fc.constantFrom(
      'a',
      'A=',
      ' ',
      '\n',
      '\r\n',
      '\t',
      '"',
      "'",
      '`',
      '$',
      '(',
      ')',
      '{',
      '}',
      '<<E',
      '|',
      '&&',
      ';',
      '#',
      '\\',
      '\\\n',
      'export ',
      'ENV ',
      'RUN ',
      'echo ',
      '>>',
      ':',
      '\uFEFF',
    ),
    maxLength: 60,
  });

  it('gives names and values that stand where they say', () => {
    fc.assert(
      fc.property(anything, dialect, (source, which) => {
        let last = -1;
        for (const found of read(source, which)) {
          expect(source.slice(found.nameStart, found.nameEnd)).toBe(found.name);
          expect(found.nameStart).toBeGreaterThanOrEqual(last);
          expect(found.valueStart).toBeGreaterThanOrEqual(found.nameEnd);
          expect(found.valueEnd).toBeGreaterThanOrEqual(found.valueStart);
          expect(found.literal).toBe(found.value !== undefined);
          last = found.nameStart;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
