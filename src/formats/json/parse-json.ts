/**
 * Parses JSON (RFC 8259) into a tree with ranges, strictly: what `JSON.parse` refuses is refused, with a position. A
 * byte-order mark is passed over, as the RFC allows.
 */
import type {
  JsonArray,
  JsonFile,
  JsonMember,
  JsonNode,
  JsonNumber,
  JsonObject,
  JsonProblem,
  JsonString,
  JsonValue,
} from './syntax.ts';

export interface JsonOptions {
  /** Allow comments and a comma after the last entry, as editors do in their own settings ("JSONC"). */
  readonly comments?: boolean;
}

/** Nesting beyond this is a problem, not a crash. */
const deepest = 512;

/** Never throws; a text that is not JSON has problems and no root. */
export function parseJson(source: string, options: JsonOptions = {}): JsonFile {
  const parser = new Parser(source, options.comments ?? false);
  try {
    const root = parser.file();
    return { source, root, problems: [], comments: parser.comments };
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    return { source, root: undefined, problems: [thrown.problem], comments: parser.comments };
  }
}

/** Unwinds the parser at the first problem; never leaves this file. */
class Stop {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    this.problem = problem;
  }
}

class Parser {
  readonly comments: JsonNode[] = [];
  readonly #source: string;
  readonly #lenient: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, lenient: boolean) {
    this.#source = source;
    this.#lenient = lenient;
  }

  file(): JsonValue {
    if (this.#source.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#skip();
    const root = this.#value();
    this.#skip();
    if (this.#at < this.#source.length)
      this.#stop(`expected the end of the text after the value, found ${this.#found()}`);
    return root;
  }

  #value(): JsonValue {
    const first = this.#source[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"') return this.#string();
    const start = this.#at;
    const [word] = /[a-z]*/y.exec(this.#rest(start)) ?? [''];
    const end = start + word.length;
    const literal = (): JsonValue | undefined => {
      if (word === 'null') return { kind: 'null', start, end };
      if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true', start, end };
      return undefined;
    };
    const found = literal() ?? this.#number();
    if (found === undefined) return this.#stop(`expected a value, found ${this.#found()}`);
    this.#at = found.end;
    return found;
  }

  #number(): JsonNumber | undefined {
    const start = this.#at;
    numberPattern.lastIndex = start;
    const match = numberPattern.exec(this.#source);
    if (match === null) return undefined;
    return { kind: 'number', value: Number(match[0]), start, end: start + match[0].length };
  }

  #object(): JsonObject {
    const start = this.#at;
    const members: JsonMember[] = [];
    this.#entries('}', () => {
      if (this.#source[this.#at] !== '"') this.#stop(`expected a key in double quotes, found ${this.#found()}`);
      const key = this.#string();
      this.#skip();
      const colon = this.#at;
      this.#expect(':', 'after the key');
      this.#skip();
      const value = this.#value();
      members.push({ key, colon, value, start: key.start, end: value.end });
    });
    return { kind: 'object', members, start, end: this.#at };
  }

  #array(): JsonArray {
    const start = this.#at;
    const elements: JsonValue[] = [];
    this.#entries(']', () => elements.push(this.#value()));
    return { kind: 'array', elements, start, end: this.#at };
  }

  /** What stands between brackets, separated by commas; ends after the closing bracket. */
  #entries(close: '}' | ']', entry: () => void): void {
    if (++this.#depth > deepest) this.#stop(`more than ${deepest} levels of nesting`);
    this.#at++;
    this.#skip();
    if (this.#source[this.#at] !== close) {
      for (;;) {
        entry();
        this.#skip();
        if (this.#source[this.#at] !== ',') break;
        this.#at++;
        this.#skip();
        if (this.#lenient && this.#source[this.#at] === close) break;
      }
    }
    this.#expect(close, 'or a comma');
    this.#depth--;
  }

  #string(): JsonString {
    const start = this.#at;
    let escaped = false;
    let value = '';
    let from = start + 1;
    for (let at = from; ; ) {
      const character = this.#source[at];
      if (character === '"') {
        this.#at = at + 1;
        return { kind: 'string', value: value + this.#source.slice(from, at), escaped, start, end: at + 1 };
      }
      if (character === undefined || character < ' ') {
        this.#at = at;
        this.#stop(
          character === undefined ? 'the string does not end' : 'a control character in a string must be escaped',
        );
      }
      if (character !== '\\') {
        at++;
        continue;
      }
      escapePattern.lastIndex = at;
      const sequence = escapePattern.exec(this.#source);
      if (sequence === null) {
        this.#at = at;
        return this.#stop('an unknown escape in a string');
      }
      escaped = true;
      value += this.#source.slice(from, at) + escapedCharacter(sequence[0]);
      at += sequence[0].length;
      from = at;
    }
  }

  #skip(): void {
    for (;;) {
      spacePattern.lastIndex = this.#at;
      this.#at += spacePattern.exec(this.#source)?.[0].length ?? 0;
      if (!this.#lenient || this.#source[this.#at] !== '/') return;
      commentPattern.lastIndex = this.#at;
      const comment = commentPattern.exec(this.#source);
      if (comment === null) return;
      this.comments.push({ start: this.#at, end: this.#at + comment[0].length });
      this.#at += comment[0].length;
    }
  }

  #expect(character: string, where: string): void {
    if (this.#source[this.#at] !== character) this.#stop(`expected "${character}" ${where}, found ${this.#found()}`);
    this.#at++;
  }

  /** Enough of the text to read a word from. */
  #rest(from: number): string {
    return this.#source.slice(from, from + 8);
  }

  #found(): string {
    const code = this.#source.codePointAt(this.#at);
    return code === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(code));
  }

  #stop(message: string): never {
    const end = Math.min(this.#at + 1, this.#source.length);
    throw new Stop({ message, start: this.#at, end });
  }
}

const spacePattern = /[ \t\r\n]*/y;
const commentPattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function escapedCharacter(sequence: string): string {
  if (sequence[1] === 'u') return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
  return shortEscapes[sequence[1] as string] as string;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
