/** `ENV`, `ARG` and the scripts of `RUN` in a Dockerfile (Dockerfile reference, "Format", "ENV", "Here-documents"). */
import { contentEnd, lineEnd } from '../whole-lines.ts';
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

/**
 * A comment line among continued lines is no part of the instruction, yet a shell would end its command there. In
 * `text`, which has the same length, such lines are blank and continued, and the escape sign is always a backslash.
 */
function readInstructions(source: string): { text: string; instructions: Instruction[]; comments: ShellRange[] } {
  const instructions: Instruction[] = [];
  const comments: ShellRange[] = [];
  const pieces: string[] = [];
  const endless = new Set<string>();
  const sign = /^(?:\uFEFF)?(?:#[ \t]*\w+[ \t]*=.*\r?\n)*?#[ \t]*escape[ \t]*=[ \t]*`/i.test(source) ? '`' : '\\';
  let copied = 0;
  const replace = (start: number, end: number, by: string) => {
    pieces.push(source.slice(copied, start), by);
    copied = end;
  };
  for (let start = source.startsWith('\uFEFF') ? 1 : 0; start < source.length; start = lineEnd(source, start)) {
    const line = source.slice(start, contentEnd(source, start));
    const match = /^[ \t]*(?:ONBUILD[ \t]+)?([A-Za-z]+)(?=[ \t]|$|\\)/i.exec(line);
    if (/^[ \t]*#/.test(line)) comments.push({ start: start + line.indexOf('#'), end: start + line.length });
    if (match === null) continue;
    let end = start + line.length;
    for (let next = start; ; ) {
      const content = source.slice(next, contentEnd(source, next));
      const inComment = next > start && /^[ \t]*#/.test(content);
      const isLast =
        !inComment && !(next > start && content.trim() === '') && !new RegExp(`\\${sign}[ \\t]*$`).test(content);
      if (inComment) {
        comments.push({ start: next + content.indexOf('#'), end: next + content.length });
        const isEnd = lineEnd(source, next) >= source.length;
        replace(
          next,
          next + content.length,
          isEnd ? ' '.repeat(content.length) : `${' '.repeat(content.length - 1)}\\`,
        );
      } else if (!isLast && sign === '`') {
        const at = next + content.lastIndexOf(sign);
        replace(at, at + 1, '\\');
      }
      end = next + content.length;
      next = lineEnd(source, next);
      if (isLast || next >= source.length) break;
    }
    const keyword = (match[1] as string).toUpperCase();
    if (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') end = withHeredocs(source, start, end, endless);
    instructions.push({ keyword, range: { start, end }, rest: { start: start + match[0].length, end } });
    start = end;
  }
  pieces.push(source.slice(copied));
  return { text: pieces.join(''), instructions, comments };
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
  const statement = lineStatement(text, { start: range.start, end: Math.max(range.start, range.end) }, members);
  return places.map(({ name, value }) => ({
    form,
    name: text.slice(name.start, name.end),
    nameStart: name.start,
    nameEnd: name.end,
    value: value?.value,
    valueStart: value?.start ?? name.end,
    valueEnd: value?.end ?? name.end,
    literal: value?.literal ?? false,
    references: value?.references ?? [],
    templates: value?.templates ?? [],
    exported: true,
    inComment: false,
    inHeredoc: false,
    target: undefined,
    statement,
  }));
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
