/** Assignments of a Makefile, its own and those of its recipes (GNU make manual, "How to Use Variables"). */
import { contentEnd, lineEnd } from '../whole-lines.ts';
import { parseShellText } from './script.ts';
import { scriptAssignments } from './script-assignments.ts';
import { lineStatement } from './statement.ts';
import type { AssignmentForm, ShellAssignment, ShellRange, ShellText } from './syntax.ts';

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
  /^([ ]*)(#[# \t]*)?((?:[^\s:#=][^:#=\t]*)?:(?![:=])[ \t]*)?((?:(?:export|override|private)[ \t]+)*)([A-Za-z_.][\w.-]*)[ \t]*(:::=|::=|:=|\?=|\+=|!=|=)[ \t]*/;

function makeAssignments(source: string, line: ShellRange): ShellAssignment[] {
  const text = source.slice(line.start, line.end);
  const match = assignment.exec(text);
  if (match === null) return names(source, line, text);
  const [all, indent, comment = '', target = '', modifiers, name, operator] = match as unknown as [
    string,
    string,
    string | undefined,
    string | undefined,
    string,
    string,
    string,
  ];
  const nameStart = line.start + indent.length + comment.length + target.length + modifiers.length;
  const value = valueAt(source, { start: line.start + all.length, end: line.end }, operator === '!=');
  const range = { start: line.start + indent.length, end: value.end };
  const exported = /\bexport\b/.test(modifiers);
  return [
    makeAssignment(
      source,
      'make',
      range,
      { start: nameStart, end: nameStart + name.length },
      value,
      exported,
      comment !== '',
    ),
  ];
}

/** `export A B`, `unexport A`, `undefine A`. */
function names(source: string, line: ShellRange, text: string): ShellAssignment[] {
  const match = /^[ ]*(export|unexport|undefine)[ \t]+([\w.-]+(?:[ \t]+[\w.-]+)*)[ \t]*(?:#.*)?$/.exec(text);
  if (match === null) return [];
  const [all, word, list] = match as unknown as [string, string, string];
  const listStart = line.start + all.indexOf(list, all.indexOf(word) + word.length);
  const form: AssignmentForm = word === 'export' ? 'export' : 'unset';
  const ranges = [...list.matchAll(/[\w.-]+/g)].map(({ index, 0: { length } }) => ({
    start: listStart + index,
    end: listStart + index + length,
  }));
  const range = { start: line.start + all.indexOf(word), end: listStart + list.length };
  const members = ranges.map((place, at) => ({
    ...place,
    name: source.slice(place.start, place.end),
    previousEnd: ranges[at - 1]?.end ?? range.start + word.length,
    nextStart: ranges[at + 1]?.start,
  }));
  const statement = lineStatement(source, range, members);
  return ranges.map((name) => ({
    ...makeAssignment(source, form, range, name, undefined, form === 'export', false),
    statement,
  }));
}

function makeAssignment(
  source: string,
  form: AssignmentForm,
  range: ShellRange,
  name: ShellRange,
  value: ShellText | undefined,
  exported: boolean,
  inComment: boolean,
): ShellAssignment {
  const text = source.slice(name.start, name.end);
  const member = { ...range, name: text, previousEnd: undefined, nextStart: undefined };
  return {
    form,
    name: text,
    nameStart: name.start,
    nameEnd: name.end,
    value: value?.value,
    valueStart: value?.start ?? name.end,
    valueEnd: value?.end ?? name.end,
    literal: value?.literal ?? false,
    references: value?.references ?? [],
    templates: value?.templates ?? [],
    exported,
    inComment,
    inHeredoc: false,
    target: undefined,
    statement: lineStatement(source, range, [member]),
  };
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
