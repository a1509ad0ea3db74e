/** What a place that holds a key says by its form and names: the rule that takes it out, and whose key it is. */
import { asText, findReferences, type GithubCredential } from '../../audit/index.ts';
import type { KeyHint } from './role-choice.ts';

export function ruleOf({ form, source }: GithubCredential): string {
  if (source.kind === 'action') return 'G7';
  switch (form) {
    case 'configure-action':
      return 'G1';
    case 'environment':
      return 'G2';
    case 'shell':
      return 'G3';
    case 'third-party':
      return 'G4';
    case 'reusable-declaration':
    case 'reusable-call':
      return 'G6';
    case 'action-input':
    case 'action-call':
      return 'G7';
  }
}

/** `dev` of `secrets.DEV_AWS_ACCESS_KEY_ID`, `matrix.account` of `secrets[format('{0}_KEY', matrix.account)]`. */
export function keyHint(places: readonly GithubCredential[]): KeyHint {
  const names = places.flatMap(({ parts }) =>
    parts.flatMap(({ value, name }) => (value.kind === 'stored' ? [value.name] : [name])),
  );
  const stems = new Set(names.map(stemOf));
  const [stem] = stems;
  const texts = places.flatMap(({ entries }) => entries.flatMap(({ value }) => asText(value)?.text ?? []));
  const selectors = texts
    .filter((text) => /secrets\s*\[/.test(text))
    .flatMap((text) => findReferences(text))
    .filter(({ context }) => context === 'matrix' || context === 'inputs')
    .map(({ context, name }) => `${context}.${name}`);
  return { stem: stems.size === 1 && stem !== undefined ? stem : '', selectors: [...new Set(selectors)] };
}

/** What is left of a secret's name without the words that every key has. */
function stemOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[_.-]+/)
    .filter((word) => !/^(aws|access|secret|session|key|id|token|tf|var|accesskey|secretkey|default)$/.test(word))
    .join('_');
}
