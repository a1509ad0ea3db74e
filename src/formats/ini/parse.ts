/**
 * Reads `~/.aws/config` and `~/.aws/credentials` as the AWS tools do. They agree on most of it: botocore leaves it to
 * Python's `configparser` (botocore/configloader.py: `RawConfigParser`, names by `shlex`, one nested level), the Go
 * SDK, which Terraform uses, has its own reader (aws-sdk-go-v2, internal/ini/tokenize.go, parse.go, strings.go). Where
 * they differ:
 * - ` #` and ` ;` behind a value start a comment for the Go SDK; botocore takes them for a part of the value. On the
 *   lines below `s3 =` neither cuts comments.
 * - An indented line continues the property above it for the Go SDK; for botocore only when it is indented further
 *   than that property, so that a section whose properties are all indented works. Read here as botocore does.
 * - A section or key given twice is an error for botocore and merged, the last one winning, by the Go SDK.
 */
import type { IniFile, IniLine, IniProblem, IniProperty, IniRange, IniSection } from './syntax.ts';

/** Total: a line that is none of the known kinds is `broken` and reported; its neighbours stay usable. */
export function parseIni(source: string): IniFile {
  const reader = new IniReader(source);
  for (const range of linesOf(source)) reader.read(range);
  return reader.file();
}

/** A property that lines below can still extend. */
interface OpenProperty {
  property: IniProperty;
  readonly children: IniProperty[];
  readonly indent: number;
}

interface OpenSection extends Omit<IniSection, 'bodyEnd' | 'end' | 'properties'> {
  readonly headerLineEnd: number;
  readonly names: Set<string>;
  readonly properties: OpenProperty[];
}

class IniReader {
  readonly #source: string;
  readonly #lines: IniLine[] = [];
  readonly #sections: OpenSection[] = [];
  readonly #globals: OpenProperty[] = [];
  readonly #sectionNames = new Set<string>();
  readonly #problems: IniProblem[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(line: Omit<IniLine, 'kind'>): void {
    const { start, end } = line;
    const text = this.#source.slice(start, end);
    const trimmed = text.trim();
    const indent = text.length - text.trimStart().length;
    const kind = this.#kindOf(trimmed, indent);
    this.#lines.push({ ...line, kind });
    if (kind === 'section') this.#section(line, text, indent);
    else if (kind === 'property') this.#add(this.#property(line, indent, true), indent);
    else if (kind === 'sub-property' || kind === 'continuation') this.#extend(line, indent, kind);
    else if (kind === 'broken') this.#problem(`neither a section nor "key = value"`, { start: start + indent, end });
  }

  file(): IniFile {
    const { length } = this.#source;
    const sections = this.#sections.map(({ headerLineEnd, names: _, ...section }, index) => {
      const properties = section.properties.map((open) => open.property);
      const bodyEnd = properties.at(-1)?.lines.end ?? headerLineEnd;
      return { ...section, properties, bodyEnd, end: this.#sections[index + 1]?.leadStart ?? length };
    });
    const globals = this.#globals.map((open) => open.property);
    return { source: this.#source, lines: this.#lines, sections, globals, problems: this.#problems };
  }

  #kindOf(trimmed: string, indent: number): IniLine['kind'] {
    if (trimmed === '' || trimmed === '\uFEFF') return 'blank';
    if (trimmed.startsWith('#') || trimmed.startsWith(';')) return 'comment';
    const open = this.#openProperties().at(-1);
    if (open !== undefined && indent > open.indent) {
      const nested = open.property.value === '' && /[=:]/.test(trimmed);
      return nested ? 'sub-property' : 'continuation';
    }
    if (/^\uFEFF?\[[^\]]+\]/.test(trimmed)) return 'section';
    return /^[^=:]+[=:]/.test(trimmed) ? 'property' : 'broken';
  }

  #openProperties(): OpenProperty[] {
    return this.#sections.at(-1)?.properties ?? this.#globals;
  }

  #section(line: Omit<IniLine, 'kind'>, text: string, indent: number): void {
    const open = text.indexOf('[', indent);
    const close = text.indexOf(']', open);
    const name = text.slice(open + 1, close).trim();
    const header = { start: line.start + open, end: line.start + close + 1 };
    if (this.#sectionNames.has(name)) this.#problem(`the section [${name}] stands twice`, header);
    this.#sectionNames.add(name);
    const section = { name, words: shellWords(name), header, headerLineEnd: line.next, leadStart: this.#leadStart() };
    this.#sections.push({ ...section, names: new Set(), properties: [] });
  }

  /**
   * Comment lines right above a header belong to it. Where they also stand right below a property, those that look
   * like a property somebody switched off stay with it.
   */
  #leadStart(): number {
    let first = this.#lines.length - 1;
    while (first > 0 && this.#lines[first - 1]?.kind === 'comment') first -= 1;
    const above = this.#lines[first - 1];
    if (above !== undefined && above.kind !== 'blank') {
      while (first < this.#lines.length - 1 && /^\s*[#;]\s*\w+\s*[=:]/.test(this.#textOf(this.#lines[first])))
        first += 1;
    }
    const start = this.#lines[first]?.start ?? 0;
    return start === 0 && this.#source.startsWith('\uFEFF') ? 1 : start;
  }

  #textOf(line: IniLine | undefined): string {
    return line === undefined ? '' : this.#source.slice(line.start, line.end);
  }

  #property(line: Omit<IniLine, 'kind'>, indent: number, cutComment: boolean): IniProperty {
    const bom = this.#source[line.start + indent] === '\uFEFF' ? 1 : 0;
    const keyStart = line.start + indent + bom;
    const text = this.#source.slice(keyStart, line.end);
    const at = text.search(/[=:]/);
    const key = text.slice(0, at).trimEnd();
    const comment = cutComment ? commentIn(text, at + 1) : undefined;
    const written = text.slice(at + 1, comment ?? text.length);
    const value = written.trim();
    const valueStart = value === '' ? at + 1 : at + 1 + written.indexOf(value);
    return {
      start: keyStart,
      end: keyStart + Math.max(valueStart + value.length, at + 1),
      key,
      name: key.toLowerCase(),
      keyRange: { start: keyStart, end: keyStart + key.length },
      separator: keyStart + at,
      value: unquoted(value),
      valueRange: { start: keyStart + valueStart, end: keyStart + valueStart + value.length },
      comment: comment === undefined ? undefined : { start: keyStart + comment, end: line.end },
      children: [],
      lines: { start: bom === 1 ? keyStart : line.start, end: line.next },
    };
  }

  #add(property: IniProperty, indent: number): void {
    const section = this.#sections.at(-1);
    if (section === undefined) this.#problem('a property above the first section', property);
    else if (section.names.has(property.name)) {
      this.#problem(`the key ${property.key} stands twice in [${section.name}]`, property.keyRange);
    }
    section?.names.add(property.name);
    const children: IniProperty[] = [];
    this.#openProperties().push({ property: { ...property, children }, children, indent });
  }

  #extend(line: Omit<IniLine, 'kind'>, indent: number, kind: 'sub-property' | 'continuation'): void {
    const open = this.#openProperties().at(-1);
    if (open === undefined) throw new RangeError('a continuation line needs a property above it');
    const { property } = open;
    const lines = { start: property.lines.start, end: line.next };
    if (kind === 'sub-property') {
      const child = this.#property(line, indent, false);
      open.children.push(child);
      open.property = { ...property, end: child.end, lines };
      return;
    }
    const text = this.#source.slice(line.start + indent, line.end).trimEnd();
    const end = line.start + indent + text.length;
    if (property.value === '') {
      this.#problem(`below "${property.key} =" only "key = value" lines can stand`, {
        start: line.start + indent,
        end,
      });
      open.property = { ...property, lines };
      return;
    }
    const valueRange = { start: property.valueRange.start, end };
    open.property = { ...property, end, lines, value: `${property.value}\n${text}`, valueRange };
  }

  #problem(message: string, { start, end }: IniRange): void {
    this.#problems.push({ message, start, end });
  }
}

function* linesOf(source: string): Generator<Omit<IniLine, 'kind'>> {
  for (let start = 0; start < source.length; ) {
    const newline = source.indexOf('\n', start);
    const next = newline === -1 ? source.length : newline + 1;
    const beforeBreak = newline === -1 ? next : newline;
    const end = source[beforeBreak - 1] === '\r' && beforeBreak > start ? beforeBreak - 1 : beforeBreak;
    yield { start, end, next };
    start = next;
  }
}

/** Where ` #` or ` ;` starts a comment (the offset of the sign). */
function commentIn(text: string, from: number): number | undefined {
  const found = text.slice(from).search(/[ \t][#;]/);
  return found === -1 ? undefined : from + found + 1;
}

function unquoted(value: string): string {
  const quote = value[0];
  const quoted = (quote === '"' || quote === "'") && value.length > 2 && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}

/** Splits as Python's `shlex.split`: quotes and backslashes resolved; the raw name when a quote stays open. */
function shellWords(name: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < name.length; at += 1) {
    const char = name[at] as string;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else if (char === '\\' && quote === '"' && /["\\]/.test(name[at + 1] ?? '')) word += name[++at] as string;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (char === '\\' ? (name[++at] ?? '') : char);
  }
  if (quote !== undefined) return [name];
  return word === undefined ? words : [...words, word];
}
