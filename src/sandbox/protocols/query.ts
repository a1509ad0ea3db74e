/**
 * The awsQuery protocol of STS and IAM: a form comes in, XML goes out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import { AwsError } from '../core/aws-error.ts';
import type { ErrorView, Input, Output, WireResponse } from '../core/service.ts';
import { decodeUtf8 } from './text.ts';

export interface QueryCall {
  readonly action: string | undefined;
  readonly input: Input;
}

/** A tree on the way from flat names (`Tags.member.1.Key`) to nested values. */
interface Branch {
  value: string | undefined;
  readonly children: Map<string, Branch>;
}

/** More parameters than any call of AWS takes; a form of a million names is nonsense. */
const maximumParameters = 10_000;
const maximumDepth = 16;

/** Reads a form: lists as arrays, structures as objects, every leaf a string. Throws AwsError for what is no form. */
export function decodeQuery(body: Uint8Array, queryString: string): QueryCall {
  const text = decodeUtf8(body);
  if (text === undefined) throw new AwsError('MalformedQueryString', 'The request body is not UTF-8.', 400);
  const root: Branch = { value: undefined, children: new Map() };
  let count = 0;
  for (const [name, value] of [...new URLSearchParams(queryString), ...new URLSearchParams(text)]) {
    count += 1;
    const path = name.split('.');
    if (count > maximumParameters || path.length > maximumDepth) {
      throw new AwsError('MalformedQueryString', 'The request holds more parameters than any action takes.', 400);
    }
    let branch = root;
    for (const part of path) {
      const next = branch.children.get(part) ?? { value: undefined, children: new Map() };
      branch.children.set(part, next);
      branch = next;
    }
    branch.value = value;
  }
  const action = root.children.get('Action')?.value;
  for (const name of ['Action', 'Version']) root.children.delete(name);
  for (const name of root.children.keys()) if (name.startsWith('X-Amz-')) root.children.delete(name);
  return { action, input: structureOf(root) };
}

function valueAt(branch: Branch): unknown {
  const { children } = branch;
  if (children.size === 0) return branch.value ?? '';
  const members = children.get('member')?.children ?? children.get('entry')?.children;
  if (children.size === 1 && members !== undefined && [...members.keys()].every((key) => /^\d{1,6}$/.test(key))) {
    return [...members].sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => valueAt(member));
  }
  return structureOf(branch);
}

function structureOf(branch: Branch): Input {
  // No prototype: a parameter may be called __proto__.
  const structure: Record<string, unknown> = Object.create(null);
  for (const [name, child] of branch.children) structure[name] = valueAt(child);
  return structure;
}

export function encodeQueryOutput(
  operation: string,
  output: Exclude<Output, WireResponse>,
  namespace: string,
  requestId: string,
): WireResponse {
  const result = output === undefined ? '' : `<${operation}Result>${members(output)}</${operation}Result>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${operation}Response xmlns="${namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

export function encodeQueryError(error: ErrorView, namespace: string): WireResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': error.requestId, ...error.headers },
    body: `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${members(error.members)}</Error><RequestId>${error.requestId}</RequestId></ErrorResponse>`,
  };
}

function members(structure: Readonly<Record<string, unknown>>): string {
  return Object.entries(structure)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${element(value)}</${name}>`)
    .join('');
}

function element(value: unknown): string {
  if (typeof value === 'string') return escapeXml(value);
  if (Array.isArray(value)) return value.map((member) => `<member>${element(member)}</member>`).join('');
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) {
    return [...value]
      .map(([key, entry]) => `<entry><key>${element(key)}</key><value>${element(entry)}</value></entry>`)
      .join('');
  }
  if (typeof value === 'object' && value !== null) return members(value as Readonly<Record<string, unknown>>);
  return String(value);
}

/** Text for an element or attribute of XML 1.0; characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) => escapes[character] ?? '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no form for them
const unsafe = /[&<>"'\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
};
