/** From a figure to a place in the picture, both ways beyond the ends as well. */
export interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** @param place where in the picture `from` and `to` lie, in pixels */
export function scale(
  { from, to }: { readonly from: number; readonly to: number },
  { start, end }: { readonly start: number; readonly end: number },
): Scale {
  if (!(to > from)) throw new RangeError(`Cannot scale: the range must grow, it is ${from} to ${to}`);
  const at = (value: number): number => start + ((value - from) / (to - from)) * (end - start);
  return Object.assign(at, { from, to, start, end });
}

/**
 * Round figures from `from` to `to`, both included where they are round: 1, 2 or 5 times a power of ten apart.
 *
 * @param about how many are wanted; there are never more than twice as many
 * @param least the smallest step, such as 1 for what is counted
 */
export function ticks(
  { from, to }: { readonly from: number; readonly to: number },
  about: number,
  least = 0,
): readonly number[] {
  const step = Math.max(least, niceStep((to - from) / about));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Whole steps multiplied, not summed: 0.1 three times is not 0.3.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => tidy((first + i) * step));
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((one) => one * power >= rough - 1e-9 * power) ?? 10);
}

/** Without what is left over from a binary fraction; -0 is 0. */
const tidy = (value: number): number => Number(value.toPrecision(12)) + 0;

/** The least round range that holds `from` and `to`; a range of nothing is widened. */
export function roundRange(
  { from, to }: { readonly from: number; readonly to: number },
  about: number,
  least = 0,
): { readonly from: number; readonly to: number } {
  const end = to > from ? to : from + Math.max(least, 1);
  const step = Math.max(least, niceStep((end - from) / about));
  return {
    from: tidy(Math.floor(from / step + 1e-9) * step),
    to: tidy(Math.ceil(end / step - 1e-9) * step),
  };
}
