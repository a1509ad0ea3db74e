/**
 * The tree of an HCL file (Terraform, OpenTofu, Terragrunt, tfvars, backend files). Every node carries the UTF-16
 * range it covers in the source, because edits are splices of those ranges; nothing is ever printed from the tree.
 */

export interface HclNode {
  /** First UTF-16 offset. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

export interface HclProblem extends HclNode {
  /** What is wrong, in the words of Terraform where it has some. */
  readonly message: string;
}

export interface HclFile {
  readonly source: string;
  readonly body: HclBody;
  /** In order of place; empty exactly when `terraform fmt` accepts the file. */
  readonly problems: readonly HclProblem[];
  readonly comments: readonly HclComment[];
}

export interface HclComment extends HclNode {
  readonly style: '#' | '//' | '/*';
}

/** Attributes and blocks in source order. A range the parser had to skip is a `broken` item; its neighbours stay usable. */
export interface HclBody extends HclNode {
  readonly kind: 'body';
  readonly items: readonly HclItem[];
}

export type HclItem = HclAttribute | HclBlock | HclBroken;

/** Source that could not be parsed; opaque to edits. Its reason is among the file's problems too. */
export interface HclBroken extends HclNode {
  readonly kind: 'broken';
  readonly message: string;
}

/** `name = expression`. The range excludes leading white space, a trailing comment and the newline. */
export interface HclAttribute extends HclNode {
  readonly kind: 'attribute';
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly equals: number;
  readonly expression: HclExpression;
}

/** `type "label" { … }`, from the type to the closing brace. */
export interface HclBlock extends HclNode {
  readonly kind: 'block';
  readonly type: string;
  readonly labels: readonly HclLabel[];
  /** Between the braces, both excluded. */
  readonly body: HclBody;
  /** Offset of `{`. */
  readonly openBrace: number;
  /** Offset of `}`. */
  readonly closeBrace: number;
}

export interface HclLabel extends HclNode {
  /** The label without quotes, escapes resolved. */
  readonly value: string;
  readonly quoted: boolean;
}

export type HclExpression =
  | HclLiteral
  | HclTemplate
  | HclHeredoc
  | HclObject
  | HclTuple
  | HclTraversal
  | HclCall
  | HclUnary
  | HclBinary
  | HclConditional
  | HclParentheses
  | HclFor
  | HclPostfix
  | HclBrokenExpression;

/** A number, `true`, `false` or `null`. */
export interface HclLiteral extends HclNode {
  readonly kind: 'literal';
  readonly value: number | boolean | null;
}

export type HclTemplatePart = HclTemplateText | HclInterpolation | HclDirective;

export interface HclTemplateText extends HclNode {
  readonly kind: 'text';
  /** The text with escapes resolved, the indentation of a flush heredoc kept. */
  readonly value: string;
}

/** `${ … }`, `${~ … ~}`. */
export interface HclInterpolation extends HclNode {
  readonly kind: 'interpolation';
  readonly expression: HclExpression;
}

/** `%{ if … }`, `%{ else }`, `%{ endfor }` …; the keyword and what stands after it. */
export interface HclDirective extends HclNode {
  readonly kind: 'directive';
  readonly keyword: string;
  /** The names that a `for` binds. */
  readonly names: readonly string[];
  readonly expressions: readonly HclExpression[];
}

/** A quoted string. */
export interface HclTemplate extends HclNode {
  readonly kind: 'template';
  readonly parts: readonly HclTemplatePart[];
}

export interface HclHeredoc extends HclNode {
  readonly kind: 'heredoc';
  readonly marker: string;
  /** `<<-`. */
  readonly flush: boolean;
  readonly parts: readonly HclTemplatePart[];
}

export interface HclObjectItem extends HclNode {
  /** `foo`, `"foo"`, `(expression)` … An identifier key is a traversal with a root and no steps. */
  readonly key: HclExpression;
  /** The key's text where it is known without evaluating anything. */
  readonly name: string | undefined;
  /** Offset of `=` or `:`. */
  readonly separator: number;
  readonly value: HclExpression;
}

export interface HclObject extends HclNode {
  readonly kind: 'object';
  readonly items: readonly HclObjectItem[];
}

export interface HclTuple extends HclNode {
  readonly kind: 'tuple';
  readonly elements: readonly HclExpression[];
}

export type HclTraversalStep =
  | (HclNode & { readonly kind: 'attribute'; readonly name: string })
  | (HclNode & { readonly kind: 'index'; readonly key: HclExpression })
  | (HclNode & { readonly kind: 'splat'; readonly full: boolean });

/** `var.region`, `aws_instance.web[0].id`, `local.x`, and a bare identifier. */
export interface HclTraversal extends HclNode {
  readonly kind: 'traversal';
  readonly root: string;
  readonly steps: readonly HclTraversalStep[];
}

export interface HclCall extends HclNode {
  readonly kind: 'call';
  /** With its namespace, as in `provider::aws::arn_parse`. */
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly arguments: readonly HclExpression[];
  /** The last argument is followed by `...`. */
  readonly expandFinal: boolean;
}

export interface HclUnary extends HclNode {
  readonly kind: 'unary';
  readonly operator: '!' | '-';
  readonly operand: HclExpression;
}

export interface HclBinary extends HclNode {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: HclExpression;
  readonly right: HclExpression;
}

export interface HclConditional extends HclNode {
  readonly kind: 'conditional';
  readonly condition: HclExpression;
  readonly whenTrue: HclExpression;
  readonly whenFalse: HclExpression;
}

export interface HclParentheses extends HclNode {
  readonly kind: 'parentheses';
  readonly inner: HclExpression;
}

/** `[for k, v in c : x if y]` and `{for k, v in c : k => v... if y}`. */
export interface HclFor extends HclNode {
  readonly kind: 'for';
  readonly object: boolean;
  readonly names: readonly string[];
  readonly collection: HclExpression;
  readonly key: HclExpression | undefined;
  readonly value: HclExpression;
  readonly group: boolean;
  readonly condition: HclExpression | undefined;
}

/** Steps on something that is not a plain name: `f(x).y`, `[1, 2][0]`. */
export interface HclPostfix extends HclNode {
  readonly kind: 'postfix';
  readonly operand: HclExpression;
  readonly steps: readonly HclTraversalStep[];
}

/** What text that is no expression parses to on its own; in a file its whole attribute is a `broken` item. */
export interface HclBrokenExpression extends HclNode {
  readonly kind: 'broken-expression';
  readonly message: string;
}
