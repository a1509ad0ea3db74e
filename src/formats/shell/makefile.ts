/** Assignments of a Makefile, its own and those of its recipes (GNU make manual, "How to Use Variables"). */
import { contentEnd, lineEnd } from '../whole-lines.ts';
import { assignmentFrom } from './assignment.ts';
import { parseShellText } from './script.ts';
import { scriptAssignments } from './script-assignments.ts';
import { lineStatement, soleLineStatement } from './statement.ts';
import type { ShellAssignment, ShellRange, ShellText } from './syntax.ts';

export function makefileAssignments(source: string): ShellAssignment[] {
  const own: ShellAssignment[] = [];
  const recipes: ShellAssignment[] = [];
  for (const line of logicalLines(source)) {
    if (source[line.start] !== '\t') own.push(...makeAssignments(source, line));
    else {
      const range = recipe(source, line);
      recipes.push(...scriptAssignments(source, { range, syntax: 'make', lead: /^\t[ \t]*[@+-]*[ \t]*$/ }));
    }
  }
  const exportedNames = new Set(own.filter((assignment) => assignment.exported).map((assignment) => assignment.name));
  const exportAll = /^export[ \t]*(#.*)?\r?$|^\.EXPORT_ALL_VARIABLES[ \t]*:/m.test(source);
  const seen = own.map((assignment) => {
    const exported = assignment.form === 'make' && (exportAll || exportedNames.has(assignment.name));
    return exported ? { ...assignment, exported } : assignment;
  });
  return [...seen, ...recipes];
}

/** Lines put together over `\`; those of a `define` come one by one, as they are text. */
function* logicalLines(source: string): Generator<ShellRange> {
  for (let start = source.startsWith('\uFEFF') ? 1 : 0; start < source.length; ) {
    let end = contentEnd(source, start);
    while (isContinued(source, start, end) && end < source.length) {
      const next = lineEnd(source, end);
      if (next >= source.length) break;
      end = contentEnd(source, next);
    }
    yield { start, end };
    start = lineEnd(source, end);
  }
}

/** An odd number of backslashes stands before the newline. */
function isContinued(source: string, start: number, end: number): boolean {
  let at = end;
  while (at > start && source[at - 1] === '\\') at -= 1;
  return (end - at) % 2 === 1;
}

/** Behind the tab and make's own `@`, `-` and `+`. */
function recipe(source: string, line: ShellRange): ShellRange {
  const lead = /^\t[ \t]*[@+-]*/.exec(source.slice(line.start, Math.min(line.end, line.start + 200)));
  return { start: line.start + (lead?.[0].length ?? 0), end: line.end };
}

const assignment =
  /^(?<indent>[ ]*)(?<comment>#[# \t]*)?(?<target>(?:[^\s:#=][^:#=\t]*)?:(?![:=])[ \t]*)?(?<modifiers>(?:(?:export|override|private)[ \t]+)*)(?<name>[A-Za-z_.][\w.-]*)(?<operator>[ \t]*(?::::=|::=|:=|\?=|\+=|!=|=)[ \t]*)/;

function makeAssignments(source: string, line: ShellRange): ShellAssignment[] {
  const text = source.slice(line.start, line.end);
  const match = assignment.exec(text)?.groups as Readonly<Record<string, string | undefined>> | undefined;
  if (match === undefined) return names(source, line, text);
  const { indent = '', comment = '', target = '', modifiers = '', name = '', operator = '' } = match;
  const nameStart = line.start + indent.length + comment.length + target.length + modifiers.length;
  const valueStart = nameStart + name.length + operator.length;
  const value = valueAt(source, { start: valueStart, end: line.end }, operator.includes('!'));
  const found = assignmentFrom(source, {
    form: 'make',
    name: { start: nameStart, end: nameStart + name.length },
    value,
    exported: /\bexport\b/.test(modifiers),
    inComment: comment !== '',
    statement: soleLineStatement(source, { start: line.start + indent.length, end: value.end }, name),
  });
  return [found];
}

/** `export A B`, `unexport A`, `undefine A`. */
function names(source: string, line: ShellRange, text: string): ShellAssignment[] {
  const match = /^[ ]*(export|unexport|undefine)[ \t]+([\w.-]+(?:[ \t]+[\w.-]+)*)[ \t]*(?:#.*)?$/.exec(text);
  if (match === null) return [];
  const [all, word, list] = match as unknown as [string, string, string];
  const wordStart = line.start + all.indexOf(word);
  const listStart = line.start + all.indexOf(list, all.indexOf(word) + word.length);
  const ranges = [...list.matchAll(/[\w.-]+/g)].map(({ index, 0: { length } }) => {
    return { start: listStart + index, end: listStart + index + length };
  });
  const members = ranges.map((place, at) => ({
    ...place,
    name: source.slice(place.start, place.end),
    previousEnd: ranges[at - 1]?.end ?? wordStart + word.length,
    nextStart: ranges[at + 1]?.start,
  }));
  const statement = lineStatement(source, { start: wordStart, end: listStart + list.length }, members);
  const exported = word === 'export';
  const form = exported ? 'export' : 'unset';
  return ranges.map((name) => assignmentFrom(source, { form, name, value: undefined, exported, statement }));
}

/** Up to a `#` that no backslash escapes; make knows no quotes, so those are part of the value. */
function valueAt(source: string, range: ShellRange, isCommand: boolean): ShellText {
  const text = source.slice(range.start, range.end);
  const comment = text.search(/(?<!\\)#/);
  const written = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  const end = range.start + written.length;
  const bare = written.replace(/["'`]/g, ' ');
  const { references, templates } = parseShellText(bare, { start: 0, end: bare.length }, 'make');
  const literal = !isCommand && references.length === 0 && templates.length === 0 && !/\$[^$]/.test(written);
  const value = written
    .replace(/[ \t]*\\\r?\n[ \t]*/g, ' ')
    .replaceAll('$$', '$')
    .replaceAll('\\#', '#');
  return { start: range.start, end, value: literal ? value : undefined, literal, references, templates };
}
