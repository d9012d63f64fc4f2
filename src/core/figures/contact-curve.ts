import type { Seconds } from '../units.ts';

/** So many had been met by so many seconds after they came. */
export interface CurvePoint {
  readonly seconds: Seconds;
  readonly met: number;
}

/**
 * How many were met by when, as steps up: what lies between its end and all who came are those never met.
 *
 *     came ┤                 ┌ never met
 *          │        ┌────────┘
 *          │    ┌───┘
 *          └────┴───────────── seconds
 *
 * @param waits how long each who was met had waited, in any order
 * @param most points at most; where there are more, seconds are rounded up, so that no share is told too early
 * @returns by rising seconds, one point a moment at which somebody was met
 *
 * @example
 * ```ts
 * contactCurve([20, 10, 10]); // [{ seconds: 10, met: 2 }, { seconds: 20, met: 3 }]
 * ```
 */
export function contactCurve(waits: readonly Seconds[], most = 400): readonly CurvePoint[] {
  const sorted = [...waits].sort((a, b) => a - b);
  for (const step of [0, 1, 2, 5, 10, 30, 60, 300, 900, 3_600]) {
    const points = new Map<Seconds, number>();
    sorted.forEach((wait, index) => {
      points.set(step === 0 ? wait : Math.ceil(wait / step) * step, index + 1);
    });
    if (points.size <= most) return [...points].map(([seconds, met]) => ({ seconds, met }));
  }
  return sorted.length === 0 ? [] : [{ seconds: sorted.at(-1)!, met: sorted.length }];
}

/** How many of them had been met by a moment. */
export function metBy(curve: readonly CurvePoint[], seconds: Seconds): number {
  return curve.findLast((point) => point.seconds <= seconds)?.met ?? 0;
}

/**
 * The same curve in steps of no fewer than so many people, so that none of its steps is about one of them. It is never
 * above the one it was made of, and ends lower where the last were fewer.
 *
 * @example
 * ```ts
 * const curve = contactCurve([10, 20, 30, 40, 50]);
 * inSteps(curve, 2); // [{ seconds: 20, met: 2 }, { seconds: 40, met: 4 }]
 * ```
 */
export function inSteps(curve: readonly CurvePoint[], leastPeople: number): readonly CurvePoint[] {
  let before = 0;
  return curve.filter(({ met }) => {
    if (met - before < leastPeople) return false;
    before = met;
    return true;
  });
}
