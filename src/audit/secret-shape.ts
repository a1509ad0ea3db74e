/**
 * Whether a run of characters looks like the secret half of an AWS key: 30 random bytes in base64, so 40 characters
 * without padding. Hashes, paths, words and parts of longer base64 have the same alphabet and are told apart here by how
 * random characters fall.
 */

/** `named`: it stands where a secret is announced. `bare`: nothing but its surroundings speak for it. */
export type ShapeEvidence = 'named' | 'bare';

export function isSecretShape(text: string, evidence: ShapeEvidence): boolean {
  if (text.length !== 40 || !/^[A-Za-z0-9+/]+$/.test(text)) return false;
  // Git's and SHA-1's 40 hexadecimal digits; a secret of only those is one in 10^15.
  if (/^(?:[0-9a-f]{40}|[0-9A-F]{40})$/.test(text)) return false;
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false;
  if (evidence === 'named') return shannonEntropy(text) >= 3.5 && classChanges(text) >= 8;
  return /\d/.test(text) && shannonEntropy(text) >= 4.25 && classChanges(text) >= 16;
}

/** Bits per character. 40 random base64 characters have 4.9 on average and hardly ever less than 4.4. */
export function shannonEntropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/**
 * How often neighbours belong to different classes (lower, upper, digit, sign). 40 random characters change 25 times give or
 * take 3; words, camel case and paths change some ten times.
 */
export function classChanges(text: string): number {
  let changes = 0;
  for (let at = 1; at < text.length; at++) {
    if (classOf(text.charCodeAt(at)) !== classOf(text.charCodeAt(at - 1))) changes += 1;
  }
  return changes;
}

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 48 && code <= 57 ? 2 : 3;
}
