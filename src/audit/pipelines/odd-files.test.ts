import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { detectors } from '../catalogue.ts';
import type { Report } from '../detector.ts';

const families =
  /^(github|gitlab|circleci|bitbucket|azure|jenkins|buildkite|atlantis|ci|environment|shell|script|dockerfile|compose|kubernetes|aws-config|tool-config)-/;
const samples = detectors.filter(({ id }) => families.test(id)).flatMap(({ flagged, clean }) => [...flagged, ...clean]);

/** Runs the families over a file and checks that whatever they say points into it. */
function inspect(path: string, text: string, beside: readonly { path: string; text: string }[] = []): void {
  const file = new SourceFile(path, text);
  const repository = new Repository([file, ...beside.map((other) => new SourceFile(other.path, other.text))]);
  const inside = ({ at }: { readonly at: number }): void => {
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThanOrEqual(text.length);
  };
  const report: Report = { finding: inside, method: inside, use: inside, define: inside };
  for (const detector of detectors) {
    if (families.test(detector.id) && 'detect' in detector) detector.detect(file, report, repository);
  }
}

describe('pipeline, shell and settings detectors', () => {
  it('read a file with a line of anything in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 30 }),
        (sample, at, junk) => {
          const lines = sample.text.split('\n');
          lines.splice(at % lines.length, 0, junk);
          inspect(sample.path, lines.join('\n'), sample.beside);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('read Windows line ends and a byte order mark as they read Unix ones', () => {
    for (const { path, text, beside } of samples) inspect(path, `\uFEFF${text.replaceAll('\n', '\r\n')}`, beside);
  });

  it('end with aliases that repeat each other', () => {
    const levels = Array.from(
      { length: 40 },
      (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}, *a${level}]`,
    );
    inspect('.gitlab-ci.yml', `a0: &a0 { AWS_ACCESS_KEY_ID: $KEY }\n${levels.join('\n')}\n`);
  });
});
