/**
 * Parses HCL expressions and templates by recursive descent, with the accept/reject verdict of HashiCorp's own parser
 * (hashicorp/hcl, hclsyntax/parser.go and parser_template.go).
 *
 * The first structural error is reported and poisons the token stream: no production accepts the poison token, so every
 * open production ends, and whoever asked for the expression decides where to go on.
 */
import { resolveDoubledMarks, resolveQuoted } from './literal-text.ts';
import { isNumber } from './number-literal.ts';
import { Scanner } from './scanner.ts';
import { staticString } from './static-string.ts';
import type {
  HclBrokenExpression,
  HclComment,
  HclDirective,
  HclExpression,
  HclFor,
  HclInterpolation,
  HclObjectItem,
  HclProblem,
  HclTemplatePart,
  HclTraversalStep,
} from './syntax.ts';
import {
  AND,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_HEREDOC,
  CLOSE_PARENTHESIS,
  CLOSE_QUOTE,
  COLON,
  COMMA,
  COMMENT,
  DIRECTIVE,
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
  INTERPOLATION,
  INVALID,
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
  POISON,
  QUESTION_MARK,
  SLASH,
  STAR,
  TEMPLATE_END,
  TEXT,
} from './token-kind.ts';

/**
 * How deeply expressions and blocks may nest. Terraform has no limit of its own, but no human writes a tenth of this,
 * and a tree within it can be walked recursively.
 */
export const MAXIMUM_DEPTH = 400;

/** Beyond this many heredocs without an end the rest of a file is given up, so that no file takes quadratic time. */
const MAXIMUM_UNTERMINATED_HEREDOCS = 8;

/** Binding strength of binary operators by token kind; 0 for tokens that are none. */
const precedence = new Uint8Array(256);
precedence[OR] = 1;
precedence[AND] = 2;
for (const kind of [EQUAL_TO, NOT_EQUAL_TO]) precedence[kind] = 3;
for (const kind of [LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL]) precedence[kind] = 4;
for (const kind of [PLUS, MINUS]) precedence[kind] = 5;
for (const kind of [STAR, SLASH, PERCENT]) precedence[kind] = 6;

const directiveKeywords: ReadonlySet<string> = new Set(['if', 'else', 'endif', 'for', 'endfor']);

export class ExpressionParser extends Scanner {
  readonly problems: HclProblem[] = [];
  readonly comments: HclComment[] = [];
  /** Whether line ends are tokens; in brackets and interpolations they are blanks. */
  protected newlines = true;
  protected depth = 0;
  /** Start of the token at which the current item failed; -1 while nothing has failed. */
  protected failedAt = -1;
  protected failure = '';
  /** Start of the outermost heredoc that is open, or -1. */
  protected heredocStart = -1;
  private unterminatedHeredocs = 0;

  /** Moves to the next token of plain HCL that means something here. */
  protected advance(): void {
    if (this.kind === POISON) return;
    this.scan();
    while (this.kind === COMMENT || (this.kind === NEWLINE && !this.newlines)) {
      if (this.kind === COMMENT) this.keepComment();
      this.scan();
    }
  }

  private keepComment(): void {
    const { start, end } = this;
    const style = this.source.charCodeAt(start) === 35 ? '#' : this.source.charCodeAt(start + 1) === 42 ? '/*' : '//';
    this.comments.push({ start, end, style });
  }

  protected text(): string {
    return this.source.slice(this.start, this.end);
  }

  /** Reports the current token as unexpected and poisons what follows. */
  protected fail(message: string): HclBrokenExpression {
    const reported = this.kind === INVALID ? describeInvalid(this.text()) : message;
    return this.failAt(this.start, this.end, reported);
  }

  /** Reports a range and poisons what follows the current token; only the first failure of an item is reported. */
  protected failAt(start: number, end: number, message: string): HclBrokenExpression {
    if (this.kind !== POISON) {
      // After a block that something follows on its line, that something was reported.
      if (this.problems.at(-1)?.start !== start) this.problems.push({ start, end, message });
      this.failedAt = this.start;
      this.failure = message;
      this.kind = POISON;
    }
    return { kind: 'broken-expression', start, end, message };
  }

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

  private atWord(word: string): boolean {
    return (
      this.kind === IDENTIFIER && this.end - this.start === word.length && this.source.startsWith(word, this.start)
    );
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

  /** `k, v in`, leaving the parser at the collection. */
  private loopNames(subject: string, opening: string): string[] | undefined {
    const names: string[] = [];
    for (;;) {
      if (this.kind !== IDENTIFIER) {
        const where = names.length === 0 ? "variable name after 'for'" : 'value variable name after comma';
        this.fail(`Invalid ${subject}: ${opening} requires ${where}.`);
        return undefined;
      }
      names.push(this.text());
      this.advance();
      if (this.kind !== COMMA || names.length === 2) break;
      this.advance();
    }
    if (!this.atWord('in')) {
      this.fail(`Invalid ${subject}: ${opening} requires the 'in' keyword after its name declarations.`);
      return undefined;
    }
    this.advance();
    return names;
  }

  private quoted(): HclExpression {
    const start = this.start;
    const parts: HclTemplatePart[] = [];
    let hasDirective = false;
    for (;;) {
      this.scanQuoted();
      if (this.kind === TEXT) {
        const text = this.text();
        const value = this.escaped ? resolveQuoted(text, this.start, this.problems) : text;
        parts.push({ kind: 'text', start: this.start, end: this.end, value });
      } else if (this.kind === CLOSE_QUOTE) {
        const end = this.end;
        if (hasDirective) this.checkDirectives(parts);
        this.advance();
        return { kind: 'template', start, end, parts };
      } else if (this.kind === INTERPOLATION || this.kind === DIRECTIVE) {
        const part = this.templateSequence();
        if (part === undefined) return { kind: 'broken-expression', start, end: this.end, message: 'string' };
        parts.push(part);
        if (part.kind === 'directive') hasDirective = true;
      } else if (this.kind === INVALID) {
        return this.failMultiLineString(start);
      } else {
        return this.failAt(start, this.end, UNTERMINATED_TEMPLATE);
      }
    }
  }

  /** Reports the quote and what was read up to the end of its line. */
  protected failMultiLineString(start: number): HclBrokenExpression {
    return this.failAt(
      start,
      this.start,
      'Invalid multi-line string: Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
    );
  }

  private heredoc(): HclExpression {
    const { start, source } = this;
    const outermost = this.heredocStart < 0;
    if (outermost) this.heredocStart = start;
    const flush = source.charCodeAt(start + 2) === 45;
    const introductionEnd = this.end;
    const marker = source.slice(start + (flush ? 3 : 2), introductionEnd).trimEnd();
    const parts: HclTemplatePart[] = [];
    let hasDirective = false;
    for (;;) {
      this.scanHeredoc(marker);
      if (this.kind === TEXT) {
        const text = this.text();
        parts.push({
          kind: 'text',
          start: this.start,
          end: this.end,
          value: this.escaped ? resolveDoubledMarks(text) : text,
        });
      } else if (this.kind === CLOSE_HEREDOC) {
        const end = source.indexOf(marker, this.start) + marker.length;
        if (hasDirective) this.checkDirectives(parts);
        if (outermost) this.heredocStart = -1;
        this.advance();
        return { kind: 'heredoc', start, end, marker, flush, parts };
      } else if (this.kind === INTERPOLATION || this.kind === DIRECTIVE) {
        const part = this.templateSequence();
        if (part === undefined) return { kind: 'broken-expression', start, end: this.end, message: 'heredoc' };
        parts.push(part);
        if (part.kind === 'directive') hasDirective = true;
      } else if (this.kind === INVALID) {
        return this.fail('');
      } else {
        return this.failUnterminatedHeredoc(start, introductionEnd);
      }
    }
  }

  /** Parsing goes on after the introduction instead of after the file, unless too many heredocs were read to its end. */
  private failUnterminatedHeredoc(start: number, introductionEnd: number): HclBrokenExpression {
    const broken = this.failAt(start, introductionEnd, UNTERMINATED_TEMPLATE);
    this.failedAt = start;
    return broken;
  }

  /** Parsing goes on after the heredoc in which it failed; `end` is -1 for one that has no end. */
  protected failAfterHeredoc(end: number): void {
    if (end >= 0) {
      this.failedAt = Math.max(this.failedAt, end);
    } else if (++this.unterminatedHeredocs > MAXIMUM_UNTERMINATED_HEREDOCS) {
      this.failedAt = this.length;
    }
  }

  /** From `${` or `%{` to its `}`, which is left as the current token because template text follows it. */
  private templateSequence(): HclInterpolation | HclDirective | undefined {
    const start = this.start;
    const interpolation = this.kind === INTERPOLATION;
    const outer = this.newlines;
    this.newlines = false;
    this.advance();
    let part: HclInterpolation | HclDirective | undefined;
    if (interpolation) {
      const expression = this.expression();
      part = { kind: 'interpolation', start, end: this.end, expression };
    } else {
      part = this.directive(start);
    }
    this.newlines = outer;
    if (this.kind !== CLOSE_BRACE && this.kind !== TEMPLATE_END) {
      this.fail(
        this.kind === END_OF_FILE || this.kind === OPEN_QUOTE
          ? 'Unclosed template interpolation sequence: There is no closing brace for this interpolation sequence. This might be caused by incorrect nesting inside the given expression.'
          : 'Extra characters after interpolation expression: Expected a closing brace to end the interpolation expression, but found extra characters.',
      );
      return undefined;
    }
    return part;
  }

  private directive(start: number): HclDirective | undefined {
    if (this.kind !== IDENTIFIER) {
      this.fail(
        'Invalid template directive: A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.',
      );
      return undefined;
    }
    const keyword = this.text();
    if (!directiveKeywords.has(keyword)) {
      this.fail(`Invalid template control keyword: "${keyword}" is not a valid template control keyword.`);
      return undefined;
    }
    this.advance();
    let names: string[] = [];
    let expressions: HclExpression[] = [];
    if (keyword === 'for') {
      const loop = this.loopNames("'for' directive", 'For directive');
      if (loop === undefined) return undefined;
      names = loop;
      expressions = [this.expression()];
    } else if (keyword === 'if') {
      expressions = [this.expression()];
    }
    return { kind: 'directive', start, end: this.end, keyword, names, expressions };
  }

  /** Reports the first directive that doesn't fit the ones before it. */
  private checkDirectives(parts: readonly HclTemplatePart[]): void {
    const open: { directive: HclDirective; inElse: boolean }[] = [];
    for (const part of parts) {
      if (part.kind !== 'directive') continue;
      if (part.keyword === 'if' || part.keyword === 'for') {
        open.push({ directive: part, inElse: false });
        continue;
      }
      const innermost = open.at(-1);
      const fits =
        innermost !== undefined &&
        (part.keyword === 'else'
          ? innermost.directive.keyword === 'if' && !innermost.inElse
          : part.keyword === `end${innermost.directive.keyword}`);
      if (!fits) {
        this.reportDirective(`Unexpected ${part.keyword} directive`, part);
        return;
      }
      if (part.keyword === 'else') innermost.inElse = true;
      else open.pop();
    }
    const unclosed = open.at(-1);
    if (unclosed !== undefined) this.reportDirective('Unexpected end of template', unclosed.directive);
  }

  private reportDirective(summary: string, { start, end }: HclDirective): void {
    this.problems.push({
      start,
      end,
      message: `${summary}: The control directives within this template are unbalanced.`,
    });
  }
}

const UNTERMINATED_TEMPLATE = 'Unterminated template string: No closing marker was found for the string.';
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

function describeInvalid(text: string): string {
  switch (text) {
    case '&':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean AND ("&&")?';
    case '|':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean OR ("||")?';
    case '~':
      return 'Unsupported operator: Bitwise operators are not supported. Did you mean boolean NOT ("!")?';
    case '^':
      return 'Unsupported operator: Bitwise operators are not supported.';
    case '`':
      return 'Invalid character: The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".';
    case "'":
      return 'Invalid character: Single quotes are not valid. Use double quotes (") to enclose strings.';
    case ';':
      return 'Invalid character: The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.';
    case '\u201c':
    case '\u201d':
      return 'Invalid character: "Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".';
    default:
      return text.startsWith('/*')
        ? 'Unterminated comment: There is no "*/" for this comment before the end of the file.'
        : 'Invalid character: This character is not used within the language.';
  }
}
