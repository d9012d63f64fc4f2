/** Of fewer than these, a share says more about chance than about a lobby. */
export const leastForShare = 30;
/** Of fewer than these, a figure speaks of people instead of a lobby. */
export const leastPeople = 5;

/**
 * A share of a whole, or nothing where the whole is too small for one.
 *
 * @returns from 0 to 1; `undefined` of fewer than 30
 * @example
 * ```ts
 * shareOf(447, 486); // 0.9197530864197531
 * shareOf(9, 10); // undefined
 * ```
 */
export function shareOf(part: number, whole: number): number | undefined {
  return whole < leastForShare ? undefined : part / whole;
}

/** A count as it leaves the box: one under five, and not 0, says only that. */
export type Few = number | '< 5';

/**
 * @example
 * ```ts
 * few(486); // 486
 * few(3); // '< 5'
 * few(0); // 0
 * ```
 */
export function few(count: number): Few {
  return count > 0 && count < leastPeople ? '< 5' : count;
}

/**
 * A count as it leaves the box beside a sum that is told as well: in fives, the nearest one.
 *
 * @example
 * ```ts
 * inFives(37); // 35
 * inFives(3); // '< 5'
 * inFives(0); // 0
 * ```
 */
export function inFives(count: number): Few {
  return count < leastPeople ? few(count) : Math.round(count / 5) * 5;
}

/**
 * The parts of a whole as they leave the box together with their sum: none of one to four, and none from which one of
 * those could be reckoned.
 *
 *     sum 37:  31, 4, 2  ▶  31, < 5, < 5
 *     sum 37:  20, 14, 3 ▶  20, –, < 5      else 3 were 37 − 20 − 14
 *
 * As primary and secondary cells are suppressed in tables of counts (Willenborg and de Waal, "Elements of Statistical
 * Disclosure Control", 2001).
 *
 * @returns `undefined` for a part that is left out for another's sake
 * @example
 * ```ts
 * withheld([31, 4, 2]); // [31, '< 5', '< 5']
 * withheld([20, 14, 3]); // [20, undefined, '< 5']
 * withheld([20, 14, 0]); // [20, 14, 0]
 * ```
 */
export function withheld(counts: readonly number[]): readonly (Few | undefined)[] {
  const told = counts.map(few);
  const [first, ...more] = told.flatMap((one, index) => (one === '< 5' ? [index] : []));
  if (first === undefined || more.length > 0) return told;
  const least = Math.min(...counts.filter((count) => count >= leastPeople));
  const other = counts.indexOf(least);
  return told.map((one, index) => (index === other ? undefined : one));
}
