import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../src/ports/clock.ts';

/** The machine's own clock: the one place where the service learns what time it is. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  async sleep(seconds, signal) {
    if (signal?.aborted) return;
    // A wait that is called off is a wait that is over, not a failure.
    await wait(Math.max(0, seconds) * 1000, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};
