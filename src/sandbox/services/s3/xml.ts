/** The XML of S3: documents out, documents in. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AwsError } from '../../core/aws-error.ts';
import type { WireResponse } from '../../core/service.ts';

export const xmlNamespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export type XmlContent = string | number | boolean | Date | readonly XmlElement[];
/** `undefined` content leaves the element out. */
export type XmlElement = readonly [name: string, content: XmlContent | undefined];

export function renderElement([name, content]: XmlElement): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return `<${name}>${content.map(renderElement).join('')}</${name}>`;
  return `<${name}>${escapeXml(content instanceof Date ? content.toISOString() : String(content))}</${name}>`;
}

/** Characters that XML 1.0 cannot hold are written as references all the same, as S3 does; clients ask for `encoding-type=url`. */
function escapeXml(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them.
    /[&<>"\u0000-\u0008\u000b-\u001f]/g,
    (character) => entities[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function xmlAnswer(
  root: string,
  elements: readonly XmlElement[],
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `${xmlDeclaration}<${root} xmlns="${xmlNamespace}">${elements.map(renderElement).join('')}</${root}>`,
  };
}

export function emptyAnswer(status: number = 200, headers: Readonly<Record<string, string>> = {}): WireResponse {
  return { status, headers, body: '' };
}

/** An element of a parsed document. */
export class XmlNode {
  readonly #content: unknown;

  constructor(content: unknown) {
    this.#content = content;
  }

  all(name: string): readonly XmlNode[] {
    const found = isObject(this.#content) ? this.#content[name] : undefined;
    return Array.isArray(found) ? found.map((content) => new XmlNode(content)) : [];
  }

  first(name: string): XmlNode | undefined {
    return this.all(name)[0];
  }

  /** `undefined` when the element is not there. */
  text(name: string): string | undefined {
    return this.first(name)?.value;
  }

  get value(): string {
    if (typeof this.#content === 'string') return this.#content;
    const text = isObject(this.#content) ? this.#content['#text'] : undefined;
    return typeof text === 'string' ? text : '';
  }

  /** As CloudTrail shows it: single elements as their value, repeated ones as a list. */
  toJson(): unknown {
    if (!isObject(this.#content)) return this.#content;
    const members = Object.entries(this.#content).filter(([name]) => name !== '#text');
    if (members.length === 0) return this.value;
    return Object.fromEntries(
      members.map(([name]) => {
        const nodes = this.all(name);
        return [name, nodes.length === 1 ? nodes[0]?.toJson() : nodes.map((node) => node.toJson())];
      }),
    );
  }
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
  isArray: () => true,
});

/** Reads a document with the root element `root`. Throws AwsError MalformedXML. */
export function parseXml(body: Uint8Array, root: string): XmlNode {
  const text = new TextDecoder().decode(body);
  // No document of S3 has a DOCTYPE; without one there are no entities to expand.
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw malformedXml();
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch {
    throw malformedXml();
  }
  const node = new XmlNode(parsed).first(root);
  if (node === undefined) throw malformedXml();
  return node;
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
