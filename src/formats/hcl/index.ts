/** HCL native syntax: text to tree and back to ranges. Knows nothing of Terraform's or AWS's meaning. */
export { findAttribute, findBlocks } from './find-items.ts';
export { type HclTokens, lexHcl } from './lex-hcl.ts';
export { parseHcl, parseHclExpression } from './parse-hcl.ts';
export { references, traversalText } from './references.ts';
export { staticString } from './static-string.ts';
export type * from './syntax.ts';
export { innerExpressions, walkBodyExpressions, walkExpressions } from './walk-expressions.ts';
