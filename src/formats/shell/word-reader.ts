/** Reads one word of a script: quotes and escapes resolved, expansions noted. */
import type { Cursor } from './cursor.ts';
import type { ShellCommand, ShellText, ShellWord } from './syntax.ts';

/** `A=`, `A+=`, `A[0]=` at the start of a word. */
export const assignmentPattern: RegExp = /^([A-Za-z_][A-Za-z0-9_]*)(\[[^\]]*\])?\+?=/;

/** Reads the commands of a `$(…)` or of backticks, from behind the opening sign to behind the closing one. */
export type NestedReader = (depth: number, terminator: ')' | '`') => readonly ShellCommand[];

export interface WordPlace {
  /** How many `$(…)` the word stands in. */
  readonly depth: number;
  /** Inside backticks, where the next one ends the word. */
  readonly inBackticks: boolean;
  /** Inside `[[ … ]]`, where `<`, `(`, `&&` are words. */
  readonly inTest: boolean;
}

/** More levels of `$(…)` than anyone writes; below them the text is taken as it is. */
const maximumDepth = 40;

/** A list of a thousand names still is one word. */
const longestArray = 100_000;

export class WordReader {
  readonly #cursor: Cursor;
  readonly #nested: NestedReader;
  #place: WordPlace = { depth: 0, inBackticks: false, inTest: false };
  #word = new WordText();

  constructor(cursor: Cursor, nested: NestedReader) {
    this.#cursor = cursor;
    this.#nested = nested;
  }

  /** The word at the cursor. Moves on by one character at least. */
  word(place: WordPlace): ShellWord {
    const cursor = this.#cursor;
    return this.#read(place, (start) => {
      if (place.inTest && /[()<>&|;]/.test(cursor.char())) {
        cursor.at += cursor.char(cursor.at + 1) === cursor.char() ? 2 : 1;
        this.#word.text(cursor.slice(start));
        return;
      }
      do {
        this.#piece();
        if (this.#opensArray(start) && cursor.skipBrackets('(', ')', longestArray)) this.#word.expansion();
      } while (!cursor.done && !this.#endsWord());
    });
  }

  /** Everything up to the end of the range, white space included. */
  text(): ShellWord {
    return this.#read(this.#place, () => {
      while (!this.#cursor.done) this.#piece();
    });
  }

  #read(place: WordPlace, body: (start: number) => void): ShellWord {
    const outer = { place: this.#place, word: this.#word };
    this.#place = place;
    this.#word = new WordText();
    const start = this.#cursor.at;
    body(start);
    const word = { start, end: this.#cursor.at, text: this.#cursor.slice(start), ...this.#word.result() };
    this.#place = outer.place;
    this.#word = outer.word;
    return word;
  }

  #endsWord(): boolean {
    const char = this.#cursor.char();
    if (/\s/.test(char) || (char === '`' && this.#place.inBackticks)) return true;
    if (this.#place.inTest) return char === ';' || (char === ')' && this.#place.depth > 0);
    // `<(` and `>(` are words: process substitution.
    return /[;&|()]/.test(char) || ((char === '<' || char === '>') && this.#cursor.char(this.#cursor.at + 1) !== '(');
  }

  /** `A=(` with nothing between: an array. */
  #opensArray(start: number): boolean {
    const { at } = this.#cursor;
    if (this.#cursor.char() !== '(' || this.#cursor.char(at - 1) !== '=') return false;
    return assignmentPattern.test(this.#cursor.slice(start));
  }

  #piece(): void {
    const char = this.#cursor.char();
    const next = this.#cursor.char(this.#cursor.at + 1);
    if (char === this.#cursor.escape) this.#escaped();
    else if (char === "'") this.#single();
    else if (char === '"') this.#double();
    else if (char === '`') this.#backticks();
    else if (char === '$' && next === "'") this.#ansi();
    else if (char === '$' && next === '"') this.#cursor.at += 1;
    else if (char === '$') this.#dollar();
    else if ((char === '<' || char === '>') && next === '(') this.#substitution();
    else this.#plain(char);
  }

  #plain(text: string): void {
    this.#word.text(text);
    this.#cursor.at += text.length;
  }

  /** The character behind the escape sign; a continued line is nothing. */
  #escaped(): void {
    const cursor = this.#cursor;
    const newline = cursor.newlineLength(cursor.at + 1);
    if (newline === 0) this.#word.text(cursor.char(cursor.at + 1));
    cursor.at = Math.min(cursor.at + 1 + Math.max(newline, 1), cursor.source.length);
  }

  #single(): void {
    const cursor = this.#cursor;
    let text = '';
    for (let from = cursor.at + 1; ; ) {
      const close = cursor.source.indexOf("'", from);
      if (close === -1) {
        this.#openQuote();
        return;
      }
      text += cursor.slice(from, close);
      from = close + 1;
      if (cursor.syntax !== 'powershell' || cursor.char(from) !== "'") {
        cursor.at = from;
        break;
      }
      text += "'";
      from += 1;
    }
    this.#word.text(text);
  }

  #double(): void {
    if (!this.#closesDouble()) {
      this.#openQuote();
      return;
    }
    const cursor = this.#cursor;
    cursor.at += 1;
    while (!cursor.done) {
      const char = cursor.char();
      if (char === '"') {
        cursor.at += 1;
        if (cursor.syntax !== 'powershell' || cursor.char() !== '"') return;
        this.#plain('"');
      } else if (char === cursor.escape) {
        const special = cursor.syntax === 'powershell' || /["\\$`\r\n]/.test(cursor.char(cursor.at + 1));
        if (special) this.#escaped();
        else this.#plain(char);
      } else if (char === '$') this.#dollar();
      else if (char === '`') this.#backticks();
      else this.#plain(char);
    }
  }

  /** Whether a `"` that isn't escaped follows. One inside a `$(…)` in between will do. */
  #closesDouble(): boolean {
    const { source, escape: sign } = this.#cursor;
    for (let at = this.#cursor.at + 1; at < source.length; at += 1) {
      if (source[at] === '"') return true;
      if (source[at] === sign) at += 1;
    }
    return false;
  }

  /** A quote or bracket that nothing closes takes the rest of its line, so that the lines below stay readable. */
  #openQuote(): void {
    this.#word.expansion();
    this.#cursor.skipLine();
  }

  /** `$'…'` with C escapes. */
  #ansi(): void {
    const cursor = this.#cursor;
    let at = cursor.at + 2;
    while (at < cursor.source.length && cursor.char(at) !== "'") at += cursor.char(at) === '\\' ? 2 : 1;
    if (at >= cursor.source.length) {
      this.#openQuote();
      return;
    }
    this.#word.text(cursor.slice(cursor.at + 2, at).replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/gs, cEscape));
    cursor.at = at + 1;
  }

  #dollar(): void {
    if (this.#cursor.syntax === 'make' && this.#make(this.#cursor.ahead(256))) return;
    const rest = this.#cursor.ahead(256);
    if (rest.startsWith('${{')) this.#template();
    else if (rest.startsWith('$((')) this.#arithmetic();
    else if (rest.startsWith('$(')) this.#substitution();
    else if (rest.startsWith('${')) this.#parameter();
    else {
      const name = /^\$env:(\w+)/i.exec(rest) ?? /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest);
      if (name === null) this.#plain('$');
      else {
        this.#word.expansion(name[1]);
        this.#cursor.at += name[0].length;
      }
    }
  }

  /** `$(A)`, `$A` and `$(call f,x)` are make's; `$$` is the shell's `$`, left to `#dollar`. */
  #make(rest: string): boolean {
    if (rest.startsWith('$$')) {
      this.#cursor.at += 1;
      return false;
    }
    const name = /^\$(?:\(([\w.-]+)\)|\{([\w.-]+)\}|(\w))/.exec(rest);
    if (name !== null) {
      this.#word.expansion(name[1] ?? name[2] ?? name[3]);
      this.#cursor.at += name[0].length;
      return true;
    }
    const open = rest[1];
    if (open !== '(' && open !== '{') return false;
    this.#cursor.at += 1;
    const start = this.#cursor.at;
    if (!this.#cursor.skipBrackets(open, open === '(' ? ')' : '}')) this.#openQuote();
    this.#word.expansion();
    for (const [, inner] of this.#cursor.slice(start).matchAll(/\$[({](\w+)[)}]/g)) this.#word.expansion(inner);
    return true;
  }

  #template(): void {
    const close = this.#cursor.source.indexOf('}}', this.#cursor.at);
    if (close === -1) {
      this.#openQuote();
      return;
    }
    this.#word.template(this.#cursor.slice(this.#cursor.at + 3, close).trim());
    this.#cursor.at = close + 2;
  }

  /** `${A}`, `${A:-default}`, `${#A}`, `${!A}`, `${env:A}`; the names in a default count as read too. */
  #parameter(): void {
    const start = this.#cursor.at;
    this.#cursor.at += 1;
    if (!this.#cursor.skipBrackets('{', '}')) {
      this.#openQuote();
      return;
    }
    const inner = this.#cursor.slice(start + 2, this.#cursor.at - 1);
    this.#word.expansion(/^(?:env:|[!#])?([A-Za-z_]\w*)/i.exec(inner)?.[1]);
    for (const [, name] of inner.matchAll(/\$\{?([A-Za-z_]\w*)/g)) this.#word.expansion(name);
    for (const [, template] of inner.matchAll(/\$\{\{(.*?)\}\}/gs)) this.#word.template((template ?? '').trim());
  }

  #arithmetic(): void {
    const start = this.#cursor.at;
    this.#cursor.at += 1;
    if (!this.#cursor.skipBrackets('(', ')')) {
      this.#openQuote();
      return;
    }
    this.#word.expansion();
    for (const [name] of this.#cursor.slice(start).matchAll(/[A-Za-z_]\w*/g)) this.#word.expansion(name);
  }

  #substitution(): void {
    this.#cursor.at += 2;
    this.#commands(')');
  }

  #backticks(): void {
    this.#cursor.at += 1;
    if (this.#cursor.source.includes('`', this.#cursor.at)) this.#commands('`');
    else this.#word.expansion();
  }

  #commands(terminator: ')' | '`'): void {
    const { depth } = this.#place;
    this.#word.expansion();
    if (depth >= maximumDepth) return;
    for (const command of this.#nested(depth + 1, terminator)) {
      for (const word of command.words) {
        for (const name of word.references) this.#word.expansion(name);
        for (const template of word.templates) this.#word.template(template);
      }
    }
  }
}

/** The value of a word while it is read. */
class WordText {
  #value: string | undefined = '';
  readonly #references: string[] = [];
  readonly #templates: string[] = [];

  text(text: string): void {
    if (this.#value !== undefined) this.#value += text;
  }

  expansion(name?: string): void {
    this.#value = undefined;
    if (name !== undefined && !this.#references.includes(name)) this.#references.push(name);
  }

  template(inner: string): void {
    this.#value = undefined;
    this.#templates.push(inner);
  }

  result(): Omit<ShellText, 'start' | 'end'> {
    const literal = this.#value !== undefined;
    return { value: this.#value, literal, references: this.#references, templates: this.#templates };
  }
}

function cEscape(_all: string, code: string): string {
  if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
  return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' }[code] ?? code;
}
