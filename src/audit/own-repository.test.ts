/** keyless's own repository, audited as it audits others: what is not there on purpose is a finding. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { realFiles } from '../ports/real/files.ts';
import { runAudit } from './audit.ts';

it('holds nothing but the examples and fixtures that .keyless-suppressions.yaml names', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { findings, suppressed } = await runAudit({ ...makeWorld(), files: realFiles(1) }, { root });
  const serious = findings.filter(({ severity }) => severity !== 'info');
  expect(serious.map(({ rule, path, line }) => `${rule} ${path}:${line}`)).toEqual([]);
  expect(suppressed.length).toBeGreaterThan(0);
});
