/** Reading KMS's input: what is missing or of another type is a ValidationException. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import { requireKey } from './find-key.ts';
import { authorizeKey, type EncryptionContext, type KeyUse } from './key-access.ts';
import type { KmsKey } from './state.ts';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError('SerializationException', `${member} must be a string.`);
}

export function requiredText(input: Input, member: string): string {
  const value = optionalText(input, member);
  if (value !== undefined && value !== '') return value;
  const camel = member.charAt(0).toLowerCase() + member.slice(1);
  throw validation(
    `1 validation error detected: Value null at '${camel}' failed to satisfy constraint: Member must not be null`,
  );
}

export function optionalNumber(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new AwsError('SerializationException', `${member} must be a number.`);
}

/** Base64 on the wire. */
export function requiredBytes(input: Input, member: string, most: number): Buffer {
  const text = requiredText(input, member);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new AwsError('SerializationException', `${member} is no base64.`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > most) {
    const camel = member.charAt(0).toLowerCase() + member.slice(1);
    throw validation(
      `1 validation error detected: Value at '${camel}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
    );
  }
  return bytes;
}

export function contextMember(input: Input, member: string): EncryptionContext {
  const value = input[member];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new AwsError('SerializationException', `${member} must be a map.`);
  for (const one of Object.values(value)) {
    if (typeof one !== 'string') throw new AwsError('SerializationException', `${member} must hold strings.`);
  }
  return value as EncryptionContext;
}

/** KMS calls them TagKey and TagValue. Throws AwsError TagException. */
export function tagsMember(input: Input): readonly Tag[] {
  const list = input.Tags;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new AwsError('SerializationException', 'Tags must be a list.');
  const tags = list.map((tag: unknown): Tag => {
    const { TagKey: key, TagValue: value } = (typeof tag === 'object' && tag !== null ? tag : {}) as Record<
      string,
      unknown
    >;
    if (typeof key !== 'string' || key === '') throw new AwsError('TagException', 'A tag has no TagKey.');
    return { key, value: typeof value === 'string' ? value : '' };
  });
  if (new Set(tags.map(({ key }) => key)).size !== tags.length)
    throw new AwsError('TagException', 'Duplicate tag keys');
  return tags;
}

/** The key of `KeyId`, noted in the event, after its policy allowed the call. Throws AwsError. */
export function keyOf(call: Call, input: Input, use: KeyUse, member: string = 'KeyId'): KmsKey {
  const id = requiredText(input, member);
  const key = requireKey({ world: call.world, account: call.account, region: call.region }, id);
  noteKey(call, key);
  authorizeKey(call, key, use);
  return key;
}

export function noteKey(call: Call, ...keys: readonly KmsKey[]): void {
  call.event.resources = keys.map((key) => ({ accountId: key.account, type: 'AWS::KMS::Key', ARN: key.arn }));
}

/** Only aliases of the own account may be used for changing a key; ids and ARNs of keys otherwise. */
export function refuseAlias(input: Input): void {
  const id = requiredText(input, 'KeyId');
  if (/^(arn:.*:)?alias\//.test(id)) {
    throw new AwsError('InvalidArnException', `${id} is an alias; this operation takes a key ID or a key ARN.`);
  }
}

/** One page of a list by index. */
export function page<T>(call: { readonly input: Input; readonly items: readonly T[]; readonly limit: number }): {
  readonly items: readonly T[];
  readonly next: { readonly NextMarker?: string; readonly Truncated: boolean };
} {
  const { input, items } = call;
  const limit = Math.min(Math.max(1, optionalNumber(input, 'Limit') ?? call.limit), 1000);
  const marker = optionalText(input, 'Marker');
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw new AwsError('InvalidMarkerException', 'The marker is invalid.');
  const shown = items.slice(start, start + limit);
  const end = start + shown.length;
  return {
    items: shown,
    next:
      end < items.length
        ? { NextMarker: Buffer.from(String(end)).toString('base64'), Truncated: true }
        : { Truncated: false },
  };
}
