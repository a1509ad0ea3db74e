/** Taking commands and single words out of a script: whole lines where they have them to themselves, never half a command. */
import { parseScript } from '../../audit/index.ts';
import type { Edit } from '../../formats/edit.ts';
import {
  type EditRefusal,
  parseCommands,
  type ShellCommand,
  type ShellDialect,
  type ShellRange,
  type ShellWord,
} from '../../formats/shell/index.ts';
import { statementOf } from '../../formats/shell/statement.ts';
import { contentEnd, cutLines, lineEnd, lineStart } from '../../formats/whole-lines.ts';

/** The innermost command around an offset; heredocs belong to the command that reads them. */
export function commandAt(source: string, dialect: ShellDialect, offset: number): ShellCommand | undefined {
  return parseScript(source, dialect).findLast(
    (command) =>
      command.start <= offset &&
      (offset < command.end || command.heredocs.some(({ body }) => body.start <= offset && offset < body.end)),
  );
}

/** A word and the one before it; of a list that is built up (`args+=(a b)`) when the word stands in one. */
export interface WordPlace {
  readonly words: readonly ShellWord[];
  readonly index: number;
  /** The command whose only content the list is. */
  readonly list: ShellCommand | undefined;
}

export function wordAt(source: string, dialect: ShellDialect, offset: number): WordPlace | undefined {
  const command = commandAt(source, dialect, offset);
  const index = command?.words.findIndex(({ start, end }) => start <= offset && offset < end) ?? -1;
  const word = command?.words[index];
  if (command === undefined || word === undefined) return undefined;
  const lead = /^\w+\+?=\(/.exec(word.text)?.[0];
  if (lead === undefined) return { words: command.words, index, list: undefined };
  const words = parseCommands(source, {
    range: { start: word.start + lead.length, end: word.end - 1 },
  }).commands.flatMap((inner) => inner.words);
  const inner = words.findIndex(({ start, end }) => start <= offset && offset < end);
  return inner === -1 ? undefined : { words, index: inner, list: command.words.length === 1 ? command : undefined };
}

/** The splice that takes out one command; refused where something hangs on it. */
export function removeCommand(source: string, command: ShellCommand, dialect: ShellDialect): Edit | EditRefusal {
  if (dialect === 'dockerfile') return { reason: 'it is part of an instruction', start: command.start };
  const lead = dialect === 'makefile' ? /^\t[ \t]*[@+-]*[ \t]*$/ : undefined;
  const statement = statementOf(source, withoutSafeJoints(command), [], lead);
  if (statement.refusal !== undefined) return { reason: statement.refusal, start: command.start };
  const joint = joined(source, command);
  if (joint !== undefined) return joint;
  if (command.before === '&&') return { reason: 'it is joined to another command by &&', start: command.start };
  if (statement.lines !== undefined) {
    return cutLines(source, { ...statement.lines, isFirst: opensText(source, statement.lines), isLast: false });
  }
  if (statement.cut !== undefined) return { ...statement.cut, text: '' };
  return { reason: 'other commands stand on its line', start: command.start };
}

/** `configure && rest`: the rest goes on by itself, since what is taken out could not fail. */
function joined(source: string, command: ShellCommand): Edit | undefined {
  if (command.after !== '&&') return undefined;
  const operator = /^[ \t]*&&(?:[ \t]|\\\r?\n|\r?\n)*/.exec(source.slice(command.end));
  return operator === null ? undefined : { start: command.start, end: command.end + operator[0].length, text: '' };
}

function withoutSafeJoints(command: ShellCommand): ShellCommand {
  const before = command.before === '&&' ? ';' : command.before;
  return { ...command, before, after: command.after === '&&' ? ';' : command.after };
}

function opensText(source: string, { start }: ShellRange): boolean {
  return source.slice(0, start).trim() === '';
}

/** Splices that take words out of a command or list that keeps others. */
export function removeWords(words: readonly ShellWord[], gone: ReadonlySet<number>): readonly Edit[] {
  const edits: Edit[] = [];
  for (let index = 0; index < words.length; index += 1) {
    if (!gone.has(index)) continue;
    let last = index;
    while (gone.has(last + 1)) last += 1;
    const previous = words[index - 1];
    const next = words[last + 1];
    const { start } = words[index] as ShellWord;
    const { end } = words[last] as ShellWord;
    if (previous !== undefined) edits.push({ start: previous.end, end, text: '' });
    else edits.push({ start, end: next?.start ?? end, text: '' });
    index = last;
  }
  return edits;
}

/** An `if [ … ]; then … fi` of which nothing would be left, or another block that would be empty. */
export type EmptiedBlock =
  | { readonly kind: 'if'; readonly start: number; readonly end: number; readonly commands: readonly ShellCommand[] }
  | { readonly kind: 'other'; readonly start: number; readonly commands: readonly ShellCommand[] };

/** Blocks in which every command goes; a shell wants at least one. */
export function emptiedBlocks(
  source: string,
  dialect: ShellDialect,
  isGone: (command: ShellCommand) => boolean,
): readonly EmptiedBlock[] {
  const commands = parseScript(source, dialect).filter(({ depth }) => depth === 0);
  const blocks: EmptiedBlock[] = [];
  for (let first = 0; first < commands.length; first += 1) {
    if (!isGone(commands[first] as ShellCommand)) continue;
    let last = first;
    while (
      commands[last + 1] !== undefined &&
      isGone(commands[last + 1] as ShellCommand) &&
      sameBlock(source, commands, last)
    )
      last += 1;
    const run = commands.slice(first, last + 1);
    const block = blockAround(source, commands[first - 1], run, commands[last + 1]);
    if (block !== undefined) blocks.push(block);
    first = last;
  }
  return blocks;
}

/** Nothing but separators and comments parts a command from the next. */
function sameBlock(source: string, commands: readonly ShellCommand[], index: number): boolean {
  const gap = gapText(source, endOf(commands[index] as ShellCommand), (commands[index + 1] as ShellCommand).start);
  return /^[;\s]*$/.test(gap);
}

function blockAround(
  source: string,
  before: ShellCommand | undefined,
  run: readonly ShellCommand[],
  after: ShellCommand | undefined,
): EmptiedBlock | undefined {
  const [first] = run as [ShellCommand];
  const end = endOf(run.at(-1) as ShellCommand);
  const ahead = gapText(source, before === undefined ? 0 : endOf(before), first.start);
  const behind = source.slice(end, after?.start ?? source.length);
  const opener = /(?:^|[\s;])(then|else|do|\{)\s*$/.exec(ahead)?.[1];
  const closer = /^(?:[;\s]|#.*)*?(fi|else|elif|done|\})(?=[\s;)&|]|$)/.exec(behind);
  if (opener === undefined || closer === null) return undefined;
  const start = before === undefined ? -1 : beforeTest(source, before);
  if (opener !== 'then' || closer[1] !== 'fi' || start === -1)
    return { kind: 'other', start: first.start, commands: run };
  return { kind: 'if', start, end: end + closer[0].length, commands: run };
}

/** Where `if` stands, for an `if` whose condition is one test with nothing else to it; else -1. */
function beforeTest(source: string, test: ShellCommand): number {
  const name = test.words[0]?.text ?? '';
  if (!/^(\[|\[\[|test)$/.test(name) || source.slice(test.start, test.end).includes('$(')) return -1;
  const lead = /(^|[\n;])([ \t]*)if[ \t]+(?:![ \t]+)?$/.exec(source.slice(0, test.start));
  return lead === null ? -1 : lead.index + (lead[1] as string).length + (lead[2] as string).length;
}

/** The splice that takes out an `if` that has its lines to itself. */
export function removeBlock(source: string, block: ShellRange): Edit | EditRefusal {
  const start = lineStart(source, block.start);
  const rest = source.slice(block.end, contentEnd(source, block.end));
  if (source.slice(start, block.start).trim() !== '' || !/^[ \t]*;?[ \t]*(#.*)?$/.test(rest))
    return { reason: 'other commands stand on the lines of its block', start: block.start };
  return cutLines(source, { start, end: lineEnd(source, block.end), isFirst: false, isLast: false });
}

function endOf(command: ShellCommand): number {
  return Math.max(command.end, ...command.heredocs.map(({ end }) => end));
}

function gapText(source: string, start: number, end: number): string {
  return source.slice(start, Math.max(start, end)).replace(/(^|\s)#.*$/gm, '$1');
}
