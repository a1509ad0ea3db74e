/**
 * Holds the cases to account: each bug below, put into a copy of the engine, must turn at least one decision red. A bug is a
 * replacement of source text that stands there exactly once, so that a change of the engine cannot make one void unseen.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDecisionCases } from '../../../test/support/decision-cases.ts';
import type { evaluate } from './evaluate.ts';

interface SeededBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const bugs: readonly SeededBug[] = [
  {
    name: 'an explicit deny does not override',
    file: 'evaluate.ts',
    from: 'return explicitDeny(evaluation) ?? organizationSilence(evaluation) ?? grant(evaluation);',
    to: 'return organizationSilence(evaluation) ?? grant(evaluation) ?? explicitDeny(evaluation);',
  },
  {
    name: 'another account is treated like the own one',
    file: 'evaluate.ts',
    from: 'if (!sameAccount) {',
    to: 'if (sameAccount === undefined) {',
  },
  {
    name: 'a role named in a resource policy escapes its boundary and session policies',
    file: 'evaluate.ts',
    from: "byResource.namedAs === 'role' ? limitRefusal(evaluation) : undefined",
    to: 'undefined',
  },
  {
    name: 'a session named in a resource policy is held by the boundary',
    file: 'evaluate.ts',
    from: "byResource.namedAs === 'role' ? limitRefusal(evaluation) : undefined",
    to: 'limitRefusal(evaluation)',
  },
  {
    name: 'an account named in a resource policy grants without an identity policy',
    file: 'evaluate.ts',
    from: "byResource !== undefined && byResource.namedAs !== 'account'",
    to: 'byResource !== undefined',
  },
  {
    name: 'an identity policy is enough for a role or a key',
    file: 'evaluate.ts',
    from: "policies.resourcePolicy === 'required' && byResource === undefined",
    to: 'policies === undefined',
  },
  {
    name: 'one level of the organisation is enough',
    file: 'evaluate.ts',
    from: "if (findHit(evaluation, 'scp', level, 'Allow') === undefined) return silence(evaluation, 'scp', level);",
    to: "if (findHit(evaluation, 'scp', level, 'Allow') !== undefined) return undefined;",
  },
  {
    name: 'session policies are not asked',
    file: 'evaluate.ts',
    from: "session !== undefined && !findHit(evaluation, 'session', session, 'Allow')",
    to: 'false',
  },
  {
    name: 'a NotPrincipal that lists the session alone leaves it out of a Deny',
    file: 'principal-match.ts',
    from: "if (effect === 'Allow') return true;",
    to: 'return true;',
  },
  {
    name: 'ForAllValues fails where the key is missing',
    file: 'condition-match.ts',
    from: "(quantifier === undefined ? negated : quantifier === 'ForAllValues')",
    to: 'negated',
  },
  {
    name: 'negated operators fail where the key is missing',
    file: 'condition-match.ts',
    from: "(quantifier === undefined ? negated : quantifier === 'ForAllValues')",
    to: "quantifier === 'ForAllValues'",
  },
  {
    name: 'IfExists is not read',
    file: 'condition-match.ts',
    from: 'const whenMissing = ifExists ||',
    to: 'const whenMissing = ',
  },
  {
    name: 'StringEquals takes wildcards',
    file: 'condition-match.ts',
    from: 'return texts(values, variables, (text) => text);',
    to: 'return globs(values, variables);',
  },
  {
    name: 'actions are compared with regard to case',
    file: 'compile.ts',
    from: 'action: request.action.toLowerCase()',
    to: 'action: request.action',
  },
  {
    name: 'NotAction is read as Action',
    file: 'compile.ts',
    from: 'matchesGlob(glob, action)) !== actions.negated',
    to: 'matchesGlob(glob, action))',
  },
  {
    name: 'policies of 2008 have variables',
    file: 'compile.ts',
    from: "policy.version === '2012-10-17'",
    to: 'policy.version.length > 0',
  },
  {
    name: 'a variable without a value is empty',
    file: 'template.ts',
    from: 'values.length === 0) return fallback;',
    to: "values.length === 0) return fallback ?? '';",
  },
  {
    name: 'a pattern without wildcard matches what begins like it',
    file: 'glob.ts',
    from: 'return value.length === first.text.length && runAt(first, value, 0);',
    to: 'return runAt(first, value, 0);',
  },
  {
    name: 'the resource part of an ARN ends at its first colon',
    file: 'arn-pattern.ts',
    from: 'found.push(text.slice(from));\n  return found[0] ===',
    to: "found.push(text.slice(from).split(':')[0] ?? '');\n  return found[0] ===",
  },
  {
    name: 'a * that ends a part of a Resource stays in it',
    file: 'arn-pattern.ts',
    from: "runsOn: of === 'resource' &&",
    to: 'runsOn: text.length === 0 &&',
  },
  {
    name: 'a * that ends a part of an ArnLike leaves it',
    file: 'arn-pattern.ts',
    from: "runsOn: of === 'resource' &&",
    to: 'runsOn:',
  },
  {
    name: 'address ranges are read by whole bytes',
    file: 'ip-range.ts',
    from: 'if (rest === 0) return true;',
    to: 'return true;',
  },
  {
    name: 'the time zone of a date counts the wrong way',
    file: 'date-value.ts',
    from: '- zoneMilliseconds(zone)',
    to: '+ zoneMilliseconds(zone)',
  },
];

const load = createRequire(import.meta.url);
const source = fileURLToPath(new URL('.', import.meta.url));
const cases = loadDecisionCases();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seeded-bugs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the decision cases', () => {
  it('all hold for an unchanged copy', () => {
    expect(redCases(engineWith(undefined))).toEqual([]);
  });

  it.each(bugs)('notice that $name', (bug) => {
    expect(redCases(engineWith(bug)).length).toBeGreaterThan(0);
  });
});

function engineWith(bug: SeededBug | undefined): typeof evaluate {
  const copy = mkdtempSync(join(folder, 'engine-'));
  cpSync(source, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') && !path.endsWith('cases') });
  if (bug !== undefined) {
    const path = join(copy, bug.file);
    const parts = readFileSync(path, 'utf8').split(bug.from);
    expect(parts, `${bug.file} must hold exactly once: ${bug.from}`).toHaveLength(2);
    writeFileSync(path, parts.join(bug.to));
  }
  // Loaded by Node itself, which takes a tenth of the time that the test runner's transformation does.
  return (load(join(copy, 'evaluate.ts')) as { readonly evaluate: typeof evaluate }).evaluate;
}

function redCases(engine: typeof evaluate): readonly string[] {
  return cases
    .filter(({ request, policies, expected }) => engine(request, policies).outcome !== expected.outcome)
    .map(({ name }) => name);
}
