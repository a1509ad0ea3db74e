/**
 * Parses HCL expressions by recursive descent, with the accept/reject verdict of HashiCorp's own parser
 * (hashicorp/hcl, hclsyntax/parser.go).
 */
import { isNumber } from './number-literal.ts';
import { staticString } from './static-string.ts';
import type { HclBrokenExpression, HclExpression, HclFor, HclObjectItem, HclTraversalStep } from './syntax.ts';
import { TemplateParser } from './template-parser.ts';
import {
  AND,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  DOUBLE_COLON,
  ELLIPSIS,
  END_OF_FILE,
  EQUAL_TO,
  EQUALS,
  FAT_ARROW,
  GREATER,
  GREATER_OR_EQUAL,
  IDENTIFIER,
  LESS,
  LESS_OR_EQUAL,
  MINUS,
  NEWLINE,
  NOT,
  NOT_EQUAL_TO,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_HEREDOC,
  OPEN_PARENTHESIS,
  OPEN_QUOTE,
  OR,
  PERCENT,
  PLUS,
  QUESTION_MARK,
  SLASH,
  STAR,
} from './token-kind.ts';

/**
 * How deeply expressions and blocks may nest. Terraform has no limit of its own, but no human writes a tenth of this,
 * and a tree within it can be walked recursively.
 */
export const MAXIMUM_DEPTH = 400;

/** Binding strength of binary operators by token kind; 0 for tokens that are none. */
const precedence = new Uint8Array(256);
precedence[OR] = 1;
precedence[AND] = 2;
for (const kind of [EQUAL_TO, NOT_EQUAL_TO]) precedence[kind] = 3;
for (const kind of [LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL]) precedence[kind] = 4;
for (const kind of [PLUS, MINUS]) precedence[kind] = 5;
for (const kind of [STAR, SLASH, PERCENT]) precedence[kind] = 6;

export class ExpressionParser extends TemplateParser {
  protected depth = 0;

  protected expression(): HclExpression {
    if (this.depth >= MAXIMUM_DEPTH) return this.failTooDeep();
    this.depth++;
    let expression = this.binary(1);
    if (this.kind === QUESTION_MARK) {
      this.advance();
      const whenTrue = this.expression();
      if (this.kind !== COLON) {
        return this.fail(
          'Missing false expression in conditional: The conditional operator (...?...:...) requires a false expression, delimited by a colon.',
        );
      }
      this.advance();
      const whenFalse = this.expression();
      expression = {
        kind: 'conditional',
        start: expression.start,
        end: whenFalse.end,
        condition: expression,
        whenTrue,
        whenFalse,
      };
    }
    this.depth--;
    return expression;
  }

  protected failTooDeep(): HclBrokenExpression {
    return this.fail(`Nested too deeply: More than ${MAXIMUM_DEPTH} levels of nesting are not supported.`);
  }

  private binary(minimum: number): HclExpression {
    let left = this.operand();
    for (;;) {
      const strength = precedence[this.kind] as number;
      if (strength < minimum || strength === 0) return left;
      const operator = this.text();
      this.advance();
      const right = this.binary(strength + 1);
      left = { kind: 'binary', start: left.start, end: right.end, operator, left, right };
    }
  }

  private operand(): HclExpression {
    const { start, end } = this;
    switch (this.kind) {
      case IDENTIFIER:
        return this.afterIdentifier(start, end);
      case OPEN_QUOTE:
        return this.withSteps(this.quoted());
      case NUMBER: {
        const text = this.text();
        if (!isNumber(text)) this.reportNumber();
        this.advance();
        return this.withSteps({ kind: 'literal', start, end, value: Number(text) });
      }
      case OPEN_BRACKET:
        return this.withSteps(this.tuple());
      case OPEN_BRACE:
        return this.withSteps(this.object());
      case OPEN_PARENTHESIS:
        return this.withSteps(this.parentheses());
      case OPEN_HEREDOC:
        return this.withSteps(this.heredoc());
      case MINUS:
      case NOT: {
        if (this.depth >= MAXIMUM_DEPTH) return this.failTooDeep();
        const operator = this.kind === MINUS ? '-' : '!';
        this.depth++;
        this.advance();
        const operand = this.operand();
        this.depth--;
        return { kind: 'unary', start, end: operand.end, operator, operand };
      }
      case END_OF_FILE:
        return this.fail('Missing expression: Expected the start of an expression, but found the end of the file.');
      default:
        return this.fail(
          'Invalid expression: Expected the start of an expression, but found an invalid expression token.',
        );
    }
  }

  private reportNumber(): void {
    this.problems.push({
      start: this.start,
      end: this.end,
      message: 'Invalid number literal: Failed to recognize the value of this number literal.',
    });
  }

  private afterIdentifier(start: number, end: number): HclExpression {
    const name = this.source.slice(start, end);
    this.advance();
    if (this.kind === OPEN_PARENTHESIS || this.kind === DOUBLE_COLON)
      return this.withSteps(this.call(start, end, name));
    if (name === 'true') return this.withSteps({ kind: 'literal', start, end, value: true });
    if (name === 'false') return this.withSteps({ kind: 'literal', start, end, value: false });
    if (name === 'null') return this.withSteps({ kind: 'literal', start, end, value: null });
    const steps: HclTraversalStep[] = [];
    let traversalEnd = end;
    if (this.kind === DOT || this.kind === OPEN_BRACKET) traversalEnd = this.steps(steps, end);
    return { kind: 'traversal', start, end: traversalEnd, root: name, steps };
  }

  private withSteps(operand: HclExpression): HclExpression {
    if (this.kind !== DOT && this.kind !== OPEN_BRACKET) return operand;
    const steps: HclTraversalStep[] = [];
    const end = this.steps(steps, operand.end);
    return { kind: 'postfix', start: operand.start, end, operand, steps };
  }

  /** Reads `.name`, `.0`, `.*`, `[key]` and `[*]` into `steps`; returns where the last one ends. */
  private steps(steps: HclTraversalStep[], from: number): number {
    let end = from;
    let afterAttributeSplat = false;
    for (;;) {
      if (this.kind === DOT) {
        const start = this.start;
        this.advance();
        if (this.kind === IDENTIFIER) {
          end = this.end;
          steps.push({ kind: 'attribute', start, end, name: this.text() });
        } else if (this.kind === NUMBER) {
          end = this.end;
          steps.push({ kind: 'index', start, end, key: this.legacyIndex() });
        } else if (this.kind === STAR && !afterAttributeSplat) {
          end = this.end;
          steps.push({ kind: 'splat', start, end, full: false });
          afterAttributeSplat = true;
        } else {
          this.fail(
            this.kind === STAR
              ? 'Nested splat expression not allowed: A splat expression (*) cannot be used inside another attribute-only splat expression.'
              : 'Invalid attribute name: An attribute name is required after a dot.',
          );
          return end;
        }
        this.advance();
      } else if (this.kind === OPEN_BRACKET) {
        end = this.index(steps);
        afterAttributeSplat = false;
      } else {
        return end;
      }
    }
  }

  /** The number in `foo.0`; `foo.0.1` is read as the number 0.1, which Terraform refuses. */
  private legacyIndex(): HclExpression {
    const { start, end } = this;
    const text = this.text();
    const dot = text.indexOf('.');
    if (dot >= 0) {
      this.problems.push({
        start,
        end,
        message: `Invalid legacy index syntax: When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper index syntax instead, like [${text.slice(0, dot)}][${text.slice(dot + 1)}].`,
      });
    } else if (!isNumber(text)) {
      this.reportNumber();
    }
    return { kind: 'literal', start, end, value: Number(text) };
  }

  private index(steps: HclTraversalStep[]): number {
    const start = this.start;
    const outer = this.newlines;
    this.advance();
    if (this.kind === STAR) {
      this.advance();
      const end = this.end;
      if (this.kind !== CLOSE_BRACKET) {
        this.fail(
          'Missing close bracket on splat index: The star for a full splat operator must be immediately followed by a closing bracket ("]").',
        );
        return end;
      }
      steps.push({ kind: 'splat', start, end, full: true });
      this.advance();
      return end;
    }
    this.newlines = false;
    if (this.kind === NEWLINE) this.advance();
    const key = this.expression();
    const end = this.end;
    this.newlines = outer;
    if (this.kind !== CLOSE_BRACKET) {
      this.fail('Missing close bracket on index: The index operator must end with a closing bracket ("]").');
      return end;
    }
    steps.push({ kind: 'index', start, end, key });
    this.advance();
    return end;
  }

  private call(start: number, firstNameEnd: number, firstName: string): HclExpression {
    let name = firstName;
    let nameEnd = firstNameEnd;
    while (this.kind === DOUBLE_COLON) {
      this.advance();
      if (this.kind !== IDENTIFIER) {
        return this.fail(
          'Missing function name: Function scope resolution symbol :: must be followed by a function name in this scope.',
        );
      }
      name += `::${this.text()}`;
      nameEnd = this.end;
      this.advance();
    }
    if (this.kind !== OPEN_PARENTHESIS) {
      return this.fail(
        'Missing open parenthesis: Function selector must be followed by an open parenthesis to begin the function call.',
      );
    }
    const outer = this.newlines;
    this.newlines = false;
    this.advance();
    const values: HclExpression[] = [];
    let expandFinal = false;
    while (this.kind !== CLOSE_PARENTHESIS) {
      values.push(this.expression());
      const separator = this.kind;
      if (separator === COMMA) {
        this.advance();
      } else if (separator === ELLIPSIS) {
        expandFinal = true;
        this.advance();
        if (this.kind !== CLOSE_PARENTHESIS) {
          return this.fail(
            'Missing closing parenthesis: An expanded function argument (with ...) must be immediately followed by closing parentheses.',
          );
        }
      } else if (separator !== CLOSE_PARENTHESIS) {
        return this.fail(
          separator === END_OF_FILE
            ? 'Unterminated function call: There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.'
            : 'Missing argument separator: A comma is required to separate each function argument from the next.',
        );
      }
    }
    const end = this.end;
    this.newlines = outer;
    this.advance();
    return { kind: 'call', start, end, name, nameStart: start, nameEnd, arguments: values, expandFinal };
  }

  private parentheses(): HclExpression {
    const start = this.start;
    const outer = this.newlines;
    this.newlines = false;
    this.advance();
    const inner = this.expression();
    if (this.kind !== CLOSE_PARENTHESIS) {
      return this.fail('Unbalanced parentheses: Expected a closing parenthesis to terminate the expression.');
    }
    const end = this.end;
    this.newlines = outer;
    this.advance();
    return { kind: 'parentheses', start, end, inner };
  }

  private tuple(): HclExpression {
    const start = this.start;
    const outer = this.newlines;
    this.newlines = false;
    this.advance();
    if (this.atWord('for')) return this.forExpression(start, outer, false);
    const elements: HclExpression[] = [];
    while (this.kind !== CLOSE_BRACKET) {
      elements.push(this.expression());
      if (this.kind === COMMA) {
        this.advance();
      } else if (this.kind !== CLOSE_BRACKET) {
        return this.fail(
          this.kind === END_OF_FILE
            ? 'Unterminated tuple constructor expression: There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.'
            : 'Missing item separator: Expected a comma to mark the beginning of the next item.',
        );
      }
    }
    const end = this.end;
    this.newlines = outer;
    this.advance();
    return { kind: 'tuple', start, end, elements };
  }

  private object(): HclExpression {
    const start = this.start;
    const outer = this.newlines;
    this.newlines = false;
    this.advance();
    if (this.atWord('for')) return this.forExpression(start, outer, true);
    this.newlines = true;
    const items: HclObjectItem[] = [];
    while (this.kind !== CLOSE_BRACE) {
      const key = this.expression();
      if (this.kind !== EQUALS && this.kind !== COLON) {
        return this.fail(
          this.kind === NEWLINE || this.kind === COMMA
            ? 'Missing attribute value: Expected an attribute value, introduced by an equals sign ("=").'
            : this.kind === END_OF_FILE
              ? UNTERMINATED_OBJECT
              : 'Missing key/value separator: Expected an equals sign ("=") to mark the beginning of the attribute value.',
        );
      }
      const separator = this.start;
      this.advance();
      const value = this.expression();
      items.push({ start: key.start, end: value.end, key, name: keyName(key), separator, value });
      if (this.kind === COMMA || this.kind === NEWLINE) {
        this.advance();
        while (this.kind === NEWLINE) this.advance();
      } else if (this.kind !== CLOSE_BRACE) {
        return this.fail(
          this.kind === END_OF_FILE
            ? UNTERMINATED_OBJECT
            : 'Missing attribute separator: Expected a newline or comma to mark the beginning of the next attribute.',
        );
      }
    }
    const end = this.end;
    this.newlines = outer;
    this.advance();
    return { kind: 'object', start, end, items };
  }

  /** From `for` on, in a `[` or `{` that opened at `start`; line ends are blanks throughout. */
  private forExpression(start: number, outer: boolean, object: boolean): HclExpression {
    this.advance();
    const names = this.loopNames("'for' expression", 'For expression');
    if (names === undefined) return { kind: 'broken-expression', start, end: this.end, message: 'for expression' };
    const collection = this.expression();
    if (this.kind !== COLON) {
      return this.fail("Invalid 'for' expression: For expression requires a colon after the collection expression.");
    }
    this.advance();
    let value = this.expression();
    let key: HclExpression | undefined;
    if (this.kind === FAT_ARROW) {
      this.advance();
      key = value;
      value = this.expression();
    }
    const ellipsis = this.start;
    const group = this.kind === ELLIPSIS;
    if (group) this.advance();
    let condition: HclExpression | undefined;
    if (this.atWord('if')) {
      this.advance();
      condition = this.expression();
    }
    if (this.kind !== (object ? CLOSE_BRACE : CLOSE_BRACKET)) {
      return this.fail("Invalid 'for' expression: Extra characters after the end of the 'for' expression.");
    }
    const end = this.end;
    const misused = (message: string, from: number, to: number): void => {
      this.problems.push({ start: from, end: to, message: `Invalid 'for' expression: ${message}` });
    };
    if (!object && key !== undefined) misused('Key expression is not valid when building a tuple.', key.start, key.end);
    if (!object && group) {
      misused('Grouping ellipsis (...) cannot be used when building a tuple.', ellipsis, ellipsis + 3);
    }
    if (object && key === undefined) {
      misused('Key expression is required when building an object.', value.start, value.end);
    }
    this.newlines = outer;
    this.advance();
    const result: HclFor = { kind: 'for', start, end, object, names, collection, key, value, group, condition };
    return result;
  }
}

const UNTERMINATED_OBJECT =
  'Unterminated object constructor expression: There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.';

/** The text of a key where Terraform takes it literally. */
function keyName(key: HclExpression): string | undefined {
  switch (key.kind) {
    case 'traversal':
      return key.steps.length === 0 ? key.root : undefined;
    case 'literal':
      return String(key.value);
    default:
      return staticString(key);
  }
}
