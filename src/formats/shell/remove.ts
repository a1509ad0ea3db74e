/** Takes assignments out of a text: whole statements with their lines, or single words of a statement that stays. */
import { applyEdits, type Edit } from '../edit.ts';
import { type EditRefusal, isRefusal } from '../edit-refusal.ts';
import { blankRunAfter, blankRunBefore, contentEnd, cutLines, lineEnd, lineStart } from '../whole-lines.ts';
import { parseShellAssignments } from './assignments.ts';
import { parseCommands } from './script.ts';
import type { ShellAssignment, ShellDialect, ShellRange, ShellStatement, StatementMember } from './syntax.ts';

/**
 * The splices that remove these assignments, all of one `parseShellAssignments` of this source. A statement of which
 * nothing is left goes with its lines, its trailing comment, and the comments above it when they are about nothing that
 * stays. Refused, with the reason, when a statement can't go: `A=1 && command`, the only command of a block, one of
 * several lines of one `echo`. Proved before it answers: every other assignment reads as before.
 */
export function removeAssignments(
  source: string,
  dialect: ShellDialect,
  assignments: readonly ShellAssignment[],
): readonly Edit[] | EditRefusal {
  const edits = plannedEdits(source, assignments);
  if (isRefusal(edits)) return edits;
  const refusal = proofRefusal(source, dialect, assignments, edits);
  return refusal === undefined ? edits : { reason: refusal, start: edits[0]?.start ?? 0 };
}

function proofRefusal(
  source: string,
  dialect: ShellDialect,
  assignments: readonly ShellAssignment[],
  edits: readonly Edit[],
): string | undefined {
  const asked = new Set(assignments.map((assignment) => assignment.nameStart));
  const touches = overlapOf(edits);
  // What stands in the value of one that goes, such as `A=$(B=1 command)`, goes with it.
  const kept = parseShellAssignments(source, dialect).filter(
    ({ nameStart, nameEnd }) => !asked.has(nameStart) && !touches(nameStart, nameEnd),
  );
  const left = parseShellAssignments(applyEdits(source, edits), dialect);
  const changed = kept.find((one, index) => {
    const other = left[index];
    return touches(one.valueStart, one.valueEnd) ? one.name !== other?.name : !readsTheSame(one, other);
  });
  if (changed !== undefined) return `it would also change ${changed.name}`;
  if (left.length > kept.length) return `${left[kept.length]?.name} would come to life`;
  if (dialect === 'shell' && !keepsCommands(source, edits)) return 'it would also change another command';
  return undefined;
}

/** Whether a range overlaps one of the edits, which are in order. */
function overlapOf(edits: readonly Edit[]): (start: number, end: number) => boolean {
  return (start, end) => {
    let low = 0;
    let high = edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edits[middle] as Edit).end <= start) low = middle + 1;
      else high = middle;
    }
    return (edits[low]?.start ?? end) < end;
  };
}

/** The commands that no edit touches are there afterwards, in their order, and no new one is. */
function keepsCommands(source: string, edits: readonly Edit[]): boolean {
  const before = parseCommands(source).commands;
  const after = parseCommands(applyEdits(source, edits)).commands;
  const touches = overlapOf(edits);
  const untouched = before.filter(({ start, end }) => !touches(start, end));
  let at = 0;
  for (const command of untouched) {
    const text = command.words.map((word) => word.text).join(' ');
    while (at < after.length && after[at]?.words.map((word) => word.text).join(' ') !== text) at += 1;
    at += 1;
  }
  return at <= after.length && after.length <= before.length;
}

function readsTheSame(a: ShellAssignment, b: ShellAssignment | undefined): boolean {
  const flags = (one: ShellAssignment) =>
    [one.name, one.value, one.exported, one.inComment, one.inHeredoc, ...one.references].join('\0');
  return b !== undefined && flags(a) === flags(b);
}

function plannedEdits(source: string, assignments: readonly ShellAssignment[]): Edit[] | EditRefusal {
  const edits: Edit[] = [];
  const lines: ShellRange[] = [];
  for (const [statement, group] of Map.groupBy(assignments, (assignment) => assignment.statement)) {
    const members = group.map((assignment) => assignment.name);
    const isWhole = new Set(group.map(({ nameStart }) => nameStart)).size === statement.members.length;
    const losesWords =
      !isWhole || (statement.lines === undefined && statement.cut === undefined && statement.refusal === undefined);
    if (losesWords) {
      const words = wordEdits(source, statement, group);
      if (isRefusal(words)) return words;
      edits.push(...words);
    } else if (statement.refusal !== undefined) {
      return { reason: `${members.join(', ')} can't be cut out: ${statement.refusal}`, start: statement.start };
    } else if (statement.lines !== undefined) {
      // Blank lines in a heredoc are part of what it says.
      if (group.some((assignment) => assignment.inHeredoc)) edits.push({ ...statement.lines, text: '' });
      else lines.push(statement.lines);
    } else if (statement.cut !== undefined) edits.push({ ...statement.cut, text: '' });
  }
  return merged([...edits, ...lineEdits(source, lines)]);
}

/** Cuts that overlap become one: that of `B` lies inside that of all of `A=$(B=1 command)`. */
function merged(cuts: readonly Edit[]): Edit[] {
  const result: Edit[] = [];
  for (const cut of [...cuts].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last === undefined || cut.start > last.end) result.push(cut);
    else result[result.length - 1] = { ...last, end: Math.max(last.end, cut.end) };
  }
  return result;
}

/** Single names out of `export A=1 B=2`, `ENV A=1 B=2` or in front of a command. */
function wordEdits(source: string, statement: ShellStatement, group: readonly ShellAssignment[]): Edit[] | EditRefusal {
  const gone = statement.members.filter((member) =>
    group.some(({ nameStart, nameEnd }) => nameStart >= member.start && nameEnd <= member.end),
  );
  const [shared] = gone;
  if (group.some(({ form, inHeredoc }) => form === 'file-line' && !inHeredoc) || shared === undefined) {
    return { reason: 'it is one of several lines of the same text', start: statement.start };
  }
  const edits: Edit[] = [];
  for (let first = 0; first < statement.members.length; first += 1) {
    const member = statement.members[first] as StatementMember;
    if (!gone.includes(member)) continue;
    let last = first;
    while (gone.includes(statement.members[last + 1] as StatementMember)) last += 1;
    const run = { from: member, to: statement.members[last] as StatementMember };
    const edit = runEdit(source, run.from, run.to, first === 0);
    if (edit === undefined) return { reason: `no word parts ${member.name} from its neighbours`, start: member.start };
    edits.push(edit);
    first = last;
  }
  return edits;
}

/** The words of a run go with the white space behind them when it starts the statement, else with that in front. */
function runEdit(source: string, from: StatementMember, to: StatementMember, isFirst: boolean): Edit | undefined {
  const behind = to.nextStart;
  const inFront = from.previousEnd;
  const hidesComment = behind !== undefined && source.slice(to.end, behind).includes('#');
  if (isFirst && behind !== undefined && !hidesComment) return { start: from.start, end: behind, text: '' };
  if (inFront !== undefined) return { start: inFront, end: to.end, text: '' };
  return behind === undefined ? undefined : { start: from.start, end: behind, text: '' };
}

/** Cuts out whole lines; ranges with nothing but blank lines between them go as one. */
function lineEdits(source: string, ranges: readonly ShellRange[]): Edit[] {
  const runs: { start: number; end: number }[] = [];
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  for (const [index, range] of sorted.entries()) {
    const start = leadStart(source, range, sorted, index);
    const previous = runs.at(-1);
    if (previous !== undefined && blankRunBefore(source, start) <= previous.end) previous.end = range.end;
    else runs.push({ start, end: range.end });
  }
  return runs.map(({ start, end }) => {
    const indent = indentAt(source, start);
    const above = blankRunBefore(source, start);
    const below = blankRunAfter(source, end);
    const isFirst = above === lineStart(source, 0) || indentAt(source, lineStart(source, above - 1)) < indent;
    const isLast = below === source.length || indentAt(source, below) < indent;
    return cutLines(source, { start, end, isFirst, isLast });
  });
}

/**
 * Comments right above are about the lines below them up to the next blank line; they go when all of these go. Those
 * at the top of the file and settings that somebody switched off stay.
 */
function leadStart(source: string, range: ShellRange, all: readonly ShellRange[], index: number): number {
  let end = range.end;
  for (let at = index + 1; all[at]?.start === end; at += 1) end = (all[at] as ShellRange).end;
  const isBlockEnd =
    end === source.length ||
    blankRunAfter(source, end) > end ||
    isComment(source, end) ||
    indentAt(source, end) < indentAt(source, range.start);
  let lead = range.start;
  while (isBlockEnd && lead > 0) {
    const previous = lineStart(source, lead - 1);
    if (previous >= lead || !isComment(source, previous) || isSwitchedOff(source, previous)) break;
    lead = previous;
  }
  return lead === lineStart(source, 0) ? range.start : lead;
}

function isComment(source: string, start: number): boolean {
  return /^[ \t]*#(?!!)/.test(source.slice(start, contentEnd(source, start)));
}

function isSwitchedOff(source: string, start: number): boolean {
  const text = source.slice(start, contentEnd(source, start));
  return /^[ \t]*#+[ \t]*(?:(?:export|ENV|ARG|set[ \t]+-\w+)[ \t]+)?[A-Za-z_]\w*[ \t]*[:+?]?=/.test(text);
}

function indentAt(source: string, start: number): number {
  const line = source.slice(start, lineEnd(source, start));
  return line.length - line.trimStart().length;
}
