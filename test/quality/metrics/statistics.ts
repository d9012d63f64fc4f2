import { percentile } from '../../../src/core/score/percentile.ts';

export const median = (values: readonly number[]): number | null => percentile(values, 0.5);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;

/** Part of all, in percent; `null` of nothing. */
export const percent = (part: number, all: number): number | null => (all === 0 ? null : (100 * part) / all);
