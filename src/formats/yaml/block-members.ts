/** Puts lines into and takes them out of block maps and sequences. */
import type { Edit } from '../edit.ts';
import { blankRunBefore, contentEnd, cutLines, insertLines, lineStart } from '../whole-lines.ts';
import { collectionOf, isSpaced, type Member, memberLines, membersOf } from './layout.ts';
import type { YamlFile, YamlMap, YamlSequence } from './syntax.ts';

/** Puts the lines of a new member in front of the member at `index`, or behind the last. */
export function insertMember(
  file: YamlFile,
  collection: YamlMap | YamlSequence,
  index: number,
  lines: readonly string[],
): Edit {
  const members = membersOf(collection);
  const next = members[index];
  const previous = members[index - 1];
  const spaced = isSpaced(file, collection);
  if (next !== undefined && (previous === undefined || spaced)) {
    const { isInline, leadStart } = memberLines(file, next);
    if (isInline) return behindDash(file, next, lines);
    return insertLines(file.source, leadStart, spaced ? [...lines, ''] : lines);
  }
  if (previous === undefined) throw new RangeError('a block collection has a member');
  return insertLines(file.source, memberLines(file, previous).end, spaced ? ['', ...lines] : lines);
}

/** Right in front of a member, below the blank line that parts it from the one before. */
export function insertBefore(file: YamlFile, next: Member, lines: readonly string[]): Edit {
  const collection = collectionOf(file, next);
  const { isInline, leadStart } = memberLines(file, next);
  if (isInline) return behindDash(file, next, lines);
  return insertLines(file.source, leadStart, isSpaced(file, collection) ? [...lines, ''] : lines);
}

/** The first entry of a map stands behind the dash of its item: the new one takes its place, and it moves down. */
function behindDash(file: YamlFile, first: Member, lines: readonly string[]): Edit {
  const { source } = file;
  const { indent } = memberLines(file, first);
  const text = insertLines(source, first.start, [...lines, '']).text;
  const eol = text.endsWith('\r\n') ? '\r\n' : '\n';
  return { start: first.start, end: first.start, text: lines.join(eol).trimStart() + eol + ' '.repeat(indent) };
}

/** Takes a member out that is not the only one. */
export function removeMember(file: YamlFile, member: Member): Edit {
  const { source } = file;
  const collection = collectionOf(file, member);
  const members = membersOf(collection);
  const index = members.indexOf(member);
  const next = members[index + 1];
  const lines = memberLines(file, member);
  if (lines.isInline && next !== undefined) {
    const nextLines = memberLines(file, next);
    // A comment above the next member moves up behind the dash with it.
    const lead = nextLines.leadStart + nextLines.indent;
    return { start: member.start, end: nextLines.leadStart < nextLines.start ? lead : next.start, text: '' };
  }
  const start = ownsLead(file, member, next) ? lines.leadStart : lines.start;
  const previous = members[index - 1];
  const isFirst = index === 0;
  return cutLines(source, { start, end: lines.end, isFirst, isLast: next === undefined, floor: previous?.end ?? 0 });
}

/** Whether the comments above are about this member alone and go with it: not when they head a run of one-liners. */
function ownsLead(file: YamlFile, member: Member, next: Member | undefined): boolean {
  const { source } = file;
  const lines = memberLines(file, member);
  if (lines.leadStart === lines.start) return false;
  const isOneLine = contentEnd(source, member.start) >= member.end;
  const nextFollows = next !== undefined && lineStart(source, next.start) === lines.end;
  return !(isOneLine && nextFollows && blankRunBefore(source, lines.end) === lines.end);
}
