/** Edits of INI files as splices: comments, order and the way things are written stay. */
import { applyEdits, type Edit } from '../edit.ts';
import type { EditRefusal } from '../edit-refusal.ts';
import { blankRunAfter, blankRunBefore, cutLines, insertLines, lineEnd } from '../whole-lines.ts';
import { type IniModel, modelOf, sameModel } from './model.ts';
import { parseIni } from './parse.ts';
import type { IniFile, IniLine, IniProperty, IniSection } from './syntax.ts';

/** A text, or the `key = value` lines below a key such as `s3 =`. */
export type IniValue = string | Readonly<Record<string, string>>;

export type IniPlace = 'first' | 'last' | { readonly after: string } | { readonly before: string };

export interface NewIniSection {
  /** What stands between the brackets; see `iniSectionName`. */
  readonly name: string;
  readonly properties: Readonly<Record<string, IniValue>>;
  /** Lines above the header, without the `#`. */
  readonly comments?: readonly string[];
}

/** Splices, or why there are none. They are proved: the file reads as before but for the change asked for. */
export type IniAnswer = readonly Edit[] | EditRefusal;

/** The name of a section made of words, quoted where the AWS tools need it: `profile "my dev"`. */
export function iniSectionName(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`)).join(' ');
}

/** Gives a key a value: in place, its inline comment kept, or on a new line at the end of the section. */
export function setIniValue(file: IniFile, section: IniSection, key: string, value: string): IniAnswer {
  const same = section.properties.filter((property) => property.name === key.toLowerCase());
  const [property] = same;
  if (property === undefined) return insertIniProperty(file, section, key, value, 'last');
  if (same.length > 1) return refuse(`${key} stands ${same.length} times in [${section.name}]`, property.start);
  if (property.children.length > 0) return refuse(`${key} holds settings of its own`, property.start);
  if (property.value === value) return [];
  const { start, end } = property.valueRange;
  const text = start === end ? file.source.slice(property.keyRange.end, property.separator) + value : value;
  return proved(file, [{ start, end, text }], (model) => {
    const target = model.sections[file.sections.indexOf(section)]?.properties[section.properties.indexOf(property)];
    if (target !== undefined) target.value = value;
  });
}

/** Adds a key, written as its neighbours are. Refused where the section, or a section of its name, has it. */
export function insertIniProperty(
  file: IniFile,
  section: IniSection,
  key: string,
  value: IniValue,
  place: IniPlace = 'last',
): IniAnswer {
  const twins = file.sections.filter((other) => other.name === section.name);
  if (twins.length > 1)
    return refuse(`[${section.name}] stands ${twins.length} times in the file`, section.header.start);
  const existing = section.properties.find((property) => property.name === key.toLowerCase());
  if (existing !== undefined) return refuse(`[${section.name}] has ${key} already`, existing.start);
  const index = indexOf(section, place);
  if (index === undefined) return refuse(`[${section.name}] has no such key to stand beside`, section.header.start);
  const neighbour = section.properties[Math.max(0, index - 1)];
  const style = styleOf(file, section);
  const indent = neighbour === undefined ? '' : file.source.slice(neighbour.lines.start, neighbour.start);
  const lines = propertyLines(key, value, style, indent);
  const at = section.properties[index - 1]?.lines.end ?? lineEnd(file.source, section.header.end);
  return proved(file, [insertLines(file.source, at, lines)], (model) => {
    model.sections[file.sections.indexOf(section)]?.properties.splice(index, 0, propertyModel(key, value));
  });
}

/** Removes a property with all its lines. Comments above it stay, as they may be about those below too. */
export function removeIniProperty(file: IniFile, property: IniProperty): IniAnswer {
  const section = file.sections.findIndex((candidate) => candidate.properties.includes(property));
  const holder = section === -1 ? file.globals : (file.sections[section] as IniSection).properties;
  const index = holder.indexOf(property);
  if (index === -1) return removeChild(file, property);
  const cut = {
    start: property.lines.start,
    end: property.lines.end,
    isFirst: false,
    isLast: index === holder.length - 1,
  };
  return proved(
    file,
    [cutLines(file.source, { ...cut, isLast: cut.isLast && index > 0 && followsBlank(file, property) })],
    (model) => {
      (section === -1 ? model.globals : model.sections[section]?.properties)?.splice(index, 1);
    },
  );
}

/** Adds a section behind another one (its trailing comments included), or at the end, parted as the others are. */
export function insertIniSection(
  file: IniFile,
  section: NewIniSection,
  place: 'end' | { readonly after: IniSection } = 'end',
): IniAnswer {
  const existing = file.sections.find((other) => other.name === section.name);
  if (existing !== undefined)
    return refuse(`the file has the section [${section.name}] already`, existing.header.start);
  const style = styleOf(file, place === 'end' ? undefined : place.after);
  const lines = [...(section.comments ?? []).map((line) => `# ${line}`.trimEnd()), `[${section.name}]`];
  for (const [key, value] of Object.entries(section.properties)) lines.push(...propertyLines(key, value, style, ''));
  const index = place === 'end' ? file.sections.length : file.sections.indexOf(place.after) + 1;
  const edit =
    place === 'end' || file.sections[index] === undefined
      ? appendLines(file, lines)
      : insertBehind(file, place.after, lines);
  return proved(file, [edit], (model) => {
    const properties = Object.entries(section.properties).map(([key, value]) => propertyModel(key, value));
    model.sections.splice(index, 0, { name: section.name, properties });
  });
}

/**
 * Removes a section with the comments right above its header, those between its properties, and those right below the
 * last. A comment with blank lines on both sides stays.
 */
export function removeIniSection(file: IniFile, section: IniSection): IniAnswer {
  const { source } = file;
  const index = file.sections.indexOf(section);
  if (index === -1) throw new RangeError('the section is not part of this file');
  const end = ownEnd(file, section);
  const isFirst = source.slice(0, section.leadStart).replace('\uFEFF', '').trim() === '';
  const isLast = source.slice(end).trim() === '';
  return proved(file, [cutLines(source, { start: section.leadStart, end, isFirst, isLast })], (model) => {
    model.sections.splice(index, 1);
  });
}

function refuse(reason: string, start: number): EditRefusal {
  return { reason, start };
}

/** Reads the result and compares it with what the change should make of the file. */
function proved(file: IniFile, edits: readonly Edit[], change: (model: IniModel) => void): IniAnswer {
  const wanted = modelOf(file);
  change(wanted);
  const after = parseIni(applyEdits(file.source, edits));
  if (!sameModel(wanted, modelOf(after))) return refuse('the file would not read as it should', edits[0]?.start ?? 0);
  if (after.problems.length > file.problems.length) {
    return refuse(`the file would be broken: ${after.problems.at(-1)?.message}`, edits[0]?.start ?? 0);
  }
  return edits;
}

function propertyModel(key: string, value: IniValue): IniModel['globals'][number] {
  const isText = typeof value === 'string';
  const children = isText
    ? []
    : Object.entries(value).map(([name, text]) => ({ name: name.toLowerCase(), value: text, children: [] }));
  return { name: key.toLowerCase(), value: isText ? value : '', children };
}

function propertyLines(key: string, value: IniValue, { separator }: IniStyle, indent: string): string[] {
  if (typeof value === 'string') return [`${indent}${key}${separator}${value}`.trimEnd()];
  const children = Object.entries(value).map(([name, text]) => `${indent}  ${name}${separator}${text}`.trimEnd());
  return [`${indent}${key}${separator}`.trimEnd(), ...children];
}

interface IniStyle {
  /** ` = ` or `=`. */
  readonly separator: string;
}

/** What most properties of the section do, else most of the file. */
function styleOf(file: IniFile, section: IniSection | undefined): IniStyle {
  const own = section?.properties ?? [];
  const properties = own.length > 0 ? own : file.sections.flatMap((other) => other.properties);
  const counts = new Map<string, number>();
  for (const property of properties) {
    if (property.valueRange.start === property.valueRange.end) continue;
    const written = file.source.slice(property.keyRange.end, property.valueRange.start);
    counts.set(written, (counts.get(written) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return { separator: most === undefined || /[\r\n]/.test(most[0]) ? ' = ' : most[0] };
}

/** Behind the blank lines that follow a section, and with as many of its own: a comment below them stays below. */
function insertBehind(file: IniFile, section: IniSection, lines: readonly string[]): Edit {
  const end = ownEnd(file, section);
  const next = blankRunAfter(file.source, end);
  const gap = file.source.slice(end, next).split('\n').slice(1);
  return insertLines(file.source, next, [...lines, ...gap.map(() => '')]);
}

function appendLines(file: IniFile, lines: readonly string[]): Edit {
  const { source } = file;
  if (source.replace('\uFEFF', '').trim() === '') return insertLines(source, source.length, lines);
  const gap = Array.from({ length: gapAtEnd(file) }, () => '');
  return insertLines(source, blankRunBefore(source, source.length), [...gap, ...lines]);
}

/** What parts a section at the end from the one before: as many blank lines as part the others, else one. */
function gapAtEnd(file: IniFile): number {
  const gaps = file.sections.slice(1).map((section) => blankLinesAbove(file, section));
  const [first = 1] = gaps;
  const usual = gaps.every((gap) => gap === first) ? first : 1;
  // A comment at the end would else become one about the new section.
  const endsInComment = file.lines.findLast((line) => line.kind !== 'blank')?.kind === 'comment';
  return endsInComment ? Math.max(usual, 1) : usual;
}

function blankLinesAbove(file: IniFile, { leadStart }: IniSection): number {
  return file.source.slice(blankRunBefore(file.source, leadStart), leadStart).split('\n').length - 1;
}

/** With the comment lines right below the last property. */
function ownEnd(file: IniFile, section: IniSection): number {
  let end = section.bodyEnd;
  for (const line of linesFrom(file, section.bodyEnd)) {
    if (line.start >= section.end || (line.kind !== 'comment' && line.kind !== 'broken')) break;
    end = line.next;
  }
  return end;
}

function linesFrom(file: IniFile, offset: number): readonly IniLine[] {
  const first = file.lines.findIndex((line) => line.start >= offset);
  return first === -1 ? [] : file.lines.slice(first);
}

function followsBlank(file: IniFile, property: IniProperty): boolean {
  return blankRunBefore(file.source, property.lines.start) < property.lines.start;
}

function indexOf(section: IniSection, place: IniPlace): number | undefined {
  if (place === 'first') return 0;
  if (place === 'last') return section.properties.length;
  const name = ('after' in place ? place.after : place.before).toLowerCase();
  const at = section.properties.findIndex((property) => property.name === name);
  if (at === -1) return undefined;
  return 'after' in place ? at + 1 : at;
}

function removeChild(file: IniFile, child: IniProperty): IniAnswer {
  for (const [sectionIndex, section] of file.sections.entries()) {
    const index = section.properties.findIndex((property) => property.children.includes(child));
    const parent = section.properties[index];
    if (parent === undefined) continue;
    if (parent.children.length === 1) return removeIniProperty(file, parent);
    return proved(file, [{ start: child.lines.start, end: child.lines.end, text: '' }], (model) => {
      model.sections[sectionIndex]?.properties[index]?.children.splice(parent.children.indexOf(child), 1);
    });
  }
  throw new RangeError('the property is not part of this file');
}
