/** Assignments in a shell script: in its commands, heredocs and comments. */
import { lineEnd, lineStart } from '../whole-lines.ts';
import { assignmentFrom } from './assignment.ts';
import { lineBinding, linesIn, type ScriptText, type Shape, shapesOf } from './command-shapes.ts';
import { parseCommands, parseShellText, type ScriptOptions } from './script.ts';
import { lineStatement, prefixStatement, soleLineStatement, statementOf } from './statement.ts';
import type { ShellAssignment, ShellCommand, ShellHeredoc, ShellRange, ShellStatement } from './syntax.ts';

export interface AssignmentOptions extends ScriptOptions {
  /** What may stand in front of a statement that has its line to itself. */
  readonly lead?: RegExp;
}

export function scriptAssignments(source: string, options: AssignmentOptions = {}): ShellAssignment[] {
  const script = parseCommands(source, options);
  const text: ScriptText = { source, syntax: options.syntax ?? 'posix' };
  const targets = targetsOf(source, script.commands);
  return [
    ...script.commands.flatMap((command) => commandAssignments(text, command, targets.get(command), options.lead)),
    ...script.comments.flatMap((comment) => commentedAssignments(text, comment)),
    ...(options.range === undefined ? environmentCalls(text) : []),
  ];
}

function commandAssignments(
  text: ScriptText,
  command: ShellCommand,
  target: Target | undefined,
  lead: RegExp | undefined,
): ShellAssignment[] {
  const found: ShellAssignment[] = [];
  for (const shape of shapesOf(text, command, target?.file)) {
    const statement = statementFor(text.source, command, shape, target, lead);
    const file = shape.form === 'file-line' ? target?.file : undefined;
    const { form, exported } = shape;
    for (const { name, value } of shape.bindings) {
      found.push(assignmentFrom(text.source, { form, exported, name, value, statement, target: file }));
    }
  }
  for (const heredoc of command.heredocs) found.push(...heredocAssignments(text, heredoc, redirectTarget(command)));
  return found;
}

function statementFor(
  source: string,
  command: ShellCommand,
  { form, stays, bindings }: Shape,
  target: Target | undefined,
  lead: RegExp | undefined,
): ShellStatement {
  const members = bindings.map(({ name, word, previousEnd, nextStart }) => {
    return { ...word, name: source.slice(name.start, name.end), previousEnd, nextStart };
  });
  const range = { start: members[0]?.start ?? command.start, end: members.at(-1)?.end ?? command.end };
  if (stays === true && form !== 'file-line') return prefixStatement(range, members);
  const whole = target === undefined ? command : { ...command, end: target.last.end, after: target.last.after };
  const statement = statementOf(source, whole, members, lead);
  if (stays !== true) return statement;
  return { ...statement, lines: undefined, cut: undefined, refusal: 'its text holds other lines too' };
}

function heredocAssignments(text: ScriptText, heredoc: ShellHeredoc, target: string | undefined): ShellAssignment[] {
  const found: ShellAssignment[] = [];
  for (const line of linesIn(text.source, heredoc.body)) {
    const binding = lineBinding(text, line, heredoc.quoted ? 'raw' : 'expanded');
    if (binding === undefined) continue;
    const statement = soleLineStatement(text.source, line, text.source.slice(binding.name.start, binding.name.end));
    const flags = { form: 'file-line', exported: true, inHeredoc: true, target } as const;
    found.push(assignmentFrom(text.source, { ...binding, ...flags, statement }));
  }
  return found;
}

/** Only a comment that is an assignment from its first word on is one; prose that mentions one isn't. */
function commentedAssignments(text: ScriptText, comment: ShellRange): ShellAssignment[] {
  const written = text.source.slice(comment.start, comment.end);
  const start = comment.start + (/^#+[ \t]*/.exec(written)?.[0].length ?? 0);
  if (!mayAssign.test(text.source.slice(start, comment.end))) return [];
  const inner = scriptAssignments(text.source, { range: { start, end: comment.end }, syntax: text.syntax });
  const first = inner[0];
  if (first === undefined || first.form === 'prefix' || first.form === 'unset' || first.inComment) return [];
  const own = inner.filter((assignment) => assignment.statement === first.statement);
  const whole = lineStatement(text.source, comment, first.statement.members);
  const alone = text.source.slice(lineStart(text.source, comment.start), comment.start).trim() === '';
  const statement = { ...whole, lines: alone ? whole.lines : undefined };
  return own.map((assignment) => ({ ...assignment, inComment: true, statement }));
}

const mayAssign = /^(?:(?:export|declare|typeset|readonly|set|setx|echo|printf)\s|\$\{?env:|[A-Za-z_]\w*\+?=)/i;

/** Where a printing command's text goes, and the last command of the pipeline that takes it there. */
interface Target {
  readonly file: string;
  readonly last: ShellCommand;
}

/** By its own redirect, a `tee` behind it, or the redirect of its `{ … }` group. */
function targetsOf(source: string, commands: readonly ShellCommand[]): ReadonlyMap<ShellCommand, Target> {
  const targets = new Map<ShellCommand, Target>();
  commands.forEach((command, index) => {
    const file = redirectTarget(command);
    if (file !== undefined) targets.set(command, { file, last: command });
    const next = command.after === '|' ? nextAtDepth(commands, index) : undefined;
    const written =
      next?.words[0]?.text === 'tee' ? next.words.slice(1).find((word) => !word.text.startsWith('-')) : undefined;
    if (next !== undefined && written !== undefined) targets.set(command, { file: written.text, last: next });
    const isGroup = file !== undefined && command.words.length === 0 && /\}[ \t]*$/.test(before(source, command));
    for (let at = index - 1; isGroup && at >= 0; at -= 1) {
      const member = commands[at] as ShellCommand;
      if (member.depth === command.depth && !targets.has(member)) targets.set(member, { file, last: member });
      if (/\{\s*$/.test(before(source, member))) break;
    }
  });
  return targets;
}

function nextAtDepth(commands: readonly ShellCommand[], index: number): ShellCommand | undefined {
  const { depth } = commands[index] as ShellCommand;
  for (let at = index + 1; at < commands.length; at += 1) if (commands[at]?.depth === depth) return commands[at];
  return undefined;
}

function before(source: string, command: ShellCommand): string {
  return source.slice(Math.max(0, command.start - 200), command.start);
}

function redirectTarget(command: ShellCommand): string | undefined {
  return command.redirects.find((redirect) => redirect.operator === '>>' || redirect.operator === '>')?.target?.text;
}

const environmentCall =
  /\[(?:System\.)?Environment\]::SetEnvironmentVariable\([ \t]*(["'])(\w+)\1[ \t]*,[ \t]*("[^"\r\n]*"|'[^'\r\n]*'|[^,)\r\n]+)[^)\r\n]*\)/gi;

/** `[Environment]::SetEnvironmentVariable("A", "b", "User")`, which is no command. */
function environmentCalls(text: ScriptText): ShellAssignment[] {
  const { source } = text;
  return [...source.matchAll(environmentCall)].map((match) => {
    const [all, quote, variable, argument] = match as unknown as [string, string, string, string];
    const start = match.index;
    const end = start + all.length;
    const nameStart = start + all.indexOf(quote) + 1;
    const valueStart = start + all.indexOf(argument, nameStart - start + variable.length + 1);
    const value = parseShellText(
      source,
      { start: valueStart, end: valueStart + argument.trimEnd().length },
      'powershell',
    );
    const line = { start: lineStart(source, start), end: lineEnd(source, end) };
    const isAlone =
      /^[ \t]*$/.test(source.slice(line.start, start)) && /^[ \t]*;?\s*$/.test(source.slice(end, line.end));
    const name = { start: nameStart, end: nameStart + variable.length };
    const whole = soleLineStatement(source, { start, end }, variable);
    const refusal = 'it is part of a longer line';
    const statement = isAlone ? whole : { ...whole, lines: undefined, cut: undefined, refusal };
    return assignmentFrom(source, { form: 'powershell', exported: true, name, value, statement });
  });
}
