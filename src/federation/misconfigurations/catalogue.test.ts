/** What the classes do is tried out on the embedded STS: test/scenarios/trust-agreement.test.ts. */
import { expect, it } from 'vitest';
import { issuerSamples } from '../samples.ts';
import { misconfigurations } from './catalogue.ts';

it('counts to nineteen, each with an id of its own', () => {
  expect(misconfigurations.map(({ number }) => number)).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
  expect(new Set(misconfigurations.map(({ id }) => id)).size).toBe(19);
});

it('says why an issuer cannot have a class', () => {
  for (const sample of issuerSamples) {
    for (const { example } of misconfigurations) expect(example(sample)).not.toBe('');
  }
});
