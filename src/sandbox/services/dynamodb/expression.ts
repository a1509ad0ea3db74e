/**
 * The language of ConditionExpression, FilterExpression, KeyConditionExpression, ProjectionExpression and UpdateExpression
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html): text to tree.
 */
import { validation } from './errors.ts';
import type { AttributeValue } from './state.ts';

/** A document path: an attribute, then members of maps and elements of lists. */
export type Path = readonly [string, ...(string | number)[]];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly path: Path };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type ConditionNode =
  | { readonly kind: 'or' | 'and'; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly kind: 'not'; readonly operand: ConditionNode }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Operand[] }
  | {
      readonly kind: 'function';
      readonly name: 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';
      readonly path: Path;
      readonly argument: Operand | undefined;
    };

export type UpdateOperand =
  | Operand
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: UpdateOperand }
  | { readonly kind: 'list-append'; readonly first: UpdateOperand; readonly second: UpdateOperand };

export type UpdateAction =
  | {
      readonly kind: 'set';
      readonly path: Path;
      readonly left: UpdateOperand;
      readonly sign: '+' | '-' | undefined;
      readonly right: UpdateOperand | undefined;
    }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: AttributeValue };

/** Name and value placeholders of one request; knows which of them some expression used. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #used = new Set<string>();

  constructor(names: ReadonlyMap<string, string>, values: ReadonlyMap<string, AttributeValue>) {
    this.#names = names;
    this.#values = values;
  }

  name(placeholder: string, expression: string): string {
    const name = this.#names.get(placeholder);
    if (name === undefined) {
      throw validation(
        `Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return name;
  }

  value(placeholder: string, expression: string): AttributeValue {
    const value = this.#values.get(placeholder);
    if (value === undefined) {
      throw validation(
        `Invalid ${expression}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return value;
  }

  /** Throws AwsError when one was given and not used. */
  requireAllUsed(): void {
    const unused = (all: Iterable<string>): string => [...all].filter((one) => !this.#used.has(one)).join(', ');
    const names = unused(this.#names.keys());
    if (names !== '') {
      throw validation(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${names}}`);
    }
    const values = unused(this.#values.keys());
    if (values !== '') {
      throw validation(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${values}}`);
    }
  }
}

const longest = 4096;
const deepest = 100;

interface Token {
  readonly text: string;
  readonly kind: 'name' | '#' | ':' | 'number' | 'symbol' | 'end';
}

function tokenize(text: string, expression: string): readonly Token[] {
  if (text.trim() === '') throw validation(`Invalid ${expression}: The expression can not be empty;`);
  if (Buffer.byteLength(text) > longest) {
    throw validation(
      `Invalid ${expression}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
    );
  }
  const tokens: Token[] = [];
  const pattern = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null)
      throw syntaxError(expression, text.slice(start).trim().charAt(0), text.slice(start, start + 10).trim());
    const [, name, nameHolder, valueHolder, number, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (nameHolder !== undefined) tokens.push({ kind: '#', text: nameHolder });
    else if (valueHolder !== undefined) tokens.push({ kind: ':', text: valueHolder });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'symbol', text: symbol as string });
  }
  tokens.push({ kind: 'end', text: '<EOF>' });
  return tokens;
}

function syntaxError(expression: string, token: string, near: string): Error {
  return validation(`Invalid ${expression}: Syntax error; token: "${token}", near: "${near}"`);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #expression: string;
  readonly #placeholders: Placeholders;
  #at = 0;
  #depth = 0;

  constructor(text: string, expression: string, placeholders: Placeholders) {
    this.#tokens = tokenize(text, expression);
    this.#expression = expression;
    this.#placeholders = placeholders;
  }

  condition(): ConditionNode {
    const node = this.#or();
    this.#requireEnd();
    return node;
  }

  projection(): readonly Path[] {
    const paths = [this.#path()];
    while (this.#take(',')) paths.push(this.#path());
    this.#requireEnd();
    return paths;
  }

  update(): readonly UpdateAction[] {
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    while (this.#peek().kind !== 'end') {
      const clause = this.#peek().text.toUpperCase();
      if (!['SET', 'REMOVE', 'ADD', 'DELETE'].includes(clause)) throw this.#unexpected();
      if (seen.has(clause)) {
        throw validation(
          `Invalid UpdateExpression: The "${clause}" section can only be used once in an update expression;`,
        );
      }
      seen.add(clause);
      this.#at++;
      do actions.push(this.#updateAction(clause));
      while (this.#take(','));
    }
    return actions;
  }

  #updateAction(clause: string): UpdateAction {
    const path = this.#path();
    if (clause === 'REMOVE') return { kind: 'remove', path };
    if (clause === 'ADD' || clause === 'DELETE') {
      const operand = this.#operand();
      if (operand.kind !== 'value') throw this.#unexpected();
      return { kind: clause === 'ADD' ? 'add' : 'delete', path, value: operand.value };
    }
    this.#expect('=');
    const left = this.#updateOperand();
    const sign = this.#take('+') ? '+' : this.#take('-') ? '-' : undefined;
    return { kind: 'set', path, left, sign, right: sign === undefined ? undefined : this.#updateOperand() };
  }

  #updateOperand(): UpdateOperand {
    return this.#nested(() => {
      const name = this.#functionName();
      if (name === 'if_not_exists') {
        this.#at += 2;
        const path = this.#path();
        this.#expect(',');
        const otherwise = this.#updateOperand();
        this.#expect(')');
        return { kind: 'if-not-exists', path, otherwise };
      }
      if (name === 'list_append') {
        this.#at += 2;
        const first = this.#updateOperand();
        this.#expect(',');
        const second = this.#updateOperand();
        this.#expect(')');
        return { kind: 'list-append', first, second };
      }
      if (name !== undefined) throw this.#unknownFunction(name);
      return this.#operand();
    });
  }

  #or(): ConditionNode {
    let left = this.#and();
    while (this.#takeWord('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): ConditionNode {
    let left = this.#not();
    while (this.#takeWord('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): ConditionNode {
    return this.#nested(() => {
      if (this.#takeWord('NOT')) return { kind: 'not', operand: this.#not() };
      if (!this.#take('(')) return this.#simple();
      const inner = this.#or();
      this.#expect(')');
      return inner;
    });
  }

  #simple(): ConditionNode {
    const name = this.#functionName();
    if (name !== undefined && name !== 'size') return this.#function(name);
    const value = this.#operand();
    if (this.#takeWord('BETWEEN')) {
      const low = this.#operand();
      if (!this.#takeWord('AND')) throw this.#unexpected();
      return { kind: 'between', value, low, high: this.#operand() };
    }
    if (this.#takeWord('IN')) {
      this.#expect('(');
      const list = [this.#operand()];
      while (this.#take(',')) list.push(this.#operand());
      this.#expect(')');
      if (list.length > 100)
        throw validation(
          `Invalid ${this.#expression}: The IN operator is provided with too many operands; number of operands: ${list.length}`,
        );
      return { kind: 'in', value, list };
    }
    const comparator = this.#peek();
    if (!/^(=|<>|<=?|>=?)$/.test(comparator.text)) throw this.#unexpected();
    this.#at++;
    return { kind: 'compare', comparator: comparator.text as Comparator, left: value, right: this.#operand() };
  }

  #function(name: string): ConditionNode {
    switch (name) {
      case 'attribute_exists':
      case 'attribute_not_exists': {
        this.#at += 2;
        const path = this.#path();
        this.#expect(')');
        return { kind: 'function', name, path, argument: undefined };
      }
      case 'attribute_type':
      case 'begins_with':
      case 'contains': {
        this.#at += 2;
        const path = this.#path();
        this.#expect(',');
        const argument = this.#operand();
        this.#expect(')');
        return { kind: 'function', name, path, argument };
      }
      default:
        throw this.#unknownFunction(name);
    }
  }

  #operand(): Operand {
    const token = this.#peek();
    if (token.kind === ':') {
      this.#at++;
      return { kind: 'value', value: this.#placeholders.value(token.text, this.#expression) };
    }
    if (this.#functionName() === 'size') {
      this.#at += 2;
      const path = this.#path();
      this.#expect(')');
      return { kind: 'size', path };
    }
    return { kind: 'path', path: this.#path() };
  }

  #path(): Path {
    const path: [string, ...(string | number)[]] = [this.#member()];
    for (;;) {
      if (this.#take('.')) path.push(this.#member());
      else if (this.#take('[')) {
        const index = this.#peek();
        if (index.kind !== 'number') throw this.#unexpected();
        this.#at++;
        path.push(Number(index.text));
        this.#expect(']');
      } else return path;
    }
  }

  #member(): string {
    const token = this.#peek();
    if (token.kind === '#') {
      this.#at++;
      return this.#placeholders.name(token.text, this.#expression);
    }
    if (token.kind !== 'name' || keywords.has(token.text.toUpperCase())) throw this.#unexpected();
    this.#at++;
    return token.text;
  }

  /** The name that stands before an opening parenthesis. */
  #functionName(): string | undefined {
    const token = this.#peek();
    return token.kind === 'name' && this.#tokens[this.#at + 1]?.text === '(' ? token.text : undefined;
  }

  #unknownFunction(name: string): Error {
    return validation(`Invalid ${this.#expression}: Invalid function name; function: ${name}`);
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > deepest) {
      throw validation(
        `Invalid ${this.#expression}: The expression is nested deeper than the sandbox follows; depth: ${deepest}`,
      );
    }
    const result = parse();
    this.#depth--;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? (this.#tokens.at(-1) as Token);
  }

  #take(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at++;
    return true;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'name' || token.text.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#unexpected();
  }

  #requireEnd(): void {
    if (this.#peek().kind !== 'end') throw this.#unexpected();
  }

  #unexpected(): Error {
    const near = this.#tokens
      .slice(Math.max(0, this.#at - 1), this.#at + 2)
      .filter(({ kind }) => kind !== 'end')
      .map(({ text }) => text)
      .join(' ');
    return syntaxError(this.#expression, this.#peek().text, near);
  }
}

/** Words of the language itself, which are no attribute names. */
const keywords = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE']);

/** Throws AwsError ValidationException. `expression` is its name in the request: `ConditionExpression`. */
export function parseCondition(text: string, expression: string, placeholders: Placeholders): ConditionNode {
  return new Parser(text, expression, placeholders).condition();
}

/** Throws AwsError ValidationException. */
export function parseProjection(text: string, placeholders: Placeholders): readonly Path[] {
  return new Parser(text, 'ProjectionExpression', placeholders).projection();
}

/** Throws AwsError ValidationException. */
export function parseUpdate(text: string, placeholders: Placeholders): readonly UpdateAction[] {
  return new Parser(text, 'UpdateExpression', placeholders).update();
}
