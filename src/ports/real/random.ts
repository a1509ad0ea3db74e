import { randomBytes, subtle } from 'node:crypto';
import type { Random } from '../index.ts';

export const realRandom: Random = {
  bytes: (count) => randomBytes(count),
  keyPair: async (kind) =>
    kind === 'p-256'
      ? await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
      : await subtle.generateKey(
          {
            name: 'RSASSA-PKCS1-v1_5',
            modulusLength: 2048,
            publicExponent: Uint8Array.of(1, 0, 1),
            hash: 'SHA-256',
          },
          true,
          ['sign', 'verify'],
        ),
};
