/** Who reads and writes state: names that point at nothing, rules that name nobody, windows. */
import { permissionSetNames } from './identity-problems.ts';
import type { IntentProblem } from './intent-problem.ts';
import { windowProblems } from './window-problems.ts';
import { dangling, items, part, placedItems, problem } from './written-values.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

export function stateRuleProblems(source: YamlSource, accounts: readonly string[]): IntentProblem[] {
  const file = source.value;
  const backends = items(part(file, 'state')).map(([index]): YamlPath => ['state', index]);
  const rules = backends.flatMap((path) =>
    ['readers', 'writers'].flatMap((key) =>
      items(part(file, ...path, key)).map(([index]): YamlPath => [...path, key, index]),
    ),
  );
  const each = (key: string) => rules.flatMap((path) => placedItems(file, [...path, key]));
  return [
    ...dangling(each('accounts'), 'an account', 'accounts', accounts, source),
    ...dangling(each('permission_sets'), 'a permission set', 'permission_sets', permissionSetNames(file), source),
    ...rules.flatMap((path) => {
      const rule = part(file, ...path);
      const names = part(rule, 'phases') !== undefined || part(rule, 'permission_sets') !== undefined;
      if (names || typeof rule !== 'object' || rule === null) return [];
      return [problem(source, path, 'a rule that names nobody', '`phases` or `permission_sets`: whose sessions')];
    }),
    ...backends.flatMap((path) => windowProblems(source, [...path, 'window'])),
  ];
}
