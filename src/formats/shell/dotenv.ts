/** Lines of a dotenv file, as the dotenv libraries, direnv's `dotenv` and Docker's `--env-file` read them. */
import { contentEnd, lineEnd } from '../whole-lines.ts';
import { assignmentFrom } from './assignment.ts';
import { parseShellText } from './script.ts';
import { soleLineStatement } from './statement.ts';
import type { ShellAssignment, ShellRange, ShellText } from './syntax.ts';

export function dotenvAssignments(source: string): ShellAssignment[] {
  const found: ShellAssignment[] = [];
  for (let start = source.startsWith('\uFEFF') ? 1 : 0; start < source.length; ) {
    const assignment = assignmentAt(source, start);
    if (assignment !== undefined) found.push(assignment);
    start = lineEnd(source, assignment?.statement.end ?? start);
  }
  return found;
}

/** A key may be indented, exported, and parted from its value by `=` or `: `. */
const line = /([ \t]*)(#[# \t]*)?(export[ \t]+)?([A-Za-z_][\w.-]*)(?:[ \t]*=|:(?=[ \t]))[ \t]*/y;

function assignmentAt(source: string, start: number): ShellAssignment | undefined {
  line.lastIndex = start;
  const match = line.exec(source);
  if (match === null) return undefined;
  const [all, indent, comment = '', exportWord = '', name] = match as unknown as [
    string,
    string,
    string?,
    string?,
    string?,
  ];
  if (name === undefined) return undefined;
  const inComment = comment !== '';
  // In a comment `note: this` is prose.
  if (inComment && !all.includes('=')) return undefined;
  const value = valueAt(source, start + all.length, inComment);
  const nameStart = start + indent.length + comment.length + exportWord.length;
  const range = { start: start + indent.length, end: value.end };
  return assignmentFrom(source, {
    form: 'dotenv',
    name: { start: nameStart, end: nameStart + name.length },
    value,
    exported: true,
    inComment,
    statement: soleLineStatement(source, range, name),
  });
}

/** A quoted value can span lines; any other ends before ` #` or with its line. */
function valueAt(source: string, start: number, inComment: boolean): ShellText {
  const lineContentEnd = contentEnd(source, start);
  const quote = source[start];
  if (quote === '"' || quote === "'" || quote === '`') {
    const close = closingQuote(source, start, inComment ? lineContentEnd : source.length);
    const rest = close === -1 ? 'open' : source.slice(close + 1, contentEnd(source, close));
    if (/^[ \t]*(#.*)?$/.test(rest)) return quotedText(source, { start, end: close + 1 });
  }
  const text = source.slice(start, lineContentEnd);
  const comment = text.startsWith('#') ? 0 : text.search(/[ \t]#/);
  const written = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  const range = { start, end: start + written.length };
  return { ...range, ...expansions(written, written) };
}

function closingQuote(source: string, start: number, limit: number): number {
  const quote = source[start];
  for (let at = start + 1; at < limit; at += 1) {
    if (source[at] === quote) return at;
    if (source[at] === '\\') at += 1;
  }
  return -1;
}

function quotedText(source: string, range: ShellRange): ShellText {
  const inner = source.slice(range.start + 1, range.end - 1);
  if (source[range.start] !== '"') return { ...range, value: inner, literal: true, references: [], templates: [] };
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  const value = inner.replace(/\\(.)/gs, (all, char: string) => escapes[char] ?? (/["\\$`]/.test(char) ? char : all));
  return { ...range, ...expansions(inner, value) };
}

/** dotenv-expand and Docker Compose fill in `$A` and `${A}`; plain dotenv leaves them. */
function expansions(written: string, value: string): Omit<ShellText, 'start' | 'end'> {
  const { references, templates } = parseShellText(written.replace(/["'`\\]./g, '  '), {
    start: 0,
    end: written.length,
  });
  const literal = references.length === 0 && templates.length === 0;
  return { value: literal ? value : undefined, literal, references, templates };
}
