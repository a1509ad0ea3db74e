import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { detectors } from '../catalogue.ts';
import type { Report } from '../detector.ts';

const fileDetectors = detectors.flatMap((detector) => ('detect' in detector ? [detector] : []));
const samples = fileDetectors.flatMap(({ flagged, clean }) => [...flagged, ...clean]);

it('every detector reads any half of a file without failing, and points inside it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.double({ min: 0, max: 1, noNaN: true }), (sample, share) => {
      const file = new SourceFile(sample.path, sample.text.slice(0, Math.floor(sample.text.length * share)));
      const repository = new Repository([file]);
      const inside = ({ at }: { readonly at: number }): void => {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(file.text.length);
      };
      const report: Report = { finding: inside, method: inside, use: inside, define: inside };
      for (const detector of fileDetectors) detector.detect(file, report, repository);
    }),
    { numRuns: 300 },
  );
});
