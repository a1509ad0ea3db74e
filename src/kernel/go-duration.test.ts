import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goDuration } from './go-duration.ts';

describe('goDuration', () => {
  it.each([
    [0, '0s'],
    [900, '15m'],
    [3600, '1h'],
    [5400, '1h30m'],
    [43200, '12h'],
    [3661, '1h1m1s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(goDuration(seconds)).toBe(text);
  });

  it('keeps every second', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seconds) => {
        const [, h = 0, m = 0, s = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(goDuration(seconds)) ?? [];
        expect(Number(h) * 3600 + Number(m) * 60 + Number(s)).toBe(seconds);
      }),
    );
  });
});
