import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test('a duration that is written is read as the same', () => {
  fc.assert(fc.property(fc.nat(200_000), (seconds) => parseDuration(formatDuration(seconds)) === seconds));
});

test.each([
  ['PT1H', 3600],
  ['PT90M', 5400],
  ['PT1H30M', 5400],
  ['PT3600S', 3600],
  ['P1D', undefined],
  ['PT', undefined],
  ['-PT1H', undefined],
  ['PT1.5H', undefined],
  ['1h', undefined],
])('%s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});
