/**
 * Sums over branch-hours of a figure that is the ratio of two: those met in time to those who came, buzzes to customers.
 * They are enough for the ratio and for how far hours scatter around it, however many hours there are.
 */
export interface Sums {
  /** Branch-hours in which there was anything to divide by. */
  readonly hours: number;
  /** What is above the line, what is below it, and the sums of their squares and of their product. */
  readonly x: number;
  readonly n: number;
  readonly xx: number;
  readonly xn: number;
  readonly nn: number;
}

export const noSums: Sums = { hours: 0, x: 0, n: 0, xx: 0, xn: 0, nn: 0 };

export function addHour(sums: Sums, x: number, n: number): Sums {
  if (n <= 0) return sums;
  return {
    hours: sums.hours + 1,
    x: sums.x + x,
    n: sums.n + n,
    xx: sums.xx + x * x,
    xn: sums.xn + x * n,
    nn: sums.nn + n * n,
  };
}

/**
 * - `share`: a part of a whole: 35 of 40 met in time
 * - `rate`: a count to another: 25 buzzes to 40 customers
 * - `mean`: a measure, weighed: seconds, minutes
 */
export type RatioKind = 'share' | 'rate' | 'mean';

export const ratioOf = ({ x, n }: Sums): number => (n === 0 ? 0 : x / n);

/**
 * The square of a ratio's standard error: the greater of what chance gives among customers, and what hours really
 * scatter by.
 *
 * Among customers: each is met or not by themselves, as in any poll. It is too little, since customers of one hour share
 * its staff. Among hours: a ratio's usual error by its residuals, `Σ(x − r·n)² / (Σn)²` (Cochran, "Sampling
 * Techniques", 1977, chapter 6). It is too little where there are few hours that happen to be alike. So neither one bad
 * hour passes for a fall, nor two equal ones for certainty.
 */
export function varianceOf(sums: Sums, kind: RatioKind): number {
  const { hours, x, n, xx, xn, nn } = sums;
  if (n === 0) return Number.POSITIVE_INFINITY;
  const ratio = x / n;
  // With a success and a failure more: else none of ten would be certain never to be (Agresti and Caffo, 2000).
  const share = (x + 1) / (n + 2);
  const amongCustomers = { share: (share * (1 - share)) / n, rate: (x + 1) / (n * n), mean: 0 }[kind];
  const scatter = Math.max(0, xx - 2 * ratio * xn + ratio * ratio * nn) / (n * n);
  const amongHours = hours < 2 ? Number.POSITIVE_INFINITY : (scatter * hours) / (hours - 1);
  return Math.max(amongCustomers, amongHours);
}

/** One figure of the branches in a step, and of the branches not in it over the same hours, each before and since. */
export interface Compared {
  readonly before: Sums;
  readonly since: Sums;
  readonly others?: { readonly before: Sums; readonly since: Sums };
}

export interface Change {
  /** How much the figure rose, beyond what it rose by elsewhere. */
  readonly by: number;
  /** Its standard error; infinite where there is nothing to tell it by. */
  readonly error: number;
}

/**
 * How a figure of some branches has changed, beside the same branches before and the others over the same hours.
 *
 *     in the step  ▇▇▇▇▇▇│▅▅▅     fell by 0.20
 *     not in it    ▇▇▇▇▇▇│▆▆▆     fell by 0.15, a bad Monday for everybody: it fell by 0.05
 */
export function changeOf({ before, since, others }: Compared, kind: RatioKind): Change {
  const rose = ratioOf(since) - ratioOf(before);
  const variance = varianceOf(since, kind) + varianceOf(before, kind);
  if (others === undefined) return { by: rose, error: Math.sqrt(variance) };
  return {
    by: rose - (ratioOf(others.since) - ratioOf(others.before)),
    error: Math.sqrt(variance + varianceOf(others.since, kind) + varianceOf(others.before, kind)),
  };
}

/**
 * How much more often one of some branches is so than of others.
 *
 * @see Agresti and Caffo, "Simple and effective confidence intervals for proportions", 2000: with one that is and one
 *      that is not added on each side, it holds of very few branches too
 */
export function moreOften(
  some: { readonly so: number; readonly of: number },
  others: { readonly so: number; readonly of: number },
): Change {
  const [a, b] = [some, others].map(({ so, of }) => ({ share: (so + 1) / (of + 2), of: of + 2 })) as [
    { share: number; of: number },
    { share: number; of: number },
  ];
  const variance = [a, b].reduce((sum, { share, of }) => sum + (share * (1 - share)) / of, 0);
  return { by: a.share - b.share, error: Math.sqrt(variance) };
}
