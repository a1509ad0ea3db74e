/**
 * Terraform's JSON syntax (`*.tf.json`, `*.tfvars.json`) as the same tree that native HCL gives, so that whoever reads
 * one reads the other. Ranges are those of the JSON text; it is edited with `JsonEditor`, never with `HclEditor`.
 *
 * What native syntax tells apart, JSON does not: whether `"assume_role": {…}` is a block or an attribute depends on the
 * provider's schema. Inside blocks, an object or an array of objects therefore appears as BOTH an attribute and one
 * block per object, with the same range. `findAttribute` and `findBlocks` each find what they look for; whoever
 * walks all items meets it twice. Where Terraform's own schema decides (top level, `terraform`, `provisioner`,
 * `locals`, `required_providers`, attributes of `variable` and the like) there is one form only.
 *
 * Rules followed: developer.hashicorp.com/terraform/language/syntax/json and hashicorp/hcl, json/structure.go.
 */
import {
  type JsonMember,
  type JsonNode,
  type JsonObject,
  type JsonString,
  type JsonValue,
  parseJson,
} from '../json/index.ts';
import { jsonExpression } from './json-expression.ts';
import type { HclAttribute, HclBlock, HclBody, HclItem, HclLabel, HclProblem } from './syntax.ts';

export interface TerraformJson {
  readonly body: HclBody;
  readonly problems: readonly HclProblem[];
}

/** The body of a `.tf.json` or `.tfvars.json` file. Never throws; a text that is not JSON has an empty body and a problem. */
export function parseTerraformJson(source: string): TerraformJson {
  const { root, problems } = parseJson(source);
  if (root === undefined) return { body: emptyBody(source), problems };
  const reader = new Reader(source);
  const items = reader.items(root, topLevel);
  return { body: { kind: 'body', start: 0, end: source.length, items }, problems: reader.problems };
}

/** How a member of a body is read. */
type Role =
  /** A block with so many labels, whose body follows this grammar. */
  | { readonly labels: number; readonly body: Grammar }
  | 'attribute'
  /** Depends on a schema that is not known here: both. */
  | 'either';

interface Grammar {
  readonly members: ReadonlyMap<string, Role>;
  readonly others: Role;
}

const grammar = (members: Readonly<Record<string, Role>>, others: Role): Grammar => ({
  members: new Map(Object.entries(members)),
  others,
});

const attributes = grammar({}, 'attribute');
const open = grammar({}, 'either');
const block = (labels: number, body: Grammar = open): Role => ({ labels, body });

const checkRule = block(0, attributes);
const conditions = { precondition: checkRule, postcondition: checkRule };
/** Stands wherever blocks of a provider's schema may. */
const dynamic = block(1, grammar({ content: block(0) }, 'attribute'));

const resource = grammar(
  {
    connection: block(0, attributes),
    provisioner: block(1, grammar({ connection: block(0, attributes) }, 'attribute')),
    lifecycle: block(0, grammar(conditions, 'attribute')),
    depends_on: 'attribute',
    provider: 'attribute',
    for_each: 'attribute',
    count: 'attribute',
  },
  'either',
);

/** internal/configs: parser_config.go, module.go, backend.go of hashicorp/terraform; opentofu adds `encryption`. */
const topLevel: Grammar = grammar(
  {
    terraform: block(
      0,
      grammar(
        {
          backend: block(1),
          cloud: block(0, grammar({ workspaces: block(0, attributes) }, 'attribute')),
          required_providers: block(0, attributes),
          provider_meta: block(1, attributes),
          encryption: block(0),
        },
        'attribute',
      ),
    ),
    provider: block(1),
    resource: block(2, resource),
    data: block(2, resource),
    ephemeral: block(2, resource),
    module: block(1, attributes),
    variable: block(1, grammar({ validation: checkRule }, 'attribute')),
    output: block(1, grammar(conditions, 'attribute')),
    locals: block(0, attributes),
    moved: block(0, attributes),
    removed: block(0, grammar({ lifecycle: block(0, attributes), provisioner: block(1) }, 'attribute')),
    import: block(0, attributes),
    check: block(1, grammar({ data: block(2, resource), assert: checkRule }, 'attribute')),
  },
  'attribute',
);

class Reader {
  readonly problems: HclProblem[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  items(value: JsonValue, grammar: Grammar): HclItem[] {
    return this.#members(value, 'arguments and blocks').flatMap((member) => {
      const name = member.key.value;
      if (name === '//') return [];
      const role =
        grammar.members.get(name) ?? (name === 'dynamic' && grammar.others === 'either' ? dynamic : grammar.others);
      if (role === 'attribute') return [this.#attribute(member)];
      if (role === 'either') {
        const bodies = objectsOf(member.value);
        return [this.#attribute(member), ...bodies.map((body) => this.#block(member, [], body, open))];
      }
      // A tfvars file may well have a variable called "module": a value that can't be a block is an attribute.
      if (!canBeBlock(member.value)) return [this.#attribute(member)];
      return this.#blocks(member, member.value, [], role.labels, role.body);
    });
  }

  /** Peels off the labels, one level of objects each, then takes the body or bodies. */
  #blocks(
    member: JsonMember,
    value: JsonValue,
    labels: readonly JsonString[],
    left: number,
    body: Grammar,
  ): HclBlock[] {
    if (left === 0) return objectsOf(value).map((object) => this.#block(member, labels, object, body));
    return this.#members(value, `the labels of "${member.key.value}"`).flatMap((label) =>
      label.key.value === '//' ? [] : this.#blocks(member, label.value, [...labels, label.key], left - 1, body),
    );
  }

  #block(member: JsonMember, labels: readonly JsonString[], body: JsonObject, grammar: Grammar): HclBlock {
    return {
      kind: 'block',
      type: member.key.value,
      labels: labels.map(
        (label): HclLabel => ({ value: label.value, quoted: true, start: label.start, end: label.end }),
      ),
      body: {
        kind: 'body',
        items: this.items(body, grammar),
        start: body.start + 1,
        end: body.end - 1,
      },
      openBrace: body.start,
      closeBrace: body.end - 1,
      start: (labels.at(-1) ?? member).start,
      end: body.end,
    };
  }

  #attribute(member: JsonMember): HclAttribute {
    return {
      kind: 'attribute',
      name: member.key.value,
      nameStart: member.key.start + 1,
      nameEnd: member.key.end - 1,
      equals: member.colon,
      expression: jsonExpression(member.value, this.#source),
      start: member.start,
      end: member.end,
    };
  }

  /** The members of an object, or of all objects of an array. */
  #members(value: JsonValue, what: string): readonly JsonMember[] {
    if (value.kind === 'null') return [];
    if (value.kind === 'object') return value.members;
    if (value.kind === 'array') return value.elements.flatMap((element) => this.#members(element, what));
    this.problems.push({ message: `an object is required here, to define ${what}`, ...rangeOf(value) });
    return [];
  }
}

function canBeBlock(value: JsonValue): boolean {
  return (
    value.kind === 'object' ||
    value.kind === 'null' ||
    (value.kind === 'array' && value.elements.every(({ kind }) => kind === 'object' || kind === 'array'))
  );
}

function objectsOf(value: JsonValue): readonly JsonObject[] {
  if (value.kind === 'object') return [value];
  return value.kind === 'array' ? value.elements.filter((element) => element.kind === 'object') : [];
}

function rangeOf({ start, end }: JsonNode): JsonNode {
  return { start, end };
}

function emptyBody(source: string): HclBody {
  return { kind: 'body', start: 0, end: source.length, items: [] };
}
