/**
 * The tree of a YAML file. Every node carries the UTF-16 range it covers in the source, because edits are splices of
 * those ranges; nothing is ever printed from the tree. Read as YAML 1.2 core, so `on` and `yes` are strings.
 */

export interface YamlRange {
  /** First UTF-16 offset. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

export type YamlProblemKind =
  /** The text is not YAML; ranges near it can be wrong. */
  | 'syntax'
  /** One map holds a key twice; ranges are right, but which one wins depends on the reader. */
  | 'duplicate-key'
  /** `{{ … }}` of a template engine, which YAML takes for a map. */
  | 'template'
  /** A file whose lines have all moved to the first column: valid, but not what was meant. */
  | 'lost-indentation';

export interface YamlProblem extends YamlRange {
  readonly kind: YamlProblemKind;
  readonly message: string;
}

export interface YamlFile {
  readonly source: string;
  readonly documents: readonly YamlDocument[];
  /** Empty when the file is sound YAML. */
  readonly problems: readonly YamlProblem[];
  /** What holds a node: its entry or item; what holds an entry or item: its map or sequence; what holds a root: its document. */
  readonly parents: ReadonlyMap<YamlNode | YamlEntry | YamlItem, YamlNode | YamlEntry | YamlItem | YamlDocument>;
}

export interface YamlDocument extends YamlRange {
  readonly kind: 'document';
  readonly index: number;
  /** `undefined` when the document holds nothing but comments. */
  readonly root: YamlNode | undefined;
  /** False when a problem makes the ranges unreliable: then every edit is refused. */
  readonly editable: boolean;
}

export type YamlNode = YamlMap | YamlSequence | YamlScalar | YamlAlias;

interface YamlNodeBase extends YamlRange {
  /** Where the anchor or tag in front of the node starts; equal to `start` when there is none. */
  readonly outerStart: number;
  /** The name after `&`. */
  readonly anchor: string | undefined;
  /** As written, with its `!`. */
  readonly tag: string | undefined;
}

/** A block map ends with its last value; a flow map with its brace. */
export interface YamlMap extends YamlNodeBase {
  readonly kind: 'map';
  readonly style: 'block' | 'flow';
  readonly entries: readonly YamlEntry[];
}

/** `key: value`, from the first character of the key (or `?`) to the end of the value. */
export interface YamlEntry extends YamlRange {
  readonly kind: 'entry';
  readonly key: YamlNode;
  /** The key's text, quotes resolved; `undefined` when the key is no scalar. */
  readonly name: string | undefined;
  /** Offset of the `:`; `undefined` in `{ a }` and `? a`. */
  readonly colon: number | undefined;
  /** An empty plain scalar where nothing is written. */
  readonly value: YamlNode;
  /** `<<: *defaults`: YAML 1.1's merge key, which most readers (not GitHub Actions) honour. */
  readonly merge: boolean;
}

export interface YamlSequence extends YamlNodeBase {
  readonly kind: 'sequence';
  readonly style: 'block' | 'flow';
  readonly items: readonly YamlItem[];
}

/** One member of a sequence, from its dash (block) or its first character (flow) to the end of the value. */
export interface YamlItem extends YamlRange {
  readonly kind: 'item';
  readonly index: number;
  readonly value: YamlNode;
}

export type YamlScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/**
 * A block scalar runs from its `|` or `>` to the end of its last line with text, newline excluded (with `+`, which
 * keeps blank lines, to the end of the last blank one). A value that isn't written has an empty range after its `:`.
 */
export interface YamlScalar extends YamlNodeBase {
  readonly kind: 'scalar';
  readonly style: YamlScalarStyle;
  /** The text with quotes, escapes and folding resolved: `'012'` and `012` both give `012`. */
  readonly value: string;
  /** What YAML 1.2 core makes of it: `012` gives 12, `~` gives null. */
  readonly resolved: string | number | bigint | boolean | null;
}

export interface YamlAlias extends YamlNodeBase {
  readonly kind: 'alias';
  /** The name after `*`. */
  readonly name: string;
  /** `undefined` when no node before it has that anchor. */
  readonly target: YamlNode | undefined;
}
