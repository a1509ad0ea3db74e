import { describe, expect, it } from 'vitest';
import { loadDecisionCases } from '../../../test/support/decision-cases.ts';
import { evaluate } from './evaluate.ts';

const cases = loadDecisionCases();

describe('decisions', () => {
  it('are at least 300, each with the AWS page it follows and a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(cases.filter(({ source }) => !source.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it.each(cases)('$name', ({ request, policies, expected }) => {
    const { outcome, allowed, by, statement, why } = evaluate(request, policies);
    expect({ outcome, by: expected.by && by, sid: expected.sid && statement?.sid }).toEqual(expected);
    expect(allowed).toBe(expected.outcome === 'allow');
    expect(why).toMatch(/^[^\n]{10,}$/);
  });
});
