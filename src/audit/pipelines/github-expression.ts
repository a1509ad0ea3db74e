/**
 * What `${{ … }}` in a workflow leads to: a stored secret, a variable, an input, an output of a step. Expressions are
 * searched, not evaluated: an audit has to know which names can be behind a value, in every branch.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
 */
import { type CredentialValue, readPlainCredential } from '../credential-value.ts';

export interface GithubReference {
  readonly context: 'secrets' | 'vars' | 'env' | 'inputs' | 'steps' | 'needs' | 'matrix' | 'github';
  /** `AWS_ACCESS_KEY_ID` of `secrets.AWS_ACCESS_KEY_ID`; `[…]` with the expression where the name is computed. */
  readonly name: string;
  /** Offset in the text. */
  readonly index: number;
}

/** Every reference in the expressions of a text; `bare` for fields that are expressions without braces, such as `if:`. */
export function findReferences(text: string, bare = false): GithubReference[] {
  const found: GithubReference[] = [];
  for (const expression of bare ? [{ 0: text, 1: text, index: 0 }] : text.matchAll(/\$\{\{([\s\S]*?)\}\}/g)) {
    const start = expression.index + (bare ? 0 : 3);
    for (const match of (expression[1] ?? '').matchAll(referencePattern)) {
      const context = (match[1] as string).toLowerCase() as GithubReference['context'];
      const name = match[2] ?? match[3] ?? (match[4] as string);
      found.push({ context, name, index: start + match.index });
    }
  }
  return found;
}

/** Names of the secrets a text reads. */
export function secretsIn(text: string): string[] {
  return findReferences(text).flatMap((reference) => (reference.context === 'secrets' ? [reference.name] : []));
}

/** What stands in `env:` or `with:` where a credential is expected. `undefined` for an empty value. */
export function readGithubCredential(text: string): CredentialValue {
  const references = findReferences(text);
  const stored = references.find((reference) => reference.context === 'secrets' || reference.context === 'vars');
  if (stored !== undefined) {
    return { kind: 'stored', store: stored.context === 'secrets' ? 'github' : 'github-variables', name: stored.name };
  }
  const output = references.find((reference) => reference.context === 'steps' || reference.context === 'needs');
  if (output !== undefined) return { kind: 'issued', by: `${output.context}.${output.name}` };
  const name = references[0];
  if (name !== undefined) return { kind: 'name', name: `${name.context}.${name.name}` };
  return text.includes('${{') ? { kind: 'name', name: text.trim() } : readPlainCredential(text);
}

const referencePattern =
  /(?<![\w.-])(secrets|vars|env|inputs|steps|needs|matrix|github)(?:\.([\w-]+(?:\.[\w-]+)*)|\[\s*'([^']+)'\s*\]|(\[[^\]]+\]))/gi;
