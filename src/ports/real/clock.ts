import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../index.ts';

export const realClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    // An aborted wait is over, not failed.
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
