/** `ENV`, `ARG` and the scripts of `RUN` in a Dockerfile (Dockerfile reference, "Format", "ENV", "Here-documents"). */
import { applyEdits, type Edit } from '../edit.ts';
import { contentEnd, lineEnd } from '../whole-lines.ts';
import { assignmentFrom } from './assignment.ts';
import { parseCommands, parseShellText } from './script.ts';
import { scriptAssignments } from './script-assignments.ts';
import { continuesLine, lineStatement } from './statement.ts';
import type { AssignmentForm, ShellAssignment, ShellRange, ShellStatement, ShellText, ShellWord } from './syntax.ts';
import { assignmentPattern } from './word-reader.ts';

export function dockerfileAssignments(source: string): ShellAssignment[] {
  const found: ShellAssignment[] = [];
  const { text, instructions, comments } = readInstructions(source);
  for (const { keyword, rest, range } of instructions) {
    if (keyword === 'ENV') found.push(...environment(text, 'docker-env', rest, range));
    else if (keyword === 'ARG') found.push(...environment(text, 'docker-arg', rest, range));
    else if (keyword === 'RUN') found.push(...runScript(text, rest, range));
  }
  for (const comment of comments) {
    const match = /^#+\s*(?=(ENV|ARG)\s)/i.exec(source.slice(comment.start, comment.end));
    if (match === null) continue;
    const start = comment.start + match[0].length;
    const keyword = (match[1] as string).toUpperCase();
    const rest = { start: start + keyword.length, end: comment.end };
    const inner = environment(source, keyword === 'ENV' ? 'docker-env' : 'docker-arg', rest, comment);
    found.push(...inner.map((assignment) => ({ ...assignment, inComment: true })));
  }
  return found;
}

interface Instruction {
  readonly keyword: string;
  /** Behind the keyword, continued lines and heredocs included. */
  readonly rest: ShellRange;
  readonly range: ShellRange;
}

interface Dockerfile {
  /**
   * As long as the source, but fit for a shell's eyes: a comment among continued lines, which would end a command
   * there, is blank and continued, and a line is always continued by a backslash.
   */
  readonly text: string;
  readonly instructions: readonly Instruction[];
  readonly comments: readonly ShellRange[];
}

function readInstructions(source: string): Dockerfile {
  const sign = /^\uFEFF?(?:#[ \t]*\w+[ \t]*=.*\r?\n)*?#[ \t]*escape[ \t]*=[ \t]*`/i.test(source) ? '`' : '\\';
  const instructions: Instruction[] = [];
  const comments: ShellRange[] = [];
  const masks: Edit[] = [];
  const endless = new Set<string>();
  for (let at = source.startsWith('\uFEFF') ? 1 : 0; at < source.length; ) {
    const lines = instructionLines(source, at, sign);
    const { start } = lines[0] as InstructionLine;
    let { end } = lines.at(-1) as InstructionLine;
    for (const line of lines) if (line.kind === 'comment') comments.push(commentIn(source, line));
    const match = /^[ \t]*(?:ONBUILD[ \t]+)?([A-Za-z]+)(?=[ \t]|$|\\)/i.exec(source.slice(start, end));
    if (match !== null) {
      const keyword = (match[1] as string).toUpperCase();
      if (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') end = withHeredocs(source, start, end, endless);
      instructions.push({ keyword, range: { start, end }, rest: { start: start + match[0].length, end } });
      lines.forEach((line, index) => {
        masks.push(...maskOf(source, line, sign, index === lines.length - 1));
      });
    }
    at = lineEnd(source, end);
  }
  return { text: applyEdits(source, masks), instructions, comments };
}

interface InstructionLine extends ShellRange {
  readonly kind: 'text' | 'comment' | 'blank';
}

/** The lines of one instruction: comments and blank lines among continued ones do not end it. */
function instructionLines(source: string, from: number, sign: string): InstructionLine[] {
  const lines: InstructionLine[] = [];
  for (let start = from; start < source.length; start = lineEnd(source, start)) {
    const end = contentEnd(source, start);
    const text = source.slice(start, end).trim();
    const kind = text.startsWith('#') ? 'comment' : text === '' ? 'blank' : 'text';
    lines.push({ start, end, kind });
    const continues = kind === 'text' ? text.endsWith(sign) : lines.length > 1;
    if (!continues) break;
  }
  return lines;
}

function commentIn(source: string, { start, end }: InstructionLine): ShellRange {
  return { start: source.indexOf('#', start), end };
}

function maskOf(source: string, { start, end, kind }: InstructionLine, sign: string, isLast: boolean): Edit[] {
  const length = end - start;
  if (kind === 'comment') return [{ start, end, text: isLast ? ' '.repeat(length) : `${' '.repeat(length - 1)}\\` }];
  if (kind === 'blank' || isLast || sign === '\\') return [];
  const at = source.lastIndexOf(sign, end);
  return [{ start: at, end: at + 1, text: '\\' }];
}

/** The end of an instruction with the bodies of its heredocs; one without an end adds nothing, and joins `endless`. */
function withHeredocs(source: string, start: number, end: number, endless: Set<string>): number {
  let after = end;
  for (const [, dash, , delimiter = ''] of source.slice(start, end).matchAll(/(?<!<)<<(-?)[ \t]*(["']?)([\w.-]+)\2/g)) {
    if (endless.has(delimiter)) continue;
    const found = lineWith(source, after, delimiter, dash === '-');
    if (found === undefined) endless.add(delimiter);
    else after = found;
  }
  return after;
}

/** The end of the first line below `offset` that holds nothing but `text`. */
function lineWith(source: string, offset: number, text: string, stripTabs: boolean): number | undefined {
  for (let line = lineEnd(source, offset); line < source.length; line = lineEnd(source, line)) {
    const content = source.slice(line, contentEnd(source, line));
    if ((stripTabs ? content.replace(/^\t+/, '') : content) === text) return line + content.length;
  }
  return undefined;
}

/** `ENV A=b C=d`, the old `ENV A b c`, `ARG A`, `ARG A=b`. */
function environment(text: string, form: AssignmentForm, rest: ShellRange, range: ShellRange): ShellAssignment[] {
  const { commands } = parseCommands(text, { range: rest });
  const words = commands[0]?.words ?? [];
  const [first] = words;
  if (first === undefined) return [];
  const old = form === 'docker-env' && !first.text.includes('=');
  const places: { name: ShellRange; value: ShellText | undefined; word: ShellRange }[] = [];
  if (old) {
    const value = text.slice(first.end, rest.end).search(/\S/);
    const start = value === -1 ? first.end : first.end + value;
    const end = start + text.slice(start, rest.end).trimEnd().length;
    const read = parseShellText(text, { start, end });
    places.push({ name: first, value: read, word: { start: first.start, end } });
  } else for (const word of words) places.push(...pairOf(text, word));
  const spans = words.map((word) => word.start);
  const members = places.map(({ name, word }) => {
    const at = spans.indexOf(word.start);
    const previousEnd = old ? undefined : (words[at - 1]?.end ?? rest.start);
    const nextStart = old ? undefined : words[at + 1]?.start;
    return { ...word, name: text.slice(name.start, name.end), previousEnd, nextStart };
  });
  const statement = lineStatement(text, range, members);
  return places.map(({ name, value }) => assignmentFrom(text, { form, name, value, exported: true, statement }));
}

function pairOf(text: string, word: ShellWord): { name: ShellRange; value: ShellText | undefined; word: ShellRange }[] {
  const match = assignmentPattern.exec(word.text);
  if (match === null) return /^[A-Za-z_]\w*$/.test(word.text) ? [{ name: word, value: undefined, word }] : [];
  const name = { start: word.start, end: word.start + (match[1] as string).length };
  return [{ name, value: parseShellText(text, { start: word.start + match[0].length, end: word.end }), word }];
}

/** A heredoc without a command is itself the script; a single command takes its instruction along when it goes. */
function runScript(text: string, rest: ShellRange, instruction: ShellRange): ShellAssignment[] {
  const options = /^(?:[ \t]+--\S+)*[ \t]*/.exec(text.slice(rest.start, rest.end))?.[0].length ?? 0;
  const range = { start: rest.start + options, end: rest.end };
  if (text[range.start] === '[') return [];
  const { commands } = parseCommands(text, { range });
  const script = commands[0]?.words.length === 0 ? commands[0].heredocs[0] : undefined;
  if (script !== undefined) return scriptAssignments(text, { range: script.body });
  const found = scriptAssignments(text, { range });
  if (commands.filter(({ depth }) => depth === 0).length !== 1) return found;
  const whole = new Map<ShellStatement, ShellStatement>();
  return found.map((assignment) => {
    const { statement } = assignment;
    if (statement.cut === undefined && statement.refusal !== continuesLine) return assignment;
    const widened = whole.get(statement) ?? lineStatement(text, instruction, statement.members);
    whole.set(statement, widened);
    return { ...assignment, statement: widened };
  });
}
