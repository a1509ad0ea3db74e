/** Puts members into and takes them out of flow maps and sequences: `{ a: 1 }`, `[x, y]`. */
import type { Edit } from '../edit.ts';
import { contentEnd, eolAt, lineEnd, lineStart } from '../whole-lines.ts';
import { type Member, membersOf } from './layout.ts';
import type { YamlFile, YamlMap, YamlSequence } from './syntax.ts';

/** The edits that put `text` in front of the member at `index`, or behind the last. */
export function insertFlowMember(
  file: YamlFile,
  collection: YamlMap | YamlSequence,
  index: number,
  text: string,
): Edit[] {
  const { source } = file;
  const members = membersOf(collection);
  const next = members[index];
  const isMap = collection.kind === 'map';
  if (members.length === 0) {
    const inner = isMap ? ` ${text} ` : text;
    return [{ start: collection.start + 1, end: collection.end - 1, text: inner }];
  }
  if (next !== undefined) {
    const start = lineStart(source, next.start);
    const isOwnLine = source.slice(start, next.start).trim() === '';
    const separator = isOwnLine ? `,${eolAt(source, next.start)}${source.slice(start, next.start)}` : ', ';
    return [{ start: next.start, end: next.start, text: text + separator }];
  }
  const last = members.at(-1) as Member;
  const start = lineStart(source, last.start);
  const isOwnLine = source.slice(start, last.start).trim() === '';
  const comma = commaBehind(source, last, collection.end);
  if (!isOwnLine) {
    if (comma === undefined) return [{ start: last.end, end: last.end, text: `, ${text}` }];
    return [{ start: comma + 1, end: comma + 1, text: ` ${text},` }];
  }
  const line = `${eolAt(source, last.end)}${source.slice(start, last.start)}${text}`;
  const lineStop = Math.min(contentEnd(source, last.end), collection.end - 1);
  const at = source.slice(last.end, lineStop).includes('#') ? lineStop : (comma ?? last.end - 1) + 1;
  if (comma !== undefined) return [{ start: at, end: at, text: `${line},` }];
  return [
    { start: last.end, end: last.end, text: ',' },
    { start: at, end: at, text: line },
  ];
}

/** The edit that takes a member out; the brackets stay. */
export function removeFlowMember(file: YamlFile, collection: YamlMap | YamlSequence, member: Member): Edit {
  const { source } = file;
  const members = membersOf(collection);
  const index = members.indexOf(member);
  const next = members[index + 1];
  const previous = members[index - 1];
  if (next === undefined && previous === undefined) {
    return { start: collection.start + 1, end: collection.end - 1, text: '' };
  }
  const hasComment = (start: number, end: number) => source.slice(start, end).includes('#');
  if (next !== undefined && !hasComment(member.end, next.start))
    return { start: member.start, end: next.start, text: '' };
  const stop = collection.end - 1;
  if (next === undefined && previous !== undefined && !hasComment(previous.end, member.start)) {
    const comma = commaBehind(source, member, stop);
    if (comma === undefined) return { start: previous.end, end: member.end, text: '' };
    const previousComma = commaBehind(source, previous, stop) ?? previous.end;
    if (!hasComment(member.end, stop)) return { start: previousComma, end: comma, text: '' };
  }
  const start = lineStart(source, member.start);
  return { start, end: Math.min(lineEnd(source, member.end), lineStart(source, stop)), text: '' };
}

/** Offset of the comma behind a member, before the next member or the bracket. */
function commaBehind(source: string, member: Member, end: number): number | undefined {
  const found = /^(?:\s|#[^\n]*\n)*,/.exec(source.slice(member.end, end));
  return found === null ? undefined : member.end + found[0].length - 1;
}
