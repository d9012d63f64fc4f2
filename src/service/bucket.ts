import type { Seconds } from '../core/units.ts';

/** So many at once, and so many a second for as long as one likes. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Counts down from a rate's burst, and is filled again by time.
 *
 * @example
 * ```ts
 * const take = createBucket({ burst: 2, perSecond: 1 });
 * [take(0), take(0), take(0), take(1)]; // [true, true, false, true]
 * ```
 *
 * @returns whether one more is within the rate at a moment; a clock that goes back fills nothing
 */
export function createBucket({ burst, perSecond }: Rate): (at: Seconds) => boolean {
  let left = burst;
  let last = Number.NEGATIVE_INFINITY;
  return (at) => {
    left = Math.min(burst, left + Math.max(0, at - last) * perSecond);
    last = at;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
