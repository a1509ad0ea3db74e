/**
 * What can be known of an AWS access key id from its characters alone, without asking anybody. There is no checksum: an
 * id that reads well need not exist, so the account in it is a hint for routing, never a proof.
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes)
 */

export type KeyIdKind = 'long-term' | 'temporary' | 'service-bearer' | 'context-specific' | 'legacy';

const kindByPrefix: Readonly<Record<string, KeyIdKind>> = {
  AKIA: 'long-term',
  ASIA: 'temporary',
  ABIA: 'service-bearer',
  ACCA: 'context-specific',
};

/** The first four characters of ids that are credentials. `A3T` and one more character is older still and undocumented. */
export const keyIdPrefixes: readonly string[] = Object.keys(kindByPrefix);

/** The first four characters of ids that name something and are no secret; never reported as keys. */
export const entityIdPrefixes: Readonly<Record<string, string>> = {
  AGPA: 'group',
  AIDA: 'user',
  AIPA: 'instance profile',
  ANPA: 'managed policy',
  ANVA: 'version of a managed policy',
  APKA: 'public key',
  AROA: 'role',
  ASCA: 'certificate',
};

const shape = /^(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}$/;

/** What an id is, or `undefined` for anything that is no access key id (entity ids among them). */
export function keyIdKind(id: string): KeyIdKind | undefined {
  if (!shape.test(id)) return undefined;
  return id.startsWith('A3T') ? 'legacy' : kindByPrefix[id.slice(0, 4)];
}

/**
 * Why an id of the right length is probably none, as the end of a sentence, or `undefined`. AWS draws the characters
 * behind the prefix from A–Z and 2–7 at random, so that few repeats and mostly some digit are to be expected.
 */
export function doubtAboutKeyId(id: string): string | undefined {
  const drawn = id.slice(4);
  if (new Set(drawn).size < 7) return 'it repeats too few characters to be drawn at random';
  if (/[0189]/.test(drawn)) return 'it holds characters that AWS does not use (0, 1, 8, 9)';
  if (id.startsWith('A3T')) return 'its prefix is older than the documented ones';
  // "ASIA" and "PACIFIC SOUTH EAST" in one word: one in 28 real ids has no digit either, so these are reported all the same, as doubtful.
  if (!/\d/.test(drawn) && !id.startsWith('AKIA')) return 'it holds no digit and could be a word';
  return undefined;
}

/**
 * AWS's own documentation shows these halves together. Ids that end in EXAMPLE and secrets that end in EXAMPLEKEY are examples
 * in general, and both halves are judged alike: such a credential is reported as information.
 */
export const documentedExamples: readonly { readonly keyId: string; readonly secret: string }[] = [
  { keyId: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  { keyId: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' },
];

/** True for an id or a secret that AWS's documentation made up. */
export function isDocumentationExample(idOrSecret: string): boolean {
  return /EXAMPLE(KEY)?$/i.test(idOrSecret);
}

/**
 * The account an id was issued in: 12 digits, or `undefined` for ids of the old generation, which do not encode it, and for values
 * no account can have. Ten characters behind the prefix are 50 bits; the first is 1 in the new generation, the next
 * 40 are the account.
 */
export function accountOfKeyId(id: string): string | undefined {
  if (keyIdKind(id) === undefined) return undefined;
  let bits = 0n;
  for (const character of id.slice(4, 14)) {
    const value = base32.indexOf(character);
    if (value === -1) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  const newGeneration = bits >> 49n === 1n;
  const account = (bits >> 9n) & 0xff_ffff_ffffn;
  return newGeneration && account <= 999_999_999_999n ? account.toString().padStart(12, '0') : undefined;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
