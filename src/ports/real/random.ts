import { randomBytes } from 'node:crypto';
import type { Random } from '../index.ts';

export const realRandom: Random = { bytes: (count) => randomBytes(count) };
