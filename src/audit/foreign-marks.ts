/**
 * Marks by which files tell other scanners to look away. They are read so that a team that moves over sees what it would lose,
 * and counted; they suppress only when asked to, because they carry neither a reason nor a last day.
 */
import type { Location } from '../kernel/diagnostic.ts';
import type { SourceFile } from '../repository/index.ts';

export interface ForeignMark {
  readonly at: Location;
  /** As it is written: `gitleaks:allow`. */
  readonly mark: string;
  /** The line it speaks of. */
  readonly line: number;
}

/** What every mark holds; looked for first, because most files have none. */
const words = [
  'gitleaks:',
  'betterleaks:',
  'trufflehog:',
  'pragma:',
  'checkov:',
  'secretlint-',
  'ggignore',
  'kics-scan',
];

const marks =
  /gitleaks:allow|betterleaks:allow|trufflehog:ignore|pragma: ?(?:allowlist|whitelist)(?: nextline)? secret|checkov:skip=[\w,]+|secretlint-disable(?:-line|-next-line)?|ggignore|kics-scan ignore-line/g;

export function readForeignMarks(file: SourceFile): ForeignMark[] {
  if (!words.some((word) => file.text.includes(word))) return [];
  return [...file.text.matchAll(marks)].map(({ 0: mark, index }) => {
    const at = file.locationOf(index);
    return { at, mark, line: /next-?line|ignore-line/.test(mark) ? at.line + 1 : at.line };
  });
}
