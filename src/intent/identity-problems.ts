/** Names under people, permission sets and assignments that point at nothing, and access that is given twice. */
import type { IntentProblem } from './intent-problem.ts';
import { intervalAt, windowProblems } from './window-problems.ts';
import { dangling, entries, items, type Placed, part, placedItems, problem, texts } from './written-values.ts';
import { formatYamlPath, type YamlPath, type YamlSource } from './yaml-source.ts';

export function identityProblems(source: YamlSource, accounts: readonly string[]): IntentProblem[] {
  const file = source.value;
  const groups = entries(part(file, 'groups')).map(([name]) => name);
  const people = entries(part(file, 'people')).map(([name]) => name);
  const assignments = items(part(file, 'assignments'));
  const memberships = people.flatMap((name) => placedItems(file, ['people', name, 'groups']));
  const at = (key: string): Placed[] =>
    assignments.map(([index, assignment]) => ({ path: ['assignments', index, key], value: part(assignment, key) }));
  const each = (key: string): Placed[] =>
    assignments.flatMap(([index]) => placedItems(file, ['assignments', index, key]));
  return [
    ...dangling([...memberships, ...at('group')], 'a group', 'groups', groups, source),
    ...dangling(at('person'), 'a person', 'people', people, source),
    ...dangling(each('accounts'), 'an account', 'accounts', accounts, source),
    ...dangling(each('permission_sets'), 'a permission set', 'permission_sets', permissionSetNames(file), source),
    ...phasesOfSets(source),
    ...assignments.flatMap(([index, assignment]) => whoAndWhat(['assignments', index], assignment, source)),
    ...assignments.flatMap(([index]) => windowProblems(source, ['assignments', index])),
    ...givenTwice(source, assignments),
  ];
}

/** Every permission set that may be named; the two of the phases have defaults. */
export function permissionSetNames(file: unknown): string[] {
  const named = (phase: string, otherwise: string) => {
    const name = part(file, 'permission_sets', phase);
    return typeof name === 'string' ? name : otherwise;
  };
  return [
    ...new Set([
      named('plan', 'TerraformDeveloper'),
      named('apply', 'TerraformDeployer'),
      ...entries(part(file, 'permission_sets', 'sets')).map(([name]) => name),
    ]),
  ];
}

/** The set people plan with plans, whatever else is written about it. */
function phasesOfSets(source: YamlSource): IntentProblem[] {
  const [plan, apply] = permissionSetNames(source.value);
  const isOne = part(source.value, 'permission_sets', 'plan') === part(source.value, 'permission_sets', 'apply');
  return entries(part(source.value, 'permission_sets', 'sets')).flatMap(([name, set]) => {
    const allows = part(set, 'allows');
    const phase = name === apply && !isOne ? 'apply' : name === plan && !isOne ? 'plan' : undefined;
    if (phase === undefined || typeof allows !== 'string' || allows === phase) return [];
    const expected = `${phase}, since it is the set people ${phase} with; or leave it out`;
    return [problem(source, ['permission_sets', 'sets', name, 'allows'], JSON.stringify(allows), expected)];
  });
}

function whoAndWhat(path: YamlPath, assignment: unknown, source: YamlSource): IntentProblem[] {
  if (typeof assignment !== 'object' || assignment === null) return [];
  const exactlyOne = (a: string, b: string, means: string): IntentProblem[] => {
    const both = part(assignment, a) !== undefined;
    if (both !== (part(assignment, b) !== undefined)) return [];
    const found = both ? `an assignment with both ${a} and ${b}` : `an assignment with neither ${a} nor ${b}`;
    return [problem(source, path, found, means)];
  };
  return [
    ...exactlyOne('group', 'person', '`group` or `person`: who gets it'),
    ...exactlyOne('phases', 'permission_sets', '`phases` or `permission_sets`: what they get'),
  ];
}

/** One who has a set in an account twice at one time keeps it when one of the two is taken away. */
function givenTwice(source: YamlSource, assignments: readonly [number, unknown][]): IntentProblem[] {
  const [plan, apply] = permissionSetNames(source.value);
  const given = new Map<string, { readonly path: YamlPath; readonly from: number; readonly until: number }[]>();
  const problems: IntentProblem[] = [];
  for (const [index, assignment] of assignments) {
    const path: YamlPath = ['assignments', index];
    const interval = intervalAt(source.value, path);
    const who = part(assignment, 'group') ?? part(assignment, 'person');
    const sets = new Set([
      ...texts(assignment, ['permission_sets']),
      ...texts(assignment, ['phases']).map((phase) => (phase === 'plan' ? plan : apply)),
    ]);
    const clash = [...sets]
      .flatMap((set) => texts(assignment, ['accounts']).map((account) => ({ set, account })))
      .map(({ set, account }) => {
        const key = JSON.stringify([part(assignment, 'group') === undefined, who, set, account]);
        const earlier = (given.get(key) ?? []).find(
          ({ path: other, from, until }) => other[1] !== index && from < interval.until && interval.from < until,
        );
        given.set(key, [...(given.get(key) ?? []), { path, ...interval }]);
        return earlier && { set, account, earlier: earlier.path };
      })
      .find((found) => found !== undefined);
    if (clash === undefined) continue;
    const where = `${formatYamlPath(clash.earlier)} on line ${source.locate(clash.earlier).line}`;
    problems.push(
      problem(
        source,
        path,
        `${clash.set} in ${clash.account} for ${String(who)}`,
        `windows that do not overlap; ${where} gives it at the same time`,
      ),
    );
  }
  return problems;
}
