/**
 * The simple commands of a shell script, as far as they can be told without running it: words with quotes taken off,
 * assignments, redirections, here-documents, and what stands in `$(…)`. Total: any text gives some list of commands. Works on whole scripts, on
 * the `run:` of a pipeline and on the recipe lines of a Makefile; GitHub's `${{ … }}` stays in one piece.
 */

export interface ShellWord {
  /** As written. */
  readonly raw: string;
  /** Quotes and backslashes taken off; `$…` left as it is. */
  readonly text: string;
  /** Offset in the script. */
  readonly index: number;
}

export interface ShellAssignment {
  readonly name: string;
  /** As written, quotes included; `undefined` for `export NAME`. */
  readonly value: string | undefined;
  readonly index: number;
  readonly valueIndex: number;
  readonly exported: boolean;
}

export interface ShellRedirect {
  readonly operator: string;
  readonly target: string;
}

export interface ShellCommand {
  readonly index: number;
  /** The command's name without its folder; `''` for a line of assignments. */
  readonly name: string;
  /** Arguments after the name. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  readonly heredoc: { readonly text: string; readonly index: number } | undefined;
  /** Its output goes to the next command of the list. */
  readonly piped: boolean;
  /** It stands in `$(…)` or backticks. */
  readonly nested: boolean;
}

export function readShellCommands(script: string): ShellCommand[] {
  return new ShellReader(script, 0, false, 0).commands();
}

interface OpenCommand {
  index: number;
  words: ShellWord[];
  redirects: ShellRedirect[];
  heredoc: { text: string; index: number } | undefined;
}

interface PendingHeredoc {
  readonly delimiter: string;
  readonly indented: boolean;
  readonly command: OpenCommand;
}

/** `$(…)` in `$(…)` in … : deeper is no script. */
const maximumNesting = 12;

class ShellReader {
  readonly #script: string;
  readonly #offset: number;
  readonly #nested: boolean;
  readonly #depth: number;
  readonly #found: ShellCommand[] = [];
  readonly #heredocs: PendingHeredoc[] = [];
  #at = 0;
  #open: OpenCommand = emptyCommand(0);

  constructor(script: string, offset: number, nested: boolean, depth: number) {
    this.#script = script;
    this.#offset = offset;
    this.#nested = nested;
    this.#depth = depth;
  }

  commands(): ShellCommand[] {
    const script = this.#script;
    while (this.#at < script.length) {
      const character = script[this.#at] as string;
      if (character === '\n') {
        this.#close(false);
        this.#at += 1;
        this.#readHeredocs();
      } else if (character === ' ' || character === '\t' || character === '\r') this.#at += 1;
      else if (character === '\\' && /^\\\r?\n/.test(script.slice(this.#at, this.#at + 3)))
        this.#at += script[this.#at + 1] === '\r' ? 3 : 2;
      else if (character === '#') this.#at = endOfLine(script, this.#at);
      else if (';()'.includes(character)) this.#separator(1, false);
      else if (character === '|') this.#separator(script[this.#at + 1] === '|' ? 2 : 1, script[this.#at + 1] !== '|');
      else if (character === '&' && script[this.#at + 1] !== '>')
        this.#separator(script[this.#at + 1] === '&' ? 2 : 1, false);
      else if (!this.#redirect()) this.#open.words.push(this.#word());
    }
    this.#close(false);
    return this.#found;
  }

  #separator(length: number, piped: boolean): void {
    this.#close(piped);
    this.#at += length;
  }

  #redirect(): boolean {
    const operator = /^(?:\d?(?:<<<|<<-?|>>|>&|<&|>\||[<>])|&>>?)/.exec(
      this.#script.slice(this.#at, this.#at + 4),
    )?.[0];
    if (operator === undefined) return false;
    this.#at += operator.length;
    while (this.#script[this.#at] === ' ' || this.#script[this.#at] === '\t') this.#at += 1;
    const target = this.#word();
    if (/<<-?$/.test(operator)) {
      this.#heredocs.push({ delimiter: target.text, indented: operator.endsWith('-'), command: this.#open });
    } else this.#open.redirects.push({ operator, target: target.text });
    return true;
  }

  #readHeredocs(): void {
    for (const { delimiter, indented, command } of this.#heredocs.splice(0)) {
      const start = this.#at;
      let end = this.#script.length;
      while (this.#at < this.#script.length) {
        const lineStart = this.#at;
        const lineEnd = endOfLine(this.#script, lineStart);
        this.#at = lineEnd + 1;
        const line = this.#script.slice(lineStart, lineEnd).replace(/\r$/, '');
        if ((indented ? line.replace(/^\t+/, '') : line).trim() === delimiter) {
          end = lineStart;
          break;
        }
      }
      command.heredoc = { text: this.#script.slice(start, end), index: this.#offset + start };
      const last = this.#found.findLastIndex((found) => found.index === this.#offset + command.index);
      const closed = this.#found[last];
      if (closed !== undefined) this.#found[last] = { ...closed, heredoc: command.heredoc };
    }
    this.#open = emptyCommand(this.#at);
  }

  #word(): ShellWord {
    const start = this.#at;
    let text = '';
    while (this.#at < this.#script.length) {
      const character = this.#script[this.#at] as string;
      if (/[\s;|&<>()]/.test(character)) break;
      text += this.#piece(character);
    }
    // A closing bracket or an operator where a word should be: step over it.
    if (this.#at === start) this.#at += 1;
    return { raw: this.#script.slice(start, this.#at), text, index: this.#offset + start };
  }

  #piece(character: string): string {
    const start = this.#at;
    if (character === '\\') {
      this.#at = Math.min(start + 2, this.#script.length);
      const escaped = this.#script.slice(start + 1, this.#at);
      return escaped === '\n' ? '' : escaped;
    }
    if (character === "'") {
      const end = this.#script.indexOf("'", start + 1);
      this.#at = end === -1 ? this.#script.length : end + 1;
      return this.#script.slice(start + 1, end === -1 ? this.#script.length : end);
    }
    if (character === '"') return this.#doubleQuoted();
    if (character === '$' || character === '`') return this.#expansion(character);
    this.#at += 1;
    return character;
  }

  #doubleQuoted(): string {
    this.#at += 1;
    let text = '';
    while (this.#at < this.#script.length) {
      const character = this.#script[this.#at] as string;
      if (character === '"') {
        this.#at += 1;
        break;
      }
      if (character === '\\') {
        const next = this.#script[this.#at + 1] ?? '';
        text += '"\\$`'.includes(next) ? next : next === '\n' ? '' : `\\${next}`;
        this.#at += 2;
      } else if (character === '$' || character === '`') text += this.#expansion(character);
      else {
        text += character;
        this.#at += 1;
      }
    }
    return text;
  }

  /** `$(…)`, `${…}`, `$((…))`, backticks: one piece of a word, its commands read as well. */
  #expansion(character: string): string {
    const start = this.#at;
    const opening = character === '`' ? '`' : this.#script[start + 1];
    let end: number;
    if (opening === '`') {
      const close = this.#script.indexOf('`', start + 1);
      end = close === -1 ? this.#script.length : close + 1;
      this.#readNested(start + 1, close === -1 ? this.#script.length : close);
    } else if (opening === '(' || opening === '{') {
      end = endOfBracket(this.#script, start + 1);
      if (opening === '(') this.#readNested(start + 2, this.#script[end - 1] === ')' ? end - 1 : end);
    } else end = start + 1;
    this.#at = end;
    return this.#script.slice(start, end);
  }

  #readNested(start: number, end: number): void {
    if (this.#depth >= maximumNesting) return;
    const inner = this.#script.slice(start, end);
    this.#found.push(...new ShellReader(inner, this.#offset + start, true, this.#depth + 1).commands());
  }

  #close(piped: boolean): void {
    const { words, redirects, heredoc, index } = this.#open;
    if (words.length > 0 || redirects.length > 0) {
      const start = words[0]?.index ?? this.#offset + index;
      this.#open.index = start - this.#offset;
      this.#found.push({ ...splitCommand(words), index: start, redirects, heredoc, piped, nested: this.#nested });
    }
    this.#open = emptyCommand(this.#at);
  }
}

function emptyCommand(index: number): OpenCommand {
  return { index, words: [], redirects: [], heredoc: undefined };
}

/** Leading keywords and wrappers off, assignments apart, the rest is name and arguments. */
function splitCommand(all: readonly ShellWord[]): Pick<ShellCommand, 'name' | 'words' | 'assignments'> {
  const assignments: ShellAssignment[] = [];
  let rest = [...all];
  for (;;) {
    const word = rest[0];
    if (word === undefined) break;
    const assignment = readAssignment(word, false);
    if (assignment !== undefined) assignments.push(assignment);
    else if (!wrappers.has(word.text.replace(/^[-@+]+/, ''))) break;
    rest = rest.slice(1);
  }
  const name = (rest[0]?.text ?? '').replace(/^[-@+]+(?=\w)/, '').replace(/^.*\//, '');
  const words = rest.slice(1);
  if (declarations.has(name)) {
    const exported = name === 'export' || words.some((word) => /^-\w*x/.test(word.text));
    for (const word of words) {
      const assignment = readAssignment(word, exported);
      if (assignment !== undefined) assignments.push(assignment);
      else if (exported && /^[A-Za-z_]\w*$/.test(word.text)) {
        assignments.push({ name: word.text, value: undefined, index: word.index, valueIndex: word.index, exported });
      }
    }
  } else if (name === 'setenv' || (name === 'set' && words.some((word) => /^-\w*x/.test(word.text)))) {
    // csh `setenv NAME value`, fish `set -gx NAME value`
    const [variable, value] = words.filter((word) => !word.text.startsWith('-'));
    if (variable !== undefined && value !== undefined) {
      const { index } = variable;
      assignments.push({ name: variable.text, value: value.raw, index, valueIndex: value.index, exported: true });
    }
  }
  return { name, words, assignments };
}

function readAssignment(word: ShellWord, exported: boolean): ShellAssignment | undefined {
  const match = /^([A-Za-z_]\w*)\+?=/.exec(word.raw);
  if (match === null) return undefined;
  const value = word.raw.slice(match[0].length);
  return { name: match[1] as string, value, index: word.index, valueIndex: word.index + match[0].length, exported };
}

const declarations: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

/** Words in front of a command that leave it the command it is. */
const wrappers: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'elif',
  'while',
  'until',
  'do',
  '!',
  '{',
  '}',
  'time',
  'exec',
  'command',
  'builtin',
  'nohup',
  'sudo',
  'env',
  '-E',
]);

/** Offset after the bracket that closes the one at `start`; quotes inside are honoured. */
function endOfBracket(script: string, start: number): number {
  const opening = script[start] as string;
  const closing = opening === '(' ? ')' : '}';
  let depth = 0;
  for (let at = start; at < script.length; at += 1) {
    const character = script[at];
    if (character === '\\') at += 1;
    else if (character === "'" && opening === '(') {
      const end = script.indexOf("'", at + 1);
      at = end === -1 ? script.length : end;
    } else if (character === opening) depth += 1;
    else if (character === closing) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return script.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
