/** Which names a simple command gives a value, by its shape: `export A=b`, `set -gx A b`, `echo "A=b" >> file`. */
import { contentEnd, lineEnd } from '../whole-lines.ts';
import { parseShellText } from './script.ts';
import type { AssignmentForm, ShellCommand, ShellRange, ShellSyntax, ShellText, ShellWord } from './syntax.ts';
import { assignmentPattern } from './word-reader.ts';

export interface ScriptText {
  readonly source: string;
  readonly syntax: ShellSyntax;
}

/** A name and its value as they stand in a command. */
export interface Binding {
  readonly name: ShellRange;
  /** `undefined` when no value is given. */
  readonly value: ShellText | undefined;
  /** What goes when this name goes and others stay. */
  readonly word: ShellRange;
  readonly previousEnd: number | undefined;
  readonly nextStart: number | undefined;
}

export interface Shape {
  readonly form: AssignmentForm;
  readonly exported: boolean;
  readonly bindings: readonly Binding[];
  /** The command does something else too and stays without its bindings. */
  readonly stays?: boolean;
}

/** `target` is the file that the command's output goes to. */
export function shapesOf(text: ScriptText, command: ShellCommand, target: string | undefined): Shape[] {
  const { words, assignmentCount } = command;
  const head = words[assignmentCount];
  const shapes: Shape[] = [];
  // PowerShell has no `A=b`; there it is an argument or an entry of a hash table.
  if (assignmentCount > 0 && text.syntax !== 'powershell') {
    const bindings = wordBindings(text, words, 0, assignmentCount);
    if (head === undefined) shapes.push({ form: 'variable', exported: false, bindings });
    else shapes.push({ form: 'prefix', exported: true, bindings, stays: true });
  }
  if (head === undefined) return shapes;
  const name = /^\$\{?env:/i.test(head.text) ? '$env:' : (head.value ?? '').toLowerCase();
  const shape = shapeByName.get(name)?.(text, words, assignmentCount + 1, target);
  return shape === undefined || shape.bindings.length === 0 ? shapes : [...shapes, shape];
}

type ShapeReader = (
  text: ScriptText,
  words: readonly ShellWord[],
  first: number,
  target: string | undefined,
) => Shape | undefined;

const shapeByName: ReadonlyMap<string, ShapeReader> = new Map<string, ShapeReader>([
  ['export', (text, words, first) => declaration(text, words, first, true)],
  ['declare', (text, words, first) => declaration(text, words, first, hasFlag(words, first, 'x'))],
  ['typeset', (text, words, first) => declaration(text, words, first, hasFlag(words, first, 'x'))],
  ['local', (text, words, first) => declaration(text, words, first, hasFlag(words, first, 'x'))],
  ['readonly', (text, words, first) => declaration(text, words, first, false)],
  ['env', envCommand],
  ['set', setCommand],
  ['setx', setxCommand],
  ['unset', unsetCommand],
  ['remove-item', removeItemCommand],
  ['$env:', powershellAssignment],
  ['echo', printedLines],
  ['printf', printedLines],
  ['write-output', printedLines],
]);

/** Words from `first` to `end` (excluded) that are assignments. */
function wordBindings(text: ScriptText, words: readonly ShellWord[], first: number, end: number): Binding[] {
  const bindings: Binding[] = [];
  for (let at = first; at < end; at += 1) {
    const word = words[at] as ShellWord;
    const name = assignmentPattern.exec(word.text);
    if (name === null) continue;
    const value = parseShellText(text.source, { start: word.start + name[0].length, end: word.end }, text.syntax);
    const isArray = value.text.startsWith('(');
    bindings.push({
      ...placeOf(words, at),
      name: { start: word.start, end: word.start + (name[1] as string).length },
      value: isArray ? { ...value, value: undefined, literal: false } : value,
    });
  }
  return bindings;
}

function placeOf(words: readonly ShellWord[], at: number): Pick<Binding, 'word' | 'previousEnd' | 'nextStart'> {
  const { start, end } = words[at] as ShellWord;
  return { word: { start, end }, previousEnd: words[at - 1]?.end, nextStart: words[at + 1]?.start };
}

/** `export A=b C`, `declare -x A=b`, `readonly A`. */
function declaration(text: ScriptText, words: readonly ShellWord[], first: number, exported: boolean): Shape {
  const bindings: Binding[] = [];
  let others = 0;
  for (let at = first; at < words.length; at += 1) {
    const word = words[at] as ShellWord;
    if (word.text.startsWith('-')) continue;
    const [assigned] = wordBindings(text, words, at, at + 1);
    if (assigned !== undefined) bindings.push(assigned);
    else if (/^[A-Za-z_]\w*$/.test(word.text)) bindings.push({ ...placeOf(words, at), name: word, value: undefined });
    else others += 1;
  }
  const takesAway = words.slice(first).some((word) => word.text === '-n');
  return { form: takesAway ? 'unset' : 'export', exported: exported && !takesAway, bindings, stays: others > 0 };
}

function hasFlag(words: readonly ShellWord[], first: number, flag: string): boolean {
  return words.slice(first).some((word) => /^-[A-Za-z]+$/.test(word.text) && word.text.includes(flag));
}

/** `env -i A=b command`. */
function envCommand(text: ScriptText, words: readonly ShellWord[], first: number): Shape {
  let start = first;
  while (words[start]?.text.startsWith('-')) start += words[start]?.text === '-u' ? 2 : 1;
  let end = start;
  while (end < words.length && assignmentPattern.test((words[end] as ShellWord).text)) end += 1;
  return { form: 'prefix', exported: true, bindings: wordBindings(text, words, start, end), stays: true };
}

/** fish's `set -gx A b` and Windows' `set A=b`; the options of a POSIX `set` are none of them. */
function setCommand(text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  const flags = words[first]?.text ?? '';
  if (first + 1 === words.length && !flags.startsWith('-')) return windowsSet(text, words, first);
  const erases = /^(-[gUl]?e[gUl]?|--erase)$/.test(flags);
  const exports = /^-[glUfx]*x[glUfx]*$|^--export$/.test(flags);
  const isFish = erases || exports || /^-[glUf]$|^--(global|universal|local)$/.test(flags);
  let at = first;
  let exported = exports;
  while (words[at]?.text.startsWith('-')) exported = /^-\w*x|^--export$/.test(words[at++]?.text ?? '') || exported;
  const name = words[at];
  if (!isFish || name === undefined || !/^[A-Za-z_]\w*$/.test(name.text)) return undefined;
  const binding = { ...placeOf(words, at), name, value: restOf(text, words, at + 1) };
  return erases
    ? { form: 'unset', exported: false, bindings: [binding] }
    : { form: 'fish', exported, bindings: [binding] };
}

/** `set A=b` and `set "A=b"`. */
function windowsSet(text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  const word = words[first];
  const match = /^("?)([A-Za-z_]\w*)=/.exec(word?.text ?? '');
  if (word === undefined || match === null) return undefined;
  const [all, quote, name] = match as unknown as [string, string, string];
  const nameStart = word.start + quote.length;
  const end = quote !== '' && word.text.endsWith(quote) ? word.end - 1 : word.end;
  const value = parseShellText(
    text.source,
    { start: word.start + all.length, end: Math.max(end, word.start + all.length) },
    text.syntax,
  );
  const binding = { ...placeOf(words, first), name: { start: nameStart, end: nameStart + name.length }, value };
  return { form: 'windows', exported: true, bindings: [binding] };
}

/** `setx A b`, with `/M` for the whole machine. */
function setxCommand(_text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  const [name, value] = words.slice(first).filter((word) => !/^\/[A-Za-z]$/.test(word.text));
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name.text)) return undefined;
  const binding = { ...placeOf(words, words.indexOf(name)), name, value };
  return { form: 'windows', exported: true, bindings: [binding] };
}

function unsetCommand(_text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  if (words[first]?.text === '-f') return undefined;
  const names = words.map((word, at) => ({ word, at })).slice(first);
  const bindings = names
    .filter(({ word }) => /^[A-Za-z_]\w*$/.test(word.text))
    .map(({ word, at }) => ({ ...placeOf(words, at), name: word, value: undefined }));
  const stays = names.some(({ word }) => !/^(-v|[A-Za-z_]\w*)$/.test(word.text));
  return { form: 'unset', exported: false, bindings, stays };
}

/** `Remove-Item Env:A`. */
function removeItemCommand(_text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  const at = words.findIndex((word, index) => index >= first && /^env:[\\/]?\w+$/i.test(word.text));
  const word = words[at];
  if (word === undefined) return undefined;
  const name = { start: word.start + (/^env:[\\/]?/i.exec(word.text)?.[0].length ?? 0), end: word.end };
  return { form: 'unset', exported: false, bindings: [{ ...placeOf(words, at), name, value: undefined }] };
}

/** `$env:A = "b"`, `$env:A="b"`, `${env:A} = "b"`. */
function powershellAssignment(text: ScriptText, words: readonly ShellWord[], first: number): Shape | undefined {
  const head = words[first - 1] as ShellWord;
  const match = /^(\$\{?env:)(\w+)\}?(=)?/i.exec(head.text);
  if (match === null) return undefined;
  const [all, sigil, variable, equals] = match as unknown as [string, string, string, string | undefined];
  const nameStart = head.start + sigil.length;
  const name = { start: nameStart, end: nameStart + variable.length };
  let value: ShellText | undefined;
  if (equals !== undefined) {
    const end = words.at(-1)?.end ?? head.end;
    value = parseShellText(text.source, { start: head.start + all.length, end }, text.syntax);
  } else if (words[first]?.text === '=') value = restOf(text, words, first + 1);
  else return undefined;
  const word = { start: head.start, end: value?.end ?? head.end };
  const binding = { name, value, word, previousEnd: undefined, nextStart: undefined };
  return { form: 'powershell', exported: true, bindings: [binding] };
}

/** The words from `first` on as one value. */
function restOf(text: ScriptText, words: readonly ShellWord[], first: number): ShellText | undefined {
  const start = words[first];
  if (start === undefined || first === words.length - 1) return start;
  return parseShellText(text.source, { start: start.start, end: (words.at(-1) as ShellWord).end }, text.syntax);
}

/** `echo "A=b" >> file`: each line of the text that is an assignment. */
function printedLines(
  text: ScriptText,
  words: readonly ShellWord[],
  first: number,
  target: string | undefined,
): Shape | undefined {
  if (target === undefined) return undefined;
  const bindings: Binding[] = [];
  let lines = 0;
  for (let at = first; at < words.length; at += 1) {
    const word = words[at] as ShellWord;
    if (/^-[neE]+$/.test(word.text)) continue;
    const quote = /^["']/.exec(word.text)?.[0] ?? '';
    const closed = quote !== '' && word.text.length > 1 && word.text.endsWith(quote);
    const inner = { start: word.start + quote.length, end: closed ? word.end - 1 : word.end };
    // A text of several words, `echo A=b c`, is one line.
    const end = quote === '' ? (words.at(-1) as ShellWord).end : inner.end;
    for (const line of linesIn(text.source, { start: inner.start, end })) {
      lines += 1;
      const binding = lineBinding(text, line, /["$'\\`]/.test(quote) && quote === "'" ? 'raw' : 'expanded');
      if (binding !== undefined) bindings.push({ ...placeOf(words, at), ...binding, word });
    }
    if (quote === '') break;
  }
  return { form: 'file-line', exported: true, bindings, stays: lines > bindings.length };
}

/** `A=b`, `export A=b`, `A = b` at the start of a line. */
export function lineBinding(
  text: ScriptText,
  line: ShellRange,
  kind: 'raw' | 'expanded',
): Pick<Binding, 'name' | 'value'> | undefined {
  const content = text.source.slice(line.start, line.end);
  const match = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/.exec(content);
  if (match === null) return undefined;
  const [all, lead, name] = match as unknown as [string, string, string];
  const nameStart = line.start + lead.length;
  const range = { start: line.start + all.length, end: line.start + content.trimEnd().length };
  const value = range.end < range.start ? { ...range, end: range.start } : range;
  const read = kind === 'raw' ? rawText(text.source, value) : parseShellText(text.source, value, text.syntax);
  return { name: { start: nameStart, end: nameStart + name.length }, value: read };
}

function rawText(source: string, range: ShellRange): ShellText {
  const written = source.slice(range.start, range.end);
  const value = /^(["']).*\1$/s.test(written) && written.length > 1 ? written.slice(1, -1) : written;
  return { ...range, value, literal: true, references: [], templates: [] };
}

export function* linesIn(source: string, range: ShellRange): Generator<ShellRange> {
  for (let start = range.start; start < range.end; ) {
    const end = Math.min(contentEnd(source, start), range.end);
    yield { start, end };
    start = Math.min(lineEnd(source, end), range.end);
  }
}
