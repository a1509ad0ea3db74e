/**
 * AWS credentials in the YAML of any pipeline or deployment tool but GitHub's: entries that carry a credential's name,
 * lists of `name`/`value` pairs, and scripts. The servers differ in how a value refers to a stored secret; that is read
 * here too.
 */
import type { SourceFile } from '../../repository/index.ts';
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import { type SlotPart, weighSlot } from '../credential-slot.ts';
import { type CredentialValue, readShellCredential } from '../credential-value.ts';
import { findShellCredentials } from './shell-credentials.ts';
import {
  asTable,
  asText,
  findEntry,
  findText,
  offsetInFile,
  readYaml,
  type YamlEntry,
  type YamlList,
  type YamlPart,
  type YamlTable,
  type YamlText,
} from './yaml-reading.ts';

export interface YamlCredential {
  readonly form: 'entry' | 'pair' | 'script';
  readonly parts: readonly SlotPart[];
  /** Keys from the root to the place; list positions are left out. */
  readonly path: readonly string[];
  readonly slot: string;
}

/** Static credentials in a file, in order of position. Parts below one map, list or script belong together. */
export function findYamlCredentials(file: SourceFile): YamlCredential[] {
  if (!/aws|access_?-?key|secret_?-?key/i.test(file.text)) return [];
  const found: Omit<YamlCredential, 'slot'>[] = [];
  for (const root of readYaml(file)) visit(file, root, [], found);
  // What several aliases show is one place, where it is written.
  const seen = new Set<number>();
  return found
    .filter((place) => {
      const at = place.parts[0]?.at ?? -1;
      const again = seen.has(at);
      seen.add(at);
      return !again && weighSlot(place.parts) === 'static';
    })
    .map((place, index) => ({ ...place, slot: `${file.path}#${place.path.join('.')}/${index}` }));
}

/** What a value in a pipeline's YAML leads to, in the reference syntax of any of the servers. */
export function readPipelineValue(text: string): CredentialValue {
  for (const [pattern, store] of references) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined) return { kind: 'stored', store, name: name.trim() };
  }
  // CircleCI's orbs and some plugins take the name of the variable itself.
  if (
    /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text) &&
    /KEY|SECRET|TOKEN/.test(text) &&
    !/YOUR|CHANGE|REPLACE|INSERT|PUT_|TODO|FAKE|DUMMY|TEST|MOCK|EXAMPLE|SAMPLE/.test(text)
  ) {
    return { kind: 'name', name: text };
  }
  return readShellCredential(text);
}

type Found = Omit<YamlCredential, 'slot'>[];

function visit(file: SourceFile, part: YamlPart, path: readonly string[], found: Found): void {
  if (part.kind === 'text') {
    found.push(...scriptPlaces(file, [part], path));
    return;
  }
  if (part.kind === 'list') {
    found.push(
      ...pairPlaces(part, path),
      ...scriptPlaces(
        file,
        part.items.filter((item) => item.kind === 'text'),
        path,
      ),
    );
    for (const item of part.items) if (item.kind !== 'text') visit(file, item, path, found);
    return;
  }
  found.push(...entryPlaces(part, path));
  for (const entry of part.entries) {
    if (entry.value === undefined || entry.shared || partOf(entry) !== undefined) continue;
    visit(file, entry.value, [...path, entry.name], found);
  }
}

function entryPlaces(table: YamlTable, path: readonly string[]): Found {
  const parts = table.entries.flatMap((entry): SlotPart[] => {
    if (entry.shared) return [];
    const part = partOf(entry);
    const value = part === undefined ? undefined : (fromStore(path, entry.value) ?? readEntryValue(entry.value));
    return part === undefined || value === undefined
      ? []
      : [{ part, name: entry.name, at: entry.nameRange.start, value }];
  });
  return groups('entry', parts, path);
}

/** `access_key` and `secret_key` side by side, with `secure` or `from_secret` below, need no "aws" in the name. */
function partOf(entry: YamlEntry): SlotPart['part'] | undefined {
  const part = awsCredentialPart(entry.name);
  if (part !== undefined) return part;
  const inner = asTable(entry.value);
  const stored = inner?.entries.some(({ name }) => name === 'secure' || name === 'from_secret') ?? false;
  const named = asText(entry.value)?.text;
  const pointsToAws = named !== undefined && storedName(named) !== undefined;
  return stored || pointsToAws || /^TF_VAR_/.test(entry.name) ? credentialPartInAwsContext(entry.name) : undefined;
}

function storedName(text: string): string | undefined {
  const value = readPipelineValue(text);
  const name = value.kind === 'stored' || value.kind === 'name' ? value.name : undefined;
  return name !== undefined && awsCredentialPart(name) !== undefined ? name : undefined;
}

/** CodeBuild reads the values below these keys from a store. */
function fromStore(path: readonly string[], part: YamlPart | undefined): CredentialValue | undefined {
  const store = path.at(-1);
  const name = asText(part)?.text;
  return name !== undefined && (store === 'parameter-store' || store === 'secrets-manager')
    ? { kind: 'stored', store, name }
    : undefined;
}

function readEntryValue(part: YamlPart | undefined): CredentialValue | undefined {
  const text = asText(part)?.text;
  if (text !== undefined) return readPipelineValue(text);
  const table = asTable(part);
  if (table === undefined) return undefined;
  for (const name of ['from_secret', 'fromSecret', 'secret', 'secret_name', 'vault', 'doppler']) {
    const stored = findText(table, name);
    if (stored !== undefined) return { kind: 'stored', store: 'secret', name: stored };
  }
  if (findEntry(table, 'secure') !== undefined)
    return { kind: 'stored', store: 'encrypted', name: 'value in the file' };
  const inner = findText(table, 'value') ?? findText(table, 'default');
  if (inner !== undefined) return readPipelineValue(inner);
  const key = findEntry(table, 'valueFrom') ?? findEntry(table, 'secretKeyRef');
  if (key === undefined) return undefined;
  const reference = asTable(key.value);
  const secret = asTable(findEntry(reference, 'secretKeyRef')?.value) ?? reference;
  const name = [findText(secret, 'name'), findText(secret, 'key')].filter((each) => each !== undefined).join('/');
  return { kind: 'stored', store: 'secret', name: name === '' ? (asText(key.value)?.text ?? 'reference') : name };
}

/** `- name: AWS_ACCESS_KEY_ID` with `value:` or `valueFrom:`. */
function pairPlaces(list: YamlList, path: readonly string[]): Found {
  const parts = list.items.flatMap((item): SlotPart[] => {
    // Atlantis wraps each pair: `- env: { name, value }`.
    const table = asTable(findEntry(item, 'env')?.value) ?? asTable(item);
    if (table === undefined) return [];
    const nameEntry = table.entries.find(({ name }) => /^(name|key|variable|Name)$/.test(name));
    const name = asText(nameEntry?.value)?.text;
    const part = name === undefined ? undefined : (awsCredentialPart(name) ?? terraformPart(name));
    if (name === undefined || part === undefined || nameEntry === undefined) return [];
    const command = findText(table, 'command');
    const value =
      command === undefined
        ? readEntryValue({ ...table, entries: table.entries.filter((entry) => entry !== nameEntry) })
        : readShellCredential(`$(${command})`);
    return value === undefined ? [] : [{ part, name, at: nameEntry.range.start, value }];
  });
  return groups('pair', parts, path);
}

function terraformPart(name: string): SlotPart['part'] | undefined {
  return name.startsWith('TF_VAR_') ? credentialPartInAwsContext(name) : undefined;
}

function scriptPlaces(file: SourceFile, texts: readonly YamlText[], path: readonly string[]): Found {
  if (!path.some((name) => scriptKeys.test(name))) return [];
  const parts = texts.flatMap((text) => {
    if (!/aws|access_?key|secret_?key/i.test(text.text)) return [];
    return findShellCredentials(text.text).map((credential): SlotPart & { group: string } => ({
      part: credential.part,
      name: credential.name,
      at: offsetInFile(file, text, credential.index),
      value:
        credential.value.kind === 'literal' ? readPipelineValue(credential.value.value.reveal()) : credential.value,
      group: `${credential.form}/${credential.scope}`,
    }));
  });
  return [...Map.groupBy(parts, ({ group }) => group).values()].map((group) => ({
    form: 'script' as const,
    parts: group.map(({ part, name, at, value }) => ({ part, name, at, value })),
    path,
  }));
}

function groups(form: 'entry' | 'pair', parts: readonly SlotPart[], path: readonly string[]): Found {
  return [...Map.groupBy(parts, ({ name }) => credentialStem(name)).values()].map((group) => ({
    form,
    parts: group,
    path,
  }));
}

const scriptKeys =
  /script|^run$|command|^cmd$|^args$|^steps?$|bash|^sh$|shell|inline|^env|^variables$|^global$|^jobs$|^matrix$|entrypoint|exec|powershell|pwsh|install|deploy|build|hooks?|task|plan|apply|pre|post/i;

/** How the servers write "the value of a stored secret"; the group is its name. */
const references: readonly (readonly [RegExp, string])[] = [
  [/\$\{\{\s*secrets\.([\w.-]+)\s*\}\}/, 'github'],
  [/<\+secrets\.getValue\(\s*["']?([^"')]+)["']?\s*\)>/, 'harness'],
  [/^\(\((.+)\)\)$/, 'concourse'],
  [/^<<\s*(.+?)\s*>>$/, 'parameter'],
  [/^ENCRYPTED\[(.*)\]$/, 'encrypted'],
  [/^\$\[\s*(?:variables\.|variables\[')?([\w.-]+)/, 'variable'],
  [/^\$\(([\w.-]+)\)$/, 'variable'],
  [/^\$\{\{\s*(?:variables|parameters)\.([\w.-]+)\s*\}\}$/, 'variable'],
  [/^\$\{\{([\w.-]+)\}\}$/, 'variable'],
  [/^\{\{\s*(.+?)\s*\}\}$/, 'template'],
  [/^!reference\s+(.+)$/, 'reference'],
  [/^@(.+)@$/, 'template'],
];
