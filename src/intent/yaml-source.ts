/**
 * A YAML text as a plain value in which every part remembers where it stands and how it was written, so that a
 * problem can name line, column and the very characters.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Location } from '../kernel/diagnostic.ts';

export type YamlPath = readonly (string | number)[];

export interface YamlSource {
  /** Maps are plain objects, keys as written; numbers, booleans and null as YAML 1.2 reads them. */
  readonly value: unknown;
  /** What is wrong with the text as YAML; the value is what could be read in spite of it. */
  readonly problems: readonly { readonly location: Location; readonly message: string }[];
  /** Where the value at a path stands, or the nearest part around it that is there. */
  locate(path: YamlPath): Location;
  /** Where the key of an entry stands, or the nearest part around it that is there. */
  locateKey(path: YamlPath): Location;
  /** The characters of a scalar, quotes excluded; `undefined` for maps, lists and what is not there. */
  written(path: YamlPath): string | undefined;
  /** Every formatted path with a value, and where it stands. */
  readonly locations: ReadonlyMap<string, Location>;
}

/** `stacks[0].workspaces.live-eu`; a key that would be misread stands in brackets and quotes. */
export function formatYamlPath(path: YamlPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w@~-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** Aliases may repeat parts; past these a text is a bomb or bites its own tail, and is no configuration. */
const mostNodes = 100_000;
const deepestNesting = 32;

/** Reads a text whose locations name `file`. */
export function readYamlSource(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const documents: Document[] = Array.isArray(parsed) ? parsed : [];
  const [document, second] = documents;
  const problems: { location: Location; message: string }[] = [];
  const values = new Map<string, Location>();
  const keys = new Map<string, Location>();
  const scalars = new Map<string, string>();
  let nodes = 0;

  const at = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { path: file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const read = (node: unknown, path: YamlPath, around: Location): unknown => {
    if (++nodes > mostNodes || path.length > deepestNesting) return null;
    const name = formatYamlPath(path);
    const range = (node as Node | null)?.range;
    const location = range ? at(range[0]) : around;
    values.set(name, location);
    const resolved = isAlias(node) && document !== undefined ? node.resolve(document) : node;
    if (isSeq(resolved)) return resolved.items.map((item, index) => read(item, [...path, index], location));
    if (isMap(resolved)) {
      return Object.fromEntries(
        resolved.items.map(({ key, value }) => {
          const keyText = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
          const keyLocation = isScalar(key) && key.range ? at(key.range[0]) : location;
          keys.set(formatYamlPath([...path, keyText]), keyLocation);
          return [keyText, read(value, [...path, keyText], keyLocation)];
        }),
      );
    }
    if (!isScalar(resolved)) return null;
    scalars.set(name, resolved.source ?? '');
    return resolved.value;
  };

  const start: Location = { path: file, line: 1, column: 1 };
  const value = read(document?.contents, [], start);
  for (const { errors } of documents) {
    for (const error of errors) problems.push({ location: at(error.pos[0]), message: error.message });
  }
  if (second !== undefined) {
    problems.push({
      location: at(second.range?.[0] ?? 0),
      message: 'a second YAML document begins; the file holds one',
    });
  }
  if (nodes > mostNodes) problems.push({ location: start, message: `more than ${mostNodes} values` });

  const around = (path: YamlPath): Location => {
    for (let length = path.length - 1; length > 0; length--) {
      const name = formatYamlPath(path.slice(0, length));
      const location = keys.get(name) ?? values.get(name);
      if (location !== undefined) return location;
    }
    return start;
  };
  return {
    value,
    problems,
    locations: values,
    locate: (path) => values.get(formatYamlPath(path)) ?? around(path),
    locateKey: (path) => keys.get(formatYamlPath(path)) ?? around(path),
    written: (path) => scalars.get(formatYamlPath(path)),
  };
}
