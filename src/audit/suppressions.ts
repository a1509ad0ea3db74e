/**
 * Findings that a team has decided to live with: each by name, with a reason and a last day. They stand in the file they are
 * about (`keyless:ignore RULE until=2027-01-31 reason="…"`, on the line or in a comment above it) or in
 * `.keyless-suppressions.yaml` at the root, by rule and fingerprint or path; there `rule: "*"` with a path means every way to
 * authenticate in that place, but never a credential in clear, which its own rule has to name. One that is malformed or past
 * its day suppresses nothing and is a finding itself.
 */
import { nodeAt, scalarText, type YamlNode } from '../formats/yaml/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { Repository, SourceFile } from '../repository/index.ts';
import type { Finding } from './inventory.ts';

/** File at the root of the repository. */
export const suppressionFile = '.keyless-suppressions.yaml';

export interface SuppressionMark {
  readonly at: Location;
  /** Offset in its file. */
  readonly offset: number;
  /** Id of a detector, `*`, or `''` where none is readable. */
  readonly rule: string;
  readonly target: SuppressionTarget;
  readonly reason: string;
  /** `2027-01-31`: the last day on which it holds. */
  readonly until: string;
  /** What is wrong with it, as a sentence; such a mark suppresses nothing. */
  readonly problem: string | undefined;
}

export type SuppressionTarget =
  | { readonly kind: 'lines'; readonly path: string; readonly lines: readonly number[] }
  | { readonly kind: 'fingerprint'; readonly fingerprint: string }
  | { readonly kind: 'path'; readonly pattern: RegExp }
  | { readonly kind: 'nothing' };

const anyRule = '*';

/** Every mark of the repository, in order of path and line. */
export function readSuppressions(repository: Repository, ruleIds: ReadonlySet<string>): SuppressionMark[] {
  return repository.files.flatMap((file) => [
    ...(file.path === suppressionFile ? readSuppressionFile(file, ruleIds) : []),
    ...readInlineSuppressions(file, ruleIds),
  ]);
}

/** True while the day it names has not passed (UTC). */
export function isInForce(mark: SuppressionMark, now: Date): boolean {
  return mark.problem === undefined && now.toISOString().slice(0, 10) <= mark.until;
}

/** True when the mark speaks of this place of this finding. `everyRule`: what `*` stands for. */
export function covers(
  mark: SuppressionMark,
  finding: Finding,
  place: Location,
  everyRule: ReadonlySet<string>,
): boolean {
  if (mark.rule !== finding.rule && !(mark.rule === anyRule && everyRule.has(finding.rule))) return false;
  switch (mark.target.kind) {
    case 'lines':
      return mark.target.path === place.path && mark.target.lines.includes(place.line);
    case 'fingerprint':
      return mark.target.fingerprint === finding.fingerprint;
    case 'path':
      return mark.target.pattern.test(place.path);
    case 'nothing':
      return false;
  }
}

/** What an inline suppression begins with, behind the sign of a comment. */
export const suppressionMarker = 'keyless:ignore';

function readInlineSuppressions(file: SourceFile, ruleIds: ReadonlySet<string>): SuppressionMark[] {
  const marks: SuppressionMark[] = [];
  for (
    let at = file.text.indexOf(suppressionMarker);
    at !== -1;
    at = file.text.indexOf(suppressionMarker, at + suppressionMarker.length)
  ) {
    const { line } = file.lines.position(at);
    const lineStart = file.lines.startOf(line);
    const newline = file.text.indexOf('\n', at);
    const rest = file.text.slice(at + suppressionMarker.length, newline === -1 ? undefined : newline);
    const before = file.text.slice(lineStart, at);
    // Prose that mentions the marker (in back quotes, mid-sentence) is no mark: a comment has to open right before it.
    if (!/(?:#|\/\/|\/\*|--|;|<!--|%|REM)\s*$/i.test(before) || !/^[ \t]/.test(rest)) continue;
    const standsAlone = /^\s*(?:#|\/\/|\/\*|--|;|<!--|%|REM)\s*$/i.test(before);
    const fields = {
      rule: /^\s+([\w-]+)(?=\s|$)(?!=)/.exec(rest)?.[1],
      until: /\buntil=["']?([^\s"']+)/.exec(rest)?.[1],
      reason: /\breason=(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(rest)?.slice(1).find(Boolean),
    };
    marks.push({
      at: file.locationOf(at),
      offset: at,
      target: { kind: 'lines', path: file.path, lines: [standsAlone ? line + 1 : line] },
      ...checked(fields, ruleIds),
    });
  }
  return marks;
}

const knownKeys = ['rule', 'fingerprint', 'path', 'until', 'reason', 'reviewer'];

function readSuppressionFile(file: SourceFile, ruleIds: ReadonlySet<string>): SuppressionMark[] {
  const { documents, problems } = file.yaml();
  const broken = (offset: number, problem: string): SuppressionMark => ({
    at: file.locationOf(offset),
    offset,
    rule: '',
    target: { kind: 'nothing' },
    reason: '',
    until: '',
    problem,
  });
  if (problems[0] !== undefined)
    return [broken(problems[0].start, `The file is not valid YAML: ${problems[0].message}.`)];
  const root = documents[0]?.root;
  if (root === undefined) return [];
  const list = nodeAt(root, ['suppressions']);
  if (list?.kind !== 'sequence') return [broken(root.start, 'Expected a list under the key "suppressions".')];
  return list.items.map(({ value }) => {
    const fields = Object.fromEntries(knownKeys.map((key) => [key, scalarText(nodeAt(value, [key]))]));
    const { target, problem: targetProblem } = targetOf(fields);
    const rules = target.kind === 'path' ? new Set([...ruleIds, anyRule]) : ruleIds;
    const { problem, ...rest } = checked(fields, rules);
    return {
      at: file.locationOf(value.start),
      offset: value.start,
      target,
      ...rest,
      problem: unknownKey(value) ?? problem ?? targetProblem,
    };
  });
}

function unknownKey(node: YamlNode): string | undefined {
  if (node.kind !== 'map') return 'Expected a map with the keys rule, fingerprint or path, until and reason.';
  const unknown = node.entries.find(({ name }) => name === undefined || !knownKeys.includes(name));
  return unknown && `The key "${unknown.name ?? ''}" is unknown; expected one of ${knownKeys.join(', ')}.`;
}

function targetOf(fields: Readonly<Record<string, string | undefined>>): {
  readonly target: SuppressionTarget;
  readonly problem: string | undefined;
} {
  const { fingerprint, path } = fields;
  if ((fingerprint === undefined) === (path === undefined)) {
    return { target: { kind: 'nothing' }, problem: 'Expected either a fingerprint or a path.' };
  }
  const target: SuppressionTarget =
    fingerprint === undefined
      ? { kind: 'path', pattern: globPattern(path as string) }
      : { kind: 'fingerprint', fingerprint };
  return { target, problem: undefined };
}

function checked(
  fields: Readonly<Record<string, string | undefined>>,
  ruleIds: ReadonlySet<string>,
): Pick<SuppressionMark, 'rule' | 'reason' | 'until' | 'problem'> {
  const { rule = '', until = '', reason = '' } = fields;
  return { rule, until, reason, problem: problemOf(rule, until, reason, ruleIds) };
}

function problemOf(rule: string, until: string, reason: string, ruleIds: ReadonlySet<string>): string | undefined {
  if (rule === '') return 'It names no rule.';
  if (!ruleIds.has(rule)) return `There is no rule "${rule}".`;
  if (until === '') return 'It names no last day (until=2027-01-31).';
  if (!isDay(until)) return `Its last day is "${until}", expected a date such as 2027-01-31.`;
  return reason.trim() === '' ? 'It gives no reason.' : undefined;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `*` within a folder, `**` over folders, `?` for one character; everything else stands for itself. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
