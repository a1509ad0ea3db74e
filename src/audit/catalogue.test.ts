import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { Repository, SourceFile } from '../repository/index.ts';
import { auditRepository } from './audit.ts';
import { detectors } from './catalogue.ts';
import type { AnyDetector, Sample } from './detector.ts';
import type { Inventory } from './inventory.ts';

/** What the detector alone says of a sample. Marks are judged by their rules, so they need the whole catalogue. */
function saidAbout(detector: AnyDetector, sample: Sample): Pick<Inventory, 'findings' | 'methods'> {
  const files = [sample, ...(sample.beside ?? [])].map(({ path, text }) => new SourceFile(path, text));
  const { findings, methods, coverage } = auditRepository(new Repository(files), {
    now: new Date('2026-11-21T09:00:00Z'),
    detectors: detector.scope === 'suppression' ? detectors : [detector],
  });
  expect(coverage.skipped.filter(({ reason }) => reason === 'detector-failed')).toEqual([]);
  return { findings: findings.filter(({ rule }) => rule === detector.id), methods };
}

it('lists every file of the folder once, sorted, each under the id that is its name', () => {
  const names = readdirSync(new URL('detectors', import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.ts'.length));
  expect(detectors.map(({ id }) => id)).toEqual(names.sort());
});

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (_, detector) => {
  it('has samples of both kinds and says why and what to do', () => {
    expect(detector.flagged.length).toBeGreaterThan(0);
    expect(detector.clean.length).toBeGreaterThan(0);
    for (const text of [detector.title, detector.why, detector.fix]) expect(text.trim()).not.toBe('');
    // A fix is something that can be done today.
    expect(detector.fix).not.toMatch(/\bkeyless (?!audit|init|status|migrate|explain)[a-z]+/);
  });

  test.each(detector.flagged.map((sample, index) => [index, sample.path, sample] as const))(
    'flags sample %i, %s',
    (_, __, sample) => {
      const { findings, methods } = saidAbout(detector, sample);
      expect(findings.length + methods.length).toBeGreaterThan(0);
    },
  );

  test.each(detector.clean.map((sample, index) => [index, sample.path, sample] as const))(
    'is silent about sample %i, %s',
    (_, __, sample) => {
      // Some only list methods; for those that report findings, a method in a clean sample is as it should be.
      const reportsFindings = detector.flagged.some((flagged) => saidAbout(detector, flagged).findings.length > 0);
      const { findings, methods } = saidAbout(detector, sample);
      expect(reportsFindings ? findings : methods).toEqual([]);
    },
  );
});
