/**
 * The value that the given share of the values doesn't exceed, by nearest rank, so it is one of them.
 *
 * @param part 0.5 is the median, 0.95 the 95th percentile
 * @returns `null` of no values
 * @example
 * ```ts
 * percentile([5, 1, 4, 2, 3], 0.5); // 3
 * ```
 */
export function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}
