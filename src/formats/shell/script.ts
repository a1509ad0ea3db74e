/**
 * Splits a script into simple commands with the ranges of their words. It is no shell: it knows quoting, comments,
 * heredocs, `$(…)`, operators and reserved words well enough to find the commands and to say what surrounds them, and
 * it answers for any text (POSIX Shell Command Language, 2.2 to 2.10; bash where it adds to it).
 */
import { CommandList } from './command-list.ts';
import { Cursor } from './cursor.ts';
import type {
  ShellCommand,
  ShellHeredoc,
  ShellJoint,
  ShellRange,
  ShellScript,
  ShellSyntax,
  ShellWord,
} from './syntax.ts';
import { WordReader } from './word-reader.ts';

export interface ScriptOptions {
  /** Where to read; default: the whole text. Ranges always refer to the whole text. */
  readonly range?: ShellRange;
  /** Default: `posix`. */
  readonly syntax?: ShellSyntax;
}

/** Total: an open quote or bracket ends with its line. */
export function parseCommands(source: string, options: ScriptOptions = {}): ShellScript {
  const reader = new ScriptReader(source, options);
  reader.list(0, undefined);
  const commands = reader.commands.sort((a, b) => a.start - b.start || a.depth - b.depth);
  const comments = reader.comments.sort((a, b) => a.start - b.start);
  return { source, commands, comments };
}

/** The text of a range as one value: quotes resolved, expansions noted. White space counts as text. */
export function parseShellText(source: string, range: ShellRange, syntax: ShellSyntax = 'posix'): ShellWord {
  return new ScriptReader(source, { range, syntax }).text();
}

class ScriptReader {
  readonly commands: ShellCommand[] = [];
  readonly comments: ShellRange[] = [];
  readonly #cursor: Cursor;
  readonly #words: WordReader;

  constructor(source: string, { range, syntax }: ScriptOptions) {
    const whole = { start: source.startsWith('\uFEFF') ? 1 : 0, end: source.length };
    this.#cursor = new Cursor(source, range ?? whole, syntax ?? 'posix');
    this.#words = new WordReader(this.#cursor, (depth, terminator) => {
      const first = this.commands.length;
      this.list(depth, terminator);
      return this.commands.slice(first);
    });
  }

  text(): ShellWord {
    return this.#words.text();
  }

  /** Reads commands up to `terminator` (consumed) or the end. */
  list(depth: number, terminator: ')' | '`' | undefined): void {
    const cursor = this.#cursor;
    const list = new CommandList(depth, this.commands);
    const place = { depth, inBackticks: terminator === '`' };
    for (;;) {
      cursor.skipBlanks();
      if (cursor.done) break;
      const char = cursor.char();
      if (char === terminator && (terminator === '`' || (list.brackets === 0 && !list.inPattern && !list.inTest))) {
        cursor.at += 1;
        break;
      }
      if (cursor.newlineLength() > 0) {
        cursor.at += cursor.newlineLength();
        list.close('newline');
        this.#heredocBodies(list);
      } else if (char === '#') this.#comment();
      else if (list.inPattern) this.#pattern(list);
      else if (list.inTest) list.word(this.#words.word({ ...place, inTest: true }));
      else if (!this.#operator(list) && !this.#redirect(list, depth)) {
        list.word(this.#words.word({ ...place, inTest: false }));
      }
    }
    list.close('edge');
    list.finish();
  }

  #comment(): void {
    const start = this.#cursor.at;
    this.#cursor.skipLine();
    this.comments.push({ start, end: this.#cursor.at });
  }

  #operator(list: CommandList): boolean {
    const operator = /^(?:;;&|;;|;&|&&|\|\||\|&|[;|()]|&(?!>))/.exec(this.#cursor.ahead(3))?.[0];
    if (operator === undefined) return false;
    const at = this.#cursor.at;
    this.#cursor.at += operator.length;
    if (operator === '(') this.#openBracket(list, at);
    else if (operator === ')') list.closeBracket();
    else if (operator.startsWith(';') && operator.length > 1) list.endClause();
    else list.close(operator === '|&' ? '|' : (operator as ShellJoint));
    return true;
  }

  /** `f()`, `((arithmetic))` or a subshell. */
  #openBracket(list: CommandList, at: number): void {
    const cursor = this.#cursor;
    const functionEnd = /^[ \t]*\)/.exec(cursor.ahead(32));
    if (functionEnd !== null && list.hasOneWord) {
      cursor.at += functionEnd[0].length;
      list.dropCommand();
      return;
    }
    if (cursor.char() === '(') {
      cursor.at = at;
      if (cursor.skipBrackets('(', ')')) {
        list.close('bracket');
        return;
      }
      cursor.at = at + 1;
    }
    list.openBracket();
  }

  /** From the start of a `case` pattern to behind its `)`, or `esac`. */
  #pattern(list: CommandList): void {
    const cursor = this.#cursor;
    if (/^esac\b/.test(cursor.ahead(5))) {
      cursor.at += 4;
      list.endCase();
      return;
    }
    let level = 0;
    while (!cursor.done) {
      const char = cursor.char();
      if (char === '"' || char === "'") {
        const close = cursor.source.indexOf(char, cursor.at + 1);
        cursor.at = close === -1 ? cursor.at : close;
      }
      cursor.at += char === '\\' ? 2 : 1;
      if (char === '(') level += 1;
      if (char === ')' && --level < 1) break;
    }
    list.endPattern();
  }

  #redirect(list: CommandList, depth: number): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    const found = /^(?:\d{1,3}|\{\w+\})?(&>>|&>|<<-|<<<|<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())/.exec(cursor.ahead(24));
    if (found === null) return false;
    const operator = found[1] as string;
    const command = list.open(start);
    cursor.at += found[0].length;
    cursor.skipBlanks();
    const hasTarget = !cursor.done && cursor.newlineLength() === 0 && !/[;&|()<>#]/.test(cursor.char());
    const target = hasTarget ? this.#words.word({ depth, inBackticks: false, inTest: false }) : undefined;
    if ((operator === '<<' || operator === '<<-') && target !== undefined) {
      const delimiter = target.text.replace(/["'\\]/g, '');
      const quoted = delimiter !== target.text;
      list.heredocs.push({ command, delimiter, quoted, stripTabs: operator === '<<-' });
    }
    command.redirects.push({ start, end: target?.end ?? start + found[0].length, operator, target });
    return true;
  }

  /** The bodies of the heredocs that the line above announced; one that nothing ends takes the rest of the text. */
  #heredocBodies(list: CommandList): void {
    const { source } = this.#cursor;
    for (const { command, delimiter, quoted, stripTabs } of list.heredocs.splice(0)) {
      const start = this.#cursor.at;
      let heredoc: ShellHeredoc = { delimiter, quoted, body: { start, end: source.length }, end: source.length };
      let next = source.length;
      for (let line = start; line < source.length; ) {
        const newline = source.indexOf('\n', line);
        const lineEnd = newline === -1 ? source.length : newline;
        const text = source.slice(line, lineEnd).replace(/\r$/, '');
        if ((stripTabs ? text.replace(/^\t+/, '') : text) === delimiter) {
          heredoc = { delimiter, quoted, body: { start, end: line }, end: line + text.length };
          next = Math.min(lineEnd + 1, source.length);
          break;
        }
        line = lineEnd + 1;
      }
      command.heredocs.push(heredoc);
      this.#cursor.at = next;
    }
  }
}
