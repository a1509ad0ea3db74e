/** Languages that the pieces of tokens are taken from. */
import { type CharRange, Language, type SequencePart } from '../aws/prove/language.ts';

const range = (from: string, to: string = from): CharRange => [from.charCodeAt(0), to.charCodeAt(0)];
const digits = range('0', '9');
const lower = range('a', 'z');
const alphanumeric: readonly CharRange[] = [lower, range('A', 'Z'), digits];
const hex: readonly CharRange[] = [range('a', 'f'), digits];

/** One or more of the characters. */
function some(ranges: readonly CharRange[], first: readonly CharRange[] = ranges): SequencePart[] {
  return [
    { ranges: first, star: false },
    { ranges, star: true },
  ];
}

/** Everything from `!` on but the characters named; blanks only where `blank` says so. */
function printableBut(excluded: string, blank: boolean): readonly CharRange[] {
  const units = [...excluded].map((char) => char.charCodeAt(0)).sort((a, b) => a - b);
  const ranges: CharRange[] = [];
  let from = blank ? 0x20 : 0x21;
  for (const unit of [...units, 0x7f]) {
    if (unit > from) ranges.push([from, unit - 1]);
    from = Math.max(from, unit + 1);
  }
  return [...ranges, [0xa1, 0xd7ff], [0xe000, 0xfffd]];
}

/** `123`. */
export const numberPiece: Language = Language.sequence(some([digits]));

/** Owner on GitHub: letters, digits and hyphens, not beginning with one. */
export const ownerPiece: Language = Language.sequence(some([...alphanumeric, range('-')], alphanumeric));

/** Name of a repository or project: letters, digits, `.`, `_`, `-`. */
export const repositoryPiece: Language = Language.sequence(some([...alphanumeric, range('-'), range('.'), range('_')]));

/** A path of such names: groups of GitLab. */
export const pathPiece: Language = Language.sequence(
  some([...alphanumeric, range('-'), range('.'), range('_'), range('/')], alphanumeric),
);

/** A slug: lower case, digits, hyphens. */
export const slugPiece: Language = Language.sequence(some([lower, digits, range('-')], [lower, digits]));

/** A name as people write it, blanks included, without colons. */
export const namePiece: Language = Language.sequence(some(printableBut(':', true), printableBut(':', false)));

/** A name of letters, digits, `-`, `_` and blanks, not beginning with one. */
export const plainNamePiece: Language = Language.sequence(
  some([...alphanumeric, range('-'), range('_'), range(' ')], [...alphanumeric, range('_')]),
);

/** A branch or tag after `refs/heads/`; git-check-ref-format(1). */
export const refPiece: Language = Language.sequence(some(printableBut('~^:?*[\\', false)));

/** `550e8400-e29b-41d4-a716-446655440000`. */
export const uuidPiece: Language = Language.sequence(
  [8, 4, 4, 4, 12].flatMap((length, index) => [
    ...(index === 0 ? [] : [{ ranges: [range('-')], star: false }]),
    ...Array.from({ length }, () => ({ ranges: hex, star: false })),
  ]),
);

/** A commit id. */
export const commitPiece: Language = Language.sequence(
  Array.from({ length: 40 }, () => ({ ranges: hex, star: false })),
);

/** A text without any rule. */
export const textPiece: Language = Language.sequence(some(printableBut('', true)));
