/**
 * Key ids, secrets, session tokens and Bedrock keys in any text, parsed or not. Cheap gates run over the whole text (a
 * prefix, the word "secret"); the expensive look at 40-character runs happens only near what they found. An id and a secret
 * found near each other are not yet a pair: that is `pair-sightings.ts`.
 */
import { doubtAboutKeyId, keyIdKind } from '../aws/access-key-id.ts';
import { Secret } from '../kernel/secret.ts';
import { type Base64Run, findBase64Runs, isPieceOfMore, isWrappedLine } from './base64-run.ts';
import { credentialStem, type SecretNameKind, secretNameKind } from './credential-names.ts';
import type { CredentialPart } from './detector.ts';
import { isSecretShape } from './secret-shape.ts';

/** Something in a text that is, or could be, a part of a credential. */
export interface Sighting {
  /** UTF-16 offset. */
  readonly at: number;
  readonly part: CredentialPart;
  readonly value: Secret;
  /** How it was written: `literal`, `percent-encoded`, `base64`. */
  readonly via: string;
  /**
   * What speaks for a secret or token: a name that only AWS uses, a name others use too, or nothing but its shape near an
   * id. Ids speak for themselves.
   */
  readonly evidence: SecretNameKind | 'bare';
  /** What its name adds to the usual words; `undefined` without a name, `''` when it adds nothing. */
  readonly stem: string | undefined;
  /** An id on a presigned URL or in a signature header: its secret is not there. */
  readonly onSignedRequest: boolean;
  readonly bedrock: boolean;
}

/** Text around which large and binary files are searched. */
export const searchMarkers: readonly string[] = [
  'AKIA',
  'ASIA',
  'ABIA',
  'ACCA',
  'ABSK',
  'bedrock-api-key-',
  'aws_secret_access_key',
  'AWS_SECRET_ACCESS_KEY',
  'SecretAccessKey',
];

/** Sightings in order of position. */
export function searchText(text: string): Sighting[] {
  const found = [...searchPlainText(text), ...searchInsideBase64(text)];
  return found.sort((a, b) => a.at - b.at);
}

function searchPlainText(text: string): Sighting[] {
  const ids = findKeyIds(text);
  const named = [...findNamedSecrets(text), ...findBedrockKeys(text)];
  const taken = new Set(named.map(({ at }) => at));
  // A session token is of no use without the other two parts, so it is looked for only beside them.
  const tokens = ids.length + named.length === 0 ? [] : findSessionTokens(text);
  return [...ids, ...named, ...tokens, ...findBareSecrets(text, ids, taken)];
}

function findKeyIds(text: string): Sighting[] {
  const found: Sighting[] = [];
  const pattern = /A(?:KIA|SIA|BIA|CCA|3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [id] = match;
    const at = match.index;
    if (!isLeftBoundary(text, at)) {
      pattern.lastIndex = at + 1;
      continue;
    }
    if (keyIdKind(id) === undefined || isPlaceholderId(id)) continue;
    found.push({
      ...literal(at, 'keyId', id, 'aws'),
      stem: stemBefore(text, at),
      onSignedRequest: isOnSignedRequest(text, at, at + id.length),
    });
  }
  return found;
}

/** `AKIAXXXXXXXXXXXXXXXX`, and the ACCA… of a genome. */
function isPlaceholderId(id: string): boolean {
  return new Set(id.slice(4)).size < 7 && doubtAboutKeyId(id) !== undefined;
}

function isLeftBoundary(text: string, at: number): boolean {
  if (at === 0 || !/[A-Za-z0-9]/.test(text[at - 1] as string)) return true;
  // `\nAKIA…`, `\u003dAKIA…`, `%3DAKIA…`: what stands before is the end of an escape.
  return /(?:^|[^\\])\\[nrtbf]$|\\u[0-9A-Fa-f]{4}$|\\x[0-9A-Fa-f]{2}$|%[0-9A-Fa-f]{2}$/.test(
    text.slice(Math.max(0, at - 7), at),
  );
}

/**
 * Signature version 4 puts the id into a scope (`AKIA…/20261121/eu-west-1/s3/aws4_request`), version 2 beside
 * `Signature=` in a query or as `AWS AKIA…:signature` in a header.
 */
function isOnSignedRequest(text: string, start: number, end: number): boolean {
  if (/^(?:\/|%2F|%252F)\d{8}(?:\/|%2F|%252F)/i.test(text.slice(end, end + 20))) return true;
  const before = text.slice(Math.max(0, start - 24), start);
  if (/Authorization["']?\s*[:=]\s*["']?AWS $/i.test(text.slice(Math.max(0, start - 32), start))) return true;
  if (!/AWSAccessKeyId=$/i.test(before)) return false;
  const line = text.slice(Math.max(0, start - 1024), end + 1024);
  return /[?&;]Signature=/.test(line) || /[?&;]Expires=\d/.test(line);
}

function findNamedSecrets(text: string): Sighting[] {
  const found = new Map<number, Sighting>();
  const words = /secret/gi;
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    const name = nameAround(text, match.index);
    const kind = secretNameKind(name.text);
    words.lastIndex = Math.max(words.lastIndex, name.end);
    if (kind === undefined) continue;
    const value = valueAfter(text, name.end);
    // Of two names in front of one value (`${NAME:-value}`) the first says more.
    if (value === undefined || found.has(value.at)) continue;
    found.set(value.at, {
      ...literal(value.at, 'secret', value.secret, kind),
      via: value.via,
      stem: credentialStem(name.text),
    });
  }
  return [...found.values()];
}

/** The identifier or the words ("AWS Secret Access Key") that hold the word at an offset. */
function nameAround(text: string, at: number): { readonly text: string; readonly end: number } {
  let start = at;
  while (start > 0 && at - start < 60 && /[\w.-]/.test(text[start - 1] as string)) start -= 1;
  if (start === at) start -= /(?:aws|access key) $/i.exec(text.slice(Math.max(0, at - 11), at))?.[0].length ?? 0;
  wordsFrom.lastIndex = at;
  const end = wordsFrom.exec(text) === null ? at : wordsFrom.lastIndex;
  return { text: text.slice(start, end), end };
}

const wordsFrom = /secret(?: access key| key)?[\w.-]{0,60}/iy;

interface NamedValue {
  readonly at: number;
  readonly secret: string;
  readonly via: string;
}

/** How far behind its name a value is looked for. */
const valueReach = 320;

/**
 * The value that belongs to a name: on the same line, or, when nothing but punctuation follows on that line, on one of the
 * next four (`name:` and `value:` of a container, a variable's `default`).
 */
function valueAfter(text: string, nameEnd: number): NamedValue | undefined {
  const window = text.slice(nameEnd, nameEnd + valueReach);
  const lineEnd = window.indexOf('\n');
  const restOfLine = lineEnd === -1 ? window : window.slice(0, lineEnd);
  if (lineEnd === -1 || !/^[\s"'`:=>{|,\](\\-]*$/.test(restOfLine)) {
    return firstSecret(text, nameEnd, nameEnd + restOfLine.length);
  }
  const fourLines = window.split('\n', 5).join('\n').length;
  return firstSecret(
    text,
    nameEnd,
    nameEnd + fourLines,
    /(^|\W)(value|default|stringvalue|string|text)["']?\s*[:=]\s*["'|>-]*\s*$|^\s*["']?$/i,
  );
}

function firstSecret(text: string, from: number, to: number, lineUpToValue?: RegExp): NamedValue | undefined {
  for (const run of findBase64Runs(text, from, Math.min(text.length, to + 60), 40)) {
    if (run.at >= to) return undefined;
    const gap = text.slice(from, run.at);
    if (lineUpToValue !== undefined && !lineUpToValue.test(gap.slice(gap.lastIndexOf('\n') + 1))) continue;
    const evidence = /^[\s"'`:=>|,()[\]\\{<$?&;-]{0,24}$/.test(gap) ? 'named' : 'bare';
    const value = readSecret(text, run, evidence);
    if (value !== undefined) return value;
  }
  return undefined;
}

function readSecret(text: string, run: Base64Run, evidence: 'named' | 'bare'): NamedValue | undefined {
  if (run.value.length === 54 && text.startsWith('==', run.end)) {
    const decoded = Buffer.from(run.value, 'base64').toString('latin1');
    return isSecretShape(decoded, 'bare') ? { at: run.at, secret: decoded, via: 'base64' } : undefined;
  }
  if (!isSecretShape(run.value, evidence) || isPieceOfMore(text, run)) return undefined;
  const via = run.end - run.at === run.value.length ? 'literal' : 'percent-encoded';
  return { at: run.at, secret: run.value, via };
}

function findSessionTokens(text: string): Sighting[] {
  const found: Sighting[] = [];
  const names = /(?:session|security)[_-]?token/gi;
  for (let match = names.exec(text); match !== null; match = names.exec(text)) {
    const end = match.index + match[0].length;
    const value = /^["'`]?\s*(?:\]|\))?\s*(?:[:=,|]|=>|:=|>)?\s*["'`]?([A-Za-z0-9+/]{100,}={0,2})/.exec(
      text.slice(end, end + 4096),
    );
    if (value === null) continue;
    const token = value[1] as string;
    found.push(literal(end + value[0].length - token.length, 'token', token, 'aws'));
  }
  return found;
}

/**
 * Long-lived Bedrock keys are `ABSK` and base64, short-lived ones a presigned request in base64
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-how.html).
 */
function findBedrockKeys(text: string): Sighting[] {
  if (!text.includes('ABSK') && !text.includes('bedrock-api-key-')) return [];
  const found: Sighting[] = [];
  const pattern = /ABSK[A-Za-z0-9+/]{109,269}={0,2}(?![A-Za-z0-9+/=])|bedrock-api-key-[A-Za-z0-9+/]{100,}={0,2}/g;
  for (const match of text.matchAll(pattern)) {
    if (!isLeftBoundary(text, match.index)) continue;
    const part = match[0].startsWith('ABSK') ? 'secret' : 'token';
    found.push({ ...literal(match.index, part, match[0], 'aws'), bedrock: true });
  }
  return found;
}

/** Characters before and after an id in which a secret without a name is looked for. */
const bareReach = 1024;

function findBareSecrets(text: string, ids: readonly Sighting[], taken: ReadonlySet<number>): Sighting[] {
  const found: Sighting[] = [];
  let searchedTo = 0;
  for (const id of ids) {
    if (id.onSignedRequest) continue;
    const from = Math.max(searchedTo, id.at - bareReach);
    const to = Math.min(text.length, id.at + 20 + bareReach);
    if (from >= to) continue;
    for (const run of findBase64Runs(text, from, to, 40)) {
      searchedTo = Math.max(searchedTo, run.end);
      // A run that the window cuts could be longer than it looks.
      if ((run.at === from && from > 0) || (run.end === to && to < text.length) || taken.has(run.at)) continue;
      if (isWrappedLine(text, run)) continue;
      const value = readSecret(text, run, 'bare');
      if (value === undefined || isInHashOrSignature(text, run.at)) continue;
      found.push({ ...literal(run.at, 'secret', value.secret, 'bare'), via: value.via });
    }
    searchedTo = Math.max(searchedTo, to);
  }
  return found;
}

/** `sha1-…`, `integrity: …`, `Signature=…`, `"etag": …`: random characters that are announced as something else. */
function isInHashOrSignature(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  return /(?:sha\d+[-:=]|integrity|signature|digest|checksum|hash|etag|fingerprint|serial|lineage|revision|commit|md5)["']?\s*[:=]?\s*["']?$/i.test(
    before,
  );
}

/** Base64 of any id prefix at each of the three alignments: its characters that do not depend on the neighbours. */
const encodedPrefixes = new RegExp(
  ['AKIA', 'ASIA', 'ABIA', 'ACCA']
    .flatMap((prefix) =>
      [0, 1, 2].map((shift) => {
        const encoded = Buffer.from(`${'\0'.repeat(shift)}${prefix}`).toString('base64');
        const [from, to] = (
          [
            [0, 5],
            [2, 6],
            [3, 8],
          ] as const
        )[shift] ?? [0, 0];
        return encoded.slice(from, to).replace('+', '\\+');
      }),
    )
    .join('|'),
  'g',
);

/** Kubernetes secrets, user data: whole texts in base64. Their sightings stand where the base64 starts. */
function searchInsideBase64(text: string): Sighting[] {
  const found: Sighting[] = [];
  let searchedTo = -1;
  encodedPrefixes.lastIndex = 0;
  for (let match = encodedPrefixes.exec(text); match !== null; match = encodedPrefixes.exec(text)) {
    if (match.index < searchedTo) continue;
    const run = runAround(text, match.index);
    searchedTo = run.end;
    if (run.end - run.start < 24) continue;
    const inner = Buffer.from(text.slice(run.start, run.end), 'base64').toString('latin1');
    for (const sighting of searchPlainText(inner)) {
      const stem = sighting.stem ?? stemBefore(text, run.start);
      found.push({ ...sighting, at: run.start, via: 'base64', stem });
    }
  }
  return found;
}

const longestRun = 65_536;

function runAround(text: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  while (start > 0 && at - start < longestRun && /[A-Za-z0-9+/]/.test(text[start - 1] as string)) start -= 1;
  let end = at;
  while (end < text.length && end - at < longestRun && /[A-Za-z0-9+/=]/.test(text[end] as string)) end += 1;
  return { start, end };
}

/** The stem of the name that a value at an offset is assigned to on its line. */
function stemBefore(text: string, at: number): string | undefined {
  const before = text.slice(Math.max(0, at - 120), at);
  const name = /([A-Za-z][\w.-]*)["'\]]*[ \t]*(?:[:=]|=>|:=|,)[ \t]*["'`]?$/.exec(before)?.[1];
  return name === undefined || /^(value|default|text|string)$/i.test(name) ? undefined : credentialStem(name);
}

function literal(at: number, part: CredentialPart, value: string, evidence: Sighting['evidence']): Sighting {
  return {
    at,
    part,
    value: new Secret(value),
    via: 'literal',
    evidence,
    stem: undefined,
    onSignedRequest: false,
    bedrock: false,
  };
}
