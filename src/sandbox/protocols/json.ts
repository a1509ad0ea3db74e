/**
 * The awsJson protocols: an object comes in, an object goes out, `X-Amz-Target` says which operation.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
import { AwsError } from '../core/aws-error.ts';
import type { ErrorView, Input, Output, WireResponse } from '../core/service.ts';
import { decodeUtf8 } from './text.ts';

/** Reads the body of a request; an empty one is an empty object. Throws AwsError for what is no JSON object. */
export function decodeJson(body: Uint8Array): Input {
  if (body.length === 0) return {};
  const text = decodeUtf8(body);
  let value: unknown;
  try {
    if (text !== undefined) value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object in UTF-8.', 400);
  }
  return value as Input;
}

export function encodeJsonOutput(
  output: Exclude<Output, WireResponse>,
  version: '1.0' | '1.1',
  requestId: string,
): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId },
    body: output === undefined ? '' : JSON.stringify(jsonValue(output)),
  };
}

/** @param namespace what stands before `#` in `__type`; nothing does in most services */
export function encodeJsonError(error: ErrorView, version: '1.0' | '1.1', namespace?: string): WireResponse {
  const type = namespace === undefined ? error.code : `${namespace}#${error.code}`;
  // Few services spell it with a capital; every client reads both.
  const text = version === '1.0' ? { message: error.message } : { Message: error.message, message: error.message };
  return {
    status: error.status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': error.requestId,
      'x-amzn-errortype': error.code,
      ...error.headers,
    },
    body: JSON.stringify({ __type: type, ...text, ...(jsonValue(error.members) as object) }),
  };
}

/** A value as AWS's JSON holds it: timestamps in seconds since the epoch, blobs in base64. */
export function jsonValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [name, jsonValue(member)]));
}
