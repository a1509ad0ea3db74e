import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskKeyId, Secret } from './secret.ts';

const text = fc.string({ minLength: 12, maxLength: 60 });

describe('a secret', () => {
  it('comes out by its own name only', () => {
    fc.assert(
      fc.property(text, (value) => {
        const secret = new Secret(value);
        expect(secret.reveal()).toBe(value);
        const shown = [
          `${secret}`,
          String(secret),
          JSON.stringify({ secret }),
          inspect(secret),
          inspect({ deep: [secret] }, { depth: 9, showHidden: true }),
          format('%s %o %j', secret, secret, secret),
          Object.keys(secret).join(),
          String(new TypeError(`${secret}`).stack),
        ].join('\n');
        expect(shown).toContain('[secret]');
        // Short common runs of characters may stand in the mask itself.
        fc.pre(!shown.replaceAll('[secret]', '').includes('[secret]'));
        expect(shown.split('\n').slice(0, 6).join('\n').replaceAll('[secret]', '')).not.toContain(value);
      }),
    );
  });

  it('is equal to another of the same text, and has the same fingerprint for the same purpose', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(new Secret(a).equals(new Secret(b))).toBe(a === b);
        const print = new Secret(a).fingerprint('rule');
        expect(print).toMatch(/^[0-9a-f]{32}$/);
        expect(new Secret(a).fingerprint('rule')).toBe(print);
        expect(new Secret(a).fingerprint('other')).not.toBe(print);
        expect(new Secret(b).fingerprint('rule') === print).toBe(a === b);
      }),
    );
  });
});

describe('a masked key id', () => {
  it('shows its prefix and its last four characters', () => {
    expect(maskKeyId(['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''))).toBe('AKIA…MPLE');
  });

  it('of something too short to be one shows nothing', () => {
    expect(maskKeyId('AKIA1234567')).toBe('…');
  });
});
