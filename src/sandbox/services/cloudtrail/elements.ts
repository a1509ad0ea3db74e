/**
 * Request parameters and response elements: what came and went over the wire, with AWS's lower first letters and without
 * secrets. AWS leaves some members out and writes HIDDEN_DUE_TO_SECURITY_REASONS for others.
 */
import { Secret } from '../../../kernel/secret.ts';
import type { Output, WireResponse } from '../../core/service.ts';
import { wordsOf } from './event-time.ts';

export type Elements = Readonly<Record<string, unknown>>;

export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/**
 * The members as CloudTrail shows them; `null` when there are none. It is applied to everything that enters a record, so
 * an operation cannot write a secret into one by mistake.
 */
export function elementsOf(members: Elements | null | undefined): Elements | null {
  if (members === null || members === undefined) return null;
  const shown = shownMembers(members, true, 0);
  return Object.keys(shown).length === 0 ? null : shown;
}

/** The HTTP answer that an operation of `rest-*` built. */
export function wireResponseOf(output: Output): WireResponse | undefined {
  return output !== undefined && typeof output.status === 'number' && 'headers' in output
    ? (output as WireResponse)
    : undefined;
}

/** The members of an answer, of its JSON body too; `null` when there are none. */
export function membersOf(output: Output): Elements | null {
  const response = wireResponseOf(output);
  if (response === undefined) return (output as Elements | undefined) ?? null;
  if (!(response.headers['content-type'] ?? '').includes('json')) return null;
  const text = typeof response.body === 'string' ? response.body : Buffer.from(response.body).toString();
  return text === '' ? null : (JSON.parse(text) as Elements);
}

/** Never in a record, under any name. */
const leftOut: ReadonlySet<string> = new Set([
  'secretaccesskey',
  'webidentitytoken',
  'samlassertion',
  'plaintext',
  'ciphertextblob',
  'ciphertextfordecryption',
  'body',
]);

/**
 * `sessionToken` is in AWS's own records; without the secret key it is useless, but a reader of ours cannot tell it from
 * one that matters.
 */
const masked: ReadonlySet<string> = new Set([
  'clientsecret',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'code',
  'codeverifier',
  'assertion',
  'subjecttoken',
  'password',
  'oldpassword',
  'newpassword',
  'tokencode',
  'sessiontoken',
]);

/** Numbers that the query protocol sends as text. */
const numeric: ReadonlySet<string> = new Set(['durationSeconds', 'maxSessionDuration', 'maxItems']);

/** Members whose own names are data of the caller: not to be changed. */
const freeMaps: ReadonlySet<string> = new Set([
  'encryptionContext',
  'key',
  'expressionAttributeNames',
  'principalTags',
]);

/** No operation of AWS nests deeper; a request may, to exhaust the stack. */
const deepest = 40;

function shownMembers(members: Elements, lower: boolean, depth: number): Elements {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    const key = name.toLowerCase();
    if (value === undefined || value === null || leftOut.has(key)) continue;
    const spelled = lower ? lowerFirst(name) : name;
    if (masked.has(key) || value instanceof Secret) shown[spelled] = hidden;
    else if (numeric.has(spelled) && typeof value === 'string' && /^\d+$/.test(value)) shown[spelled] = Number(value);
    else shown[spelled] = shownValue(value, !freeMaps.has(spelled), depth + 1);
  }
  return shown;
}

function shownValue(value: unknown, lower: boolean, depth: number): unknown {
  if (depth > deepest) return hidden;
  if (value instanceof Secret) return hidden;
  if (value instanceof Date) return wordsOf(value);
  if (value instanceof Uint8Array) return hidden;
  if (Array.isArray(value)) return value.map((item: unknown) => shownValue(item, lower, depth + 1));
  if (typeof value === 'object' && value !== null) return shownMembers(value as Elements, lower, depth);
  return value;
}

/** `UserName` becomes `userName`, `SAMLAssertionID` `sAMLAssertionID`; `x-amz-…`, `Host` of S3 and host names stay. */
function lowerFirst(name: string): string {
  return /^[A-Z]/.test(name) && name !== 'Host' ? (name[0] as string).toLowerCase() + name.slice(1) : name;
}
