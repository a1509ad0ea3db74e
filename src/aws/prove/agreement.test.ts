/** The prover and the evaluator must never differ, and what the prover shows as allowed must be allowed. */
import { describe, expect, it } from 'vitest';
import { Dice, randomCase, randomRequest } from '../../../test/support/random-policies.ts';
import { evaluate } from '../policy/evaluate.ts';
import { allowedRequests } from './allowed-requests.ts';
import { contains, witness } from './witness.ts';

describe('prover and evaluator', () => {
  it('agree on every random request, and on every witness', () => {
    const dice = new Dice(20_261_125);
    for (let round = 0; round < 200; round++) {
      const random = randomCase(dice);
      const { principal, resourceAccount, policies } = random;
      const region = allowedRequests({ principal, resourceAccount }, policies);
      const shown = witness(region, principal, resourceAccount);
      if (shown !== undefined) {
        const { allowed, why } = evaluate(shown, policies);
        expect(allowed, JSON.stringify({ shown: [...shown.context], why, random }, null, 1)).toBe(true);
      }
      for (let index = 0; index < 50; index++) {
        const request = randomRequest(dice, random);
        const { allowed, why } = evaluate(request, policies);
        expect(
          contains(region, request),
          JSON.stringify({ request, context: [...request.context], why, random }, null, 1),
        ).toBe(allowed);
      }
    }
  });
});
