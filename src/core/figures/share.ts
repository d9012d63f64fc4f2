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
