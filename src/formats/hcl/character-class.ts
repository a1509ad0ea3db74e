/** Which characters make up identifiers and white space in HCL. */
import { isIdentifierPart, isIdentifierStart } from './identifier-ranges.ts';

/** ASCII characters by what may start there or continue: bit 1 starts an identifier, bit 2 continues one, bit 4 is a digit. */
export const IDENTIFIER_START = 1;
export const IDENTIFIER_PART = 2;
export const DIGIT = 4;

export const characterClass: Uint8Array = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) characterClass[code] = IDENTIFIER_START | IDENTIFIER_PART;
  else if (/[0-9]/.test(character)) characterClass[code] = IDENTIFIER_PART | DIGIT;
  else if (character === '-') characterClass[code] = IDENTIFIER_PART;
}

export function startsIdentifier(codePoint: number): boolean {
  if (codePoint < 128) return ((characterClass[codePoint] ?? 0) & IDENTIFIER_START) !== 0;
  return isIdentifierStart(codePoint);
}

export function continuesIdentifier(codePoint: number): boolean {
  if (codePoint < 128) return ((characterClass[codePoint] ?? 0) & IDENTIFIER_PART) !== 0;
  return isIdentifierPart(codePoint);
}

/** White space as Go's unicode.IsSpace sees it: what a heredoc's end marker may be surrounded by. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}
