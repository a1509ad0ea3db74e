import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands, parseShellText } from './index.ts';
import type { ShellCommand } from './syntax.ts';

/** Commands as their words: the value where it is known, else the text in angle brackets. */
const words = ({ words: all }: ShellCommand) => all.map((word) => word.value ?? `<${word.text}>`).join(' ');
const commands = (source: string) => parseCommands(source).commands.map(words);
const joints = (source: string) =>
  parseCommands(source).commands.map(({ before, after, sole }) => [before, after, sole]);

describe('a command', () => {
  it.each([
    ['aws configure set aws_access_key_id X', ['aws configure set aws_access_key_id X']],
    [
      'terraform init -backend-config="access_key=$K" -reconfigure',
      ['terraform init <-backend-config="access_key=$K"> -reconfigure'],
    ],
    ["terraform plan -var 'a=b c' \\\n  -out=plan", ['terraform plan -var a=b c -out=plan']],
    ['a; b && c || d | e & f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
    ['for i in 1 2; do echo $i; done', ['for i in 1 2', 'echo <$i>']],
    ['case $x in a|b) one ;; (c) two;; *) three; esac; four', ['case <$x> in', 'one', 'two', 'three', 'four']],
    ['f() { a; }; function g { b; }; f', ['a', 'b', 'f']],
    ['( a; b ); { c; }', ['a', 'b', 'c']],
    ['[[ $a == (x|y) && -n "$b" ]] && c', ['[[ <$a> == ( x|y) && -n <"$b"> ]]', 'c']],
    ['(( i++ )); a', ['a']],
    ['! a && time b', ['a', 'b']],
    ['a > out 2>&1 < in', ['a']],
    ['a # b; c', ['a']],
    ['a#b c', ['a#b c']],
    ["a\\ b \"c\\\"d\" 'e\\f' $'g\\th\\x41'", ['a b c"d e\\f g\thA']],
    ['diff <(a) >(b)', ['diff <<(a)> <>(b)>', 'a', 'b']],
  ])('is found in %j', (source, expected) => {
    expect(commands(source)).toEqual(expected);
  });

  it('knows the assignments in front of it', () => {
    const [command] = parseCommands('A=1 B="x y" run C=3').commands;
    expect(command).toMatchObject({ assignmentCount: 2 });
  });

  it('is found inside substitutions, with its depth', () => {
    const found = parseCommands('A=$(b "$(c)") && echo `d`; echo "${E:-$(f)}"').commands;
    expect(found.map((command) => [words(command), command.depth])).toEqual([
      ['<A=$(b "$(c)")>', 0],
      ['b <"$(c)">', 1],
      ['c', 2],
      ['echo <`d`>', 0],
      ['d', 1],
      ['echo <"${E:-$(f)}">', 0],
    ]);
  });

  it('knows what joins it to its neighbours', () => {
    expect(joints('a && b; c\nd')).toEqual([
      ['edge', '&&', false],
      ['&&', ';', false],
      [';', 'newline', false],
      ['newline', 'edge', false],
    ]);
    expect(joints('a &&\n\n b')[1]).toEqual(['&&', 'edge', false]);
  });

  it.each([
    ['if x; then a; fi', [true, true]],
    ['if x; then a; b; fi', [true, false, false]],
    ['f() {\n  # why\n  a\n}', [true]],
    ['( a )', [true]],
    ['a', [false]],
    ['case x in y) a;; esac', [false, true]],
  ])('in %j says whether its block holds another', (source, expected) => {
    expect(parseCommands(source).commands.map(({ sole }) => sole)).toEqual(expected);
  });
});

describe('a heredoc', () => {
  it('is no command, and knows its body', () => {
    const source = 'cat <<EOF > out && b\nA=1\n# no comment\nEOF\nc\n';
    const script = parseCommands(source);
    expect(script.commands.map(words)).toEqual(['cat', 'b', 'c']);
    expect(script.comments).toEqual([]);
    const [heredoc] = script.commands[0]?.heredocs ?? [];
    expect(heredoc).toMatchObject({ delimiter: 'EOF', quoted: false });
    expect(source.slice(heredoc?.body.start, heredoc?.body.end)).toBe('A=1\n# no comment\n');
  });

  it.each([
    ["cat <<'E F'\nx\nE F\n", true, 'x\n'],
    ['cat <<-EOF\n\tx\n\tEOF\n', false, '\tx\n'],
    ['cat <<EOF\r\nx\r\nEOF\r\n', false, 'x\r\n'],
    ['cat <<EOF\nnever ends\n', false, 'never ends\n'],
  ])('%j', (source, quoted, body) => {
    const [heredoc] = parseCommands(source).commands[0]?.heredocs ?? [];
    expect(heredoc?.quoted).toBe(quoted);
    expect(source.slice(heredoc?.body.start, heredoc?.body.end)).toBe(body);
  });

  it('comes after another of the same line', () => {
    const bodies = parseCommands('a <<A <<B\n1\nA\n2\nB\nc\n').commands;
    expect(bodies.map((command) => [words(command), command.heredocs.length])).toEqual([
      ['a', 2],
      ['c', 0],
    ]);
  });
});

describe('a word', () => {
  it.each([
    ['"$A-${B:-$C}"', ['A', 'B', 'C'], []],
    ['$(x "$D")', ['D'], []],
    ['$((E + 1))', ['E'], []],
    [`"\${{ secrets.KEY }}"`, [], ['secrets.KEY']],
    [`\${{ a }}/\${{ b }}`, [], ['a', 'b']],
    ['$env:F', ['F'], []],
  ])('%s says what it reads', (text, references, templates) => {
    const [command] = parseCommands(`echo ${text}`).commands;
    expect(command?.words[1]).toMatchObject({ literal: false, value: undefined, references, templates });
  });

  it('with an open quote goes to the end of its line, and the lines below stay readable', () => {
    expect(commands("echo it's\nnext\n")).toEqual(["echo <it's>", 'next']);
  });

  it('of PowerShell escapes with a backtick and doubles quotes', () => {
    expect(parseShellText('"a`"b""c"', { start: 0, end: 9 }, 'powershell')).toMatchObject({ value: 'a"b"c' });
    expect(parseShellText("'it''s'", { start: 0, end: 7 }, 'powershell')).toMatchObject({ value: "it's" });
  });
});

describe('any text', () => {
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
      '[[',
      ']]',
      '<<',
      'E',
      '>',
      '|',
      '&',
      ';',
      '#',
      '\\',
      'if',
      'then',
      'fi',
      'case',
      'in',
      'esac',
      '${{',
      '}}',
      '\uFEFF',
    ),
    maxLength: 60,
  });

  it('is read without an exception, words in order and as written', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('posix', 'powershell', 'make'), (source, syntax) => {
        for (const command of parseCommands(source, { syntax }).commands) {
          let at = command.start;
          for (const word of command.words) {
            expect(word.start).toBeGreaterThanOrEqual(at);
            expect(word.end).toBeGreaterThan(word.start);
            expect(source.slice(word.start, word.end)).toBe(word.text);
            at = word.end;
          }
          expect(command.end).toBeGreaterThanOrEqual(at);
          expect(command.end).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has every character that is no white space in a command, a comment, an operator or a heredoc', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a b', 'A=1', 'x > y', '# note', 'c "d"\'e\'', 'f $(g)'), { maxLength: 6 }),
        (lines) => {
          const source = lines.join('\n');
          const { commands: found, comments } = parseCommands(source);
          const covered = [...found, ...comments];
          for (const [at, char] of [...source].entries()) {
            if (/\s/.test(char)) continue;
            expect(covered.some(({ start, end }) => start <= at && at < end)).toBe(true);
          }
        },
      ),
    );
  });
});
