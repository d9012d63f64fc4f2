/**
 * The value that the given share of the values doesn't exceed, `null` of none. Nearest rank: it is one of them.
 *
 * @param part 0.5 is the median, 0.95 the 95th percentile
 */
export function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}

export const median = (values: readonly number[]): number | null => percentile(values, 0.5);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;

/** Part of all, in percent; `null` of nothing. */
export const percent = (part: number, all: number): number | null => (all === 0 ? null : (100 * part) / all);
