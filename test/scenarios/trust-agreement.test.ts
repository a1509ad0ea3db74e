/** The prover and the embedded STS agree about every class of misconfiguration on every issuer, before and after the fix. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { trustAgreementPage } from '../../scripts/trust-agreement-page.ts';
import { trustAgreement } from '../support/trust-agreement.ts';

it('prover and STS say the same of every token, and the page says so', async () => {
  const rows = await trustAgreement();
  const questions = rows.flatMap(({ sample, misconfiguration, result }) =>
    typeof result === 'string'
      ? []
      : result.questions.map((question) => ({ issuer: sample.grammar.id, mistake: misconfiguration.id, ...question })),
  );
  expect(questions.filter(({ prover, sts }) => prover !== sts)).toEqual([]);
  expect(questions.length).toBeGreaterThan(500);
  const page = new URL('../../docs/trust-policies.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(trustAgreementPage(rows));
});
