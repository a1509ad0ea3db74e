/** How much of a script goes when a statement goes: its lines, a part of a line, or nothing, with the reason. */
import { lineEnd, lineStart } from '../whole-lines.ts';
import type { ShellCommand, ShellRange, ShellStatement, StatementMember } from './syntax.ts';

/** What may stand in front of a statement that has its lines to itself, such as `RUN ` or the `@` of a recipe. */
const nothing = /^[ \t\uFEFF]*$/;

/** Without it a `\\` at the end of the line above would hang, or take in the line below. */
export const continuesLine = 'it goes on from the line above';

export function statementOf(
  source: string,
  command: ShellCommand,
  members: readonly StatementMember[],
  lead: RegExp = nothing,
): ShellStatement {
  const { start } = command;
  const end = Math.max(command.end, ...command.heredocs.map((heredoc) => heredoc.end));
  const refusal = refusalOf(source, command);
  if (refusal !== undefined) return { start, end, members, lines: undefined, cut: undefined, refusal };
  const lines = wholeLines(source, { start, end: command.end }, end, lead);
  if (lines !== undefined) return { start, end, members, lines, cut: { start, end }, refusal: undefined };
  if (end !== command.end) {
    const refusal = 'other commands stand on the line of a heredoc';
    return { start, end, members, lines: undefined, cut: undefined, refusal };
  }
  const cut = partOfLine(source, command);
  if (/\\\r?\n[ \t]*$/.test(above(source, cut.start)) && matchAt(/[ \t]*(?:\r?\n|$)/y, source, cut.end) !== undefined) {
    return { start, end, members, lines: undefined, cut: undefined, refusal: continuesLine };
  }
  return { start, end, members, lines: undefined, cut, refusal: undefined };
}

/** A statement that only loses words and always stays: the command of `A=1 command`. */
export function prefixStatement(range: ShellRange, members: readonly StatementMember[]): ShellStatement {
  return { start: range.start, end: range.end, members, lines: undefined, cut: undefined, refusal: undefined };
}

/** A statement that is made of lines: a setting, an instruction, a line of a heredoc. */
export function lineStatement(source: string, range: ShellRange, members: readonly StatementMember[]): ShellStatement {
  const start = lineStart(source, range.start);
  const lines = { start, end: lineEnd(source, range.end) };
  return {
    start: range.start,
    end: range.end,
    members,
    lines,
    cut: { start: range.start, end: range.end },
    refusal: undefined,
  };
}

/** A statement made of lines that gives one name a value. */
export function soleLineStatement(source: string, range: ShellRange, name: string): ShellStatement {
  return lineStatement(source, range, [{ ...range, name, previousEnd: undefined, nextStart: undefined }]);
}

function refusalOf(source: string, command: ShellCommand): string | undefined {
  if (command.depth > 0) return 'it stands in a command substitution';
  for (const joint of [command.before, command.after]) {
    if (joint === '&&' || joint === '||' || joint === '|' || joint === '&')
      return `it is joined to another command by ${joint}`;
  }
  if (command.sole) return 'it is the only command of a block, which would be empty without it';
  if (/(^|\s)(!|time)\s+$/.test(above(source, command.start))) return 'its result is used';
  return undefined;
}

function wholeLines(source: string, words: ShellRange, end: number, lead: RegExp): ShellRange | undefined {
  const window = above(source, words.start);
  const newline = window.lastIndexOf('\n');
  if (newline === -1 && window.length < words.start) return undefined;
  if (!lead.test(window.slice(newline + 1)) || /\\\r?$/.test(window.slice(0, Math.max(0, newline)))) return undefined;
  if (matchAt(/[ \t]*;?[ \t]*(?:[ \t]#.*|<<.*|>.*)?(?:\r?\n|$)/y, source, words.end) === undefined) return undefined;
  return { start: lineStart(source, words.start), end: lineEnd(source, end) };
}

/** A little of what stands in front: a line can be long, and this is asked for each of its commands. */
function above(source: string, offset: number): string {
  return source.slice(Math.max(0, offset - 400), offset);
}

function matchAt(pattern: RegExp, source: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(source)?.[0];
}

/** With the `;` behind it, else with the one in front. */
function partOfLine(source: string, { start, end }: ShellCommand): ShellRange {
  const behind = matchAt(/(?:[ \t]|\\\r?\n)*;(?:[ \t]|\\\r?\n)*/y, source, end);
  if (behind !== undefined && matchAt(/\r?\n|$/y, source, end + behind.length) === undefined) {
    return { start, end: end + behind.length };
  }
  const before = /(?:;(?:[ \t]|\\\r?\n)*|[ \t]+)$/.exec(above(source, start));
  return { start: start - (before?.[0].length ?? 0), end: end + (behind?.trimEnd().length ?? 0) };
}
