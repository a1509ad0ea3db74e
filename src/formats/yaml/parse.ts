/**
 * Reads YAML into a tree of ranges. The `yaml` library does the reading (its document says what a value means, its
 * tokens say where it stands); this file brings both together and never prints.
 */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  Parser,
  Scalar,
} from 'yaml';
import { lostIndentation, templateBraces } from './suspicions.ts';
import type {
  YamlAlias,
  YamlDocument,
  YamlEntry,
  YamlFile,
  YamlItem,
  YamlMap,
  YamlNode,
  YamlProblem,
  YamlScalar,
  YamlScalarStyle,
  YamlSequence,
} from './syntax.ts';

/** Total: whatever the text, the answer is a file; what is wrong with it is in `problems`. */
export function parseYaml(source: string): YamlFile {
  if (absurdNesting.test(source)) return unreadable(source);
  try {
    return new TreeBuilder(source).file();
  } catch (error) {
    if (error instanceof RangeError) return unreadable(source);
    throw error;
  }
}

/** The library goes down one call a level and would exhaust the stack, after seconds. */
const absurdNesting = /(?:[[{]\s*|- ){500}/;

function unreadable(source: string): YamlFile {
  const range = { start: 0, end: source.length };
  const document = { kind: 'document', index: 0, root: undefined, editable: false, ...range } as const;
  const problem = { kind: 'syntax', message: 'nested too deeply to be read', ...range } as const;
  return { source, documents: [document], problems: [problem], parents: new Map() };
}

type Composed = Document.Parsed<ParsedNode, false>;
type CollectionItem = CST.CollectionItem;
/** The parts of an anchor, a tag and an indicator that stand in front of a node. */
interface Properties {
  readonly outerStart: number | undefined;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  /** Where a value that isn't written would start. */
  readonly end: number;
}

class TreeBuilder {
  readonly #source: string;
  readonly #problems: YamlProblem[] = [];
  readonly #parents = new Map<YamlNode | YamlEntry | YamlItem, YamlNode | YamlEntry | YamlItem | YamlDocument>();
  /** Anchors seen so far in the document: an alias means the last one of its name before it. */
  #anchors = new Map<string, YamlNode>();

  constructor(source: string) {
    this.#source = source;
  }

  file(): YamlFile {
    const tokens = [...new Parser().parse(this.#source)];
    const documentTokens = tokens.filter((token) => token.type === 'document');
    // Duplicate keys are looked for here, as the library compares each key with all before it.
    const composer = new Composer<ParsedNode, false>({
      keepSourceTokens: true,
      prettyErrors: false,
      uniqueKeys: false,
      version: '1.2',
      merge: false,
    });
    const documents: YamlDocument[] = [];
    for (const composed of composer.compose(tokens, false, this.#source.length)) {
      documents.push(this.#document(composed as Composed, documentTokens[documents.length], documents.length));
    }
    return { source: this.#source, documents, problems: this.#problems, parents: this.#parents };
  }

  #document(composed: Composed, token: CST.Document | undefined, index: number): YamlDocument {
    this.#anchors = new Map();
    const before = this.#problems.length;
    for (const error of composed.errors) {
      const [start, end] = error.pos;
      // Each of a thousand open brackets is missed at the end of the file; one of them says it all.
      if (error.message.startsWith('Maximum call stack')) throw new RangeError(error.message);
      if (this.#problems.at(-1)?.start === start) continue;
      this.#syntaxProblem(error.message, start, Math.max(start, end));
    }
    const [start, , end] = composed.range;
    const contents: ParsedNode | null = composed.contents;
    const written = contents !== null && !(token?.value === undefined && contents.range[0] === contents.range[1]);
    const properties = propertiesOf(token?.start ?? [], start);
    const root =
      written || properties.outerStart !== undefined ? this.#node(contents, token?.value, properties) : undefined;
    if (root !== undefined) {
      this.#problems.push(...templateBraces(root, this.#source), ...lostIndentation(root, this.#source));
    }
    const editable = this.#problems.slice(before).every((problem) => problem.kind === 'duplicate-key');
    const document: YamlDocument = { kind: 'document', index, root, editable, start, end };
    if (root !== undefined) this.#parents.set(root, document);
    return document;
  }

  #node(node: ParsedNode | null, token: CST.Token | null | undefined, properties: Properties): YamlNode {
    const built = this.#unanchored(node, token ?? undefined, properties);
    if (built.anchor !== undefined) this.#anchors.set(built.anchor, built);
    return built;
  }

  #unanchored(node: ParsedNode | null, token: CST.Token | undefined, properties: Properties): YamlNode {
    const { anchor, tag } = properties;
    if (node === null || token === undefined) {
      const at = properties.end;
      const value = { kind: 'scalar', style: 'plain', value: '', resolved: null } as const;
      return { ...value, start: at, end: at, outerStart: properties.outerStart ?? at, anchor, tag };
    }
    const start = node.range[0];
    // In a broken file an anchor may stand behind what it belongs to.
    const outerStart = Math.min(properties.outerStart ?? start, start);
    const base = { start, end: node.range[1], outerStart, anchor, tag };
    if (isMap(node)) return this.#map(node.items as Pair<ParsedNode, ParsedNode | null>[], token, base);
    if (isSeq(node)) return this.#sequence(node.items as (ParsedNode | Pair)[], token, base);
    if (isAlias(node)) return this.#alias(node.source, base);
    if (isScalar(node)) return this.#scalar(node, token, base);
    throw new TypeError(`the yaml library has a node of an unknown kind at ${start}`);
  }

  #alias(name: string, base: NodeBase): YamlAlias {
    const target = this.#anchors.get(name);
    if (target === undefined)
      this.#syntaxProblem(`no node before *${name} has the anchor &${name}`, base.start, base.end);
    return { kind: 'alias', ...base, name, target };
  }

  #syntaxProblem(message: string, start: number, end: number): void {
    const { length } = this.#source;
    this.#problems.push({ kind: 'syntax', message, start: Math.min(start, length), end: Math.min(end, length) });
  }

  #map(pairs: readonly Pair<ParsedNode, ParsedNode | null>[], token: CST.Token, base: NodeBase): YamlMap {
    const style = token.type === 'block-map' ? 'block' : 'flow';
    const entries: YamlEntry[] = [];
    const seen = new Set<string>();
    for (const pair of pairs) {
      const entry = this.#entry(pair, base.start);
      if (entry.name !== undefined) {
        if (seen.has(entry.name) && !entry.merge) {
          const message = `the key ${JSON.stringify(entry.name)} stands twice in this map`;
          this.#problems.push({ kind: 'duplicate-key', message, start: entry.key.start, end: entry.key.end });
        }
        seen.add(entry.name);
      }
      entries.push(entry);
    }
    const end = style === 'block' ? (entries.at(-1)?.end ?? base.start) : base.end;
    const map: YamlMap = { kind: 'map', style, ...base, end, entries };
    for (const entry of entries) this.#parents.set(entry, map);
    return map;
  }

  #entry(pair: Pair<ParsedNode, ParsedNode | null>, mapStart: number): YamlEntry {
    const token = (pair as { srcToken?: CollectionItem }).srcToken;
    const before = propertiesOf(token?.start ?? [], mapStart);
    const key = this.#node(pair.key, token?.key, before);
    const separator = token?.sep ?? [];
    const colon = separator.find((part) => part.type === 'map-value-ind');
    const valueProperties = propertiesOf(separator, key.end);
    const value = this.#node(pair.value, token?.value, valueProperties);
    const question = token?.start.find((part) => part.type === 'explicit-key-ind');
    const plainName = key.kind === 'scalar' && key.tag === undefined ? key.value : undefined;
    const entry: YamlEntry = {
      kind: 'entry',
      start: question?.offset ?? key.outerStart,
      end: Math.max(value.end, key.end),
      key,
      name: plainName,
      colon: colon?.offset,
      value,
      merge: key.kind === 'scalar' && key.style === 'plain' && key.value === '<<',
    };
    this.#parents.set(key, entry);
    this.#parents.set(value, entry);
    return entry;
  }

  #sequence(nodes: readonly (ParsedNode | Pair)[], token: CST.Token, base: NodeBase): YamlSequence {
    const style = token.type === 'block-seq' ? 'block' : 'flow';
    const written = 'items' in token ? token.items.filter((item) => isWritten(item, style)) : [];
    const items: YamlItem[] = [];
    nodes.forEach((node, index) => {
      const itemToken = written[index];
      const properties = propertiesOf(itemToken?.start ?? [], base.start);
      const value = this.#item(node as ParsedNode, itemToken, properties);
      const dash = itemToken?.start.find((part) => part.type === 'seq-item-ind');
      const item: YamlItem = { kind: 'item', index, start: dash?.offset ?? value.outerStart, end: value.end, value };
      this.#parents.set(value, item);
      items.push(item);
    });
    const end = style === 'block' ? (items.at(-1)?.end ?? base.start) : base.end;
    const sequence: YamlSequence = { kind: 'sequence', style, ...base, end, items };
    for (const item of items) this.#parents.set(item, sequence);
    return sequence;
  }

  #item(node: ParsedNode, token: CollectionItem | undefined, properties: Properties): YamlNode {
    // `[a: 1]` holds a map of one pair without braces, and the pair's token is the item itself.
    if (isMap(node) && token?.sep !== undefined) {
      const pairs = node.items as Pair<ParsedNode, ParsedNode | null>[];
      const entries = pairs.map((pair) => this.#entry(pair, node.range[0]));
      const start = entries[0]?.start ?? node.range[0];
      const end = entries.at(-1)?.end ?? start;
      const map: YamlMap = {
        kind: 'map',
        style: 'flow',
        start,
        end,
        outerStart: start,
        anchor: undefined,
        tag: undefined,
        entries,
      };
      for (const entry of entries) this.#parents.set(entry, map);
      return map;
    }
    return this.#node(node, token?.value, properties);
  }

  #scalar(node: Scalar.Parsed, token: CST.Token, base: NodeBase): YamlScalar {
    const style = styles[node.type ?? Scalar.PLAIN] ?? 'plain';
    const end = token.type === 'block-scalar' ? blockScalarEnd(token, this.#source) : base.end;
    const value = node.source ?? '';
    // `!!binary` resolves to bytes, which compare by identity.
    const resolved = (
      typeof node.value === 'object' && node.value !== null ? value : node.value
    ) as YamlScalar['resolved'];
    return { kind: 'scalar', style, ...base, end, value, resolved };
  }
}

type NodeBase = Pick<YamlScalar, 'start' | 'end' | 'outerStart' | 'anchor' | 'tag'>;

const styles: Readonly<Record<string, YamlScalarStyle>> = {
  [Scalar.PLAIN]: 'plain',
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
  [Scalar.BLOCK_LITERAL]: 'literal',
  [Scalar.BLOCK_FOLDED]: 'folded',
};

/** The anchor and tag among the tokens in front of a node, and where the node would start if it is not written. */
function propertiesOf(tokens: readonly CST.SourceToken[], fallback: number): Properties {
  let outerStart: number | undefined;
  let anchor: string | undefined;
  let tag: string | undefined;
  let end = fallback;
  for (const token of tokens) {
    if (token.type === 'anchor') anchor = token.source.slice(1);
    else if (token.type === 'tag') tag = token.source;
    else if (!indicators.has(token.type)) continue;
    if (token.type === 'anchor' || token.type === 'tag') outerStart ??= token.offset;
    end = token.offset + token.source.length;
  }
  return { outerStart, anchor, tag, end };
}

const indicators: ReadonlySet<string> = new Set([
  'map-value-ind',
  'seq-item-ind',
  'explicit-key-ind',
  'doc-start',
  'comma',
]);

function isWritten(item: CollectionItem, style: 'block' | 'flow'): boolean {
  if (style === 'block') return item.start.some((part) => part.type === 'seq-item-ind');
  return item.value !== undefined || item.key !== undefined || item.sep !== undefined || item.start.some(isProperty);
}

function isProperty(token: CST.SourceToken): boolean {
  return token.type === 'anchor' || token.type === 'tag';
}

/** The library's range takes in the newline and the blank lines that follow; only `+` makes those part of the value. */
function blockScalarEnd(token: CST.BlockScalar, source: string): number {
  const props = token.props.filter((part) => 'source' in part);
  const header = props.find((part) => part.type === 'block-scalar-header');
  const contentStart = props.reduce((at, part) => Math.max(at, part.offset + part.source.length), token.offset);
  const contentEnd = contentStart + token.source.length;
  if (header?.source.includes('+'))
    return source[contentEnd - 1] === '\n' ? beforeNewline(source, contentEnd) : contentEnd;
  const text = token.source.trimEnd();
  if (text !== '') return contentStart + text.length + trailingSpaces(token.source, text.length);
  return header === undefined ? token.offset : header.offset + header.source.length;
}

/** Spaces at the end of the last line of text are part of the value. */
function trailingSpaces(text: string, from: number): number {
  let length = 0;
  while (text[from + length] === ' ' || text[from + length] === '\t') length += 1;
  return length;
}

function beforeNewline(source: string, end: number): number {
  return source[end - 2] === '\r' ? end - 2 : end - 1;
}
