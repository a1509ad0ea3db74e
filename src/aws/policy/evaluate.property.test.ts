import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conditionKeys,
  conditionName,
  conditionValues,
  randomRequest,
  randomStatement,
  seldom,
} from '../../../test/support/policy-arbitraries.ts';
import { matchesArn, parseArnPattern, splitArn } from './arn-pattern.ts';
import { policyOf, type StatementJson } from './build.ts';
import type { PolicyKind } from './document.ts';
import { evaluate } from './evaluate.ts';
import { matchesGlob, parseGlob } from './glob.ts';
import type { AccessRequest, NamedPolicy, PolicySet } from './request.ts';

const runs = { numRuns: 120 };

interface Statements {
  readonly identity: readonly (readonly StatementJson[])[];
  readonly resource: readonly StatementJson[] | undefined;
  readonly boundary: readonly StatementJson[] | undefined;
  readonly session: readonly (readonly StatementJson[])[] | undefined;
  readonly scps: readonly (readonly (readonly StatementJson[])[])[] | undefined;
  readonly required: boolean;
}

const statements = (kind: PolicyKind): fc.Arbitrary<readonly StatementJson[]> =>
  fc.array(randomStatement(kind), { minLength: 1, maxLength: 3 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const policySets: fc.Arbitrary<Statements> = fc.record({
  identity: fc.array(statements('identity'), { maxLength: 2 }),
  resource: maybe(statements('bucket')),
  boundary: seldom(statements('boundary')),
  session: seldom(fc.array(statements('session'), { minLength: 1, maxLength: 2 })),
  scps: seldom(fc.array(fc.array(statements('scp'), { minLength: 1, maxLength: 2 }), { maxLength: 2 })),
  required: fc.boolean(),
});

describe('whatever the policies', () => {
  it('an explicit deny overrides them', () => {
    const everything: StatementJson = { Effect: 'Deny', Action: '*', Resource: '*' };
    const places = fc.constantFrom('identity', 'resource', 'boundary', 'session', 'scps');
    fc.assert(
      fc.property(policySets, randomRequest, places, (set, request, place) => {
        const denied: Statements = {
          ...set,
          ...(place === 'identity' && { identity: [...set.identity, [everything]] }),
          ...(place === 'resource' && { resource: [...(set.resource ?? []), { ...everything, Principal: '*' }] }),
          ...(place === 'boundary' && { boundary: [...(set.boundary ?? []), everything] }),
          ...(place === 'session' && { session: [...(set.session ?? []), [everything]] }),
          ...(place === 'scps' && { scps: [...(set.scps ?? []), [[everything]]] }),
        };
        // SCPs bind nobody who belongs to no account.
        if (place === 'scps' && !('account' in request.principal)) return;
        expect(evaluate(request, policySetOf(denied)).outcome).toBe('explicit-deny');
      }),
      runs,
    );
  });

  it('one more Allow never takes access away', () => {
    const places = fc.constantFrom('identity', 'resource', 'boundary', 'session', 'scps');
    const allow = randomStatement('identity', ['Allow']);
    fc.assert(
      fc.property(policySets, randomRequest, places, allow, (set, request, place, added) => {
        if (!evaluate(request, policySetOf(set)).allowed) return;
        const more: Statements = {
          ...set,
          ...(place === 'identity' && { identity: [...set.identity, [added]] }),
          ...(place === 'resource' && { resource: [...(set.resource ?? []), { ...added, Principal: '*' }] }),
          ...(place === 'boundary' && set.boundary && { boundary: [...set.boundary, added] }),
          ...(place === 'session' && set.session && { session: [...set.session, [added]] }),
          ...(place === 'scps' && set.scps && { scps: set.scps.map((level) => [...level, [added]]) }),
        };
        expect(evaluate(request, policySetOf(more)).allowed).toBe(true);
      }),
      // Only requests that were allowed before say anything: one in eight.
      { numRuns: 500 },
    );
  });

  it('one more Deny never gives access', () => {
    const deny = randomStatement('identity', ['Deny']);
    fc.assert(
      fc.property(policySets, randomRequest, deny, (set, request, added) => {
        if (evaluate(request, policySetOf(set)).allowed) return;
        expect(evaluate(request, policySetOf({ ...set, identity: [...set.identity, [added]] })).allowed).toBe(false);
      }),
      runs,
    );
  });

  it('no order of policies, statements, values or levels matters', () => {
    fc.assert(
      fc.property(policySets, randomRequest, (set, request) => {
        const { outcome, by } = evaluate(request, policySetOf(set));
        const turned = evaluate(request, policySetOf(reversed(set)));
        expect({ outcome: turned.outcome, by: turned.by }).toEqual({ outcome, by });
      }),
      runs,
    );
  });

  it('no order of values in the request matters', () => {
    fc.assert(
      fc.property(policySets, randomRequest, (set, request) => {
        const context = new Map([...request.context].map(([key, values]) => [key, [...values].reverse()]));
        const policies = policySetOf(set);
        expect(evaluate({ ...request, context }, policies).outcome).toBe(evaluate(request, policies).outcome);
      }),
      runs,
    );
  });

  it('an anonymous caller is allowed nothing that a resource policy does not say', () => {
    fc.assert(
      fc.property(policySets, randomRequest, (set, request) => {
        const decision = evaluate(
          { ...request, principal: { type: 'anonymous' } },
          policySetOf({ ...set, resource: undefined }),
        );
        expect(decision.allowed).toBe(false);
      }),
      runs,
    );
  });

  it('access across accounts is never more than inside one', () => {
    fc.assert(
      fc.property(policySets, randomRequest, (set, request) => {
        if (!('account' in request.principal)) return;
        const policies = policySetOf(set);
        if (!evaluate({ ...request, resourceAccount: '444455556666' }, policies).allowed) return;
        expect(evaluate({ ...request, resourceAccount: '111122223333' }, policies).allowed).toBe(true);
      }),
      runs,
    );
  });
});

describe('IfExists', () => {
  const plain = conditionName.filter(
    (name) => !name.endsWith('IfExists') && !name.endsWith('Null') && !name.includes('Date'),
  );
  const values = fc.uniqueArray(fc.constantFrom(...conditionValues), { minLength: 1, maxLength: 3 });

  it('holds where the key is missing, and elsewhere as without it', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(...conditionKeys), values, randomRequest, (name, key, expected, request) => {
        const without = holds(request, name, key, expected);
        const present = (request.context.get(key.toLowerCase()) ?? []).length > 0;
        expect(holds(request, `${name}IfExists`, key, expected)).toBe(present ? without : true);
      }),
      runs,
    );
  });

  function holds(request: AccessRequest, name: string, key: string, expected: readonly string[]): boolean {
    const statement: StatementJson = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { [name]: { [key]: expected } },
    };
    return evaluate(request, { identity: [named('identity', [statement])] }).outcome === 'explicit-deny';
  }
});

describe('wildcards', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const values = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 10 });

  it('match what a naive matcher matches', () => {
    fc.assert(
      fc.property(letters, values, (pattern, value) => {
        expect(matchesGlob(parseGlob(pattern), value)).toBe(matchesNaively(pattern, value));
      }),
      { numRuns: 3000 },
    );
  });

  it('in a Resource match part by part, and what ends a part runs on', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 }), {
      minLength: 6,
      maxLength: 7,
    });
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 2 }), {
      minLength: 5,
      maxLength: 9,
    });
    fc.assert(
      fc.property(parts, texts, (pattern, text) => {
        const resource = ['arn', ...pattern.slice(1)].join(':');
        const arn = ['arn', ...text].join(':');
        const parsed = parseArnPattern(resource, { variables: true, of: 'resource' });
        expect(matchesArn(parsed, splitArn(arn), new Map())).toBe(resourceExpression(resource).test(arn));
      }),
      { numRuns: 3000 },
    );
  });

  it('take no longer than the texts are long', () => {
    const value = 'a'.repeat(20_000);
    expect(matchesGlob(parseGlob(`${'*a'.repeat(5_000)}*b`), value)).toBe(false);
    expect(matchesGlob(parseGlob(`${'*?a'.repeat(3_000)}*`), value)).toBe(true);
  });

  it('and numbers, dates, addresses and ARNs that are none take no longer either', () => {
    const long = [
      '1'.repeat(100_000),
      '1:'.repeat(50_000),
      'a'.repeat(100_000),
      '2026-'.repeat(20_000),
      ':'.repeat(100_000),
    ];
    const operators = ['NumericLessThan', 'DateNotEquals', 'IpAddress', 'ArnLike', 'Bool', 'BinaryEquals'] as const;
    for (const value of long) {
      for (const operator of operators) {
        const expected = operator === 'DateNotEquals' ? '2026-01-01' : `${value}x`;
        const statement: StatementJson = {
          Effect: 'Allow',
          Action: '*',
          Resource: ['arn:aws:*:*:*:*:nowhere', `arn:aws:s3:::${'*:'.repeat(200)}x`],
          Condition: { [operator]: { key: expected } },
        };
        const request: AccessRequest = {
          principal: { type: 'root', account: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
          action: 's3:GetObject',
          resource: `arn:aws:s3:::${'b:'.repeat(512)}`,
          context: new Map([['key', [`${value}y`]]]),
        };
        const resource = named('bucket', [{ ...statement, Principal: '*' }]);
        expect(evaluate({ ...request, resourceAccount: '444455556666' }, { identity: [], resource }).allowed).toBe(
          false,
        );
      }
    }
  });
});

/** The same as a regular expression: fine for short texts. */
function resourceExpression(resource: string): RegExp {
  const [arn, ...parts] = resource.split(':');
  const expressions = parts.map((part, index) => {
    const isResource = index >= 4;
    const inside = isResource ? '[^]' : '[^:]';
    const reaches = part.endsWith('*') ? '[^]*' : '';
    const fixed = reaches === '' ? part : part.slice(0, -1);
    return fixed.replace(/[*?]/g, (wildcard) => (wildcard === '*' ? `${inside}*` : inside)) + reaches;
  });
  return new RegExp(`^${[arn, ...expressions].join(':')}$`);
}

/** By the definition, one character at a time. */
function matchesNaively(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  if (pattern[0] === '*') {
    return matchesNaively(pattern.slice(1), value) || (value !== '' && matchesNaively(pattern, value.slice(1)));
  }
  if (value === '' || (pattern[0] !== '?' && pattern[0] !== value[0])) return false;
  return matchesNaively(pattern.slice(1), value.slice(1));
}

function policySetOf({ identity, resource, boundary, session, scps, required }: Statements): PolicySet {
  return {
    identity: identity.map((each) => named('identity', each)),
    ...(resource && { resource: named('bucket', resource) }),
    ...(boundary && { boundary: named('boundary', boundary) }),
    ...(session && { session: session.map((each) => named('session', each)) }),
    ...(scps && { scps: scps.map((level) => level.map((each) => named('scp', each))) }),
    resourcePolicy: required ? 'required' : 'sufficient',
  };
}

function named(kind: PolicyKind, statement: readonly StatementJson[]): NamedPolicy {
  return { name: kind, policy: policyOf({ Version: '2012-10-17', Statement: statement }, kind) };
}

function reversed(set: Statements): Statements {
  const policy = (each: readonly StatementJson[]): readonly StatementJson[] =>
    [...each].reverse().map(reversedStatement);
  const list = (each: readonly (readonly StatementJson[])[]): readonly (readonly StatementJson[])[] =>
    [...each].reverse().map(policy);
  return {
    ...set,
    identity: list(set.identity),
    resource: set.resource && policy(set.resource),
    boundary: set.boundary && policy(set.boundary),
    session: set.session && list(set.session),
    scps: set.scps && [...set.scps].reverse().map(list),
  };
}

function reversedStatement(statement: StatementJson): StatementJson {
  return JSON.parse(JSON.stringify(statement), (_key, value: unknown) =>
    Array.isArray(value) ? value.reverse() : value,
  ) as StatementJson;
}
