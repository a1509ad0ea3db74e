/**
 * Parses what can hold templates, quoted strings and heredocs, with their interpolations and directives
 * (hashicorp/hcl, hclsyntax/parser_template.go).
 */
import { resolveDoubledMarks, resolveQuoted } from './literal-text.ts';
import type { HclBrokenExpression, HclDirective, HclExpression, HclInterpolation, HclTemplatePart } from './syntax.ts';
import {
  CLOSE_BRACE,
  CLOSE_HEREDOC,
  CLOSE_QUOTE,
  COMMA,
  DIRECTIVE,
  END_OF_FILE,
  IDENTIFIER,
  INTERPOLATION,
  INVALID,
  OPEN_QUOTE,
  TEMPLATE_END,
  TEXT,
} from './token-kind.ts';
import { TokenReader } from './token-reader.ts';

/** Beyond this many heredocs without an end the rest of a file is given up, so that no file takes quadratic time. */
const MAXIMUM_UNTERMINATED_HEREDOCS = 8;

const directiveKeywords: ReadonlySet<string> = new Set(['if', 'else', 'endif', 'for', 'endfor']);

export abstract class TemplateParser extends TokenReader {
  /** Start of the outermost heredoc that is open, or -1. */
  protected heredocStart = -1;
  private unterminatedHeredocs = 0;

  protected abstract expression(): HclExpression;

  /** A quoted string, from its opening quote. */
  protected quoted(): HclExpression {
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

  /** A heredoc, from its introduction. */
  protected heredoc(): HclExpression {
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

  /** `k, v in`, leaving the parser at the collection. */
  protected loopNames(subject: string, opening: string): string[] | undefined {
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
}

const UNTERMINATED_TEMPLATE = 'Unterminated template string: No closing marker was found for the string.';
