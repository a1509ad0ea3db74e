/** How much of a script goes when a statement goes: its lines, a part of a line, or nothing, with the reason. */
import { contentEnd, lineEnd, lineStart } from '../whole-lines.ts';
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
  const from = lineStart(source, cut.start);
  const leavesNothing =
    (source.slice(from, cut.start) + source.slice(cut.end, contentEnd(source, cut.end))).trim() === '';
  if (leavesNothing && isContinuation(source, from)) {
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

function refusalOf(source: string, command: ShellCommand): string | undefined {
  if (command.depth > 0) return 'it stands in a command substitution';
  for (const joint of [command.before, command.after]) {
    if (joint === '&&' || joint === '||' || joint === '|' || joint === '&')
      return `it is joined to another command by ${joint}`;
  }
  if (command.sole) return 'it is the only command of a block, which would be empty without it';
  if (/(^|\s)(!|time)\s+$/.test(source.slice(Math.max(0, command.start - 16), command.start)))
    return 'its result is used';
  return undefined;
}

function wholeLines(source: string, words: ShellRange, end: number, lead: RegExp): ShellRange | undefined {
  const start = lineStart(source, words.start);
  if (!lead.test(source.slice(start, words.start)) || isContinuation(source, start)) return undefined;
  const rest = source.slice(words.end, contentEnd(source, words.end));
  if (!/^[ \t]*;?[ \t]*(?:[ \t]#.*|<<.*|>.*)?$/.test(rest)) return undefined;
  return { start, end: lineEnd(source, end) };
}

/** The line before ends with a `\\`, which must not be left hanging. */
function isContinuation(source: string, start: number): boolean {
  return /\\\r?\n$/.test(source.slice(Math.max(0, start - 3), start));
}

/** With the `;` behind it, else with the one in front. */
function partOfLine(source: string, { start, end }: ShellCommand): ShellRange {
  const behind = /^(?:[ \t]|\\\r?\n)*;(?:[ \t]|\\\r?\n)*/.exec(source.slice(end, end + 400));
  if (behind !== null && !/^(?:\r?\n|$)/.test(source.slice(end + behind[0].length, end + behind[0].length + 2))) {
    return { start, end: end + behind[0].length };
  }
  const before = /(?:;(?:[ \t]|\\\r?\n)*|[ \t]+)$/.exec(source.slice(Math.max(0, start - 400), start));
  return { start: start - (before?.[0].length ?? 0), end: behind === null ? end : end + behind[0].trimEnd().length };
}
